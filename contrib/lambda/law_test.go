package lambda_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/lambda"
	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the law: one App gives the same answers by every kind of event and by net/http,
// to conditional requests above all.

// A note is what the App of the tests has.
type note struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Version int    `json:"version"`
}

type notes struct {
	mu    sync.Mutex
	byID  map[string]*note
	saved int
}

func (s *notes) get(id string) *note {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.byID[id]; n != nil {
		other := *n
		return &other
	}
	return nil
}

func (s *notes) put(n *note) *note {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved++
	s.byID[n.ID] = n
	return n
}

func (s *notes) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
}

// milk is long enough to be worth a gzip.
var milk = strings.Repeat("Buy milk. ", 300)

var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe")

// newApp is an App with one note, whose answers show what came in.
func newApp() *restmachine.App {
	app := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	app.OnStartup(func() *notes {
		return &notes{byID: map[string]*note{"1": {"1", milk, 1}, "é b+c": {"é b+c", "escaped", 1}}}
	})
	one := app.Resource("/notes/{id}")
	one.ResourceExists(func(path restmachine.PathParams, s *notes) *note { return s.get(path.Get("id")) })
	one.GenerateETag(func(n *note) string { return strconv.Itoa(len(n.ID)) + "-" + strconv.Itoa(n.Version) })
	one.CacheControl(func() string { return "private, max-age=60" })
	one.Encodings("gzip")
	one.Get(func(n *note) *note { return n })
	one.Put(func(n *note, in restmachine.Body[note], s *notes) *note {
		return s.put(&note{n.ID, in.Value.Text, n.Version + 1})
	})
	one.Delete(func(n *note, s *notes) { s.remove(n.ID) })
	app.Post("/notes", func(in restmachine.Body[note], s *notes) *restmachine.Reply[*note] {
		return restmachine.Created("/notes/2", s.put(&note{"2", in.Value.Text, 1}))
	}).AllowMissingPost(func() bool { return true })
	app.Get("/picture", func() []byte { return png }).Provides("image/png", func(b []byte) []byte { return b })
	app.Get("/cookies", func(r *http.Request) *restmachine.Reply[map[string]string] {
		seen := map[string]string{}
		for _, c := range r.Cookies() {
			seen[c.Name] = c.Value
		}
		reply := restmachine.NewReply(200, seen)
		reply.Header = http.Header{"Set-Cookie": {"a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT", "b=2; Path=/"}}
		return reply
	})
	app.Get("/query", func(r *http.Request) map[string][]string { return r.URL.Query() })
	app.Get("/fields", func(r *http.Request) []string { return append([]string{r.Host}, r.Header.Values("X-Test")...) })
	app.Get("/old", func() *restmachine.Reply[any] { return restmachine.SeeOther[any]("/notes/1") })
	return app
}

