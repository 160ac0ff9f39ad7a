// Hostile input: nothing that a client sends harms the service, and nothing that
// a callback returns can harm the client. The fuzz target is in fuzz_test.go.

package restmachine_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A tx is what a Dependency with a cleanup makes.
type tx struct{}

// echoes answers with the parameter that it was given.
func echoes(app *restmachine.App) {
	app.Get("/echo/{word}", func(path restmachine.PathParams) string { return path.Get("word") })
	app.Get("/rest/{rest...}", func(path restmachine.PathParams) string { return path.Get("rest") }).
		Put(func(in restmachine.Body[string]) string { return in.Value })
}

func TestHostileTargets(t *testing.T) {
	long := func(n int) string { return "/echo/" + strings.Repeat("a", n-len("/echo/")) }
	rows := []struct {
		name, target string
		status       int
		word         string
		reason       string
	}{
		{"plain", "/echo/a", 200, "a", "the parameter is what was sent"},
		{"escaped", "/echo/%61%20b", 200, "a b", "decoded once"},
		{"escaped twice", "/echo/%2561", 200, "%61", "and not twice"},
		{"an escaped slash", "/echo/a%2Fb", 200, "a/b", "it separates nothing"},
		{"an escaped slash in the rest", "/rest/a%2Fb/c", 200, "a/b/c", "nor there"},
		{"UTF-8", "/echo/%C3%A9", 200, "é", "letters of any kind"},
		{"UTF-8 that is not escaped", "/echo/é", 200, "é", "in process it may come so"},
		{"dots", "/echo/..", 200, "..", "a path is never cleaned: it is a word like any other"},
		{"escaped dots", "/echo/%2e%2e", 200, "..", "likewise"},
		{"dots on the way", "/x/../echo/a", 404, "", "a path is never cleaned"},
		{"an empty segment", "//echo/a", 404, "", "it is another path"},
		{"an empty parameter", "/echo/", 404, "", "no parameter is empty"},
		{"a slash at the end", "/echo/a/", 404, "", "it is another path"},
		{"an empty segment in the rest", "/rest//a", 200, "/a", "it is handed on as it is"},
		{"a fragment", "/echo/a#b", 200, "a#b", "no client sends one; it is no separator"},
		{"NUL", "/echo/%00", 400, "", "a control byte"},
		{"CR LF", "/echo/%0d%0aX-Evil:%201", 400, "", "a control byte"},
		{"DEL", "/echo/%7f", 400, "", "a control byte"},
		{"a raw control byte", "/echo/\x01", 400, "", "a control byte"},
		{"invalid UTF-8", "/echo/%ff", 400, "", "no text"},
		{"raw invalid UTF-8", "/echo/\xff", 400, "", "no text"},
		{"overlong UTF-8", "/echo/%c0%af", 400, "", "no text: it was a slash in disguise once"},
		{"a bare percent", "/echo/%", 400, "", "no percent-encoding"},
		{"no hexadecimal digits", "/echo/%zz", 400, "", "no percent-encoding"},
		{"a hostile query", "/echo/a?%00%zz=\x7f", 200, "a", "nobody asks for it"},
		{"as long as may be", long(8192), 200, strings.Repeat("a", 8192-6), "8 KiB"},
		{"too long", long(8193), 414, "", "more than 8 KiB"},
		{"too long a query", "/echo/a?" + strings.Repeat("a", 8192), 414, "", "the query counts"},
		{"no path", "", 400, "", "a target begins with a slash"},
		{"no slash", "echo/a", 400, "", "a target begins with a slash"},
		{"the server as a whole", "*", 400, "", "OPTIONS alone may ask that"},
		{"absolute form", "http://evil.example/echo/a", 400, "", "net/http takes it apart; in process nobody does"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewProbe(t, echoes)
			resp := p.Want(row.status, "GET", row.target, "")
			if row.status == 200 {
				assert.Equal(t, row.word, string(resp.Body), row.reason)
			} else {
				assert.Less(t, len(resp.Body), 1000, "the target is not echoed")
			}
		})
	}
}

