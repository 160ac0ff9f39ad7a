// ErrStale: somebody was faster, and the store has noticed. With a precondition
// that is the client's to know; without one the write begins anew.

package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A closer is a Close by itself.
type closer func() error

func (c closer) Close() error { return c() }

// A stub is a store that finds a write stale a number of times, and notes what
// is asked of it.
type stub struct {
	stale  int // times to go
	events []string
	made   int // Dependencies
	seen   map[*harness.NoteIn]bool
}

func (s *stub) note(format string, args ...any) {
	s.events = append(s.events, fmt.Sprintf(format, args...))
}

// A session is made by a Dependency: a new one for each attempt.
type session struct{ number int }

func (s *stub) open() (*session, func(error) error) {
	s.made++
	opened := &session{s.made}
	s.note("open %d", opened.number)
	return opened, func(err error) error {
		switch {
		case errors.Is(err, restmachine.ErrStale):
			s.note("rollback %d", opened.number)
		case err == nil:
			s.note("commit %d", opened.number)
		default:
			s.note("close %d: %v", opened.number, err)
		}
		return nil
	}
}

func (s *stub) write(n *harness.Note, sess *session) (*harness.Note, error) {
	s.note("write %d", sess.number)
	if s.stale > 0 {
		s.stale--
		return nil, fmt.Errorf("zero rows: %w", restmachine.ErrStale)
	}
	return n, nil
}

func (s *stub) declare(app *restmachine.App) {
	s.seen = map[*harness.NoteIn]bool{}
	app.Dependency(s.open)
	app.ResourceExists(func(path restmachine.PathParams, sess *session) *harness.Note {
		s.note("load %d", sess.number)
		return harness.NoteByPath(path)
	})
	app.GenerateETag(func(n *harness.Note) string { return fmt.Sprint(n.Version) })
	app.Accepts("application/json", func([]byte) *harness.NoteIn { return &harness.NoteIn{} })
	update := func(n *harness.Note, sess *session, in restmachine.Body[*harness.NoteIn]) (*harness.Note, error) {
		s.seen[in.Value] = true
		return s.write(n, sess)
	}
	r := app.Get("/notes/{id}", func(n *harness.Note) *harness.Note { return n }).Put(update).Patch(update)
	r.Delete(s.write).Post(update)
}

func TestStale(t *testing.T) {
	rows := []struct {
		name     string
		method   string
		stale    int
		fields   []string
		status   int
		attempts int
		reason   string
	}{
		{"PUT, never", "PUT", 0, nil, 200, 1, "nobody was faster"},
		{"PUT, once", "PUT", 1, nil, 200, 2, "it begins anew"},
		{"PUT, three times", "PUT", 3, nil, 200, 4, "and anew"},
		{"PUT, for ever", "PUT", 9, nil, 409, 4, "but not for ever"},
		{"PATCH, once", "PATCH", 1, nil, 200, 2, "as PUT"},
		{"PATCH, for ever", "PATCH", 9, nil, 409, 4, "as PUT"},
		{"DELETE, three times", "DELETE", 3, nil, 200, 4, "as PUT"},
		{"DELETE, for ever", "DELETE", 9, nil, 409, 4, "as PUT"},
		{"POST", "POST", 1, nil, 409, 1, "it is not idempotent"},
		{"PUT with If-Match", "PUT", 1, []string{"If-Match", `"1"`}, 412, 1, "the client said what it has seen"},
		{"PATCH with If-Match", "PATCH", 1, []string{"If-Match", `"1"`}, 412, 1, "the client said what it has seen"},
		{"PUT with If-Match: *", "PUT", 1, []string{"If-Match", "*"}, 200, 2, "something is there, and the client asked for no more: RFC 9110, 13.1.1"},
		{"PATCH with If-Match: *", "PATCH", 3, []string{"If-Match", "*"}, 200, 4, "as PUT"},
		{"DELETE with If-Match: *, for ever", "DELETE", 9, []string{"If-Match", "*"}, 409, 4, "the precondition is true all the time, so it is not a 412"},
		{"POST with If-Match: *", "POST", 1, []string{"If-Match", "*"}, 409, 1, "as without it"},
		{"PUT with If-Match: * and a date", "PUT", 1, []string{"If-Match", "*", "If-Unmodified-Since", "Mon, 15 Jan 2024 10:00:00 GMT"}, 200, 2, "the date does not count: RFC 9110, 13.1.4"},
		{"PUT with If-Match: * and a tag that must not be there", "PUT", 1, []string{"If-Match", "*", "If-None-Match", `"7"`}, 412, 1, "which may be there now"},
		{"DELETE with If-Unmodified-Since", "DELETE", 1, []string{"If-Unmodified-Since", "Mon, 15 Jan 2024 10:00:00 GMT"}, 412, 1, "the client said what it has seen"},
		{"POST with If-Match", "POST", 1, []string{"If-Match", `"1"`}, 412, 1, "the client said what it has seen"},
		{"PUT with If-None-Match", "PUT", 1, []string{"If-None-Match", `"7"`}, 412, 1, "the client said what it has seen"},
		{"PUT with If-Modified-Since", "PUT", 1, []string{"If-Modified-Since", "Mon, 15 Jan 2024 10:00:00 GMT"}, 200, 2, "which is for GET and HEAD alone: RFC 9110, 13.1.3"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := &stub{stale: row.stale}
			p := harness.NewProbe(t, s.declare)
			body := harness.NoteContent
			if row.method == "DELETE" {
				body = ""
			}
			resp, trace := p.Explain(harness.RequestOf(row.method, "/notes/1", body, row.fields...))
			assert.Equal(t, row.status, resp.StatusCode, "%s: %s", row.reason, resp.Body)
			assert.Equal(t, attempts(row.attempts, row.status), s.events, row.reason)
			assert.Equal(t, row.attempts, strings.Count(trace.String()+" ", "G7 "), "the trace shows each turn: %v", trace)
			assert.Equal(t, 1, strings.Count(trace.String(), "B8"), "what comes before G7 is asked once")
			if body != "" {
				assert.Len(t, s.seen, row.attempts, "the content is parsed anew")
			}
			restmachinetest.CheckIdle(t, p.App)
			assert.NotContains(t, string(resp.Body), "zero rows")
		})
	}
}