func fields(pairs ...string) http.Header {
	h := http.Header{"Host": {"notes.example"}}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

// A row is a request, and what it shows.
type row struct {
	name   string
	call   call
	status int
	lists  bool // several lines or values: not for a balancer that tells one of each
}

func jsonContent(pairs ...string) http.Header {
	return fields(append(pairs, "Content-Type", "application/json")...)
}

// walk is one walk through the App, in order: later rows see what earlier ones have written.
var walk = []row{
	{"a note, with its tag", call{"GET", "/notes/1", "", fields(), nil}, 200, false},
	{"not modified", call{"GET", "/notes/1", "", fields("If-None-Match", `"1-1"`), nil}, 304, false},
	{"not modified, one of several tags", call{"GET", "/notes/1", "", fields("If-None-Match", `"x"`, "If-None-Match", `"1-1"`), nil}, 304, true},
	{"gzip is binary", call{"GET", "/notes/1", "", fields("Accept-Encoding", "gzip"), nil}, 200, false},
	{"HEAD has the length of GET", call{"HEAD", "/notes/1", "", fields(), nil}, 200, false},
	{"HEAD, not modified", call{"HEAD", "/notes/1", "", fields("If-None-Match", "*"), nil}, 304, false},
	{"a stale tag", call{"PUT", "/notes/1", "", jsonContent("If-Match", `"1-0"`), []byte(`{"text":"lost"}`)}, 412, false},
	{"the right tag", call{"PUT", "/notes/1", "", jsonContent("If-Match", `"1-1"`), []byte(`{"text":"Buy oats <now> é"}`)}, 200, false},
	{"the tag of before", call{"PUT", "/notes/1", "", jsonContent("If-Match", `"1-1"`), []byte(`{"text":"lost"}`)}, 412, false},
	{"modified since", call{"GET", "/notes/1", "", fields("If-None-Match", `"1-1"`), nil}, 200, false},
	{"a new note has a place", call{"POST", "/notes", "", jsonContent(), []byte(`{"text":"new"}`)}, 201, false},
	{"a redirect", call{"GET", "/old", "", fields(), nil}, 303, false},
	{"no content", call{"DELETE", "/notes/2", "", fields(), nil}, 204, false},
	{"a picture", call{"GET", "/picture", "", fields(), nil}, 200, false},
	{"escaped: é, space and plus", call{"GET", "/notes/%C3%A9%20b+c", "", fields(), nil}, 200, false},
	{"escaped: a percent sign", call{"GET", "/notes/100%25", "", fields(), nil}, 404, false},
	{"escaped twice stays escaped once", call{"GET", "/notes/%2531", "", fields(), nil}, 404, false},
	{"escaped question mark and hash", call{"GET", "/notes/1%3Fa%23b", "", fields(), nil}, 404, false},
	{"a query", call{"GET", "/query", "b=x%20y&a=1%2B1&c=%C3%A9&d=p+q&e", fields(), nil}, 200, false},
	{"a query with lists", call{"GET", "/query", "a=1&b=2&a=3,4&a=%26%3D", fields(), nil}, 200, true},
	{"cookies", call{"GET", "/cookies", "", fields("Cookie", "x=1; y=2"), nil}, 200, false},
	{"a field and the host", call{"GET", "/fields", "", fields("X-Test", "one"), nil}, 200, false},
	{"unknown path", call{"GET", "/nothing", "", fields(), nil}, 404, false},
	{"unknown method of a path", call{"PATCH", "/notes/1", "", jsonContent(), []byte(`{}`)}, 405, false},
	{"not acceptable content", call{"PUT", "/notes/1", "", fields("Content-Type", "text/csv"), []byte("a,b")}, 415, false},
	{"content that is not JSON", call{"PUT", "/notes/1", "", jsonContent(), []byte("\xff{")}, 400, false},
	{"OPTIONS", call{"OPTIONS", "/notes/1", "", fields(), nil}, 200, false},
}

func wire(t *testing.T, handler http.Handler) *httptest.Server {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// onWire answers a call by net/http.
func onWire(t *testing.T, server *httptest.Server, c call) reply {
	t.Helper()
	r, err := http.NewRequest(c.method, server.URL+c.target(), bytes.NewReader(c.body))
	require.NoError(t, err)
	r.Header, r.Host = c.header.Clone(), c.header.Get("Host")
	r.Header.Del("Host")
	resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	resp.Header.Del("Date")
	return reply{resp.StatusCode, resp.Header, string(b)}
}

// oneLine is a header as one that came by version 2.0: lines of one field are one line.
func oneLine(h http.Header) http.Header {
	out := http.Header{}
	for name, lines := range h {
		if name == "Set-Cookie" {
			out[name] = lines
		} else {
			out[name] = []string{strings.Join(lines, ", ")}
		}
	}
	return out
}

// TestEveryKindAnswersAsTheWire is the law.
func TestEveryKindAnswersAsTheWire(t *testing.T) {
	for _, s := range services {
		t.Run(s.name, func(t *testing.T) { holdToTheWire(t, s, false) })
		t.Run(s.name+", over a handler", func(t *testing.T) { holdToTheWire(t, s, true) })
	}
}

func holdToTheWire(t *testing.T, s service, over bool) {
	server := wire(t, http.StripPrefix(s.prefix, newApp()))
	h := handler(t, s, over)
	for _, r := range walk {
		if r.lists && s.single {
			continue
		}
		wired := r.call
		wired.path = s.prefix + wired.path
		want := onWire(t, server, wired)
		require.Equal(t, r.status, want.status, "%s: %s", r.name, want.body)
		answer, err := h.Invoke(t.Context(), s.payload(t, r.call))
		require.NoError(t, err, r.name)
		got := s.reply(t, answer)
		assert.Equal(t, want.status, got.status, r.name)
		assert.Equal(t, oneLine(want.header), oneLine(got.header), r.name)
		assert.Equal(t, want.body, got.body, r.name)
	}
}

func handler(t *testing.T, s service, over bool) *lambda.Handler {
	t.Helper()
	if !over {
		h, err := lambda.New(t.Context(), newApp())
		require.NoError(t, err)
		return h
	}
	h, err := lambda.Over(http.StripPrefix("", newApp()))
	require.NoError(t, err)
	return h
}

// TestWhatIsBinary: what is sent as base64 is said by the type and the coding.
func TestWhatIsBinary(t *testing.T) {
	for _, test := range []struct {
		name, media, coding, body string
		binary                    bool
		because                   string
	}{
		{"JSON", "application/json", "", `{"a":"é<>"}`, false, "JSON is text in UTF-8"},
		{"a problem", "application/problem+json", "", "{}", false, "the suffix says what it is"},
		{"two suffixes", "application/vnd.a+b+json", "", "{}", false, "the last suffix counts"},
		{"HTML", "text/html; charset=UTF-8", "", "<p>é", false, "text/…"},
		{"SVG", "image/svg+xml", "", "<svg/>", false, "XML"},
		{"gzip", "application/json", "gzip", "\x1f\x8b\x08", true, "a coding makes bytes"},
		{"a coding that looks like text", "text/plain", "gzip", "abc", true, "the coding says so, whatever the bytes are"},
		{"identity", "text/plain", "identity", "abc", false, "identity is not a coding"},
		{"a picture", "image/png", "", string(png), true, "its type"},
		{"bytes that look like text", "application/octet-stream", "", "abc", true, "one resource is always sent in one way"},
		{"latin1", "text/plain; charset=iso-8859-1", "", "caf\xe9", true, "JSON holds UTF-8"},
		{"latin1 that is ASCII", "text/plain; charset=iso-8859-1", "", "cafe", true, "one resource is always sent in one way"},
		{"text that is not UTF-8", "text/plain; charset=utf-8", "", "caf\xe9", true, "the label is wrong, and JSON would change the bytes"},
		{"a type that cannot be read", "text/", "", "abc", true, "nothing says what it is"},
		{"nothing", "image/png", "", "", false, "there is nothing to encode"},
		{"NUL and line separators", "text/plain", "", "\x00\u2028\r\n", false, "JSON escapes them and gives them back"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, err := lambda.Over(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", test.media)
				if test.coding != "" {
					w.Header().Set("Content-Encoding", test.coding)
				}
				_, _ = io.WriteString(w, test.body)
			}))
			require.NoError(t, err)
			for _, s := range services {
				answer, err := h.Invoke(t.Context(), s.payload(t, call{method: "GET", path: "/", header: fields()}))
				require.NoError(t, err)
				assert.Equal(t, test.binary, read(t, answer).IsBase64Encoded, "%s: %s", s.name, test.because)
				assert.Equal(t, test.body, s.reply(t, answer).body, s.name)
			}
		})
	}
}

