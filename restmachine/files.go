package restmachine

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"slices"
	"sync"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
)

// This file serves files as resources like any other. In comes a file system. Out comes
// a handler for GET that opens the file which the path names, and gives it an
// entity-tag where it does not have a date.

// Files returns a handler for the GET of a path that ends in {name...}. It answers with
// the file of that name in fsys, with ranges where the file can seek. A name that does
// not lead to a file is 404, and a folder is its index.html. The file's ModTime is its
// Last-Modified where no fact says otherwise. A file without one, as in embed.FS, has
// an entity-tag by hash of its content; the hash is made once for each name, and kept.
// A nil fsys is a wiring fault.
func Files(fsys fs.FS) Func {
	if fsys == nil {
		return nil
	}
	files := &fileSet{fsys: fsys}
	return files.open
}

// A fileSet is a file system that is served.
type fileSet struct {
	fsys fs.FS
	tags sync.Map // of files without a date: name to conditional.ETag
}

// open opens the file that the last parameter of the path names.
func (s *fileSet) open(path PathParams) (fs.File, error) {
	name := "."
	if last := path.last(); last != "" {
		name = last
	}
	if !fs.ValidPath(name) {
		return nil, ErrNotFound
	}
	f, info, err := s.stat(name)
	if err == nil && info.IsDir() {
		_ = f.Close()
		name = inFolder(name, "index.html")
		f, info, err = s.stat(name)
	}
	if err != nil || info.IsDir() {
		if f != nil {
			_ = f.Close()
		}
		return nil, notThere(err)
	}
	if !conditional.IsZeroDate(info.ModTime()) {
		return f, nil
	}
	tag, err := s.tag(name)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	if seeker, ok := f.(io.ReadSeeker); ok {
		return &taggedSeeker{tagged{f, tag}, seeker}, nil
	}
	return &tagged{f, tag}, nil
}

// stat opens a name and tells what it is.
func (s *fileSet) stat(name string) (fs.File, fs.FileInfo, error) {
	f, err := s.fsys.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// inFolder returns the name of a file in a folder, as fs.FS spells it.
func inFolder(folder, name string) string {
	if folder == "." {
		return name
	}
	return folder + "/" + name
}

// nameless are the errors that speak of the name and not of the disk: the name does not
// exist, may not be seen, goes on behind a file, or is longer than names can be.
var nameless = []error{fs.ErrNotExist, fs.ErrPermission, syscall.ENOTDIR, syscall.ENAMETOOLONG}

// notThere turns an error for a name that does not exist, or may not be seen, into
// ErrNotFound. So it does with nil, which stands for a folder.
func notThere(err error) error {
	if err == nil || slices.ContainsFunc(nameless, func(known error) bool { return errors.Is(err, known) }) {
		return ErrNotFound
	}
	return err
}

// tag returns the hash of a file's content.
func (s *fileSet) tag(name string) (conditional.ETag, error) {
	if tag, ok := s.tags.Load(name); ok {
		return tag.(conditional.ETag), nil
	}
	own, err := s.fsys.Open(name) // the other is still to be sent, and may not seek
	if err != nil {
		return "", err
	}
	defer own.Close()
	h := sha256.New()
	if _, err := io.Copy(h, own); err != nil {
		return "", err
	}
	tag := conditional.ETag(represent.QuotedSum([sha256.Size]byte(h.Sum(nil))))
	s.tags.Store(name, tag)
	return tag, nil
}

// tagged is a file with the tag of its content.
type tagged struct {
	fs.File
	tag conditional.ETag
}

// ETag returns the file's entity-tag.
func (t *tagged) ETag() ETag { return t.tag }

// taggedSeeker is a tagged file that can seek.
type taggedSeeker struct {
	tagged
	seeker io.ReadSeeker
}

// Seek moves to a place in the file, as io.Seeker says.
func (t *taggedSeeker) Seek(offset int64, whence int) (int64, error) {
	return t.seeker.Seek(offset, whence)
}
