// The attempts to get round the gates. An attempt is a request and the answer that it must
// get. Each is made in process and over the wire, and none may change or show anything.

package main

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// An attempt is one request of somebody who may not do what it asks for.
type attempt struct {
	name, why    string
	method, path string
	by           string   // the caller; "": nobody
	fields       []string // further fields, name after value
	content      string
	status       int
}

func (a attempt) request() restmachine.Request {
	req := restmachine.Request{Method: a.method, Path: a.path, Header: http.Header{}, Body: []byte(a.content)}
	if a.by != "" {
		req.Header.Set("Authorization", "Bearer token-of-"+a.by)
	}
	if a.content != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(a.fields); i += 2 {
		req.Header.Add(a.fields[i], a.fields[i+1])
	}
	return req
}

// A siege is an App with all ways to it.
type siege struct {
	app     *restmachine.App
	server  *httptest.Server
	state   func() string // what requests may change
	secrets []string      // what no refused request may be told
}

func besiege(t *testing.T, app *restmachine.App, state func() string, secrets ...string) siege {
	t.Helper()
	restmachinetest.Check(t, app)
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	return siege{app, server, state, secrets}
}

// overHTTP sends the request as it is: nothing is cleaned, followed or unpacked.
func (s siege) overHTTP(t *testing.T, req restmachine.Request) restmachine.Response {
	t.Helper()
	r, err := http.NewRequest(req.Method, s.server.URL, strings.NewReader(string(req.Body)))
	require.NoError(t, err)
	path, query, _ := strings.Cut(req.Path, "?")
	r.URL.Opaque, r.URL.RawQuery, r.Header = "//"+r.URL.Host+path, query, req.Header.Clone()
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	resp, err := transport.RoundTrip(r)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
}

// answers are those of each way, without what only a server adds.
func (s siege) answers(t *testing.T, req restmachine.Request) map[string]restmachine.Response {
	t.Helper()
	all := map[string]restmachine.Response{"in process": s.app.Execute(req), "over HTTP": s.overHTTP(t, req)}
	for _, resp := range all {
		maps.DeleteFunc(resp.Header, func(name string, _ []string) bool { return name == "Date" || name == "Connection" })
		if len(resp.Body) == 0 {
			resp.Header.Del("Content-Length") // net/http says 0 where nothing is to be said
		}
	}
	return all
}

func (s siege) withstands(t *testing.T, attempts []attempt) {
	t.Helper()
	for _, a := range attempts {
		t.Run(a.name, func(t *testing.T) {
			before, req := s.state(), a.request()
			for way, resp := range s.answers(t, req) {
				assert.Equal(t, a.status, resp.StatusCode, "%s %s %s; %s", way, a.method, a.path, a.why)
				restmachinetest.CheckResponse(t, req, resp)
				if resp.StatusCode >= 400 {
					s.tellsNothing(t, resp)
				}
			}
			assert.Equal(t, before, s.state(), "nothing is written")
		})
	}
}

// tellsNothing expects that neither the content nor a field has a secret.
func (s siege) tellsNothing(t *testing.T, resp restmachine.Response) {
	t.Helper()
	said := string(resp.Body)
	for name, lines := range resp.Header {
		said += "\n" + name + ": " + strings.Join(lines, ", ")
	}
	for _, secret := range s.secrets {
		assert.NotContains(t, said, secret)
	}
}

// cannotTell expects that two paths are answered alike, whatever is asked: status, fields and
// content, byte for byte.
func (s siege) cannotTell(t *testing.T, by, one, other string) {
	t.Helper()
	for _, method := range allMethods {
		for name, fields := range conditionsAndMore {
			a := attempt{method: method, path: one, by: by, fields: fields}
			b := a
			b.path = other
			if method == "PUT" || method == "PATCH" || method == "POST" {
				a.content, b.content = `{"title":"mine","text":"mine"}`, `{"title":"mine","text":"mine"}`
			}
			before := s.state()
			assert.Equal(t, s.answers(t, a.request()), s.answers(t, b.request()), "%s, %s: %s and %s", method, name, one, other)
			assert.Equal(t, before, s.state(), "nothing is written")
		}
	}
}

// allMethods are those of HTTP, and some that are not.
var allMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ARCHIVE", "QUERY", "BREW"}