func TestHostileMethods(t *testing.T) {
	p := harness.NewProbe(t, echoes)
	for _, method := range []string{"FROB", "get", "GE T", "GET\r\nX: y", "<script>", strings.Repeat("A", 9000), "\x00"} {
		resp := p.Want(501, method, "/echo/a", "")
		assert.NotContains(t, string(resp.Body), "<script")
		assert.Less(t, len(resp.Body), 1000)
	}
	for _, method := range []string{"TRACE", "CONNECT"} {
		resp := p.Want(405, method, "/echo/a", "", "Cookie", "session="+harness.Secret)
		assert.NotContains(t, string(resp.Body), harness.Secret, "a TRACE is never answered with its fields")
	}
}

// Execute has no parser in front of it that would have refused such fields.
func TestHostileFieldsInProcess(t *testing.T) {
	p := harness.NewProbe(t, echoes)
	for name, value := range map[string]string{"X": "a\r\nb", "Y": "a\x00", "A b": "c", "": "c", "If-None-Match": "\"a\n\""} {
		req := restmachine.Request{Method: "GET", Path: "/echo/a", Header: http.Header{name: {value}}}
		resp := p.App.Execute(req)
		restmachinetest.CheckResponse(t, req, resp)
		assert.Equal(t, 400, resp.StatusCode, "%q: %q", name, value)
	}
}

func TestHostileRequestsOnTheWire(t *testing.T) {
	rows := []struct {
		name, text string
		status     int
		reason     string
	}{
		{"absolute form", "GET http://evil.example/echo/a HTTP/1.1\nHost: x\n\n", 200, "the path is what counts"},
		{"two slashes", "GET //echo/a HTTP/1.1\nHost: x\n\n", 404, "no redirect to another host"},
		{"star", "GET * HTTP/1.1\nHost: x\n\n", 400, "OPTIONS alone may ask that"},
		{"OPTIONS *", "OPTIONS * HTTP/1.1\nHost: x\n\n", 200, "net/http answers it"},
		{"TRACE", "TRACE /echo/a HTTP/1.1\nHost: x\nCookie: hunter2\n\n", 405, "never echoed"},
		{"CONNECT", "CONNECT evil.example:80 HTTP/1.1\nHost: evil.example:80\n\n", 400, "no proxy here"},
		{"unknown method", "FROB /echo/a HTTP/1.1\nHost: x\n\n", 501, "not known"},
		{"too long", "GET /echo/" + strings.Repeat("a", 9000) + " HTTP/1.1\nHost: x\n\n", 414, "more than 8 KiB"},
		{"NUL", "GET /echo/%00 HTTP/1.1\nHost: x\n\n", 400, "a control byte"},
		{"no Host", "GET /echo/a HTTP/1.0\n\n", 200, "HTTP/1.0 needs none"},
	}
	x := harness.NewTrial(t, echoes)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, r := x.On(t).SendRaw(row.text)
			resp, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, row.status, resp.StatusCode, "%s: %s", row.reason, body)
			all := fmt.Sprint(resp.Header, string(body))
			assert.NotContains(t, all, "evil")
			assert.NotContains(t, all, "hunter2")
		})
	}
}

func TestScriptsInPathsAreNotRendered(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		echoes(app)
		app.Put("/strict/{word}", func(restmachine.Path[struct {
			Word int `path:"word"`
		}]) {
		})
		app.Get("/query", func(restmachine.Query[struct {
			N int `query:"n"`
		}]) string {
			return ""
		})
	})
	const script = "%3Cscript%3Ealert(1)%3C/script%3E"
	for _, accept := range []string{"*/*", "text/html", "text/plain", "application/json"} {
		for _, target := range []string{"/" + script, "/strict/" + script, "/query?n=" + script, "/echo/" + script + "%00"} {
			method := "GET"
			if strings.HasPrefix(target, "/strict") {
				method = "PUT"
			}
			resp := p.Do(method, target, "", "Accept", accept)
			require.GreaterOrEqual(t, resp.StatusCode, 400, target)
			assert.NotContains(t, resp.Header.Get("Content-Type"), "html")
			assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
			if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") { // which is not sniffed
				assert.NotContains(t, strings.ToLower(string(resp.Body)), "<script", "%s %s", accept, target)
			}
		}
	}
}

