// Creation and change: which status the methods that write answer with, and
// what their answers carry.

package walk_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A leafShelf holds leaves by name. It hands out copies.
type leafShelf map[string]harness.Leaf

func (s leafShelf) leaf(path restmachine.PathParams) *harness.Leaf {
	l, ok := s[path.Get("id")]
	if !ok {
		return nil
	}
	return &l
}

func (s leafShelf) put(id string, version int) *harness.Leaf {
	s[id] = harness.Leaf{ID: id, Version: version}
	l := s[id]
	return &l
}

// onShelf declares leafShelf that are there, changed and gone; say adds handlers.
func onShelf(say func(app *restmachine.App, r *restmachine.Resource)) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.OnStartup(func() leafShelf { return leafShelf{"here": {ID: "here", Version: 1}} })
		app.ResourceExists(func(path restmachine.PathParams, s leafShelf) *harness.Leaf { return s.leaf(path) })
		app.GenerateETag(func(l *harness.Leaf) string { return fmt.Sprint(l.Version) })
		r := app.Get("/leaves/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		say(app, r)
	}
}

// TestPutByItsSignature: what a PUT asks for says whether it can create; what
// it returns, with what it answers.
func TestPutByItsSignature(t *testing.T) {
	type params = restmachine.PathParams
	type body = restmachine.Body[harness.LeafIn]
	tests := []struct {
		name            string
		handler         restmachine.Func
		creates, exists int // 404: it does not create
	}{
		{"takes the leaf, returns it", func(l *harness.Leaf, s leafShelf, in body) *harness.Leaf { return s.put(l.ID, in.Value.Version) }, 404, 200},
		{"takes the leaf, returns nothing", func(l *harness.Leaf, s leafShelf, in body) { s.put(l.ID, in.Value.Version) }, 404, 204},
		{"takes the leaf and an error", func(l *harness.Leaf, s leafShelf, in body) (*harness.Leaf, error) {
			return s.put(l.ID, in.Value.Version), nil
		}, 404, 200},
		{"takes no leaf", func(p params, s leafShelf, in body) *harness.Leaf { return s.put(p.Get("id"), in.Value.Version) }, 201, 200},
		{"takes no leaf, returns nothing", func(p params, s leafShelf, in body) { s.put(p.Get("id"), in.Value.Version) }, 201, 204},
		{"takes its Optional", func(_ restmachine.Optional[*harness.Leaf], p params, s leafShelf, in body) *harness.Leaf {
			return s.put(p.Get("id"), in.Value.Version)
		}, 201, 200},
		{"returns nil", func(p params, s leafShelf, in body) *harness.Leaf { s.put(p.Get("id"), in.Value.Version); return nil }, 201, 204},
		{"NoContent", func(p params, s leafShelf, in body) *restmachine.Reply[any] {
			s.put(p.Get("id"), in.Value.Version)
			return restmachine.NoContent[any]()
		}, 201, 204},
		{"Created", func(p params, s leafShelf, in body) *restmachine.Reply[any] {
			return restmachine.Created[any]("", s.put(p.Get("id"), in.Value.Version))
		}, 201, 200},
		{"a Reply of 200", func(p params, s leafShelf, in body) *restmachine.Reply[any] {
			return restmachine.NewReply[any](200, s.put(p.Get("id"), in.Value.Version))
		}, 201, 200},
		{"a Reply of 0", func(p params, s leafShelf, in body) *restmachine.Reply[any] {
			return restmachine.NewReply[any](0, s.put(p.Get("id"), in.Value.Version))
		}, 201, 200},
		{"Accepted", func(p params, s leafShelf, in body) *restmachine.Reply[any] {
			return restmachine.Accepted[any]("", s.put(p.Get("id"), in.Value.Version))
		}, 202, 202},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := harness.NewProbe(t, onShelf(func(_ *restmachine.App, r *restmachine.Resource) { r.Put(tt.handler) }))
			created := p.Want(tt.creates, "PUT", "/leaves/new", `{"version": 7}`)
			if tt.creates == 201 {
				p.Want(200, "GET", "/leaves/new", "")
				checkEntity(p, created, tt.exists, 7)
			}
			replaced := p.Want(tt.exists, "PUT", "/leaves/here", `{"version": 8}`)
			checkEntity(p, replaced, tt.exists, 8)
			if tt.exists == 200 {
				assert.Equal(t, "/leaves/here", replaced.Header.Get("Content-Location"))
			}

			// Under If-Match nothing is created, whatever it says.
			want := min(tt.creates, 412)
			if tt.creates != 404 {
				want = 412
			}
			for _, list := range []string{"*", `"1"`, `"unreadable`} {
				p.Want(want, "PUT", "/leaves/other", `{"version": 9}`, "If-Match", list)
			}
			p.Want(404, "GET", "/leaves/other", "")
		})
	}
}

