// These tests check the pages of a Debugger: what they show, what they hide, and in
// which forms they are sent.

package debugger_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/debugger"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A note is the resource of the App that the Debugger watches.
type note struct{ Text string }

// notes returns an App that a Debugger watches. It has notes/1, whose tag is 1-1.
func notes(d *debugger.Debugger) *restmachine.App {
	app := restmachine.New(restmachine.WithTrace(d), restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	app.ResourceExists(func(path restmachine.PathParams) *note {
		if path.Get("id") == "1" {
			return &note{"hello"}
		}
		return nil
	})
	app.GenerateETag(func(*note) string { return "1-1" })
	one := app.Get("/notes/{id}", func(n *note) *note { return n })
	one.RequirePreconditions()
	one.Put(func(_ *note, in restmachine.Body[note]) *note { return &in.Value })
	app.Post("/sessions", func(in restmachine.Body[string]) *restmachine.Reply[any] {
		reply := restmachine.NoContent[any]()
		reply.Header = http.Header{"Set-Cookie": {"session=" + in.Value}}
		return reply
	})
	return app
}

// send sends a request to the App. fields are names and values in turn.
func send(app *restmachine.App, method, path, body string, fields ...string) restmachine.Response {
	return app.Execute(restmachine.Request{Method: method, Path: path, Header: header(fields...), Body: []byte(body)})
}

func header(fields ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(fields); i += 2 {
		h.Add(fields[i], fields[i+1])
	}
	return h
}

// look asks the Debugger for a page.
func look(d http.Handler, path string, fields ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header = header(fields...)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

const (
	asHTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" // the Accept of browsers
	asJSON = "application/json"
)

// traffic makes a 200, a 304, a 412 and a 404.
func traffic(app *restmachine.App) {
	send(app, "GET", "/notes/1", "")
	send(app, "GET", "/notes/1", "", "If-None-Match", `"1-1"`)
	send(app, "PUT", "/notes/1", `{"Text":"new"}`, "If-Match", `"1-0"`, "Content-Type", "application/json")
	send(app, "GET", "/nowhere", "")
}

func TestFilters(t *testing.T) {
	d := debugger.New("/debug/")
	traffic(notes(d))
	for _, row := range []struct {
		name, query string
		want        []int
	}{
		{"all, the last first", "", []int{404, 412, 304, 200}},
		{"a status", "status=304", []int{304}},
		{"a class of them", "status=4xx", []int{404, 412}},
		{"a route", "route=/notes/{id}", []int{412, 304, 200}},
		{"a decision that was asked", "node=K13", []int{304}},
		{"not one that was settled", "node=B13", []int{}},
		{"a status that was walked to", "node=412", []int{412}},
		{"all of them at once", "status=2xx&route=/notes/{id}&node=G7", []int{200}},
		{"nothing passes", "route=/other", []int{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := look(d, "/debug/?"+strings.NewReplacer("{", "%7B", "}", "%7D").Replace(row.query), "Accept", asJSON)
			require.Equal(t, 200, w.Code)
			var list struct{ Exchanges []struct{ Status int } }
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &list))
			got := []int{}
			for _, e := range list.Exchanges {
				got = append(got, e.Status)
			}
			assert.Equal(t, row.want, got)
		})
	}
	for _, query := range []string{"status=abc", "status=30", "status=99x", "node=Z99", "node=x"} {
		assert.Equal(t, 400, look(d, "/debug/?"+query).Code, query)
	}
}

// lastPage returns the path of the page of the last exchange.
func lastPage(t *testing.T, d http.Handler) string {
	t.Helper()
	var list struct{ Exchanges []struct{ ID uint64 } }
	require.NoError(t, json.Unmarshal(look(d, "/debug/", "Accept", asJSON).Body.Bytes(), &list))
	require.NotEmpty(t, list.Exchanges)
	return fmt.Sprintf("/debug/exchanges/%d", list.Exchanges[0].ID)
}

// lastTwo returns the path of the comparison of the last two exchanges.
func lastTwo(t *testing.T, d http.Handler) string {
	t.Helper()
	last := id(lastPage(t, d))
	return fmt.Sprintf("/debug/diff?of=%d&of=%d", last-1, last)
}