// What the client sends never chooses where a redirect leads.
func TestRedirectsStayAtHome(t *testing.T) {
	for _, prefix := range []string{"/", "", "/new", "/new/", "https://new.example", "https://new.example/"} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			old := app.Group("/old")
			old.MovedPermanently(func() string { return prefix })
			old.Get("/known/{id}", func(*harness.Note) string { return "" })
			app.ResourceExists(func() *harness.Note { return nil })
		})
		for _, rest := range []string{"/evil.example/x", "//evil.example/x", "///evil.example", "/%2F/evil.example", "/known/1", ""} {
			resp := p.Do("GET", "/old"+rest, "")
			if prefix == "" {
				assert.Equal(t, 404, resp.StatusCode, "not moved")
				continue
			}
			require.Equal(t, 301, resp.StatusCode)
			to := resp.Header.Get("Location")
			if strings.HasPrefix(prefix, "/") {
				assert.True(t, strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//"), "%q + %q leads to %q", prefix, rest, to)
			} else {
				assert.True(t, strings.HasPrefix(to, "https://new.example/") || to == "https://new.example", "%q + %q leads to %q", prefix, rest, to)
			}
		}
	}
}

func TestContentLocationStaysAtHome(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/{rest...}", func() string { return "" }).Put(func(in restmachine.Body[string]) string { return in.Value })
	})
	resp := p.Do("PUT", "//evil.example/x", "text", "Content-Type", "text/plain")
	assert.NotEqual(t, "//evil.example/x", resp.Header.Get("Content-Location"), "it names another host: %d", resp.StatusCode)
}

// An illegal is something that a callback returns and that cannot be sent.
type illegal struct {
	name   string
	method string
	say    func(app *restmachine.App, one *restmachine.Resource)
	status int
	reason string
}

const crlf = "a\r\nX-Evil: 1"