// checkEntity asserts the content and the tag of an answer to PUT; those that
// answer 204 to a replacement send nothing when they create.
func checkEntity(p *harness.Probe, resp restmachine.Response, whenReplaced, version int) {
	p.T.Helper()
	if whenReplaced == 204 {
		assert.Empty(p.T, string(resp.Body))
		assert.Empty(p.T, resp.Header.Get("Content-Type"))
		return
	}
	assert.Contains(p.T, string(resp.Body), fmt.Sprintf(`"version":%d`, version))
	if resp.StatusCode != 202 {
		assert.Equal(p.T, fmt.Sprintf(`"%d"`, version), resp.Header.Get("ETag"), "the tag of the new state")
	}
}

// TestUpsert: where a PUT's path has no target, only the database knows whether the PUT
// created, and the Reply's 201 is the answer. Where the graph knows, it says so itself.
func TestUpsert(t *testing.T) {
	type (
		body  = restmachine.Body[harness.LeafIn]
		reply = *restmachine.Reply[*harness.Leaf]
	)
	upsert := func(status int) restmachine.Func {
		return func(in body) reply {
			return restmachine.NewReply(status, &harness.Leaf{ID: "x", Version: in.Value.Version})
		}
	}
	exists := func(r *restmachine.Resource) { r.ResourceExists(func() bool { return true }) }
	rows := []struct {
		name    string
		handler restmachine.Func
		more    func(r *restmachine.Resource)
		status  int
	}{
		{"created", upsert(201), nil, 201},
		{"replaced", upsert(200), nil, 200},
		{"the graph's", upsert(0), nil, 200},
		{"no content", func(body) reply { return restmachine.NoContent[*harness.Leaf]() }, nil, 204},
		{"created, nothing to show", func(body) reply { return restmachine.Created[*harness.Leaf]("", nil) }, nil, 201},
		{"created, in a Reply[any]", func(in body) *restmachine.Reply[any] { return restmachine.Created[any]("", in.Value) }, nil, 201},
		{"created, in an any", func(in body) any { return restmachine.Created("", in.Value) }, nil, 201},
		{"a GET of another kind knows nothing", upsert(201), func(r *restmachine.Resource) { r.Get(func() string { return "x" }) }, 201},
		{"a ResourceExists knows", upsert(201), exists, 200},
		{"it knows of no content, too", func(body) reply { return restmachine.Created[*harness.Leaf]("", nil) }, exists, 204},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewProbe(t, func(app *restmachine.App) {
				r := app.Put("/x", row.handler)
				if row.more != nil {
					row.more(r)
				}
			})
			resp := p.Want(row.status, "PUT", "/x", `{"version": 7}`)
			assert.Empty(t, resp.Header.Get("Location"), "it is the target URI")
		})
	}
}

