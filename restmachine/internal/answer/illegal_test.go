// Whatever a callback sets on its way to a response, no control byte reaches a field, and
// the answer to it is one that no callback has a part in.

package answer_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestNoControlByteInAField: RFC 9110, 5.5.
func TestNoControlByteInAField(t *testing.T) {
	for _, bad := range []string{"a\r\nSet-Cookie: b=c", "a\nb", "a\rb", "a\x00b", "a\x7fb"} {
		for name, say := range map[string]func(*restmachine.App){
			"RenderError, always": func(app *restmachine.App) {
				app.RenderError(func(p *restmachine.Problem) string { p.Header.Set("X-Error", bad); return "sorry" })
			},
			"RenderError, a name": func(app *restmachine.App) {
				app.RenderError(func(p *restmachine.Problem) string { p.Header["X"+bad] = []string{"x"}; return "sorry" })
			},
			"RenderError, the media type": func(app *restmachine.App) {
				app.RenderError(func(p *restmachine.Problem) string { p.Header.Set("Content-Type", bad); return "sorry" })
			},
			"RenderError, and a panic": func(app *restmachine.App) {
				app.Get("/panics", func() { panic("x") })
				app.RenderError(func(p *restmachine.Problem) string { p.Header.Set("X-Error", bad); return "sorry" })
			},
			"a challenge, by RenderError": func(app *restmachine.App) {
				app.RenderError(func(p *restmachine.Problem) string {
					p.Status = 401
					p.Header.Set("WWW-Authenticate", bad)
					return "sorry"
				})
			},
			"a Provides for Problems": func(app *restmachine.App) {
				app.Provides("application/problem+json", func(p *restmachine.Problem) string { p.Header.Set("X-Error", bad); return "sorry" })
			},
			"a Problem of a cleanup": func(app *restmachine.App) {
				app.Dependency(func() (*strings.Builder, func(error) error) {
					return &strings.Builder{}, func(error) error { return &restmachine.Problem{Status: 409, Header: http.Header{"X-Undo": {bad}}} }
				})
				app.Get("/problem", func(*strings.Builder) string { return "done" })
			},
			"a Problem of MapErrorAs": func(app *restmachine.App) {
				app.MapErrorAs(func(*strconv.NumError) error {
					return &restmachine.Problem{Status: 422, Header: http.Header{"X-Number": {bad}}}
				})
				app.Get("/problem", func() error { _, err := strconv.Atoi("x"); return err })
			},
			"a Reply": func(app *restmachine.App) {
				app.Get("/problem", func() *restmachine.Reply[string] {
					return &restmachine.Reply[string]{Status: 404, Header: http.Header{"X-Reply": {bad}}, Entity: "x"}
				})
			},
			"FinishRequest": func(app *restmachine.App) {
				app.FinishRequest(func(r *restmachine.Response) { r.Header.Set("X-Finish", bad) })
			},
			"FinishRequest, a name": func(app *restmachine.App) {
				app.FinishRequest(func(r *restmachine.Response) { r.Header["X"+bad] = []string{"x"} })
			},
			"both": func(app *restmachine.App) {
				app.FinishRequest(func(r *restmachine.Response) { r.Header.Set("X-Finish", bad) })
				app.RenderError(func(p *restmachine.Problem) string { p.Header.Set("X-Error", bad); return "sorry" })
			},
			"a Problem": func(app *restmachine.App) {
				app.Get("/problem", func() error { return &restmachine.Problem{Status: 403, Header: http.Header{"X-Problem": {bad}}} })
			},
		} {
			x := harness.NewTrial(t, func(app *restmachine.App) {
				say(app)
				app.Get("/secret", func() error { return harness.ErrSecret })
			})
			for _, path := range []string{"/nowhere", "/secret", "/panics", "/problem"} {
				req := harness.RequestOf("GET", path, "")
				for how, resp := range map[string]restmachine.Response{"Execute": x.App.Execute(req), "ServeHTTP": recorded(x.App, req)} {
					what := fmt.Sprintf("%s: %s %s of %q", name, how, path, bad)
					for field, lines := range resp.Header {
						all := field + strings.Join(lines, "")
						assert.False(t, strings.ContainsAny(all, "\r\n\x00\x7f"), "%s sends %q", what, all)
					}
					assert.GreaterOrEqual(t, resp.StatusCode, 404, what)
					if resp.StatusCode == 500 {
						assert.Equal(t, `{"title":"Internal Server Error","status":500}`, string(resp.Body), what)
						assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"), what)
					}
				}
			}
		}
	}
}