var illegals = []illegal{
	{"ETag with CR LF", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.GenerateETag(func(*harness.Note) string { return crlf })
	}, 500, "it would end the field"},
	{"quoted ETag with CR LF", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.GenerateETag(func(*harness.Note) restmachine.ETag { return `"` + crlf + `"` })
	}, 500, "it would end the field"},
	{"ETag with NUL", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.GenerateETag(func(*harness.Note) string { return "a\x00" })
	}, 500, "it breaks clients"},
	{"ETag with a space", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.GenerateETag(func(*harness.Note) string { return "a b" })
	}, 500, "RFC 9110, 8.8.3"},
	{"ETag with a quote", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.GenerateETag(func(*harness.Note) string { return `a"b` })
	}, 500, "RFC 9110, 8.8.3"},
	{"Cache-Control with CR LF", "GET", func(app *restmachine.App, _ *restmachine.Resource) { app.CacheControl(func() string { return crlf }) }, 500, "it would end the field"},
	{"Variances with CR LF", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Variances(func() []string { return []string{crlf} })
	}, 500, "it would end the field"},
	{"challenge with CR LF", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Authorized(func() (string, bool) { return crlf, false })
	}, 500, "it would end the field; the request is not let pass"},
	{"Location with CR LF", "POST", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Location(func(*harness.Note) string { return "https://x/" + crlf })
	}, 500, "it would end the field"},
	{"path as Location with CR LF", "POST", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Location(func(*harness.Note) string { return "/" + crlf })
	}, 201, "a path is escaped"},
	{"FinishRequest with CR LF", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.FinishRequest(func(r *restmachine.Response) { r.Header.Set("X", crlf) })
	}, 500, "it would end the field"},
	{"FinishRequest with a name that is none", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.FinishRequest(func(r *restmachine.Response) { r.Header["X: y\r\nZ"] = []string{"1"} })
	}, 500, "it would be another field"},
	{"Problem with CR LF", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Forbidden(func() (bool, error) { return false, evilProblem })
	}, 500, "it would end the field"},
	{"cleanup's Problem with CR LF", "PATCH", func(app *restmachine.App, one *restmachine.Resource) {
		app.Dependency(func() (*tx, func(error) error) { return nil, func(error) error { return evilProblem } })
		one.Patch(func(*harness.Note, *tx) {})
	}, 500, "it would end the field"},
	{"FinishRequest's Problem with CR LF", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.FinishRequest(func() error { return evilProblem })
	}, 500, "it would end the field"},
	{"Problem that JSON cannot hold", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Forbidden(func() (bool, error) {
			return false, &restmachine.Problem{Status: 402, Extensions: map[string]any{"f": func() {}}}
		})
	}, 402, "the rest of it is sent"},
	{"Problem with no status", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Forbidden(func() (bool, error) { return false, &restmachine.Problem{} })
	}, 500, "0 is 500"},
	{"Problem with a status that is none", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Forbidden(func() (bool, error) { return false, &restmachine.Problem{Status: 200} })
	}, 500, "no error is a success"},
	{"a date that cannot be written", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.LastModified(func(*harness.Note) time.Time { return time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC) })
		app.Expires(func(*harness.Note) time.Time { return time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC) })
	}, 200, "no field is better than a wrong one"},
	{"a renderer's nil", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Provides("application/json", func(*harness.Note) *harness.Task { return nil })
	}, 500, "null is no representation of a note"},
	{"a renderer's nil slice", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Provides("application/json", func(*harness.Note) []string { return nil })
	}, 200, "an empty list"},
	{"NaN", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Provides("application/json", func(*harness.Note) float64 { return math.NaN() })
	}, 500, "JSON has none"},
	{"what JSON cannot hold", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Provides("application/json", func(*harness.Note) any { return make(chan int) })
	}, 500, "JSON has none"},
	{"RenderError's nil", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.RenderError(func(*restmachine.Problem) any { return nil })
		app.Forbidden(func() bool { return true })
	}, 403, "the standard problem takes its place"},
	{"an Encoder's nil", "GET", func(app *restmachine.App, _ *restmachine.Resource) {
		app.Encodings("br")
		app.Encoder("br", func(io.Writer) io.WriteCloser { return nil })
	}, 500, "nothing encodes"},
}

var evilProblem = &restmachine.Problem{Status: 402, Detail: "pay", Header: http.Header{"X": {crlf}}}

func TestWhatCannotBeSent(t *testing.T) {
	for _, row := range illegals {
		t.Run(row.name, func(t *testing.T) {
			x := harness.NewTrial(t, func(app *restmachine.App) {
				app.ResourceExists(harness.NoteByPath)
				one := app.Get("/notes/{id}", func(n *harness.Note) *harness.Note { return n })
				one.Post(func(n *harness.Note) *restmachine.Reply[any] { return restmachine.Created[any]("", n) })
				row.say(app, one)
			})
			req := harness.RequestOf(row.method, "/notes/1", "", "Accept-Encoding", "br, identity;q=0")
			checkIllegal(x, row, "in process", x.Do(req.Method, req.Path, "", "Accept-Encoding", "br, identity;q=0"))
			if row.status == 500 && !strings.HasPrefix(row.name, "Problem with") {
				assert.Contains(t, x.Log.Take(), "level=ERROR")
			}
			wire, err := x.Send(req)
			require.NoError(t, err)
			checkIllegal(x, row, "over the wire", wire)
		})
	}
}

func checkIllegal(x *harness.Trial, row illegal, where string, resp restmachine.Response) {
	x.T.Helper()
	assert.Equal(x.T, row.status, resp.StatusCode, "%s: %s: %s", where, row.reason, resp.Body)
	assert.Empty(x.T, resp.Header.Get("X-Evil"))
	x.Discreet(resp)
}

