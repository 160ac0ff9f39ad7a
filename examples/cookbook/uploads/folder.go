// This file keeps contents in a folder. A content comes in as a reader. Out comes its hash, under which it
// lies in the folder from then on.

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// A File is what is known of a content.
type File struct {
	Size int64  `json:"size"`
	Hash string `json:"sha256"`
}

// A Folder has one file for each content. Its name is the hash, so no name of a client gets there.
type Folder string

// keep copies a content into the folder while it is read. A content that does not come whole leaves
// nothing behind. The rename is one step: nobody sees half a file.
func (f Folder) keep(content io.Reader) (File, error) {
	temp, err := os.CreateTemp(string(f), "upload-*")
	if err != nil {
		return File{}, err
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(temp, hash), content)
	if err == nil {
		err = temp.Sync()
	}
	sum := hex.EncodeToString(hash.Sum(nil))
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), filepath.Join(string(f), sum))
	}
	if err != nil {
		return File{}, errors.Join(err, os.Remove(temp.Name()))
	}
	return File{size, sum}, nil
}

// open opens a content by its hash.
func (f Folder) open(hash string) (*os.File, error) {
	return os.Open(filepath.Join(string(f), hash))
}

// A reader remembers whether reading failed: then the client is to blame, and not the disk.
type reader struct {
	io.Reader
	failed bool
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.failed = r.failed || err != nil && err != io.EOF
	return n, err
}
