package site

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
)

// This file gives files their entity-tags. In comes a file that was opened. Out comes the
// file with a tag: of its date and size or, where it does not have a date, of its content.

// undatedUntil is the end of the dates that tell nothing: the zero time, the Unix epoch,
// and the first day of 1980, which archives and reproducible builds give to all files.
var undatedUntil = time.Date(1980, time.January, 2, 0, 0, 0, 0, time.UTC)

// tagged gives a file its tag. It closes the file where that fails.
func (s *Site) tagged(f opened) (fs.File, error) {
	var tag conditional.ETag
	var err error
	dated := f.info.ModTime().After(undatedUntil)
	if dated {
		tag = ofDateAndSize(f.info)
	} else if tag, err = s.ofContent(f); err != nil {
		_ = f.File.Close()
		return nil, err
	}
	file := File{File: f.File, tag: tag, undated: !dated}
	if seeker, ok := f.File.(io.Seeker); ok {
		return &SeekingFile{file, seeker}, nil
	}
	return &file, nil
}

// ofDateAndSize is the tag of a file with a date. Another date, be it an older one, is
// another tag.
func ofDateAndSize(info fs.FileInfo) conditional.ETag {
	b := append(make([]byte, 0, 40), '"')
	b = strconv.AppendInt(b, info.ModTime().UnixNano(), 36)
	b = append(b, '-')
	b = strconv.AppendInt(b, info.Size(), 36)
	return conditional.ETag(append(b, '"'))
}

// ofContent is the tag of a file without a date: a hash. That of an embedded file is kept,
// since the file cannot change. Any other may have been replaced since the last request.
func (s *Site) ofContent(f opened) (conditional.ETag, error) {
	embedded := isEmbedded(f.File)
	if embedded {
		if tag, ok := s.kept.Load(f.name); ok {
			return tag.(conditional.ETag), nil
		}
	}
	tag, err := s.hash(f)
	if err == nil && embedded {
		s.kept.Store(f.name, tag)
	}
	return tag, err
}

// hash reads the very file that is sent, and rewinds it. One that cannot seek is opened
// once more.
func (s *Site) hash(f opened) (conditional.ETag, error) {
	content := f.File
	seeker, ok := content.(io.Seeker)
	if !ok {
		own, err := s.FS.Open(f.name)
		if err != nil {
			return "", err
		}
		defer own.Close()
		content = own
	}
	h := sha256.New()
	if _, err := io.Copy(h, content); err != nil {
		return "", err
	}
	if ok {
		if _, err := seeker.Seek(0, io.SeekStart); err != nil {
			return "", err
		}
	}
	return conditional.ETag(represent.QuotedSum([sha256.Size]byte(h.Sum(nil)))), nil
}

// isEmbedded reports whether a file is one of an embed.FS, also where the file system is a
// part of one, as fs.Sub makes it.
func isEmbedded(f fs.File) bool {
	t := reflect.TypeOf(f)
	return t.Kind() == reflect.Pointer && t.Elem().PkgPath() == "embed"
}

// nameless are the errors that speak of the name and not of the disk: the name does not
// exist, may not be seen, goes on behind a file, or is longer than names can be.
var nameless = []error{fs.ErrNotExist, fs.ErrPermission, syscall.ENOTDIR, syscall.ENAMETOOLONG}

func isNameless(err error) bool {
	return slices.ContainsFunc(nameless, func(known error) bool { return errors.Is(err, known) })
}

// A File is a file with its tag.
type File struct {
	fs.File
	tag     conditional.ETag
	undated bool // its date tells nothing
	varies  bool // another client may get something else
}

// ETag is the file's entity-tag.
func (f *File) ETag() conditional.ETag { return f.tag }

// Fields are what the response carries beside what every file brings.
func (f *File) Fields() http.Header {
	if !f.varies {
		return nil
	}
	return http.Header{"Vary": {"Accept"}}
}

// Stat is what the file system tells, without a date that tells nothing.
func (f *File) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	if err == nil && f.undated {
		info = undated{info}
	}
	return info, err
}

type undated struct{ fs.FileInfo }

// ModTime is zero: there is no date.
func (undated) ModTime() time.Time { return time.Time{} }

// A SeekingFile is a File that can seek.
type SeekingFile struct {
	File
	seeker io.Seeker
}

// Seek moves to a place in the file, as io.Seeker says.
func (f *SeekingFile) Seek(offset int64, whence int) (int64, error) {
	return f.seeker.Seek(offset, whence)
}

// varying notes that a file was chosen by Accept.
func varying(f fs.File) fs.File {
	switch f := f.(type) {
	case *File:
		f.varies = true
	case *SeekingFile:
		f.varies = true
	}
	return f
}