// attempts are the events of n attempts, of which the last answered status.
func attempts(n, status int) []string {
	var events []string
	for i := 1; i <= n; i++ {
		end := "rollback"
		if i == n && status < 300 {
			end = "commit"
		}
		for _, what := range []string{"open", "load", "write", end} {
			events = append(events, fmt.Sprint(what, " ", i))
		}
	}
	return events
}

// What comes before G7 is not asked again, so nothing that fails there may
// begin anew: the walk would go round the authorisation, the content and the
// lock.
func TestStaleBeforeTheResource(t *testing.T) {
	conflict := errors.New("could not serialize access")
	declare := map[string]func(app *restmachine.App){
		"Authorized": func(app *restmachine.App) { app.Authorized(func() (bool, error) { return false, conflict }) },
		"Forbidden":  func(app *restmachine.App) { app.Forbidden(func() (bool, error) { return true, conflict }) },
		"LockKey":    func(app *restmachine.App) { app.LockKey(func() (string, error) { return "", conflict }) },
	}
	for name, fact := range declare {
		t.Run(name, func(t *testing.T) {
			s := &stub{}
			p := harness.NewProbe(t, func(app *restmachine.App) {
				s.declare(app)
				app.MapError(conflict, restmachine.ErrStale)
				fact(app)
			})
			p.Want(409, "PUT", "/notes/1", harness.NoteContent)
			assert.Empty(t, s.events, "nothing is loaded, and nothing written")
		})
	}
}

func TestStaleLoader(t *testing.T) {
	loads, writes := 0, 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func(path restmachine.PathParams) (*harness.Note, error) {
			if loads++; loads < 3 {
				return nil, restmachine.ErrStale
			}
			return harness.NoteByPath(path), nil
		})
		app.Get("/notes/{id}", func(n *harness.Note) *harness.Note { return n }).Put(func(n *harness.Note) *harness.Note { writes++; return n })
	})
	p.Want(200, "PUT", "/notes/1", "")
	assert.Equal(t, 3, loads)
	assert.Equal(t, 1, writes)
	loads = 0
	p.Want(409, "GET", "/notes/1", "") // a read is not asked again
	loads = 0
	p.Want(409, "GET", "/notes/1", "", "If-Match", "*") // which is true
	loads = 0
	p.Want(412, "GET", "/notes/1", "", "If-Match", `"1"`)
}

// Content that was streamed is gone; content that was spooled is not.
func TestStaleContent(t *testing.T) {
	var got []string
	read := func(r io.Reader) error {
		text, err := io.ReadAll(r)
		if got = append(got, string(text)); err != nil || len(got) > 1 {
			return err
		}
		return restmachine.ErrStale
	}
	declare := func(app *restmachine.App) {
		app.ResourceExists(harness.NoteByPath)
		app.Put("/streamed/{id}", func(_ *harness.Note, in restmachine.Body[io.Reader]) error { return read(in.Value) })
		app.Put("/spooled/{id}", func(_ *harness.Note, in restmachine.Body[io.ReadSeeker]) error { return read(in.Value) })
		app.Put("/text/{id}", func(_ *harness.Note, in restmachine.Body[string]) error { return read(strings.NewReader(in.Value)) })
	}
	p := harness.NewProbe(t, declare, restmachine.WithoutResourceLock())
	p.Want(409, "PUT", "/streamed/1", "all of it")
	assert.Equal(t, []string{"all of it"}, got, "a second attempt would have read nothing")
	for _, target := range []string{"/spooled/1", "/text/1"} {
		got = nil
		p.Want(204, "PUT", target, "all of it")
		assert.Equal(t, []string{"all of it", "all of it"}, got, target)
	}
}

func TestStaleWaitEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	writes := 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.NoteByPath)
		app.Put("/notes/{id}", func(*harness.Note) error { writes++; cancel(); return restmachine.ErrStale })
	})
	resp := p.App.ExecuteContext(ctx, harness.RequestOf("PUT", "/notes/1", ""))
	assert.GreaterOrEqual(t, resp.StatusCode, 400)
	assert.Equal(t, 1, writes, "it began anew for a client that has gone")
}

// What an abandoned attempt opened is closed.
func TestStaleClosesWhatItOpened(t *testing.T) {
	opened, closed, writes := 0, 0, 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.NoteByPath)
		app.GenerateETag(func() string { return "v" })
		one := app.Get("/notes/{id}", func(n *harness.Note) io.ReadCloser {
			opened++
			return struct {
				io.Reader
				io.Closer
			}{strings.NewReader(n.Text), closer(func() error { closed++; return nil })}
		})
		one.Put(func(restmachine.Optional[*harness.Note]) error {
			if writes++; writes < 3 {
				return restmachine.ErrStale
			}
			return nil
		})
	})
	p.Want(204, "PUT", "/notes/1", "")
	require.Equal(t, 3, opened, "a PUT that can create looks at what is there, each time")
	assert.Equal(t, opened, closed)
}
