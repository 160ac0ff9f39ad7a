// The application behind the proxies under test, and a client before them. The origin
// counts what reaches it, and can lose an answer as a process does that is killed.

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An origin is the App with a count of what reached it.
type origin struct {
	app    http.Handler
	server *httptest.Server
	mu     sync.Mutex
	all    []*http.Request
	lost   map[string]bool // the names of answers that were lost
	open   int             // requests under way
}

// loseField makes the origin lose its answer, once for each value.
const loseField = "X-Lose"

func newOrigin(t *testing.T) *origin {
	o := &origin{app: handler(New()), lost: map[string]bool{}}
	o.server = httptest.NewServer(o)
	t.Cleanup(o.server.CloseClientConnections)
	t.Cleanup(o.server.Close)
	return o
}

func (o *origin) port() string {
	_, port, _ := net.SplitHostPort(o.server.Listener.Addr().String())
	return port
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.all = append(o.all, r)
	name := r.Header.Get(loseField)
	lose := name != "" && !o.lost[name]
	if lose {
		o.lost[name] = true
	}
	o.open++
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		o.open--
		o.mu.Unlock()
	}()
	if lose {
		o.app.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) // it is done, and nobody hears of it
	}
	o.app.ServeHTTP(w, r)
}

// came returns the requests that came with a method and a path.
func (o *origin) came(key string) (requests []*http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.all {
		if r.Method+" "+r.URL.Path == key {
			requests = append(requests, r)
		}
	}
	return requests
}

func (o *origin) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.all)
}

func (o *origin) last() *http.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.all) == 0 {
		return nil
	}
	return o.all[len(o.all)-1]
}

func (o *origin) underWay() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.open
}

// An answer is what came back.
type answer struct {
	status int
	proto  string
	header http.Header
	body   string
}

func (a answer) get(field string) string { return a.header.Get(field) }

// A scene is a proxy before an origin. For the direct way the two are one.
type scene struct {
	*testing.T
	name          string
	plain, secure string
	origin        *origin
	client        *http.Client
	notes         int
}

func newScene(t *testing.T, name, plain, secure string, o *origin) *scene {
	transport := &http.Transport{
		DisableCompression: true, DisableKeepAlives: true, ForceAttemptHTTP2: true, ExpectContinueTimeout: 2 * time.Second,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{
		Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &scene{T: t, name: name, plain: plain, secure: secure, origin: o, client: client}
}

// send sends a request through the proxy. fields are names and values in turn.
func (s *scene) send(method, path, body string, fields ...string) answer {
	s.Helper()
	return s.sendTo("http://"+s.plain, method, path, body, fields...)
}

// direct sends a request to the origin.
func (s *scene) direct(method, path, body string, fields ...string) answer {
	s.Helper()
	return s.sendTo(s.origin.server.URL, method, path, body, fields...)
}

func (s *scene) sendTo(base, method, path, body string, fields ...string) answer {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(body))
	require.NoError(s, err)
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	if body == "" {
		req.Body, req.ContentLength = nil, 0
	} else if req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return answer{0, "", http.Header{}, err.Error()}
	}
	defer resp.Body.Close()
	var content bytes.Buffer
	if _, err := io.Copy(&content, resp.Body); err != nil {
		content.WriteString(" … " + err.Error())
	}
	return answer{resp.StatusCode, resp.Proto, resp.Header, content.String()}
}

// note creates a note at the origin that no cache knows, and returns its entity-tag.
func (s *scene) note() (name, tag string) {
	s.Helper()
	s.notes++
	name = fmt.Sprint("note", s.notes)
	text := strings.Repeat("A long text. ", 100)
	a := s.direct("PUT", "/notes/"+name, `{"text": "`+text+`"}`, "If-None-Match", "*")
	require.Equal(s, 201, a.status, a.body)
	return name, a.get("ETag")
}
