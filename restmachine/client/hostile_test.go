// These tests play servers, proxies and networks that are not as they should be.

package client_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/client"
)

func TestTagsThatGuardNothing(t *testing.T) {
	tests := []struct {
		name   string
		fields []string
		advice string
	}{
		{"none", nil, "let the server send an ETag"},
		{"weak", []string{"ETag", `W/"1"`}, "let no proxy weaken it"},
		{"without quotes", []string{"ETag", `1`}, "must put it between quotes"},
		{"two", []string{"ETag", `"1"`, "ETag", `"2"`}, "not an entity-tag"},
		{"a date alone", []string{"Last-Modified", "Tue, 15 Nov 1994 08:12:31 GMT"}, "two changes may share a second"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, script := play(t, step{200, `{"count":1}`, tt.fields})
			_, err := client.Update(t.Context(), c, at, add)
			require.ErrorIs(t, err, client.ErrNoStrongTag)
			assert.ErrorContains(t, err, tt.advice)
			assert.ErrorContains(t, err, at)
			script.done()
		})
	}
	t.Run("of Delete", func(t *testing.T) {
		weak := step{200, `{"count":1}`, []string{"ETag", `W/"1"`}}
		c, script := play(t, weak)
		require.ErrorIs(t, client.Delete(t.Context(), c, at, ""), client.ErrNoStrongTag)
		require.ErrorIs(t, client.Delete(t.Context(), c, at, "1"), client.ErrNoStrongTag)
		require.ErrorIs(t, client.Delete(t.Context(), c, at, `W/"1"`), client.ErrNoStrongTag)
		script.done()
	})
}

// TestDeleteByAWeakTag: where a proxy has made the tag weak, the strong one guards the DELETE, if it
// is a tag of the same version.
func TestDeleteByAWeakTag(t *testing.T) {
	c, script := play(t, read1, done)
	require.NoError(t, client.Delete(t.Context(), c, at, `W/"1"`))
	assert.Equal(t, "identity", script.asked[0].Header.Get("Accept-Encoding"))
	assert.Equal(t, `"1"`, script.asked[1].Header.Get("If-Match"))

	c, script = play(t, read2)
	require.ErrorIs(t, client.Delete(t.Context(), c, at, `W/"1"`), client.ErrPreconditionFailed)
	script.done()
}

func TestContentThatCannotBeRead(t *testing.T) {
	tests := []struct {
		name   string
		answer step
		text   string
	}{
		{"garbage", step{200, `{"count":`, nil}, "unexpected end of JSON"},
		{"another type", step{200, `{"count":"one"}`, nil}, "cannot unmarshal string"},
		{"two values", step{200, `{"count":1}{}`, nil}, "after top-level value"},
		{"a login page", step{200, `<html>`, []string{"Content-Type", "text/html; charset=utf-8"}}, `"text/html", which is not JSON`},
		{"nothing", step{204, ``, nil}, "without content"},
		{"a coding", step{200, `x`, []string{"Content-Encoding", "br"}}, `its coding is "br"`},
		{"too much", step{200, `"` + strings.Repeat("x", 2000) + `"`, nil}, "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.answer.fields = append(tt.answer.fields, "ETag", `"1"`)
			for _, update := range []bool{true, false} {
				c, script := play(t, tt.answer)
				c.MaxBody = 1000
				var err error
				if update {
					_, err = client.Update(t.Context(), c, at, add)
				} else {
					_, err = client.Get[Count](t.Context(), c, at)
				}
				require.ErrorIs(t, err, client.ErrContent)
				assert.ErrorContains(t, err, tt.text)
				script.done()
			}
		})
	}
	c, _ := play(t, tests[len(tests)-1].answer)
	c.MaxBody = 1000
	_, err := client.Get[Count](t.Context(), c, at)
	var long *http.MaxBytesError
	require.ErrorAs(t, err, &long)
	assert.EqualValues(t, 1000, long.Limit)
}

