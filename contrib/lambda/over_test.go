package lambda_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/lambda"
)

// This file holds what a handler writes to what net/http makes of it, and any event at all to
// what an App makes of it.

// TestOverAnswersAsNetHTTP: what net/http adds to what a handler has written is added here.
func TestOverAnswersAsNetHTTP(t *testing.T) {
	for _, test := range []struct {
		name    string
		method  string
		handler http.HandlerFunc
	}{
		{"nothing", "GET", func(http.ResponseWriter, *http.Request) {}},
		{"text", "GET", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<p>a</p>") }},
		{"HEAD", "HEAD", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<p>a</p>") }},
		{"no content", "GET", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204); _, _ = io.WriteString(w, "x") }},
		{"not modified", "GET", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Etag", `"a"`); w.WriteHeader(304) }},
		{"fields that come too late", "GET", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.Header().Set("X-Late", "1") }},
		{"two statuses", "GET", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202); w.WriteHeader(500) }},
		{"early hints", "GET", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(404) }},
		{"a length of its own", "HEAD", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "7") }},
		{"a type of its own", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/x")
			_, _ = w.Write([]byte("a"))
		}},
		{"a coding", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("a"))
		}},
		{"what it was sent", "POST", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(w, r.Body)
			_, _ = io.WriteString(w, r.Host+r.RequestURI)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := wire(t, test.handler)
			h, err := lambda.Over(test.handler)
			require.NoError(t, err)
			c := call{method: test.method, path: "/a%20b", query: "c=d", header: fields()}
			if test.method == "POST" {
				c.body = []byte("\x00\xffcontent")
			}
			want := onWire(t, server, c)
			for _, s := range services {
				if s.prefix != "" {
					continue
				}
				answer, err := h.Invoke(t.Context(), s.payload(t, c))
				require.NoError(t, err)
				got := s.reply(t, answer)
				if want.header.Get("Content-Length") == "0" {
					want.header.Del("Content-Length") // net/http says 0; here the service does
				}
				assert.Equal(t, want.status, got.status, s.name)
				assert.Equal(t, want.header, got.header, s.name)
				assert.Equal(t, want.body, got.body, s.name)
			}
		})
	}
}

// TestHandlerThatFails: a handler that panics makes the invocation fail, and the process goes on.
func TestHandlerThatFails(t *testing.T) {
	for what, says := range map[any]string{"oh": "panicked: oh", http.ErrAbortHandler: "broke its answer off"} {
		h, err := lambda.Over(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(what) }))
		require.NoError(t, err)
		for _, s := range services {
			_, err = h.Invoke(t.Context(), s.payload(t, call{method: "GET", path: "/", header: fields()}))
			assert.ErrorContains(t, err, says, s.name)
		}
	}
}

// TestFieldsOfOneConnection: between the function and the service there is not a connection.
func TestFieldsOfOneConnection(t *testing.T) {
	h, err := lambda.Over(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Connection"] = []string{"close"}
		w.Header()["transfer-encoding"] = []string{"chunked"}
		w.Header()["x-lower"] = []string{"1"}
		w.Header()["X-Empty"] = nil
		w.WriteHeader(599)
		w.(http.Flusher).Flush()
	}))
	require.NoError(t, err)
	for _, s := range services[:8] {
		answer, err := h.Invoke(t.Context(), s.payload(t, call{method: "GET", path: "/", header: fields()}))
		require.NoError(t, err)
		if a := read(t, answer); s.name[0] == 'l' {
			assert.Equal(t, "599", a.StatusDescription)
		} else {
			assert.Equal(t, http.Header{"X-Lower": {"1"}}, s.reply(t, answer).header, s.name)
		}
	}
}

// TestManyCookiesOfABalancer: a map has room for each cookie.
func TestManyCookiesOfABalancer(t *testing.T) {
	h, err := lambda.Over(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := range 20 {
			w.Header().Add("Set-Cookie", strings.Repeat("a", i+1)+"=1")
		}
	}))
	require.NoError(t, err)
	s := services[len(services)-1]
	require.True(t, s.single)
	answer, err := h.Invoke(t.Context(), s.payload(t, call{method: "GET", path: "/", header: fields()}))
	require.NoError(t, err)
	assert.Len(t, s.reply(t, answer).header["Set-Cookie"], 20)
}

// TestUnreadableTargets: what net/http could not read is 400, by both ways.
func TestUnreadableTargets(t *testing.T) {
	over, err := lambda.Over(newApp())
	require.NoError(t, err)
	for _, event := range []map[string]any{albPath("/%zz"), albPath("notes"), with(albPath("/"), map[string]any{"httpMethod": "G T"})} {
		b, err := json.Marshal(event)
		require.NoError(t, err)
		for _, h := range []*lambda.Handler{over, newHandler(t, newApp())} {
			answer, err := h.Invoke(t.Context(), b)
			require.NoError(t, err)
			assert.Contains(t, []int{400, 501}, read(t, answer).StatusCode, "%v", event)
		}
	}
}

// FuzzInvoke: any event is an error or an answer, the same by the App itself and by net/http.
func FuzzInvoke(f *testing.F) {
	for _, pattern := range []string{"testdata/events/*.json", "testdata/others/*.json"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, file := range files {
			event, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(event)
		}
	}
	f.Add([]byte(`{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/a?b#c %zz","multiValueHeaders":{"a":["\n"]}}`))
	own := newHandler(f, newApp())
	over, err := lambda.Over(newApp())
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, event []byte) {
		before := bytes.Clone(event)
		one, err := own.Invoke(t.Context(), event)
		two, errOver := over.Invoke(t.Context(), event)
		require.Equal(t, before, event, "an event belongs to Lambda")
		require.Equal(t, err == nil, errOver == nil, "%v %v", err, errOver)
		if err != nil {
			return
		}
		a, b := read(t, one), read(t, two)
		require.GreaterOrEqual(t, a.StatusCode, 200)
		require.Less(t, a.StatusCode, 600)
		if a.StatusCode != 400 && b.StatusCode != 400 { // what cannot be read, each says in its words
			require.Equal(t, a.StatusCode, b.StatusCode, "%s\n%s", one, two)
		}
	})
}
