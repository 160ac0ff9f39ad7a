package restmachine

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/fast"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/site"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file serves files as resources like any other. In comes a file system. Out comes
// a handler for GET that opens the file which the path names.

// Files returns a handler for the GET of a path that ends in {name...}. It answers with
// the file of that name in fsys, with ranges where the file can seek. A name that does
// not lead to a file is 404: see [NotFoundPage] and [Fallback].
//
// A folder is its index.html, at the name with a slash: /guide/ is guide/index.html, and
// /guide is 301 to it, so that the links of the page hold.
//
// The file's ModTime is its Last-Modified where no fact says otherwise, and its entity-tag
// is of ModTime and size. So a release that was rolled back to older files is not a stale
// 304. A file without a date, as in embed.FS, has a tag by hash of its content. That of an
// embed.FS is kept. Of any other file system the file is read for it at each request. A
// date before 1980-01-02 counts as none.
//
// Files have a length and ranges, so they are not compressed by [Facts.Encodings] of the
// App, but by those of their own Resource or Group.
//
// A nil fsys is a wiring fault.
func Files(fsys fs.FS, options ...FilesOption) Func {
	if fsys == nil {
		return nil
	}
	files := &fileSet{site: site.Site{FS: fsys}}
	for _, option := range options {
		if option == nil {
			return wire.NoFunc{Why: errors.New("Files was given a nil FilesOption")}
		}
		if err := option(files); err != nil {
			return wire.NoFunc{Why: err}
		}
	}
	return files.open
}

// A FilesOption changes how [Files] serves: see NotFoundPage and Fallback.
type FilesOption func(*fileSet) error

// NotFoundPage makes the file name the content of the 404 of a name that does not lead to a
// file, in the file's own media type, whatever the client accepts: "404.html" for a site by
// mkdocs or Hugo. A name that does not lead to a file itself is a wiring fault. Default: a
// [Problem].
func NotFoundPage(name string) FilesOption {
	return func(files *fileSet) error {
		files.site.NotFound = name
		return files.check("NotFoundPage", name)
	}
}

// Fallback answers a name that does not lead to a file with the file name, and 200: for a
// single-page app, whose pages have URIs and no files ("index.html"). It does so for a
// client that prefers text/html to anything else, as a browser does that opens a page. A
// script, an image or a call of an API that was mistyped stays a 404, and so does a name
// that ends as the files do that pages load (.js, .css, .png and so on). Vary names Accept.
// A name that does not lead to a file itself is a wiring fault. Default: none.
func Fallback(name string) FilesOption {
	return func(files *fileSet) error {
		files.site.Fallback = name
		return files.check("Fallback", name)
	}
}

func init() { fast.Call2x2[PathParams, plan.Target, fs.File, error]() } // for open: no user can name plan.Target

// A fileSet is a file system that is served.
type fileSet struct{ site site.Site }

// check finds a page that is not there.
func (s *fileSet) check(option, name string) error {
	err := s.site.Check()
	if err == nil && name == "" {
		err = fs.ErrInvalid
	}
	if err != nil {
		return fmt.Errorf("%s(%q) of Files: %w; name a file of the file system", option, name, err)
	}
	return nil
}

// open opens the file that the last parameter of the path names.
func (s *fileSet) open(path PathParams, asked plan.Target) (fs.File, error) {
	f, err := s.site.Open(path.last(), asked)
	if moved := site.Moved(""); errors.As(err, &moved) {
		return nil, &Problem{Status: http.StatusMovedPermanently, Header: http.Header{"Location": {string(moved)}}}
	}
	return f, err
}
