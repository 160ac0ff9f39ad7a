// This file is the wire in process. A request goes in, and a handler answers it, as net/http
// would call it. Out come the status, the fields and the content, piece by piece.

package restmachinetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// Over makes a client of any handler: an App behind its middleware, or a mux that an App is
// mounted on. It checks responses like the client of [NewClient]. It knows nothing of decisions,
// so a failed expectation does not show them.
func Over(h http.Handler) Client { return Client{over: h, ledger: new(Ledger)} }

// handler is what answers the requests of the client.
func (c Client) handler() http.Handler {
	if c.over != nil {
		return c.over
	}
	return c.app
}

// send sends a request, and returns the response and its trace.
func (c Client) send(t testing.TB, r restmachine.Request) (restmachine.Response, decision.Trace) {
	t.Helper()
	if c.over == nil {
		start(t, c.app)
		return c.app.Explain(r)
	}
	call := Call{client: c, request: r}
	s := call.Stream(t)
	defer s.Close()
	var err error
	if s.Response.Body, err = io.ReadAll(s); err != nil {
		t.Fatalf("%s %s: the content cannot be read: %v", r.Method, r.Path, err)
	}
	return s.Response, decision.Trace{}
}

// room is how many pieces a connection takes before its client reads them.
const room = 16

// A wire is one response on its way. It is the http.ResponseWriter of the handler.
type wire struct {
	begun, done chan struct{}
	pieces      chan []byte

	method string
	gone   context.Context // the client's
	header http.Header
	status int         // set once begun is closed
	sent   http.Header // likewise
	failed error       // why the connection was cut; set once done is closed

	mu       sync.Mutex
	deadline time.Time
}

func newWire() *wire {
	return &wire{begun: make(chan struct{}), done: make(chan struct{}), pieces: make(chan []byte, room), header: http.Header{}}
}

// serve has a handler answer a request. A handler that panics has the connection cut.
func (w *wire) serve(h http.Handler, r *http.Request) {
	w.method, w.gone = r.Method, r.Context()
	defer close(w.done)
	defer func() {
		if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it, too
			w.failed = errors.New("the handler aborted it")
		} else if p != nil {
			w.failed = fmt.Errorf("the handler panicked: %v", p)
		}
		w.WriteHeader(http.StatusOK)
	}()
	h.ServeHTTP(w, r)
}

// Header are the fields of the response.
func (w *wire) Header() http.Header { return w.header }

// WriteHeader begins the response.
func (w *wire) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
		close(w.begun)
	}
}

// Write sends a piece. It waits until the client has room, or the deadline passes.
func (w *wire) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.method == http.MethodHead || len(p) == 0 {
		return len(p), nil
	}
	w.mu.Lock()
	deadline := w.deadline
	w.mu.Unlock()
	var late <-chan time.Time
	if !deadline.IsZero() {
		timer := time.NewTimer(time.Until(deadline))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case w.pieces <- bytes.Clone(p):
		return len(p), nil
	case <-w.gone.Done():
		return 0, io.ErrClosedPipe
	case <-late:
		return 0, os.ErrDeadlineExceeded
	}
}

// FlushError sends what was written: that is sent already.
func (w *wire) FlushError() error {
	w.WriteHeader(http.StatusOK)
	return nil
}

// Flush is FlushError for those who ask for an http.Flusher.
func (w *wire) Flush() { _ = w.FlushError() }

// SetWriteDeadline says until when a piece may be written.
func (w *wire) SetWriteDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deadline = t
	return nil
}

// receive returns the next piece. At the end it returns io.EOF, and an error that wraps
// io.ErrUnexpectedEOF where the connection was cut.
func (w *wire) receive(within time.Duration) ([]byte, error) {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case p := <-w.pieces:
		return p, nil
	case <-w.done:
	case <-timer.C:
		return nil, fmt.Errorf("nothing came within %s", within)
	}
	select {
	case p := <-w.pieces: // it was sent before the end
		return p, nil
	default:
	}
	if w.failed != nil {
		return nil, fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, w.failed)
	}
	return nil, io.EOF
}

var _ http.Flusher = (*wire)(nil)