func TestIfNoneMatchStarCreatesOnce(t *testing.T) {
	p := harness.NewProbe(t, onShelf(func(_ *restmachine.App, r *restmachine.Resource) {
		r.Put(func(path restmachine.PathParams, s leafShelf, in restmachine.Body[harness.LeafIn]) *harness.Leaf {
			return s.put(path.Get("id"), in.Value.Version)
		})
	}))
	p.Want(201, "PUT", "/leaves/new", `{"version": 1}`, "If-None-Match", "*")
	p.Want(412, "PUT", "/leaves/new", `{"version": 2}`, "If-None-Match", "*")
	assert.Contains(t, string(p.Want(200, "GET", "/leaves/new", "").Body), `"version":1`)
	p.Want(201, "PUT", "/leaves/newer", `{"version": 1}`, "If-None-Match", `"1"`)
	p.Want(400, "PUT", "/leaves/newest", `{"version": 1}`, "If-None-Match", `"1`)
	p.Want(404, "GET", "/leaves/newest", "")
}

func TestPost(t *testing.T) {
	tests := []struct {
		name               string
		handler            restmachine.Func
		status             int
		location, tag, ask string
	}{
		{"Created, with a Location of its own", func(s leafShelf) *restmachine.Reply[any] {
			return restmachine.Created[any]("/elsewhere", s.put("new", 5))
		}, 201, "/elsewhere", `"5"`, "leaf"},
		{"Created, by the Location fact", func(s leafShelf) *restmachine.Reply[any] { return restmachine.Created[any]("", s.put("new", 5)) }, 201, "/leaves/new", `"5"`, "leaf"},
		{"Created, and nothing to send", func(s leafShelf) *restmachine.Reply[any] { return restmachine.Created[any]("/elsewhere", nil) }, 201, "/elsewhere", "", ""},
		{"Created, nobody knows where", func(s leafShelf) *restmachine.Reply[any] {
			return restmachine.Created[any]("", harness.LeafIn{Version: 1})
		}, 201, "", "", "version"},
		{"SeeOther", func() *restmachine.Reply[any] { return restmachine.SeeOther[any]("/leaves/here") }, 303, "/leaves/here", "", ""},
		{"Accepted", func() *restmachine.Reply[any] { return restmachine.Accepted[any]("", harness.LeafIn{Version: 1}) }, 202, "", "", "version"},
		{"Accepted, and nothing to send", func() *restmachine.Reply[any] { return restmachine.Accepted[any]("", nil) }, 202, "", "", ""},
		{"an answer", func(s leafShelf) *harness.Leaf { return s.put("new", 5) }, 200, "", "", "leaf"},
		{"an answer of another type", func() string { return "done" }, 200, "", "", "done"},
		{"nothing", func() {}, 204, "", "", ""},
		{"nil", func() *harness.Leaf { return nil }, 204, "", "", ""},
		{"a nil Reply", func() *restmachine.Reply[any] { return nil }, 204, "", "", ""},
		{"NoContent", func() *restmachine.Reply[any] { return restmachine.NoContent[any]() }, 204, "", "", ""},
		{"a Reply of any status", func() *restmachine.Reply[any] { return restmachine.NewReply[any](226, "x") }, 226, "", "", "x"},
		{"a Reply that refuses", func() *restmachine.Reply[any] { return restmachine.NewReply[any](409, "taken") }, 409, "", "", "taken"},
		{"a Reply of no status that there is", func() *restmachine.Reply[any] { return restmachine.NewReply[any](99, "x") }, 500, "", "", ""},
		{"an interim status", func() *restmachine.Reply[any] { return restmachine.NewReply[any](103, "x") }, 500, "", "", ""},
		{"an error", func() (*harness.Leaf, error) { return nil, errors.New("secret") }, 500, "", "", ""},
		{"a stale POST is not repeated", func() error { return restmachine.ErrStale }, 409, "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := harness.NewProbe(t, onShelf(func(app *restmachine.App, _ *restmachine.Resource) {
				app.Location(func(l *harness.Leaf) string { return "/leaves/" + l.ID })
				app.Post("/leaves", tt.handler)
			}))
			resp := p.Want(tt.status, "POST", "/leaves", "")
			assert.Equal(t, tt.location, resp.Header.Get("Location"))
			assert.Equal(t, tt.tag, resp.Header.Get("ETag"))
			assert.Empty(t, resp.Header.Get("Content-Location"))
			assert.NotContains(t, string(resp.Body), "secret")
			switch {
			case tt.ask == "leaf":
				assert.Contains(t, string(resp.Body), `"id":"new"`)
			case tt.ask == "" && tt.status < 400:
				assert.Empty(t, string(resp.Body))
				assert.Empty(t, resp.Header.Get("Content-Type"))
			default:
				assert.Contains(t, string(resp.Body), tt.ask)
			}
		})
	}
}

