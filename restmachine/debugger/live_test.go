// These tests check the live updates of pages.

package debugger_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/debugger"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A stream reads events.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
	close func()
}

// follow opens a stream and reads its head.
func follow(t *testing.T, server *httptest.Server, query string, fields ...string) stream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/debug/events"+query, nil)
	require.NoError(t, err)
	r.Header = header(fields...)
	resp, err := server.Client().Do(r)
	require.NoError(t, err)
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	t.Cleanup(func() { cancel(); _ = resp.Body.Close() })
	s := stream{t, bufio.NewScanner(resp.Body), cancel}
	require.Equal(t, "retry: 5000", s.line())
	return s
}

// line returns the next line that is not empty, or "" at the end.
func (s stream) line() string {
	for s.lines.Scan() {
		if text := s.lines.Text(); text != "" {
			return text
		}
	}
	return ""
}

// event returns the ID and the data of the next event.
func (s stream) event() (id int, data string) {
	s.t.Helper()
	_, err := fmt.Sscanf(s.line(), "id: %d", &id)
	require.NoError(s.t, err)
	require.Equal(s.t, "event: exchange", s.line())
	return id, strings.TrimPrefix(s.line(), "data: ")
}

// tryStream asks for a stream and closes it immediately.
func tryStream(d http.Handler) *httptest.ResponseRecorder {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest("GET", "/debug/events", nil).WithContext(gone))
	return w
}

func TestLiveUpdates(t *testing.T) {
	d := debugger.New("/debug/", debugger.Watchers(2))
	app := notes(d)
	server := httptest.NewServer(d)
	defer server.Close()
	all, matches := follow(t, server, ""), follow(t, server, "?status=304")
	traffic(app)
	var last int
	for _, status := range []string{"200", "304", "412", "404"} {
		id, data := all.event()
		assert.Greater(t, id, last, "in order")
		last = id
		assert.Contains(t, data, `"status":`+status)
	}
	_, data := matches.event()
	assert.Contains(t, data, `"status":304`, "filters hold")

	w := tryStream(d)
	assert.Equal(t, 503, w.Code, "there are as many streams as there may be")
	assert.NotEmpty(t, w.Header().Get("Retry-After"))
	assert.Equal(t, 400, look(d, "/debug/events?status=x").Code)

	d.Close()
	assert.Empty(t, all.line(), "a stream ends")
	assert.Empty(t, matches.line(), "so do all")
	assert.Equal(t, 503, tryStream(d).Code, "and none begins")
	d.Close()
}

func TestAPageThatWasCutOffCatchesUp(t *testing.T) {
	d := debugger.New("/debug/")
	app := notes(d)
	server := httptest.NewServer(d)
	defer server.Close()
	defer d.Close()
	traffic(app)
	s := follow(t, server, "", "Last-Event-ID", "2") // the 304
	for _, status := range []string{"412", "404"} {
		_, data := s.event()
		assert.Contains(t, data, `"status":`+status)
	}
	send(app, "GET", "/notes/1", "")
	_, data := s.event()
	assert.Contains(t, data, `"status":200`, "and nothing twice")
}

// A slow exchange ends after exchanges that began later. Pages that have seen those still
// receive it, even if they were disconnected meanwhile.
func TestEventsComeInTheOrderOfTheirEnds(t *testing.T) {
	d := debugger.New("/debug/")
	server := httptest.NewServer(d)
	defer server.Close()
	defer d.Close()
	live := follow(t, server, "")
	cut := 0
	for _, want := range []uint64{4, 6, 5} {
		d.Observe(&restmachine.Exchange{ID: want, Request: restmachine.Request{Method: "GET", Path: "/"}})
		number, data := live.event()
		assert.Contains(t, data, fmt.Sprintf(`"id":%d,`, want))
		if want == 4 {
			cut = number
		}
	}
	for _, row := range []struct {
		reason string
		seen   int
		want   []int
	}{
		{"both that have ended since, the earlier one first", cut, []int{6, 5}},
		{"the slow one alone", cut + 1, []int{5}},
		{"a number of before a restart tells nothing", 1000, []int{4, 6, 5}},
	} {
		s := follow(t, server, "", "Last-Event-ID", strconv.Itoa(row.seen))
		for _, want := range row.want {
			_, data := s.event()
			assert.Contains(t, data, fmt.Sprintf(`"id":%d,`, want), row.reason)
		}
	}
}