// TestGzipArrivesWhole: what the client gets is what the App has packed.
func TestGzipArrivesWhole(t *testing.T) {
	h, err := lambda.New(t.Context(), newApp())
	require.NoError(t, err)
	for _, s := range services {
		answer, err := h.Invoke(t.Context(), s.payload(t, call{method: "GET", path: "/notes/1", header: fields("Accept-Encoding", "gzip")}))
		require.NoError(t, err)
		got := s.reply(t, answer)
		require.Equal(t, "gzip", got.header.Get("Content-Encoding"), s.name)
		assert.Equal(t, strconv.Itoa(len(got.body)), got.header.Get("Content-Length"), s.name)
		r, err := gzip.NewReader(strings.NewReader(got.body))
		require.NoError(t, err, s.name)
		plain, err := io.ReadAll(r)
		require.NoError(t, err, s.name)
		assert.JSONEq(t, fmt.Sprintf(`{"id":"1","text":%q,"version":1}`, milk), string(plain), s.name)
	}
}

// TestConcurrentInvocations: a Handler may answer several events at a time, and each callback
// sees its own.
func TestConcurrentInvocations(t *testing.T) {
	app := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	app.Get("/{id}", func(ctx context.Context, path restmachine.PathParams) string {
		event, _ := lambda.FromContext(ctx)
		return fmt.Sprint(path.Get("id"), " ", event.Kind)
	})
	h, err := lambda.New(t.Context(), app)
	require.NoError(t, err)
	var wait sync.WaitGroup
	for i := range 64 {
		wait.Go(func() {
			s := services[i%len(services)]
			answer, err := h.Invoke(t.Context(), s.payload(t, call{method: "GET", path: fmt.Sprint("/", i), header: fields()}))
			if assert.NoError(t, err) {
				assert.True(t, strings.HasPrefix(s.reply(t, answer).body, fmt.Sprint(i, " ")), "%d: %s", i, answer)
			}
		})
	}
	wait.Wait()
}