// conditionsAndMore are fields that change what an answer shows.
var conditionsAndMore = map[string][]string{
	"nothing more":        nil,
	"If-Match, current":   {"If-Match", `"1"`},
	"If-Match, another":   {"If-Match", `"0"`},
	"If-Match, unread":    {"If-Match", `"`},
	"If-Match: *":         {"If-Match", "*"},
	"If-None-Match":       {"If-None-Match", `"1"`},
	"If-None-Match: *":    {"If-None-Match", "*"},
	"If-Modified-Since":   {"If-Modified-Since", "Fri, 31 Dec 2100 23:59:59 GMT"},
	"If-Unmodified-Since": {"If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:01 GMT"},
	"Range":               {"Range", "bytes=0-3"},
	"Range, If-Range":     {"Range", "bytes=0-3", "If-Range", `"1"`},
	"Accept":              {"Accept", "image/png"},
	"Accept text":         {"Accept", "text/plain, application/json;q=0.1"},
	"Content-Type":        {"Content-Type", "image/png"},
	"Content-Encoding":    {"Content-Encoding", "gzip"},
	"another origin":      {"Origin", "https://elsewhere.example", "Access-Control-Request-Method", "DELETE"},
}

// otherWays are attempts that need nothing but a path that is refused: another method, a field
// that some servers take for one, a token spelt oddly.
func otherWays(path string, status int) []attempt {
	overridden := func(field string) attempt {
		return attempt{field, "no field stands for a method", "POST", path, "eve", []string{field, "GET"}, "", 405}
	}
	return []attempt{
		overridden("X-HTTP-Method-Override"), overridden("X-HTTP-Method"), overridden("X-Method-Override"),
		{"X-HTTP-Method-Override of a GET", "no field stands for a method", "GET", path, "eve", []string{"X-HTTP-Method-Override", "OPTIONS"}, "", status},
		{"X-Original-URL", "no field stands for a path", "GET", path, "eve", []string{"X-Original-URL", "/", "X-Rewrite-URL", "/"}, "", status},
		{"X-Forwarded-For", "no field stands for a network", "GET", path, "eve", []string{"X-Forwarded-For", "127.0.0.1"}, "", status},
		{"_method in the query", "no parameter stands for a method", "POST", path + "?_method=GET", "eve", nil, "", 405},
		{"a token in the query", "a token is a field", "GET", path + "?access_token=token-of-ann", "eve", nil, "", status},
		{"HEAD", "it is asked what the GET is", "HEAD", path, "eve", nil, "", status},
		{"TRACE", "nothing is sent back", "TRACE", path, "eve", nil, "", 405},
		{"a lowercase method", "methods are in one case", "get", path, "eve", nil, "", 501},
		{"If-None-Match", "401, 403 and 404 come before 304", "GET", path, "eve", []string{"If-None-Match", `"1"`}, "", status},
		{"If-None-Match: *", "and so do they before 412", "GET", path, "eve", []string{"If-None-Match", "*"}, "", status},
		{"If-Match", "and so do they before 412", "GET", path, "eve", []string{"If-Match", `"0"`}, "", status},
		{"Range", "a part is guarded as the whole is", "GET", path, "eve", []string{"Range", "bytes=0-"}, "", status},
	}
}

// oddTokens are ways to spell the field Authorization on a path that a caller needs, and that
// ann may GET.
func oddTokens(path string) []attempt {
	with := func(name, why string, status int, lines ...string) attempt {
		a := attempt{name: name, why: why, method: "GET", path: path, status: status}
		for _, line := range lines {
			a.fields = append(a.fields, "Authorization", line)
		}
		return a
	}
	return []attempt{
		with("no token", "somebody must call", 401),
		with("an empty field", "it names nobody", 401, ""),
		with("a scheme alone", "it names nobody", 401, "Bearer"),
		with("an empty token", "nobody has it", 401, "Bearer "),
		with("a token that nobody has", "nobody has it", 401, "Bearer token-of-mallory"),
		with("a token and a blank", "a token is compared whole", 401, "Bearer  token-of-ann"),
		with("a token and more", "a token is compared whole", 401, "Bearer token-of-ann, Bearer token-of-eve"),
		with("a token in another case", "a token is compared whole", 401, "Bearer TOKEN-OF-ANN"),
		with("another scheme", "only Bearer is read", 401, "Basic token-of-ann"),
		with("a token alone", "only Bearer is read", 401, "token-of-ann"),
		with("two lines", "nobody knows which of the two counts", 401, "Bearer token-of-eve", "Bearer token-of-ann"),
		with("two lines that are the same", "a client sends one", 401, "Bearer token-of-ann", "Bearer token-of-ann"),
		with("the scheme in lowercase", "it is the same scheme (RFC 9110, 11.1)", 200, "bearer token-of-ann"),
		with("the scheme in capitals", "it is the same scheme", 200, "BEARER token-of-ann"),
	}
}
