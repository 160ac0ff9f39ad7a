// Package site is files as the resources of a site. In come a file system, and what a
// request names. Out comes the file that answers it, with an entity-tag, or an error that
// says where the client should look, or what to show instead.
package site

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
)

// This file finds the file of a request.

// A Site is a file system that is served. Its fields do not change once it serves.
type Site struct {
	FS       fs.FS
	NotFound string // the file that is shown with a 404; "": none
	Fallback string // the page that stands for names without a file; "": none

	kept sync.Map // tags of embedded files: name to conditional.ETag
}

// index is the file that a folder is shown as.
const index = "index.html"

// Moved is an error: the client has left out the slash behind the name of a folder. Its
// text is where to look, relative to the request.
type Moved string

// Error says where to look.
func (m Moved) Error() string { return "the folder is at " + string(m) }

// Open opens the file for a name, which ends in a slash where a folder is asked for. asked
// is the request. The error is a [Moved], a [represent.Page], an error for what does not
// exist, or one of the file system.
func (s *Site) Open(name string, asked plan.Target) (fs.File, error) {
	name, slash := strings.CutSuffix(name, "/")
	if name == "" {
		name, slash = ".", true
	}
	found, isFolder, err := s.find(name)
	switch {
	case err != nil && isNameless(err):
		return s.missing(name, asked)
	case err != nil:
		return nil, err
	case isFolder && !slash:
		_ = found.File.Close()
		return nil, Moved(withSlash(asked))
	case !isFolder && slash:
		_ = found.File.Close()
		return s.missing(name, asked)
	}
	return s.tagged(found)
}

// opened is a file that was opened, and what it is.
type opened struct {
	fs.File
	name string
	info fs.FileInfo
}

// find opens the file of a name. That of a folder is its index.
func (s *Site) find(name string) (found opened, isFolder bool, err error) {
	if found, err = s.open(name); err != nil || !found.info.IsDir() {
		return found, false, err
	}
	_ = found.File.Close()
	if found, err = s.open(path.Join(name, index)); err == nil && found.info.IsDir() {
		_ = found.File.Close()
		err = fs.ErrNotExist
	}
	return found, true, err
}

// open opens a name, be it a file or a folder.
func (s *Site) open(name string) (opened, error) {
	if !fs.ValidPath(name) {
		return opened{}, fs.ErrNotExist
	}
	f, err := s.FS.Open(name)
	if err != nil {
		return opened{}, err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return opened{}, err
	}
	return opened{f, name, info}, nil
}

// Check is an error where a page that is named is not a file.
func (s *Site) Check() error {
	for _, name := range []string{s.NotFound, s.Fallback} {
		if name == "" {
			continue
		}
		f, err := s.open(name)
		if err != nil {
			return err
		}
		_ = f.File.Close()
		if f.info.IsDir() {
			return &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
		}
	}
	return nil
}

// missing is the answer for a name without a file: the fallback, or an error.
func (s *Site) missing(name string, asked plan.Target) (fs.File, error) {
	if s.Fallback != "" && !isAsset(name) && prefersPage(asked.Accept) {
		page, err := s.open(s.Fallback)
		if err != nil {
			return nil, err
		}
		f, err := s.tagged(page)
		if err != nil {
			return nil, err
		}
		return varying(f), nil
	}
	if s.NotFound == "" {
		return nil, exchange.ErrNotFound
	}
	page, err := s.open(s.NotFound)
	if err != nil {
		return nil, exchange.ErrNotFound // the page was there at start; its absence is not the client's concern
	}
	return nil, &represent.Page{Err: exchange.ErrNotFound, File: page.File, Varies: s.Fallback != ""}
}

// prefersPage reports whether a client asks for HTML before anything else: a person who
// looks at a page, and not a script, an image or a program that takes what it gets.
func prefersPage(accept []string) bool {
	i, ok := negotiate.MediaType(accept, []string{"application/octet-stream", "text/html"})
	return ok && i == 1
}

// assets are the extensions of what a page loads. A list, and not any dot: a page may be
// called /users/john.doe or /releases/v1.2.
var assets = []string{".js", ".mjs", ".cjs", ".css", ".map", ".json", ".xml", ".txt", ".wasm", ".webmanifest", ".html", ".htm",
	".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico", ".bmp", ".woff", ".woff2", ".ttf", ".otf", ".eot",
	".mp3", ".mp4", ".webm", ".ogg", ".wav", ".pdf", ".zip", ".gz", ".br", ".csv"}

func isAsset(name string) bool { return slices.Contains(assets, strings.ToLower(path.Ext(name))) }

// withSlash is the target of a request with a slash behind its path, relative to the
// request: so it holds whatever prefix stands before the path.
func withSlash(asked plan.Target) string {
	last := asked.Path[strings.LastIndexByte(asked.Path, '/')+1:]
	if strings.Contains(last, ":") {
		last = "./" + last // else it would begin with a scheme (RFC 3986, 4.2)
	}
	if last += "/"; asked.RawQuery != "" {
		last += "?" + asked.RawQuery
	}
	return last
}