func TestForms(t *testing.T) {
	d := debugger.New("/debug/")
	app := notes(d)
	traffic(app)
	send(app, "GET", "/notes/1", "", "If-None-Match", `"1-1"`)
	for _, path := range []string{"/debug/", lastPage(t, d), "/debug/routes", "/debug/graph", "/debug/coverage", "/debug/locks", lastTwo(t, d),
		"/debug/graph?method=GET&route=" + url.QueryEscape("/notes/{id}"), "/debug/coverage?route=" + url.QueryEscape("/notes/{id}"),
		"/debug/find?status=412&method=PUT&route=" + url.QueryEscape("/notes/{id}")} {
		for accept, want := range map[string]string{
			"": "text/plain; charset=utf-8", "*/*": "text/plain; charset=utf-8",
			asHTML: "text/html; charset=utf-8", asJSON: "application/json; charset=utf-8",
		} {
			w := look(d, path, "Accept", accept)
			assert.Equal(t, 200, w.Code, path)
			assert.Equal(t, want, w.Header().Get("Content-Type"), path)
			assert.Equal(t, "Accept", w.Header().Get("Vary"))
			assert.NotContains(t, w.Body.String(), "ZgotmplZ", "html/template refused something")
			if accept == asJSON {
				assert.True(t, json.Valid(w.Body.Bytes()), path)
			}
		}
		assert.Equal(t, 406, look(d, path, "Accept", "image/png").Code)
	}
	text := look(d, lastPage(t, d)).Body.String()
	assert.Contains(t, text, `If-None-Match "1-1" matches "1-1" weakly`)
	assert.Regexp(t, `G7 +Exists\? +yes .*debugger_test\.go:\d+`, text)
	assert.Regexp(t, `B13 +Available\? +yes +settled`, text)
	html := look(d, lastPage(t, d), "Accept", asHTML).Body.String()
	assert.Regexp(t, `id="n-K13" class="node lit"`, html)
	assert.Regexp(t, `id="s-J19-304" class="status s3 lit last"`, html)
	assert.Regexp(t, `<a href="#n-K13"`, html, "for the keyboard")
}

func TestPolicy(t *testing.T) {
	d := debugger.New("/debug/")
	traffic(notes(d))
	for _, path := range []string{"/debug/", lastPage(t, d), "/debug/debugger.js", "/debug/debugger.css", "/debug/icon.svg", "/debug/nothing"} {
		w := look(d, path, "Accept", asHTML)
		csp := w.Header().Get("Content-Security-Policy")
		assert.Contains(t, csp, "default-src 'none'")
		assert.NotContains(t, csp, "unsafe")
		assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		body := w.Body.String()
		assert.NotContains(t, strings.ReplaceAll(body, "http://www.w3.org/2000/svg", ""), "//www", "no request leaves the Debugger")
		assert.NotRegexp(t, `\s(style|on[a-z]+)="`, body, "the policy forbids it")
	}
	assert.Equal(t, 404, look(d, "/debug/nothing").Code)
	assert.Equal(t, 404, look(d, "/debug/exchanges/0").Code)
	assert.Equal(t, 404, look(d, "/debug/exchanges/x").Code)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest("POST", "/debug/", nil))
	assert.Equal(t, 405, w.Code)
}

func TestMounting(t *testing.T) {
	d := debugger.New("debug")
	traffic(notes(d))
	for _, path := range []string{"/debug/", "/debug"} {
		assert.Contains(t, look(d, path).Body.String(), "412", "as it is")
		assert.Contains(t, look(http.StripPrefix("/debug", d), path).Body.String(), "412", "behind StripPrefix")
	}
	for _, path := range []string{"/debug//routes", "/debug/x/../routes"} {
		assert.Equal(t, 200, look(d, path).Code, "no redirect to %s, which would leave the mount", path)
	}
	assert.Equal(t, "/debug/exchanges/7", d.TraceURI(7))
	assert.Equal(t, "/exchanges/7", debugger.New("/").TraceURI(7))
}

func TestHostileRequestsAreDisplayedHarmlessly(t *testing.T) {
	const script = `<script>alert(1)</script>`
	const quote = `"><img src=x onerror=alert(1)>`
	d := debugger.New("/debug/", debugger.ShowContent())
	app := notes(d)
	send(app, "PUT", "/notes/"+script+"?q="+quote, script+"{{.}}</pre>"+quote, "If-None-Match", script, "X-Evil", quote, script, script, "Content-Type", "text/"+script)
	send(app, "GET", "/notes/1", "", "If-Match", `"`+script+`"`, "X-Bell", "\x1b[2J\u202egnp", "Accept", quote)
	send(app, script, "javascript:alert(1)", "")
	paths := []string{"/debug/", lastPage(t, d), "/debug/coverage", "/debug/routes", lastTwo(t, d)}
	for page := lastPage(t, d); len(paths) < 9; page = fmt.Sprintf("/debug/exchanges/%d", id(page)-1) {
		paths = append(paths, page, page+"?graph=route")
	}
	for _, path := range paths {
		html := look(d, path, "Accept", asHTML).Body.String()
		assert.NotContains(t, html, "<script>alert", path)
		assert.NotContains(t, look(d, path, "Accept", asJSON).Body.String(), "<script>alert", path)
		assert.NotContains(t, html, "<img", path)
		assert.NotContains(t, html, `href="javascript`, path)
		text := look(d, path).Body.String()
		assert.NotContains(t, text, "\x1b", "a terminal obeys nobody")
		assert.NotContains(t, text, "\u202e", "and shows what is there")
	}
	assert.Equal(t, 400, look(d, "/debug/?status="+url.QueryEscape(script), "Accept", asHTML).Code)
	assert.NotContains(t, look(d, "/debug/?node="+url.QueryEscape(script), "Accept", asHTML).Body.String(), "<script>alert")
	assert.NotContains(t, look(d, "/debug/?route="+url.QueryEscape(quote), "Accept", asHTML).Body.String(), "<img")
}

