package cors_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

// answers are one request for each status, and why a page has to see it.
var answers = []struct {
	status       int
	method, path string
	body         string
	header       []string // beside the token and the client, which come first
	why          string
}{
	{200, "GET", "/notes/1", "", nil, "the script reads the ETag"},
	{200, "HEAD", "/notes/1", "", nil, "it reads the ETag without the content"},
	{304, "GET", "/notes/1", "", []string{"If-None-Match", `"hello"`}, "its fields replace those in the browser's cache"},
	{200, "PUT", "/notes/1", `{"Text": "bye"}`, []string{"If-Match", `"hello"`}, "it reads the new ETag"},
	{412, "PUT", "/notes/1", `{"Text": "bye"}`, []string{"If-Match", `"old"`}, "somebody was faster: the script has to know"},
	{201, "POST", "/notes", `{"Text": "new"}`, nil, "it reads the Location"},
	{204, "DELETE", "/notes/1", "", nil, "it is done"},
	{404, "GET", "/notes/7", "", nil, "a missing resource"},
	{404, "GET", "/nowhere", "", nil, "an unknown path"},
	{405, "POST", "/notes/1", "", nil, "it reads Allow"},
	{406, "GET", "/notes/1", "", []string{"Accept", "image/png"}, "the graph refuses"},
	{410, "GET", "/old", "", nil, "an error of a handler"},
	{415, "PUT", "/notes/1", "a", []string{"Content-Type", "text/plain"}, "the graph refuses"},
	{422, "PUT", "/notes/1", `{"Text": 1}`, nil, "it shows the mistakes of the form"},
	{401, "GET", "/notes/1", "", []string{"Authorization", ""}, "it reads the challenge"},
	{400, "GET", "/notes/1", "", []string{"X-Client", ""}, "a gate refuses"},
	{400, "GET", "/notes/%zz", "", nil, "the path cannot be read"},
	{414, "GET", "/notes/" + string(make([]byte, 9<<10)), "", nil, "so is this one"},
	{429, "GET", "/notes/1", "", []string{"X-Load", "much"}, "it reads Retry-After"},
	{503, "GET", "/notes/1", "", []string{"X-Load", "full"}, "it may ask again"},
	{500, "GET", "/notes/panic", "", nil, "a panic"},
	{501, "BREW", "/notes/1", "", nil, "an unknown method"},
	{200, "OPTIONS", "/notes/1", "", nil, "an OPTIONS that is not a preflight"},
}

// send sends the request of a row.
func send(t *testing.T, through door, i int, origin string) restmachine.Response {
	row := answers[i]
	h := fields("Authorization", "Bearer x", "X-Client", "test", "Content-Type", "application/json")
	for j := 0; j < len(row.header); j += 2 {
		if h.Set(row.header[j], row.header[j+1]); row.header[j+1] == "" {
			h.Del(row.header[j])
		}
	}
	if origin != "" {
		h.Set("Origin", origin)
	}
	return through(t, row.method, row.path, row.body, h)
}

func init() {
	for i := range answers { // a path too long of letters
		if answers[i].status == 414 {
			letters := []byte(answers[i].path)
			for j := len("/notes/"); j < len(letters); j++ {
				letters[j] = 'a'
			}
			answers[i].path = string(letters)
		}
	}
}

// TestEveryAnswer: the fields are on each answer to a page that may see it, and on none to
// any other. Vary is on all of them, whoever asks: they differ by the origin.
func TestEveryAnswer(t *testing.T) {
	app := allowed(cors.Policy{Origins: []string{ours, "https://*.example.org"}, Credentials: true})
	for name, through := range doors(t, app) {
		for i, row := range answers {
			if name == "net/http" && row.path == "/notes/%zz" {
				continue // no client sends it
			}
			t.Run(name+" "+http.StatusText(row.status)+" "+row.method, func(t *testing.T) {
				for _, origin := range []string{ours, "https://a.b.example.org"} {
					resp := send(t, through, i, origin)
					require.Equal(t, row.status, resp.StatusCode, row.why)
					assert.Equal(t, []string{origin}, resp.Header.Values("Access-Control-Allow-Origin"), row.why)
					assert.Equal(t, "true", resp.Header.Get("Access-Control-Allow-Credentials"))
					assert.Subset(t, list(resp.Header, "Access-Control-Expose-Headers"), []string{"Etag", "Location", "Allow", "Retry-After"})
					assert.Contains(t, list(resp.Header, "Vary"), "Origin")
					assert.Empty(t, resp.Header.Values("Access-Control-Allow-Methods"), "it is not a preflight")
				}
				for _, origin := range []string{"", "null", theirs, "http://app.example.com", ours + ":8443", ours + ".", ours + "/", "*",
					"https://example.org", "https://evil-example.org", "https://.example.org", ours + ", " + ours} {
					resp := send(t, through, i, origin)
					require.Equal(t, row.status, resp.StatusCode, "the answer itself does not depend on it")
					for _, field := range []string{"Allow-Origin", "Allow-Credentials", "Expose-Headers", "Allow-Methods", "Allow-Headers"} {
						assert.Empty(t, resp.Header.Values("Access-Control-"+field), "%q is not let in", origin)
					}
					assert.Contains(t, list(resp.Header, "Vary"), "Origin", "a cache must not give it to %s", ours)
				}
			})
		}
	}
}

