package request

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
)

// This file reads the content. It goes to memory, to a temporary file, or through a
// bounded stream, and it is read once.

// content is the content as far as it was read.
type content struct {
	bytes []byte   // nil: not read to memory
	spool *os.File // nil: not read to a file
	feed  *limited // nil: nobody reads it as it comes

	spooled int64 // the length of the spool, in bytes
}

// A Reading says where content is read to.
type Reading struct {
	Limit   int64 // in bytes
	Spool   bool  // to a temporary file
	Private bool  // no callback sees it, so that its room can be used again
}

// Length is the length of the content, in bytes, as the client promised it; -1
// where it did not.
func (r *Request) Length() int64 { return r.length }

// HasBody reports whether content comes with the request.
func (r *Request) HasBody() bool { return r.body != nil }

// Waits reports whether the client waits for 100 Continue.
func (r *Request) Waits() bool { return r.waits }

// IsRead reports whether the content was read, to memory or to a file.
func (r *Request) IsRead() bool { return r.bytes != nil || r.spool != nil }

// Content is the content that was read to memory.
func (r *Request) Content() []byte { return r.bytes }

// Read reads all content. The error is an *http.MaxBytesError where it is longer
// than the limit, and a *Broken where it does not come whole.
func (r *Request) Read(how Reading) (err error) {
	if r.body == nil {
		r.body = http.NoBody
	}
	if how.Spool {
		return r.fillSpool(how.Limit)
	}
	room := r.room[:0]
	if !how.Private {
		room = make([]byte, 0, min(max(r.length, 0), how.Limit, maxKept)+1)
	}
	r.bytes, err = r.readAll(how.Limit, room)
	if how.Private {
		r.room = r.bytes
	}
	return err
}

// readAll reads all content into room, at most limit bytes of it. Where the client
// promises more, the room grows by four times, no further: a promise costs its
// sender nothing.
func (r *Request) readAll(limit int64, room []byte) ([]byte, error) {
	for {
		if n := len(room); n == cap(room) {
			more := max(min(4*int64(n), r.length, limit)+1, int64(n)+bytes.MinRead)
			room = slices.Grow(room, int(more)-n)
		}
		n, err := r.body.Read(room[len(room):cap(room)])
		room = room[:len(room)+n]
		switch {
		case int64(len(room)) > limit:
			return nil, &http.MaxBytesError{Limit: limit}
		case err == nil:
		case err == io.EOF:
			return room, nil
		default:
			return nil, broken(err)
		}
	}
}

// fillSpool reads the content into a temporary file, at most limit bytes of it.
func (r *Request) fillSpool(limit int64) error {
	f, err := os.CreateTemp("", "restmachine-*")
	if err != nil {
		return err
	}
	r.spool = f
	_ = os.Remove(f.Name()) // it lives while it is open; where that cannot be, CloseSpool removes it
	r.spooled, err = io.Copy(f, io.LimitReader(source{r.body}, limit+1))
	if r.spooled > limit {
		return &http.MaxBytesError{Limit: limit}
	}
	return err
}

// Spooled is the content of the temporary file, which is gone once the exchange is over.
// Each reader has a position of its own.
func (r *Request) Spooled() (io.ReadSeeker, error) {
	if r.spool == nil {
		return nil, errors.New("the content was not read")
	}
	return io.NewSectionReader(r.spool, 0, r.spooled), nil
}

// HasSpool reports whether a temporary file is open.
func (r *Request) HasSpool() bool { return r.spool != nil }

// CloseSpool ends the temporary file, if there is one.
func (r *Request) CloseSpool() {
	if r.spool == nil {
		return
	}
	_ = r.spool.Close()
	_ = os.Remove(r.spool.Name()) // it is gone already where an open file can be removed
	r.spool = nil
}

// Streamed is the content as it comes, at most limit bytes of it. Its errors are those of
// Read.
func (r *Request) Streamed(limit int64) io.Reader {
	if r.body == nil {
		return http.NoBody
	}
	if r.feed == nil {
		r.feed = &limited{r: source{r.body}, left: limit, limit: limit}
	}
	return r.feed
}

// StreamBegun reports whether somebody has read from Streamed.
func (r *Request) StreamBegun() bool { return r.feed != nil && r.feed.begun }

// limited is a reader that fails with an *http.MaxBytesError past its limit. A
// callback may keep it, so it is not part of a Request.
type limited struct {
	r           io.Reader
	left, limit int64
	begun       bool // somebody has read
}

func (l *limited) Read(p []byte) (int, error) {
	l.begun = true
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if int64(n) > l.left {
		n = int(l.left)
		l.left = 0
		return n, &http.MaxBytesError{Limit: l.limit}
	}
	l.left -= int64(n)
	return n, err
}