// recorded is what ServeHTTP answers.
func recorded(app *restmachine.App, req restmachine.Request) restmachine.Response {
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest(req.Method, req.Path, nil))
	return restmachine.Response{StatusCode: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
}

// TestStatusOfRenderError: a change of the Problem's Status is the answer's, with the fields
// that the status demands.
func TestStatusOfRenderError(t *testing.T) {
	for _, row := range []struct {
		said, want int
		field      string
		logged     bool
	}{
		{400, 400, "", false}, {401, 401, "Www-Authenticate", false}, {405, 405, "Allow", false}, {403, 403, "", false},
		{500, 500, "", false}, {503, 503, "", false}, {599, 599, "", false}, {404, 404, "", false},
		{399, 404, "", true}, {302, 404, "", true}, {200, 404, "", true}, {304, 404, "", true}, {0, 404, "", true}, {600, 404, "", true}, {-1, 404, "", true},
	} {
		x := harness.NewTrial(t, func(app *restmachine.App) {
			app.RenderError(func(p *restmachine.Problem) map[string]int {
				p.Status = row.said
				return map[string]int{"said": row.said}
			})
			app.Get("/missing", func() error { return restmachine.ErrNotFound })
		})
		for _, path := range []string{"/nowhere", "/missing"} {
			for _, method := range []string{"GET", "HEAD"} {
				resp := x.Want(row.want, method, path, "")
				assert.Equal(t, row.field != "", row.field != "" && resp.Header.Get(row.field) != "", "%d", row.said)
				assert.Equal(t, row.logged, strings.Contains(x.Log.Take(), "the status of an error cannot be"), "%d", row.said)
				if method == "GET" {
					assert.JSONEq(t, fmt.Sprintf(`{"said":%d}`, row.said), string(resp.Body))
				}
				_, err := x.Send(harness.RequestOf(method, path, ""))
				assert.NoError(t, err)
				x.Log.Take()
			}
		}
	}
	hidden := harness.NewProbe(t, func(app *restmachine.App) {
		app.RenderError(func(p *restmachine.Problem) (string, error) {
			p.Status, p.Title = 404, "hidden"
			return "", harness.ErrSecret
		})
		app.Get("/x", func() error { return &restmachine.Problem{Status: 403} })
	})
	resp := hidden.Want(403, "GET", "/x", "")
	assert.Contains(t, string(resp.Body), `"title":"Forbidden","status":403`, "one that fails has changed nothing")
	gone := harness.NewProbe(t, func(app *restmachine.App) {
		app.RenderError(func(p *restmachine.Problem) string {
			if p.Status == 403 {
				p.Status = 404
			}
			return "not here"
		})
		app.Get("/x", func() {}).Forbidden(func() bool { return true })
	})
	forbidden, missing := gone.Want(404, "GET", "/x", ""), gone.Want(404, "GET", "/y", "")
	assert.Equal(t, missing, forbidden, "a 403 can be hidden as a 404")
}

