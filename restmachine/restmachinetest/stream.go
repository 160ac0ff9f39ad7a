// This file reads a stream while it is sent. A request goes to the handler in process. Out
// come events, lines or bytes, one by one, and how the stream ended. Nothing waits for a
// clock: a test waits only for what it expects, and fails if that does not come.

package restmachinetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/sse"
)

// An Event is an event as a client understands it (WHATWG HTML, 9.2.6): Name is "" for what a
// browser calls a message, and several lines of Data are joined by "\n".
type Event struct {
	ID    string        // the last ID that came, in this event or before
	Name  string        // the type; "" for the default
	Data  string        // its lines
	Retry time.Duration // the last reconnection time that came; 0: none has
}

// A Stream is a response that is still being sent. It ends with the test, or by [Stream.Close].
// One goroutine uses it.
type Stream struct {
	Response restmachine.Response // its status and fields; the content is read from the Stream

	t      testing.TB
	call   Call
	wire   *wire
	cancel context.CancelFunc
	events *sse.Reader
	rest   []byte // came, and was not read
	lastID string
}

// Stream sends the request and returns the response as soon as its fields are there, while the
// content is still being made. It goes over ServeHTTP, like a request on the wire. It stops the
// test if no response begins within five seconds.
//
// The client has room for some pieces, as a connection has. Then a slow reader slows the
// handler down.
func (c Call) Stream(t testing.TB) *Stream {
	t.Helper()
	if c.client.app != nil {
		start(t, c.client.app)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &Stream{t: t, call: c, cancel: cancel, wire: newWire()}
	s.events = sse.NewReader(s)
	req := httptest.NewRequestWithContext(ctx, c.request.Method, c.request.Path, bytes.NewReader(c.request.Body))
	for name, lines := range c.request.Header {
		req.Header[name] = lines
	}
	t.Cleanup(s.Close)
	go s.wire.serve(c.client.handler(), req)
	select {
	case <-s.wire.begun:
	case <-time.After(patience):
		t.Fatalf("%s: no response began within %s", s, patience)
	}
	s.Response = restmachine.Response{StatusCode: s.wire.status, Header: s.wire.sent}
	return s
}

// String names the stream for messages.
func (s *Stream) String() string {
	return "the stream of " + s.call.request.Method + " " + s.call.request.Path
}

// Status expects the status.
func (s *Stream) Status(want int) *Stream {
	s.t.Helper()
	if got := s.Response.StatusCode; got != want {
		s.t.Errorf("%s: status is %d %s, not %d %s", s, got, http.StatusText(got), want, http.StatusText(want))
	}
	return s
}

// Header expects the field to have the value.
func (s *Stream) Header(name, want string) *Stream {
	s.t.Helper()
	if got := strings.Join(s.Response.Header.Values(name), ", "); got != want {
		s.t.Errorf("%s: %s is %#q, not %#q", s, name, got, want)
	}
	return s
}

// Next returns the next event. It stops the test if none comes within five seconds, if the
// stream ends before, and if what comes is not an event stream. Heartbeats are not events.
func (s *Stream) Next() Event {
	s.t.Helper()
	e, err := s.next()
	if err != nil {
		s.t.Fatalf("%s: an event was expected, but %v", s, err)
	}
	return e
}

func (s *Stream) next() (Event, error) {
	if media := s.Response.Header.Get("Content-Type"); !isEvents(media) {
		return Event{}, fmt.Errorf("the response is %d with the Content-Type %#q", s.Response.StatusCode, media)
	}
	e, err := s.events.Next()
	s.lastID = s.events.LastID
	return Event(e), err
}

// Event expects the next event to have this name and this data. It returns the event.
func (s *Stream) Event(name, data string) Event {
	s.t.Helper()
	e := s.Next()
	if e.Name != name || e.Data != data {
		s.t.Errorf("%s: the event is %#q with the data %#q, not %#q with the data %#q", s, e.Name, e.Data, name, data)
	}
	return e
}

// JSON decodes the data of the next event into v, and returns the event. It stops the test if
// the data cannot be read.
func (s *Stream) JSON(v any) Event {
	s.t.Helper()
	e := s.Next()
	if err := json.Unmarshal([]byte(e.Data), v); err != nil {
		s.t.Fatalf("%s: the data %#q cannot be read into a %T: %v", s, e.Data, v, err)
	}
	return e
}

// Line returns the next line of a stream that is not one of events, such as
// application/jsonl, without its end. It stops the test if none comes within five seconds.
func (s *Stream) Line() string {
	s.t.Helper()
	var line []byte
	for {
		if i := bytes.IndexByte(s.rest, '\n'); i >= 0 {
			line, s.rest = append(line, s.rest[:i]...), s.rest[i+1:]
			return strings.TrimSuffix(string(line), "\r")
		}
		line, s.rest = append(line, s.rest...), nil
		if err := s.fill(); err != nil {
			s.t.Fatalf("%s: a line was expected behind %#q, but %v", s, line, err)
		}
	}
}

// Read reads the content as it comes. At an orderly end it returns io.EOF, and
// io.ErrUnexpectedEOF where the connection was cut. It returns another error where nothing
// comes within five seconds.
func (s *Stream) Read(p []byte) (int, error) {
	if err := s.await(); err != nil {
		return 0, err
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// await waits until something is there that was not read.
func (s *Stream) await() (err error) {
	for err == nil && len(s.rest) == 0 {
		err = s.fill()
	}
	return err
}

// fill waits for the next piece.
func (s *Stream) fill() (err error) {
	s.rest, err = s.wire.receive(patience)
	return err
}

// Ended expects that nothing comes any more, and that the stream ends in good order. It waits
// for the end for five seconds.
func (s *Stream) Ended() {
	s.t.Helper()
	if err := s.drain(); !errors.Is(err, io.EOF) {
		s.t.Errorf("%s: an orderly end was expected, but %v", s, err)
	}
}

// Cut expects that the connection is cut, since the handler failed. It waits for that for five
// seconds, and passes over what comes before.
func (s *Stream) Cut() {
	s.t.Helper()
	err := s.fill()
	for err == nil {
		err = s.fill()
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		s.t.Errorf("%s: the connection was to be cut, but %v", s, err)
	}
}

// drain returns how the stream ends, or what came instead.
func (s *Stream) drain() error {
	if isEvents(s.Response.Header.Get("Content-Type")) {
		e, err := s.next()
		if err == nil {
			err = fmt.Errorf("the event %#q came, with the data %#q", e.Name, e.Data)
		}
		return err
	}
	if err := s.await(); err != nil {
		return err
	}
	return fmt.Errorf("%#q came", excerpt(s.rest))
}

// isEvents reports whether a media type is that of an event stream.
func isEvents(media string) bool {
	media, _, _ = strings.Cut(media, ";")
	return strings.TrimSpace(media) == "text/event-stream"
}

// Reconnect closes the stream and connects again as an EventSource does: with the ID of the last
// event that it got as Last-Event-ID.
func (s *Stream) Reconnect() *Stream {
	s.t.Helper()
	s.Close()
	again := s.call
	if s.lastID != "" {
		again = again.Header("Last-Event-ID", s.lastID)
	}
	return again.Stream(s.t)
}

// Close is the client that goes. It returns once the handler has returned. It reports a handler
// that does not within five seconds.
func (s *Stream) Close() {
	s.t.Helper()
	s.cancel()
	select {
	case <-s.wire.done:
	case <-time.After(patience):
		s.t.Errorf("%s: the client has gone, and the handler goes on; it has to return when its context ends", s)
	}
}