// What handlers return beside an entity that can be sent.
func TestOddResults(t *testing.T) {
	var nobody *harness.Note
	var nothing *restmachine.Problem
	rows := []struct {
		name    string
		handler restmachine.Func
		status  int
		body    string
	}{
		{"nothing", func() {}, 204, ""},
		{"a nil pointer", func() *harness.Note { return nil }, 204, ""},
		{"a nil interface", func() any { return nil }, 204, ""},
		{"a nil pointer in an interface", func() any { return nobody }, 204, ""},
		{"a nil Reply", func() *restmachine.Reply[any] { return nil }, 204, ""},
		{"a Reply of nothing", func() *restmachine.Reply[any] { return &restmachine.Reply[any]{} }, 204, ""},
		{"a Reply of a nil pointer", func() *restmachine.Reply[any] { return restmachine.NewReply[any](0, nobody) }, 204, ""},
		{"a nil slice", func() []harness.Note { return nil }, 200, "[]"},
		{"a nil map", func() map[string]int { return nil }, 200, "{}"},
		{"no bytes", func() []byte { return nil }, 200, ""},
		{"an empty string", func() string { return "" }, 200, ""},
		{"a nil Reader", func() io.Reader { return nil }, 204, ""},
		{"a nil error of its own type", func() (string, error) { return "", nothing }, 500, ""},
		{"a nil pointer with an error", func() (*harness.Note, error) { return nil, errors.New(harness.Secret) }, 500, ""},
		{"status 99", func() *restmachine.Reply[any] { return restmachine.NewReply[any](99, nil) }, 500, ""},
		{"status 100", func() *restmachine.Reply[any] { return restmachine.NewReply[any](100, nil) }, 500, ""},
		{"status 600", func() *restmachine.Reply[any] { return restmachine.NewReply[any](600, nil) }, 500, ""},
		{"status -1", func() *restmachine.Reply[any] { return restmachine.NewReply[any](-1, nil) }, 500, ""},
		{"205 with content", func() *restmachine.Reply[any] { return restmachine.NewReply[any](205, "reset") }, 205, ""},
		{"204 with content", func() *restmachine.Reply[any] { return restmachine.NewReply[any](204, "none") }, 204, ""},
		{"a field that is none", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Status: 200, Entity: "x", Header: http.Header{"a b": {"c"}}}
		}, 500, ""},
		{"a field with CR LF", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Status: 200, Entity: "x", Header: http.Header{"X": {crlf}}}
		}, 500, ""},
		{"an ETag that is none", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Status: 200, Entity: "x", Header: http.Header{"ETag": {`"a" "b"`}}}
		}, 500, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			x := harness.NewTrial(t, func(app *restmachine.App) { app.Get("/odd", row.handler).Post(row.handler) })
			for _, method := range []string{"GET", "POST"} {
				resp := x.Want(row.status, method, "/odd", "")
				wire, err := x.Send(harness.RequestOf(method, "/odd", ""))
				require.NoError(t, err)
				assert.Equal(t, row.status, wire.StatusCode)
				if row.status < 300 {
					assert.Equal(t, row.body, string(resp.Body))
				} else {
					assert.Contains(t, x.Log.Take(), "level=ERROR")
				}
				x.Discreet(resp)
			}
		})
	}
}

// TestOptionsOfTheServer holds Execute to the answer that net/http gives by
// itself.
func TestOptionsOfTheServer(t *testing.T) {
	app := harness.NewPriced(false)
	resp := app.Execute(restmachine.Request{Method: "OPTIONS", Path: "*"})
	assert.Equal(t, 200, resp.StatusCode, "OPTIONS * asks of the server")
	assert.Empty(t, resp.Body)
	assert.Equal(t, 400, app.Execute(restmachine.Request{Method: "GET", Path: "*"}).StatusCode, "nothing else may ask so")
	assert.Equal(t, 404, app.Execute(restmachine.Request{Method: "OPTIONS", Path: "/nowhere"}).StatusCode, "an unknown path goes on")
}