func TestNobodyWaitsForASlowPage(t *testing.T) {
	d := debugger.New("/debug/")
	app := notes(d)
	page := &stuck{httptest.NewRecorder(), make(chan bool), make(chan bool)}
	gone := make(chan bool)
	go func() {
		d.ServeHTTP(page, httptest.NewRequest("GET", "/debug/events", nil))
		close(gone)
	}()
	<-page.reached
	for range 1000 {
		send(app, "GET", "/notes/1", "")
	}
	kept, _ := sizes(t, d)
	assert.Equal(t, 200, kept)
	d.Close()
	close(page.release)
	<-gone
}

// A stuck page does not read anything until it is released.
type stuck struct {
	*httptest.ResponseRecorder
	reached, release chan bool
}

func (s *stuck) Write(p []byte) (int, error) {
	select {
	case s.reached <- true:
	case <-s.release:
	}
	<-s.release
	return s.ResponseRecorder.Write(p)
}

func TestEventsAreOneLineEach(t *testing.T) {
	d := debugger.New("/debug/")
	app := notes(d)
	server := httptest.NewServer(d)
	defer server.Close()
	defer d.Close()
	s := follow(t, server, "")
	send(app, "GET\n\ndata: x", "/notes/\r\n\r\nevent: evil<script>", "")
	_, data := s.event()
	assert.NotContains(t, data, "<script>")
	send(app, "GET", "/notes/1", "")
	_, data = s.event()
	assert.Contains(t, data, `"target":"/notes/1"`)
}

// A hasty is a writer that notes what was written without a deadline.
type hasty struct {
	*httptest.ResponseRecorder
	mu       sync.Mutex
	deadline time.Time
	late     []string
	flushed  chan struct{}
}

func (h *hasty) SetWriteDeadline(t time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.deadline = t
	return nil
}

func (h *hasty) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.deadline.After(time.Now()) {
		h.late = append(h.late, string(b))
	}
	return h.ResponseRecorder.Write(b)
}

func (h *hasty) FlushError() error { h.flushed <- struct{}{}; return nil }

// TestAPageThatDoesNotReadIsCutOff checks that each write has a deadline. Otherwise a
// page that does not read would keep its place, and would keep a server from shutting
// down.
func TestAPageThatDoesNotReadIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := debugger.New("/debug/")
		app := restmachine.New(restmachine.WithTrace(d))
		app.Get("/", func() string { return "" })
		h := &hasty{ResponseRecorder: httptest.NewRecorder(), flushed: make(chan struct{})}
		done := make(chan struct{})
		go func() {
			d.ServeHTTP(h, httptest.NewRequest("GET", "/debug/events", nil).WithContext(t.Context()))
			close(done)
		}()
		<-h.flushed
		synctest.Wait()
		h.mu.Lock()
		assert.Zero(t, h.deadline, "it is for what is being written, and not for waiting")
		h.mu.Unlock()
		time.Sleep(time.Minute) // several keep-alive comments are sent
		for range 4 {
			<-h.flushed
			time.Sleep(time.Minute)
		}
		app.Execute(restmachine.Request{Path: "/"})
		<-h.flushed
		go func() {
			for range h.flushed {
			}
		}()
		d.Close()
		<-done
		close(h.flushed)
		assert.Empty(t, h.late)
	})
}

// TestHeadOfTheEvents checks that a HEAD ends and does not take a place.
func TestHeadOfTheEvents(t *testing.T) {
	d := debugger.New("/debug/", debugger.Watchers(0))
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest("HEAD", "/debug/events", nil))
	assert.Equal(t, 200, w.Code)
	assert.Equal(t, "text/event-stream", w.Header().Get("Content-Type"))
}