// TestLocationFact: of the facts for the type of what was created, the nearest
// above the path; it is injected, and may fail.
func TestLocationFact(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.OnStartup(func() *harness.Clock { return &harness.Clock{Year: 2015} })
		create := func() *restmachine.Reply[any] {
			return restmachine.Created[any]("", &harness.Leaf{ID: "new", Version: 1})
		}
		app.Location(func(l *harness.Leaf, c *harness.Clock) string { return fmt.Sprintf("/%d/%s", c.Year, l.ID) })
		app.Location(func(harness.LeafIn) string { return "/in" })
		app.Post("/a", create)
		g := app.Group("/g")
		g.Location(func(l *harness.Leaf) string { return "/g/" + l.ID })
		g.Post("/b", create)
		g.Post("/in", func() *restmachine.Reply[any] { return restmachine.Created[any]("", harness.LeafIn{}) })
		g.Post("/c", create).Location(func(l *harness.Leaf) string { return "/c/" + l.ID })
		g.Post("/empty", create).Location(func(*harness.Leaf) string { return "" })
		g.Post("/error", create).Location(func(*harness.Leaf) (string, error) { return "/x", harness.ErrSecret })
		g.Post("/problem", create).Location(func(*harness.Leaf) (string, error) { return "", &restmachine.Problem{Status: 507} })
		app.Get("/in", func() harness.LeafIn { return harness.LeafIn{} })
		app.ResourceExists(harness.LeafByPath) // what is created is not loaded: this would fail where there is no id
		app.Get("/leaves/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		g.Get("/leaf", func() *harness.Leaf { return &harness.Leaf{ID: "got", Version: 1} }).Put(func() *harness.Leaf { return &harness.Leaf{ID: "put", Version: 1} })
	})
	for path, want := range map[string]string{"/a": "/2015/new", "/g/b": "/g/new", "/g/c": "/c/new", "/g/in": "/in"} {
		assert.Equal(t, want, p.Want(201, "POST", path, "").Header.Get("Location"), path)
	}
	assert.Empty(t, p.Want(201, "POST", "/g/empty", "").Header["Location"], "the target URI names it")
	assert.NotContains(t, string(p.Want(500, "POST", "/g/error", "").Body), "secret")
	p.Want(507, "POST", "/g/problem", "")
	for _, method := range []string{"GET", "PUT"} {
		assert.Empty(t, p.Want(200, method, "/g/leaf", "").Header.Get("Location"), "only a 201 says where")
	}
}

// TestExplicitStatusEndsTheWalk: a Reply with one is the answer, with its own
// fields and content, and with no validator where it is an error.
func TestExplicitStatusEndsTheWalk(t *testing.T) {
	for _, status := range []int{200, 203, 226, 402, 404, 409, 503} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			reply := func() *restmachine.Reply[any] {
				return &restmachine.Reply[any]{Status: status, Header: http.Header{"x-own": {"a", "b"}, "ETag": {`"own"`}}, Entity: "text"}
			}
			app.Get("/reply", reply).Put(reply).Delete(reply).Post(reply)
		})
		for _, method := range []string{"GET", "PUT", "DELETE", "POST"} {
			resp := p.Want(status, method, "/reply", "")
			assert.Equal(t, "text", string(resp.Body))
			assert.Equal(t, []string{"a", "b"}, resp.Header["X-Own"])
			assert.Equal(t, status < 400, resp.Header.Get("ETag") == `"own"`, "%s %d", method, status)
			if status != 200 {
				_, trace := p.Explain(restmachine.Request{Method: method, Path: "/reply"})
				assert.NotContains(t, trace.String(), "O20")
			}
		}
	}
}

