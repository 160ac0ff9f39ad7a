package restmachine

import (
	"errors"
	"io"
	"net/http"
	"os"
)

// This file gives handlers request content that is not held in memory: spooled
// to a temporary file, or as it comes.

// place says where content is read to.
func (r rawKind) place() string {
	switch r {
	case rawStream:
		return "is streamed"
	case rawSeeker:
		return "is spooled to a file"
	}
	return "is held in memory"
}

// spooled is the content as a temporary file that is gone once the exchange is
// over.
func (x *exchange) spooled() (io.ReadSeeker, error) {
	if x.spool == nil {
		return nil, errors.New("the content was not read")
	}
	_, err := x.spool.Seek(0, io.SeekStart)
	return x.spool, err
}

// fillSpool reads the content into a temporary file, at most limit bytes of it.
func (x *exchange) fillSpool(limit int64) error {
	f, err := os.CreateTemp("", "restmachine-*")
	if err != nil {
		return err
	}
	x.spool = f
	_ = os.Remove(f.Name()) // it lives as long as it is open; where that cannot be, closing removes it
	n, err := io.Copy(f, io.LimitReader(x.body, limit+1))
	switch {
	case n > limit:
		return &http.MaxBytesError{Limit: limit}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errCut
	}
	return err
}

// closeSpool ends the temporary file.
func (x *exchange) closeSpool() {
	if x.spool == nil {
		return
	}
	_ = x.spool.Close()
	_ = os.Remove(x.spool.Name()) // gone already where an open file can be removed
	x.spool = nil
}

// streamed is the content as it comes, bounded by MaxBody.
func (x *exchange) streamed() io.Reader {
	if x.body == nil {
		return http.NoBody
	}
	if x.feed == nil {
		x.feed = &limited{r: x.body, left: x.plan.maxBody, limit: x.plan.maxBody}
	}
	return x.feed
}

// limited is a reader that fails with a *http.MaxBytesError past its limit. (It is
// no part of the exchange, since a callback may keep it.)
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
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errCut
	}
	if int64(n) > l.left {
		n = int(l.left)
		l.left = 0
		return n, &http.MaxBytesError{Limit: l.limit}
	}
	l.left -= int64(n)
	return n, err
}
