package restmachine

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
)

// This file answers the graph's questions about Range (RFC 9110, 14), and
// sends parts.

// usableRange is P19: a Range that can be used of content that has ranges.
func (x *exchange) usableRange() decision.Answer {
	field := x.header["Range"]
	if len(field) == 0 {
		return decision.No
	}
	c := x.att.result.content
	if !c.ranged || c.seeker == nil {
		return decision.No
	}
	ranges, outcome := byterange.Parse(field, c.size)
	x.out.ranges = ranges
	return decision.Bool(outcome != byterange.Ignore)
}

// ifRange is P20: without If-Range, or where it matches strongly.
func (x *exchange) ifRange() decision.Answer {
	lines := x.header["If-Range"]
	if len(lines) == 0 {
		return decision.Yes
	}
	current := x.att.result
	if x.plan.get.identity != nil {
		current = x.current()
	}
	value := strings.TrimSpace(lines[0])
	if len(lines) > 1 || value == "" {
		return decision.No
	}
	if value[0] == '"' || strings.HasPrefix(value, "W/") {
		tag, err := x.selectedTag(current)
		if err != nil {
			return x.fail(err)
		}
		sent, err := conditional.ParseETag(value)
		return decision.Bool(err == nil && conditional.StrongMatch(sent, tag))
	}
	date, ok := conditional.ParseDate(value)
	last, err := x.lastModified(current)
	if err != nil {
		return x.fail(err)
	}
	// A date is a strong validator only once the second that it names is over
	// (RFC 9110, 8.8.2.2).
	strong := time.Since(last) > time.Second
	return decision.Bool(ok && !last.IsZero() && strong && last.Unix() == date.Unix())
}

// satisfiable is P21.
func (x *exchange) satisfiable() decision.Answer {
	if len(x.out.ranges) > 0 {
		return decision.Yes
	}
	x.out.set("Content-Range", byterange.Unsatisfied(x.att.result.content.size))
	return decision.No
}

// fillPart sets the fields of a 206.
func (x *exchange) fillPart(c *content) {
	a := &x.out
	if len(a.ranges) == 1 {
		r := a.ranges[0]
		a.set("Content-Range", r.ContentRange(c.size))
		a.set("Content-Length", strconv.FormatInt(r.Length, 10))
		return
	}
	m := byterange.NewMultipart(a.ranges, c.size, c.media)
	a.set("Content-Type", m.ContentType())
	a.set("Content-Length", strconv.FormatInt(m.Length(), 10))
	part := *c
	part.parts = m
	a.content = &part
}

// eager is a writer that is flushed after each piece: of content whose length
// nobody knows, the next one may be a while in coming.
type eager struct {
	http.ResponseWriter
	controller *http.ResponseController
}

func (w eager) Write(piece []byte) (n int, err error) {
	n, err = w.ResponseWriter.Write(piece)
	if err == nil {
		if err = w.controller.Flush(); errors.Is(err, http.ErrNotSupported) {
			err = nil // a middleware hides it: then it comes when a buffer is full
		}
	}
	return n, err
}

// Unwrap lets an http.ResponseController through.
func (w eager) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// copyTo sends the content, or the ranges of it.
func (a *answer) copyTo(w io.Writer) error {
	c := a.content
	switch {
	case c == nil:
		return nil
	case c.parts != nil:
		return c.parts.Copy(w, c.seeker)
	case len(a.ranges) == 1 && a.status == 206:
		if _, err := c.seeker.Seek(a.ranges[0].Start, io.SeekStart); err != nil {
			return err
		}
		_, err := io.CopyN(w, c.seeker, a.ranges[0].Length)
		return err
	case c.bytes != nil:
		_, err := w.Write(c.bytes)
		return err
	case c.encode != nil:
		e := c.encode(w)
		if _, err := io.Copy(e, c.stream); err != nil {
			return err
		}
		return e.Close()
	}
	if response, onWire := w.(http.ResponseWriter); onWire && c.size < 0 {
		eagerly := eager{response, http.NewResponseController(response)}
		if _, err := eagerly.Write(nil); err != nil { // the fields
			return err
		}
		w = eagerly
	}
	n, err := io.Copy(w, c.stream)
	if err == nil && c.size >= 0 && n != c.size {
		err = fmt.Errorf("the content has %d bytes, and promised %d", n, c.size)
	}
	return err
}