// TestAnyOrigin: the answer is the same for all, so caches may share it: there is no Vary.
func TestAnyOrigin(t *testing.T) {
	app := allowed(cors.Policy{Origins: []string{"*"}})
	for name, through := range doors(t, app) {
		for i, row := range answers {
			if name == "net/http" && row.path == "/notes/%zz" {
				continue
			}
			for _, origin := range []string{"", ours, theirs, "null"} {
				resp := send(t, through, i, origin)
				require.Equal(t, row.status, resp.StatusCode, row.why)
				assert.Equal(t, []string{"*"}, resp.Header.Values("Access-Control-Allow-Origin"), "%s: %s", name, row.why)
				assert.Empty(t, resp.Header.Values("Access-Control-Allow-Credentials"))
				assert.Contains(t, list(resp.Header, "Access-Control-Expose-Headers"), "Etag")
				assert.NotContains(t, list(resp.Header, "Vary"), "Origin")
			}
		}
	}
}

// TestStreamThatFails: in process a stream that fails is a 500, which a page sees, too.
func TestStreamThatFails(t *testing.T) {
	app := allowed(cors.Policy{Origins: []string{ours}})
	resp := app.Execute(restmachine.Request{Path: "/stream", Header: fields("Authorization", "x", "X-Client", "x", "Origin", ours)})
	assert.Equal(t, 500, resp.StatusCode)
	assert.Equal(t, ours, resp.Header.Get("Access-Control-Allow-Origin"))
}

// TestTwoOrigins: a request with two Origins is from nobody.
func TestTwoOrigins(t *testing.T) {
	app := allowed(cors.Policy{Origins: []string{ours}})
	resp := app.Execute(restmachine.Request{Path: "/old", Header: fields("Origin", ours, "Origin", ours)})
	assert.Empty(t, resp.Header.Values("Access-Control-Allow-Origin"))
	assert.Contains(t, list(resp.Header, "Vary"), "Origin")
}

// TestWhoComesIn has a row for each way to say who may come in.
func TestWhoComesIn(t *testing.T) {
	for name, row := range map[string]struct {
		policy  cors.Policy
		in, out []string
	}{
		"an origin": {cors.Policy{Origins: []string{ours}}, []string{ours}, []string{theirs, "null", "HTTPS://APP.EXAMPLE.COM"}},
		"several":   {cors.Policy{Origins: []string{ours, "http://localhost:5173"}}, []string{ours, "http://localhost:5173"}, []string{"http://localhost", "http://localhost:80"}},
		"subdomains": {cors.Policy{Origins: []string{"https://*.example.com"}},
			[]string{ours, "https://a.b.example.com", "https://x-1.example.com"},
			[]string{"https://example.com", "http://app.example.com", "https://app.example.com:444", "https://evilexample.com",
				"https://.example.com", "https://a..example.com", "https://evil.test/.example.com", "https://evil.test?.example.com",
				"https://evil.test#.example.com", "https://u@a.example.com", "https://evil.test:80.example.com", "https://*.example.com", "https://ä.example.com"}},
		"subdomains with a port": {cors.Policy{Origins: []string{"http://*.localhost:3000"}}, []string{"http://a.localhost:3000"}, []string{"http://a.localhost", "http://localhost:3000"}},
		"a function": {cors.Policy{Match: func(o string) bool { return len(o) == len(theirs) || o == "null" }},
			[]string{theirs}, []string{ours, "null", "no-origin-at-all-20c", "https://a.example\r\nX"}},
		"both":       {cors.Policy{Origins: []string{ours}, Match: func(o string) bool { return o == theirs }}, []string{ours, theirs}, []string{"https://a.example"}},
		"null":       {cors.Policy{Null: true}, []string{"null"}, []string{ours, "NULL"}},
		"extensions": {cors.Policy{Origins: []string{"chrome-extension://abcdefghijklmnopabcdefghijklmnop"}}, []string{"chrome-extension://abcdefghijklmnopabcdefghijklmnop"}, []string{ours}},
		"addresses":  {cors.Policy{Origins: []string{"http://127.0.0.1:3000", "http://[::1]:3000"}}, []string{"http://127.0.0.1:3000", "http://[::1]:3000"}, []string{"http://127.0.0.1", "http://[::1]"}},
	} {
		t.Run(name, func(t *testing.T) {
			app := allowed(row.policy)
			require.NoError(t, app.Validate())
			ask := func(origin string) string {
				resp := app.Execute(restmachine.Request{Path: "/old", Header: fields("Origin", origin)})
				answer := preflight(t, app, "/notes/1", origin, "PUT")
				assert.Equal(t, resp.Header.Values("Access-Control-Allow-Origin"), answer.Header.Values("Access-Control-Allow-Origin"))
				return resp.Header.Get("Access-Control-Allow-Origin")
			}
			for _, origin := range row.in {
				assert.Equal(t, origin, ask(origin))
			}
			for _, origin := range row.out {
				assert.Empty(t, ask(origin), "%s", origin)
			}
		})
	}
}