// TestPostToWhatIsMissing: AllowMissingPost lets it through, but for If-Match.
func TestPostToWhatIsMissing(t *testing.T) {
	p := harness.NewProbe(t, onShelf(func(_ *restmachine.App, r *restmachine.Resource) {
		r.AllowMissingPost(func(path restmachine.PathParams) bool { return path.Get("id") != "never" })
		r.Post(func(old restmachine.Optional[*harness.Leaf], path restmachine.PathParams, s leafShelf) *restmachine.Reply[any] {
			if old.OK {
				return nil
			}
			return restmachine.Created[any]("/leaves/"+path.Get("id"), s.put(path.Get("id"), 1))
		})
	}))
	p.Want(404, "POST", "/leaves/never", "")
	p.Want(412, "POST", "/leaves/new", "", "If-Match", "*")
	p.Want(412, "POST", "/leaves/new", "", "If-Match", `"x`)
	p.Want(404, "GET", "/leaves/new", "")
	assert.Equal(t, "/leaves/new", p.Want(201, "POST", "/leaves/new", "", "If-None-Match", "*").Header.Get("Location"))
	p.Want(412, "POST", "/leaves/new", "", "If-None-Match", "*")
	p.Want(204, "POST", "/leaves/new", "")

	p = harness.NewProbe(t, onShelf(func(_ *restmachine.App, r *restmachine.Resource) {
		r.Post(func(*harness.Leaf) string { return "it takes the leaf" })
	}))
	p.Want(404, "POST", "/leaves/new", "")
	p.Want(200, "POST", "/leaves/here", "")
}

func TestDelete(t *testing.T) {
	tests := []struct {
		name    string
		handler restmachine.Func
		pending bool
		status  int
		body    string
	}{
		{"nothing", func(*harness.Leaf) {}, false, 204, ""},
		{"an entity", func(l *harness.Leaf) string { return l.ID + " was deleted" }, false, 200, "here was deleted"},
		{"nil", func(l *harness.Leaf) *harness.Leaf { return nil }, false, 204, ""},
		{"pending", func(*harness.Leaf) {}, true, 202, ""},
		{"pending, with an entity", func(*harness.Leaf) string { return "soon" }, true, 202, "soon"},
		{"Accepted", func(*harness.Leaf) *restmachine.Reply[any] { return restmachine.Accepted[any]("", "soon") }, false, 202, "soon"},
		{"NoContent", func(*harness.Leaf) *restmachine.Reply[any] { return restmachine.NoContent[any]() }, false, 204, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := harness.NewProbe(t, onShelf(func(_ *restmachine.App, r *restmachine.Resource) {
				r.Delete(tt.handler)
				r.DeleteCompleted(func() bool { return !tt.pending })
			}))
			p.Want(404, "DELETE", "/leaves/away", "", "If-Match", "*")
			p.Want(412, "DELETE", "/leaves/here", "", "If-Match", `"2"`)
			resp := p.Want(tt.status, "DELETE", "/leaves/here", "", "If-Match", `"1"`)
			assert.Equal(t, tt.body, string(resp.Body))
			assert.Empty(t, resp.Header.Get("ETag"))
		})
	}
}