// TestErrorsAreNotStored: RFC 9111, 4.2.2 lets a cache keep a 404 or 405 by its own rules.
func TestErrorsAreNotStored(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func(path restmachine.PathParams) *harness.Task {
			if path.Get("id") != "1" {
				return nil
			}
			return &harness.Task{ID: "1"}
		})
		app.GenerateETag(func(*harness.Task) string { return "1" })
		app.Get("/tasks/{id}", func(v *harness.Task) *harness.Task { return v }).CacheControl(func() string { return "max-age=60" })
		app.Put("/tasks/{id}", func(v *harness.Task, in restmachine.Body[harness.Task]) *harness.Task { return v })
		app.Get("/said", func() error {
			return &restmachine.Problem{Status: 404, Header: http.Header{"cache-control": {"max-age=5"}}}
		})
		app.Get("/expires", func() error {
			return &restmachine.Problem{Status: 404, Header: http.Header{"Expires": {"Mon, 02 Jan 2040 15:04:05 GMT"}}}
		})
		app.Get("/reply", func() *restmachine.Reply[string] { return restmachine.NewReply(404, "gone fishing") })
		app.Get("/reply-says", func() *restmachine.Reply[string] {
			r := restmachine.NewReply(404, "gone fishing")
			r.Header = http.Header{"Cache-Control": {"max-age=5"}}
			return r
		})
		app.Get("/elsewhere", func() error {
			return &restmachine.Problem{Status: 307, Header: http.Header{"Location": {"/"}}}
		})
		app.Get("/see-other", func() *restmachine.Reply[any] { return restmachine.SeeOther[any]("/") })
		app.Get("/choices", func() []string { return []string{"a"} }).MultipleChoices(func() bool { return true })
		app.Get("/panics", func() { panic("x") })
		app.Get("/stream", func() io.Reader { return strings.NewReader("x") })
	})
	for _, row := range []struct {
		target string
		fields []string
		status int
		want   string
	}{
		{"GET /nowhere", nil, 404, "no-store"}, {"GET /tasks/2", nil, 404, "no-store"}, {"PUT /tasks/2", nil, 404, "no-store"},
		{"PUT /tasks/1", []string{"If-Match", `"0"`}, 412, "no-store"}, {"GET /tasks/1", []string{"If-Match", `"0"`}, 412, "no-store"},
		{"GET /tasks/1", []string{"Accept", "image/png"}, 406, "no-store"}, {"DELETE /tasks/1", nil, 405, "no-store"},
		{"BREW /tasks/1", nil, 501, "no-store"}, {"GET /panics", nil, 500, "no-store"}, {"GET /" + strings.Repeat("x", 9000), nil, 414, "no-store"},
		{"GET /tasks/1", nil, 200, "max-age=60"}, {"GET /tasks/1", []string{"If-None-Match", `"1"`}, 304, "max-age=60"},
		{"GET /said", nil, 404, "max-age=5"}, {"GET /expires", nil, 404, ""}, {"GET /reply", nil, 404, "no-store"}, {"GET /reply-says", nil, 404, "max-age=5"},
		{"GET /elsewhere", nil, 307, ""}, {"GET /see-other", nil, 303, ""}, {"GET /choices", nil, 300, ""}, {"GET /stream", nil, 200, ""},
	} {
		method, path, _ := strings.Cut(row.target, " ")
		assert.Equal(t, row.want, p.Want(row.status, method, path, "", row.fields...).Header.Get("Cache-Control"), row.target)
		if method == "GET" {
			assert.Equal(t, row.want, p.Want(row.status, "HEAD", path, "", row.fields...).Header.Get("Cache-Control"), "HEAD %s", path)
		}
	}
	rendered := harness.NewProbe(t, func(app *restmachine.App) { app.RenderError(func(*restmachine.Problem) string { return "x" }) })
	assert.Equal(t, "no-store", rendered.Want(404, "GET", "/nowhere", "").Header.Get("Cache-Control"))
	broken := restmachine.New(harness.Quiet)
	broken.OnStartup(func() error { return harness.ErrSecret })
	broken.Get("/", func() {})
	assert.Equal(t, "no-store", broken.Execute(restmachine.Request{Path: "/"}).Header.Get("Cache-Control"), "an App that cannot start")
	finished := restmachine.New(harness.Quiet)
	finished.FinishRequest(func(r *restmachine.Response) { r.Header.Set("Cache-Control", "max-age=1"); r.Header.Set("ETag", "x") })
	resp := finished.Execute(restmachine.Request{Path: "/"})
	restmachinetest.CheckResponse(t, restmachine.Request{Path: "/"}, resp)
	assert.Equal(t, "max-age=1", resp.Header.Get("Cache-Control"))
}
