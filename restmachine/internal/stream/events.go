package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// This file writes events in the format of an event stream (WHATWG HTML, 9.2.5). In comes an
// Event. Out comes its frame, or an error where a client would read another event than was
// meant.

// An Event is the public Event, seen from inside.
type Event struct {
	ID    string
	Name  string
	Data  any
	Retry time.Duration
}

// A Run is the function of an event stream.
type Run func(ctx context.Context, send func(Event) error) error

// A Source is what the public EventStream embeds: by its method, which nobody else can name,
// the inner packages know it.
type Source struct{ run Run }

// NewSource is the source of a function.
func NewSource(run Run) Source { return Source{run} }

func (s Source) events() Run { return s.run }

type source interface{ events() Run }

// RunOf is the function of an event stream.
func RunOf(v any) (run Run, ok bool) {
	s, ok := v.(source)
	if !ok {
		return nil, false
	}
	return s.events(), true
}

// Heartbeat is a comment, which clients ignore and which keeps a connection alive.
const Heartbeat = ":\n\n"

// RetrySoon is all that a client gets which comes while a server drains. A status of 503 would
// have an EventSource give up for ever (WHATWG HTML, 9.2.3). So it is asked to connect again,
// and the next server answers.
const RetrySoon = "retry: 1000\n\n"

// ErrDraining is why an event stream ends when draining begins.
var ErrDraining = errors.New("the server is draining")

// AppendEvent appends the frame of an event. Text is its data as it stands, all else is written
// by encode.
func AppendEvent(dst *bytes.Buffer, e Event, encode Encoder) error {
	if err := e.check(); err != nil {
		return err
	}
	if e.Retry > 0 {
		milliseconds := (e.Retry + time.Millisecond - 1) / time.Millisecond
		field(dst, "retry", strconv.FormatInt(int64(milliseconds), 10))
	}
	if e.Name != "" {
		field(dst, "event", e.Name)
	}
	if e.ID != "" {
		field(dst, "id", e.ID)
	}
	switch data := e.Data.(type) {
	case nil:
	case string:
		lines(dst, data)
	case []byte:
		lines(dst, string(data))
	default:
		var text bytes.Buffer
		if err := encode(&text, data); err != nil {
			return err
		}
		lines(dst, strings.TrimRight(text.String(), "\r\n"))
	}
	dst.WriteByte('\n')
	return nil
}

func field(dst *bytes.Buffer, name, value string) {
	dst.WriteString(name)
	dst.WriteString(": ")
	dst.WriteString(value)
	dst.WriteByte('\n')
}

// lines writes a field for each line of the data. A line ends in CRLF, LF or CR, and a client
// joins the lines by LF.
func lines(dst *bytes.Buffer, data string) {
	for {
		i := strings.IndexAny(data, "\r\n")
		if i < 0 {
			field(dst, "data", data)
			return
		}
		field(dst, "data", data[:i])
		if data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n' {
			i++
		}
		data = data[i+1:]
	}
}

// check finds what a client would not understand as it is meant.
func (e Event) check() error {
	switch {
	case strings.ContainsAny(e.Name, "\r\n"):
		return fmt.Errorf("the event name %q has a line break, which would end the field", e.Name)
	case e.Retry < 0:
		return fmt.Errorf("the event has the negative Retry %s", e.Retry)
	case e.Data == nil && e.Name != "":
		return fmt.Errorf("the event %q has no Data, and clients drop an event without; give it Data, which may be \"\"", e.Name)
	case e == Event{}:
		return errors.New("the event is empty, and clients drop an event without Data; give it Data, which may be \"\"")
	}
	return checkID(e.ID)
}

// checkID finds an ID that could not come back in a Last-Event-ID. An ID with a NUL is ignored
// by clients. What a header field cannot have, its end and its beginning included, would come
// back changed.
func checkID(id string) error {
	for _, r := range id {
		if r < ' ' || r == 0x7f {
			return fmt.Errorf("the event ID %q has the control character %q, and could not come back in a Last-Event-ID", id, r)
		}
	}
	if !utf8.ValidString(id) || strings.TrimSpace(id) != id {
		return fmt.Errorf("the event ID %q is not UTF-8, or begins or ends in a space, and could not come back in a Last-Event-ID", id)
	}
	return nil
}
