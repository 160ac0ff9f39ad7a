// RequirePreconditions: which writes are a 428 without a precondition, and which
// preconditions guard nothing.

package walk_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

func TestRequirePreconditions(t *testing.T) {
	for i, place := range []string{"App", "Group", "Resource"} {
		t.Run(place, func(t *testing.T) {
			p := harness.NewProbe(t, harness.Leaves(func(app, group, resource *restmachine.Facts) {
				app.GenerateETag(func(*harness.Leaf) string { return "1" })
				app.LastModified(func(*harness.Leaf) time.Time { return harness.LeafModified })
				[]*restmachine.Facts{app, group, resource}[i].RequirePreconditions()
			}))
			tests := []struct {
				name, method, id string
				want             int
				fields           []string
			}{
				{"nothing", "PUT", "here", 428, nil},
				{"nothing", "PATCH", "here", 428, nil},
				{"nothing", "DELETE", "here", 428, nil},
				{"missing is 404 first", "DELETE", "away", 404, nil},
				{"POST needs none", "POST", "here", 200, nil},
				{"GET needs none", "GET", "here", 200, nil},
				{"If-Match", "PUT", "here", 200, []string{"If-Match", `"1"`}},
				{"If-Match star", "DELETE", "here", 204, []string{"If-Match", "*"}},
				{"If-Match that fails", "PUT", "here", 412, []string{"If-Match", `"2"`}},
				{"If-Match that cannot be read", "PUT", "here", 400, []string{"If-Match", `"1`}},
				{"If-None-Match star", "PUT", "here", 412, []string{"If-None-Match", "*"}},
				{"If-None-Match guards nothing", "PUT", "here", 428, []string{"If-None-Match", `"2"`}},
				{"If-Unmodified-Since that counts", "PATCH", "here", 200, []string{"If-Unmodified-Since", harness.LeafDate}},
				{"If-Unmodified-Since that fails", "PATCH", "here", 412, []string{"If-Unmodified-Since", harness.DateBeforeIt}},
				{"If-Unmodified-Since that is no date", "PATCH", "here", 428, []string{"If-Unmodified-Since", "yesterday"}},
				{"If-Modified-Since guards nothing", "PUT", "here", 428, []string{"If-Modified-Since", harness.LeafDate}},
				{"nothing, on the way to creating", "PUT", "away", 428, nil},
				{"If-None-Match star creates", "PUT", "away", 201, []string{"If-None-Match", "*"}},
				{"If-Match creates nothing", "PUT", "away", 412, []string{"If-Match", `"1"`}},
				{"a date guards no creation", "PUT", "away", 428, []string{"If-Unmodified-Since", harness.LeafDate}},
			}
			for _, tt := range tests {
				body := ""
				if tt.method == "PUT" {
					body = `{"version": 1}` // which is what its tag stands for
				}
				resp := p.Want(tt.want, tt.method, "/g/leaves/"+tt.id, body, tt.fields...)
				if tt.want == 428 {
					assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"), "RFC 6585, 3")
					assert.Contains(t, string(resp.Body), "If-Match", "it says what would do")
				}
			}
		})
	}
}

// A requiredRow says where RequirePreconditions stands, and which writes of one leaf require a
// precondition then.
type requiredRow struct {
	name     string
	say      func(app, group, resource *restmachine.Facts)
	required []string
}

var requiredRows = []requiredRow{
	{"none is named", func(app, _, _ *restmachine.Facts) { app.RequirePreconditions() }, []string{"PUT", "PATCH", "DELETE", "PURGE"}},
	{"DELETE alone", func(app, _, _ *restmachine.Facts) { app.RequirePreconditions("DELETE") }, []string{"DELETE"}},
	{"POST, too", func(_, group, _ *restmachine.Facts) { group.RequirePreconditions("DELETE", "POST") }, []string{"DELETE", "POST"}},
	{"another method", func(_, _, r *restmachine.Facts) { r.RequirePreconditions("PURGE") }, []string{"PURGE"}},
	{"the Resource names fewer than the App", func(app, _, r *restmachine.Facts) {
		app.RequirePreconditions()
		r.RequirePreconditions("DELETE")
	}, []string{"DELETE"}},
	{"the Resource names others than the App", func(app, _, r *restmachine.Facts) {
		r.RequirePreconditions("POST")
		app.RequirePreconditions()
	}, []string{"POST"}},
	{"the Resource names none", func(_, group, r *restmachine.Facts) {
		group.RequirePreconditions()
		r.RequirePreconditions()
	}, []string{"PUT", "PATCH", "DELETE", "PURGE"}},
	{"the Group is nearer than the App", func(app, group, _ *restmachine.Facts) {
		app.RequirePreconditions()
		group.RequirePreconditions("PATCH", "POST")
	}, []string{"PATCH", "POST"}},
}