// id returns the number at the end of a page's path.
func id(page string) (n int) {
	_, _ = fmt.Sscan(page[strings.LastIndexByte(page, '/')+1:], &n)
	return n
}

func TestCoverage(t *testing.T) {
	d := debugger.New("/debug/")
	app := notes(d)
	route := "?route=" + url.QueryEscape("/notes/{id}")
	walked := func(query, from, answer string) (asked int) {
		var v struct {
			Edges []struct {
				From, Answer string
				Asked        int
			}
		}
		require.NoError(t, json.Unmarshal(look(d, "/debug/coverage"+query, "Accept", asJSON).Body.Bytes(), &v))
		for _, e := range v.Edges {
			if e.From == from && e.Answer == answer {
				return e.Asked
			}
		}
		return -1
	}
	assert.Equal(t, 0, walked("", "G11", "no"))
	traffic(app)
	traffic(app)
	assert.Equal(t, 2, walked("", "G11", "no"))
	assert.Equal(t, 0, walked("", "G11", "yes"), "the 412 never was a 200")
	assert.Equal(t, 2, walked(route, "K13", "yes"))
	assert.Equal(t, 0, walked("?route=/sessions", "K13", "yes"), "another route")
	html := look(d, "/debug/coverage", "Accept", asHTML).Body.String()
	assert.Contains(t, html, `id="e-G11-412" class="edge lit"`)
	assert.Contains(t, html, `id="e-G11-I12" class="edge"`)
	assert.Contains(t, html, "what was walked")
	assert.Equal(t, 404, look(d, "/debug/coverage?route=/other").Code)
}

// A status that a callback named is an additional edge, after those of the graph.
func TestCoverageOfNamedStatuses(t *testing.T) {
	d := debugger.New("/debug/")
	for _, named := range []decision.Visit{{ID: decision.P3, Answer: 429}, {ID: decision.B13, Answer: 599}, {ID: decision.P3, Answer: 100}, {ID: decision.P3, Answer: 429}} {
		d.Observe(&restmachine.Exchange{Trace: decision.Trace{Visits: []decision.Visit{named}}})
	}
	var v struct {
		Edges []struct {
			From, Answer string
			Asked        int
		}
	}
	require.NoError(t, json.Unmarshal(look(d, "/debug/coverage", "Accept", asJSON).Body.Bytes(), &v))
	var tail []string
	for _, e := range v.Edges[2*len(decision.HTTP):] {
		tail = append(tail, fmt.Sprint(e.From, " ", e.Answer, " ", e.Asked))
	}
	assert.Equal(t, []string{"B13 599 1", "P3 100 1", "P3 429 2"}, tail)
}

// The result of the search is true: the request that it describes gets the status.
func TestFind(t *testing.T) {
	d := debugger.New("/debug/")
	app := notes(d)
	for _, row := range []struct {
		name, method, status, at string
		want                     string // the answers of the rows about preconditions
		fields                   []string
	}{
		{"the shortest", "GET", "304", "", "G8 no H10 no I12 yes I13 yes J19 no", []string{"If-None-Match", "*"}},
		{"a mismatch", "PUT", "412", "G11", "G7d no G8 yes G9 no G10 yes G11 no", []string{"If-Match", `"0"`}},
		{"another way", "PUT", "412", "K13", "G7d no G8 yes G9 yes I12 yes I13 no J13 yes K13 yes", []string{"If-Match", "*", "If-None-Match", `"1-1"`}},
		{"none at all", "PUT", "428", "", "G7d yes", nil},
		{"what is required is there", "PUT", "200", "", "G7d no G8 yes G9 yes I12 no", []string{"If-Match", "*"}},
		{"no way", "GET", "201", "", "", nil},
		{"not by that row", "PUT", "412", "B9", "", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := look(d, fmt.Sprintf("/debug/find?route=%s&method=%s&status=%s&at=%s", url.QueryEscape("/notes/{id}"), row.method, row.status, row.at), "Accept", asJSON)
			require.Equal(t, 200, w.Code)
			var v struct{ Way []struct{ ID, Answer string } }
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &v))
			var got []string
			for _, s := range v.Way {
				if s.ID > "G7" && s.ID < "M" || s.ID > "G1" && s.ID < "G2" {
					got = append(got, s.ID, s.Answer)
				}
			}
			assert.Equal(t, row.want, strings.Join(got, " "))
			if row.want != "" {
				resp := send(app, row.method, "/notes/1", "{}", row.fields...)
				assert.Equal(t, row.status, fmt.Sprint(resp.StatusCode))
			}
		})
	}
	assert.Equal(t, 404, look(d, "/debug/find?route=/other&status=200").Code)
	assert.Equal(t, 400, look(d, "/debug/find?status=x&method=GET&route="+url.QueryEscape("/notes/{id}")).Code)
}

func TestAFaultyAppIsDescribed(t *testing.T) {
	d := debugger.New("/debug/")
	app := restmachine.New(restmachine.WithTrace(d), restmachine.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	app.Get("/", func(*note) {})
	assert.Contains(t, look(d, "/debug/routes").Body.String(), "nothing provides ")
}