// TestAWriteIsDoneOnceItsStatusIsThere: what cannot be read of the answer does no harm.
func TestAWriteIsDoneOnceItsStatusIsThere(t *testing.T) {
	for name, body := range map[string]string{"garbage": `{"count":`, "HTML": `<html>`, "another type": `[]`} {
		t.Run(name, func(t *testing.T) {
			c, script := play(t, read1, step{200, body, []string{"Content-Location", at, "ETag", `"2"`}})
			res, err := client.Update(t.Context(), c, at, add)
			require.NoError(t, err)
			assert.Equal(t, Count{2}, res.Value)
			assert.EqualValues(t, `"2"`, res.ETag)
			script.done()
		})
	}
	t.Run("cut", func(t *testing.T) {
		server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("ETag", `"1"`)
			w.Header().Set("Content-Location", r.URL.Path)
			if r.Method == http.MethodGet {
				_, _ = io.WriteString(w, `{"count":1}`)
				return
			}
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"count":2`)
		}))
		res, err := client.Update(t.Context(), newClient(server), server.URL, add)
		require.NoError(t, err)
		assert.Equal(t, Count{2}, res.Value)
	})
}

// TestContentThatBreaksOff: a GET whose content is cut is sent again.
func TestContentThatBreaksOff(t *testing.T) {
	var n atomic.Int64
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if n.Add(1) < 3 {
			w.Header().Set("Content-Length", "100")
		}
		_, _ = io.WriteString(w, `{"count":1}`)
	}))
	res, err := client.Get[Count](t.Context(), newClient(server), server.URL)
	require.NoError(t, err)
	assert.Equal(t, Count{1}, res.Value)
	assert.EqualValues(t, 3, n.Load())
}

// cutting is a server that does each write and cuts the connection before the answer.
type cutting struct {
	mu     sync.Mutex
	writes int
	tag    string
}

func (s *cutting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", s.tag)
	switch {
	case r.Method == http.MethodGet:
		_, _ = io.WriteString(w, `{"count":1}`)
	case r.Header.Get("If-Match") == s.tag || r.Header.Get("If-Match") == "":
		s.writes++
		s.tag = `"after"`
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Close() // also on a connection that has answered before
	default:
		w.WriteHeader(http.StatusPreconditionFailed)
	}
}

// done returns how many writes were done.
func (s *cutting) done() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

// TestCutAfterTheWrite: the client repeats the PUT with its tag, is told 412, and does not make the
// change again: it may have been done. It was.
func TestCutAfterTheWrite(t *testing.T) {
	s := &cutting{tag: `"before"`}
	server := serve(t, s)
	c := newClient(server)
	c.Header = http.Header{"Idempotency-Key": {"1"}} // net/http would repeat the PUT, and hide its 412
	_, err := client.Get[Count](t.Context(), c, server.URL)
	require.NoError(t, err)
	_, err = client.Update(t.Context(), c, server.URL, add)
	require.ErrorIs(t, err, client.ErrUnknown)
	assert.NotErrorIs(t, err, client.ErrPreconditionFailed)
	assert.ErrorContains(t, err, "EOF")
	assert.ErrorContains(t, err, "412")
	assert.Equal(t, 1, s.done())

	_, err = client.Post[Count](t.Context(), c, server.URL, Count{})
	require.ErrorIs(t, err, client.ErrUnknown)
	assert.Equal(t, 2, s.done(), "a POST is sent once")
}

// TestWhatNetHTTPRepeats is what the client relies on: net/http does not repeat a PUT that the
// server may have read, unless it has an Idempotency-Key and can be read again.
func TestWhatNetHTTPRepeats(t *testing.T) {
	for key, want := range map[string]int{"": 1, "1": 2} {
		s := &cutting{}
		server := httptest.NewServer(s)
		hc := server.Client()
		send := func(method string) {
			req, err := http.NewRequest(method, server.URL, strings.NewReader("{}"))
			require.NoError(t, err)
			if key != "" {
				req.Header.Set("Idempotency-Key", key)
			}
			if resp, err := hc.Do(req); err == nil {
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		}
		send("GET")
		send("PUT") // on the connection of the GET
		server.Close()
		assert.Equal(t, want, s.done(), "Idempotency-Key %q", key)
	}
}

// TestProxyThatCompresses: Get reads what a proxy has compressed, with the tag that this has. Update
// asks for no coding, so that its tag is the one that the server knows.
func TestProxyThatCompresses(t *testing.T) {
	app, docs := newApp(t)
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		gzips := strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
		r.Header.Del("Accept-Encoding")
		answer := httptest.NewRecorder()
		app.ServeHTTP(answer, r)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		body := answer.Body.Bytes()
		if gzips && len(body) > 0 {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(body)
			_ = z.Close()
			body = b.Bytes()
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Del("Content-Length")
			w.Header().Set("ETag", strings.TrimSuffix(w.Header().Get("ETag"), `"`)+`-gzip"`)
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}))
	c := newClient(server)
	res, err := client.Get[Doc](t.Context(), c, server.URL+"/docs/1")
	require.NoError(t, err)
	assert.Equal(t, "First", res.Value.Title)
	assert.Contains(t, res.ETag, "-gzip")

	changed, err := client.Update(t.Context(), c, server.URL+"/docs/1", add)
	require.NoError(t, err)
	assert.NotContains(t, changed.ETag, "-gzip")
	assert.Equal(t, 1, count(t, docs, "1"))
	require.NoError(t, client.Delete(t.Context(), c, changed.URL, changed.ETag))
}

// TestErrorsOfTheServer: what a StatusError says, whatever the server sends.
func TestErrorsOfTheServer(t *testing.T) {
	problem := []string{"Content-Type", "application/problem+json"}
	tests := []struct{ name, body, want string }{
		{"problem", `{"title":"Not Found","detail":"There is no post 7."}`, ": There is no post 7."},
		{"wrong types", `{"title":7,"status":"x","errors":{},"detail":["a"]}`, ": the server does not say why"},
		{"no object", `[1]`, ""},
		{"garbage", `{"title`, ""},
		{"a forged line of the log", `{"detail":"a\nERROR b\u001b[31m\u202e"}`, ": a ERROR b [31m "},
		{"long", `{"detail":"` + strings.Repeat("x", 100_000) + `"}`, ""},
		{"too many errors", `{"detail":"d","errors":[` + strings.Repeat(`{"pointer":"#/a","detail":"b"},`, 20) + `{}]}`,
			": d" + strings.Repeat("; #/a b", 10) + "; and 10 more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := play(t, step{404, tt.body, problem})
			_, err := client.Get[Count](t.Context(), c, at)
			require.ErrorIs(t, err, client.ErrNotFound)
			assert.EqualError(t, err, "client: GET "+at+": 404 Not Found"+tt.want)
			var status *client.StatusError
			require.ErrorAs(t, err, &status)
			assert.Equal(t, tt.body[:min(len(tt.body), 64<<10)], string(status.Body))
		})
	}
	c, _ := play(t, step{400, `{"message":"no"}`, nil})
	_, err := client.Get[Count](t.Context(), c, at)
	var said *client.Problem
	assert.False(t, errors.As(err, &said), "JSON of another kind is not a problem")
}

// TestConnectionsAreUsedAgain: every content is read and closed.
func TestConnectionsAreUsedAgain(t *testing.T) {
	app, _ := newApp(t)
	server := httptest.NewUnstartedServer(app)
	var opened atomic.Int64
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := newClient(server)
	for range 5 {
		_, err := client.Update(t.Context(), c, server.URL+"/docs/1", add)
		require.NoError(t, err)
		_, err = client.Get[Doc](t.Context(), c, server.URL+"/docs/missing")
		require.ErrorIs(t, err, client.ErrNotFound)
		_, err = client.Create(t.Context(), c, server.URL+"/docs/1", Doc{})
		require.ErrorIs(t, err, client.ErrPreconditionFailed)
	}
	assert.EqualValues(t, 1, opened.Load())
}

// TestContentType: what was read is what is sent back, with its media type.
func TestContentType(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, script := play(t, step{200, `{"count":1}`, []string{"ETag", `"1"`, "Content-Type", "application/hal+json; charset=utf-8"}}, done)
		c.Header = http.Header{"accept": {"application/hal+json"}, "Content-Type": {"text/json"}}
		_, err := client.Update(t.Context(), c, at, add)
		require.NoError(t, err)
		assert.Equal(t, "application/hal+json", script.asked[0].Header.Get("Accept"))
		assert.Empty(t, script.asked[0].Header.Get("Content-Type"), "a GET does not have content")
		assert.Equal(t, "application/hal+json", script.asked[1].Header.Get("Content-Type"))
	})
}
