// Package sse reads an event stream as a browser does (WHATWG HTML, 9.2.6). In come bytes. Out
// come events. It was written from the standard alone, so it finds mistakes of
// whoever writes streams.
package sse

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"
)

// An Event is an event as a client dispatches it.
type Event struct {
	ID    string        // the last ID that came, in this event or before
	Name  string        // the type; "" for the default, which a browser calls "message"
	Data  string        // its lines, joined by "\n"
	Retry time.Duration // the last reconnection time that came; 0: none has
}

// A Reader reads the events of a stream.
type Reader struct {
	LastID string        // what the client would send as Last-Event-ID
	Retry  time.Duration // the reconnection time; 0: none has come

	lines *bufio.Reader
	begun bool
	cr    bool // the last line ended in a CR, so an LF behind it belongs to that end
}

// NewReader reads events from r.
func NewReader(r io.Reader) *Reader { return &Reader{lines: bufio.NewReader(r)} }

// Next is the next event. At the end of the stream the error is io.EOF, and an event whose empty
// line is missing is dropped.
func (r *Reader) Next() (Event, error) {
	var name string
	var data []string
	id := r.LastID
	for {
		line, err := r.line()
		if err != nil {
			return Event{}, err
		}
		if line == "" {
			r.LastID = id
			if data == nil {
				name = ""
				continue
			}
			return Event{ID: id, Name: name, Data: strings.Join(data, "\n"), Retry: r.Retry}, nil
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			name = value
		case "data":
			data = append(data, value)
		case "id":
			if !strings.Contains(value, "\x00") {
				id = value
			}
		case "retry":
			if n, err := strconv.ParseUint(value, 10, 32); err == nil && strings.Trim(value, "0123456789") == "" {
				r.Retry = time.Duration(n) * time.Millisecond
			}
		}
	}
}

// line is the next line, which ends in CRLF, LF or CR. It is decoded as UTF-8.
func (r *Reader) line() (string, error) {
	var line []byte
	for {
		c, err := r.lines.ReadByte()
		if err != nil {
			return "", err
		}
		if c == '\n' && r.cr {
			r.cr = false
			continue
		}
		if r.cr = c == '\r'; r.cr || c == '\n' {
			text := strings.ToValidUTF8(string(line), "\uFFFD")
			if !r.begun {
				r.begun = true
				text = strings.TrimPrefix(text, "\uFEFF")
			}
			return text, nil
		}
		line = append(line, c)
	}
}