func TestPatch(t *testing.T) {
	p := harness.NewProbe(t, onShelf(func(_ *restmachine.App, r *restmachine.Resource) {
		r.Accepts("application/merge-patch+json", func([]byte) harness.LeafIn { return harness.LeafIn{Version: 9} })
		r.Patch(func(l *harness.Leaf, in restmachine.Body[harness.LeafIn], s leafShelf) *harness.Leaf {
			return s.put(l.ID, in.Value.Version)
		})
	}))
	const patch = "application/merge-patch+json"
	refused := p.Want(415, "PATCH", "/leaves/here", "{}", "Content-Type", "text/plain")
	assert.Equal(t, patch, refused.Header.Get("Accept-Patch"))
	options := p.Want(200, "OPTIONS", "/leaves/here", "")
	assert.Equal(t, patch, options.Header.Get("Accept-Patch"))
	assert.Equal(t, "GET, HEAD, PATCH, OPTIONS", options.Header.Get("Allow"))
	p.Want(404, "PATCH", "/leaves/away", "{}", "Content-Type", patch)
	p.Want(412, "PATCH", "/leaves/here", "{}", "Content-Type", patch, "If-Match", `"2"`)
	changed := p.Want(200, "PATCH", "/leaves/here", "{}", "Content-Type", patch, "If-Match", `"1"`)
	assert.Equal(t, `"9"`, changed.Header.Get("ETag"))
	assert.Equal(t, "/leaves/here", changed.Header.Get("Content-Location"))

	p = harness.NewProbe(t, onShelf(func(_ *restmachine.App, r *restmachine.Resource) {
		r.Patch(func(old restmachine.Optional[*harness.Leaf], path restmachine.PathParams, s leafShelf) *harness.Leaf {
			return s.put(path.Get("id"), 2)
		})
	}))
	assert.Equal(t, `"2"`, p.Want(201, "PATCH", "/leaves/new", "").Header.Get("ETag"))
	p.Want(200, "PATCH", "/leaves/new", "")
	p.Want(412, "PATCH", "/leaves/newer", "", "If-Match", "*")
}

// TestMissingParents: only a target is created; its parent must be there.
func TestMissingParents(t *testing.T) {
	type vein struct{ leaf string }
	p := harness.NewProbe(t, onShelf(func(app *restmachine.App, _ *restmachine.Resource) {
		app.ResourceExists(func(l *harness.Leaf, path restmachine.PathParams) *vein {
			if path.Get("vein") == "away" {
				return nil
			}
			return &vein{l.ID}
		})
		r := app.Get("/leaves/{id}/veins/{vein}", func(v *vein) string { return v.leaf })
		r.Put(func(l *harness.Leaf, v restmachine.Optional[*vein]) string { return l.ID })
		r.AllowMissingPost(func() bool { return true })
		r.Post(func(v restmachine.Optional[*vein]) string { return "posted" })
	}))
	p.Want(201, "PUT", "/leaves/here/veins/away", "")
	p.Want(200, "PUT", "/leaves/here/veins/here", "")
	p.Want(404, "PUT", "/leaves/away/veins/away", "")
	p.Want(404, "PUT", "/leaves/away/veins/here", "")
	p.Want(404, "PUT", "/leaves/away/veins/here", "", "If-None-Match", "*")
	p.Want(200, "POST", "/leaves/here/veins/away", "")
	p.Want(404, "POST", "/leaves/away/veins/away", "")
}

func TestOptions(t *testing.T) {
	p := harness.NewProbe(t, onShelf(func(_ *restmachine.App, r *restmachine.Resource) {
		r.Put(func(*harness.Leaf) {})
		r.Delete(func(*harness.Leaf) {})
	}))
	for _, fields := range [][]string{nil, {"If-Match", `"2"`}, {"If-None-Match", "*"}, {"Accept", "image/png"}, {"Range", "bytes=0-1"}} {
		resp := p.Want(200, "OPTIONS", "/leaves/away", "", fields...)
		assert.Equal(t, "DELETE, GET, HEAD, PUT, OPTIONS", resp.Header.Get("Allow"))
		assert.Empty(t, string(resp.Body))
		assert.Equal(t, "0", resp.Header.Get("Content-Length"))
	}
	assert.Equal(t, "DELETE, GET, HEAD, PUT, OPTIONS", p.Want(405, "POST", "/leaves/here", "").Header.Get("Allow"))
	p.Want(404, "OPTIONS", "/unknown", "")
}