// TestRequirePreconditionsOfMethods: exactly the methods that are named, by the nearest place, at
// the row of the graph where the other 428s are. GET and QUERY never.
func TestRequirePreconditionsOfMethods(t *testing.T) {
	for _, row := range requiredRows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewProbe(t, func(app *restmachine.App) {
				app.ResourceExists(harness.LeafByPath)
				app.GenerateETag(func(*harness.Leaf) string { return "1" })
				group := app.Group("/g")
				r := group.Get("/leaves/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
				r.HandleSafe("QUERY", func(*harness.Leaf) string { return "asked" })
				r.Handle("PURGE", func(*harness.Leaf) {})
				write := func(*harness.Leaf) {}
				r.Put(write).Patch(write).Delete(write).Post(write)
				app.Put("/elsewhere", func() {}) // where the App's own setting holds
				row.say(&app.Facts, &group.Facts, &r.Facts)
			})
			for _, method := range []string{"GET", "QUERY", "PUT", "PATCH", "DELETE", "POST", "PURGE"} {
				resp, trace := p.Explain(restmachine.Request{Method: method, Path: "/g/leaves/here"})
				if !slices.Contains(row.required, method) {
					assert.Contains(t, []int{200, 204}, resp.StatusCode, method)
					continue
				}
				assert.Equal(t, 428, resp.StatusCode, method)
				assert.Equal(t, decision.G7d, trace.Visits[len(trace.Visits)-1].ID, method)
				p.Want(204, method, "/g/leaves/here", "", "If-Match", `"1"`)
				p.Want(412, method, "/g/leaves/here", "", "If-Match", `"2"`)
				p.Want(404, method, "/g/leaves/away", "")
			}
		})
	}
}

// TestPostsThatRequireNothing: on the App, POST means those that act on what must exist.
func TestPostsThatRequireNothing(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		app.GenerateETag(func(*harness.Leaf) string { return "1" })
		app.RequirePreconditions("POST")
		app.Post("/leaves/{id}/fall", func(*harness.Leaf) {})
		app.Get("/leaves/{id}", func(l *harness.Leaf) *harness.Leaf { return l }).Put(func(*harness.Leaf) {})
		app.Post("/leaves", func() {}).AutoETag(restmachine.Strong)
		app.Post("/leaves/{id}/bud", func(restmachine.Optional[*harness.Leaf]) {}).AllowMissingPost(func() bool { return true })
		app.Post("/leaves/{id}/twig", func(restmachine.Optional[*harness.Leaf]) {})
	})
	for path, status := range map[string]int{
		"/leaves/here/fall": 428, // its target has the tag
		"/leaves/away/fall": 404,
		"/leaves":           204, // it loads nothing
		"/leaves/here/bud":  204, // it may create, and then there is nothing to name
		"/leaves/away/bud":  204,
		"/leaves/here/twig": 428,
		"/leaves/away/twig": 404,
	} {
		resp := p.Want(status, "POST", path, "")
		assert.NotContains(t, string(resp.Body), "If-None-Match", "a POST does not create its target")
	}
	p.Want(204, "POST", "/leaves/here/fall", "", "If-Match", `"1"`)
	p.Want(412, "POST", "/leaves/here/fall", "", "If-Match", `"2"`)
	p.Want(204, "PUT", "/leaves/here", "")
}

// TestA428AdvisesWhatWouldDo: If-None-Match: * only where the method can create.
func TestA428AdvisesWhatWouldDo(t *testing.T) {
	p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) {
		app.GenerateETag(func(*harness.Leaf) string { return "1" })
		app.RequirePreconditions()
	}))
	strict := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		app.GenerateETag(func(*harness.Leaf) string { return "1" })
		app.RequirePreconditions()
		app.Get("/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		app.Put("/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		app.Patch("/{id}", func(l restmachine.Optional[*harness.Leaf]) *harness.Leaf { return l.Value })
	})
	for _, row := range []struct {
		p            *harness.Probe
		method, path string
		creates      bool
	}{
		{p, "PUT", "/g/leaves/here", true}, {p, "PUT", "/g/leaves/away", true},
		{p, "PATCH", "/g/leaves/here", false}, {p, "DELETE", "/g/leaves/here", false},
		{strict, "PUT", "/here", false}, {strict, "PATCH", "/here", true},
	} {
		detail := string(row.p.Want(428, row.method, row.path, "").Body)
		assert.Contains(t, detail, "send If-Match with the entity-tag")
		if row.creates {
			assert.Contains(t, detail, "or If-None-Match: * to create", "%s %s", row.method, row.path)
		} else {
			assert.NotContains(t, detail, "If-None-Match", "%s %s", row.method, row.path)
		}
	}
}

// TestADateOfWhatIsMissing: If-Unmodified-Since guards nothing where there is
// nothing, however that is said.
func TestADateOfWhatIsMissing(t *testing.T) {
	date := http.Header{"If-Unmodified-Since": {"Mon, 15 Jan 2024 10:00:00 GMT"}}.Get("If-Unmodified-Since")
	modified := func() time.Time { return harness.LeafModified }
	for name, build := range map[string]func(app *restmachine.App){
		"a bool": func(app *restmachine.App) {
			r := app.Get("/x", func() string { return "x" }).Put(func() {})
			r.ResourceExists(func() bool { return false })
			r.LastModified(modified)
		},
		"a GET": func(app *restmachine.App) {
			app.Get("/x", func() (string, error) { return "", restmachine.ErrNotFound }).Put(func() {}).LastModified(modified)
		},
		"a nil": func(app *restmachine.App) {
			app.ResourceExists(func() *harness.Leaf { return nil })
			app.Get("/x", func(l *harness.Leaf) *harness.Leaf { return l }).Put(func(restmachine.Optional[*harness.Leaf]) {}).LastModified(modified)
		},
	} {
		p := harness.NewProbe(t, func(app *restmachine.App) { app.RequirePreconditions(); build(app) })
		p.On(t).Want(428, "PUT", "/x", "", "If-Unmodified-Since", date)
		assert.Equal(t, 201, p.Do("PUT", "/x", "", "If-None-Match", "*").StatusCode, name)
	}
}
