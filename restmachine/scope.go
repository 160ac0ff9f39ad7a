package restmachine

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is the tree that an App is declared in: the App, its Groups, their
// Resources. A place collects what was said there; wiring reads it at start.

// Func is a callback: a function whose arguments are injected by type. The
// method that takes it lists what it may return; each may return an error last.
type Func = any

// Scope is a path prefix and what holds below it. Its methods must be called
// before the App starts, by one goroutine at a time.
type Scope struct{ Facts }

// Resource is one path, with its facts and its handlers. Its methods must be
// called before the App starts, by one goroutine at a time.
type Resource struct{ Facts }

// Facts is what can be said of the resources at one place: of all of an App,
// of those below a Group, or of one Resource. What is said nearer to a
// resource wins. Its methods must be called before the App starts.
type Facts struct {
	place *place
	scope *place // through which a Resource was asked for
}

type level uint8

const (
	onApp level = iota
	onGroup
	onResource
)

func (l level) String() string {
	return [...]string{onApp: "App", onGroup: "Group", onResource: "Resource"}[l]
}

// A place is where something can be said.
type place struct {
	app      *App
	level    level
	parent   *place
	path     string // what stands before the paths below it; a Resource's whole path
	site     string
	facts    []*fact
	handlers []*handler // of a Resource
	ways     []way      // to a Resource; the first is by its parent
	settings settings
	set      map[string]way // where each of them was set last
}

// A way is a Scope through which a path was registered, or said something of,
// and where.
type way struct {
	scope *place
	site  string
}

// A handler is what a Resource does for one method.
type handler struct {
	method string
	fn     *wire.Func
}

const pkgPath = "github.com/restmachine/restmachine-go/restmachine"

// site is where the user's code called us.
func site() string { return wire.Caller(pkgPath) }

// String names the place for messages: `Group "/v1"`.
func (p *place) String() string {
	if p.level == onApp {
		return "the App"
	}
	return p.level.String() + ` "` + cmp.Or(p.path, "/") + `"`
}

// chain is the place and all above it, nearest first.
func (p *place) chain() []*place {
	var all []*place
	for ; p != nil; p = p.parent {
		all = append(all, p)
	}
	return all
}

// above are the chains of groups in one, nearest first: an unknown path was
// registered through none of the Groups that have its prefix, so all of them hold.
func above(groups []*place) []*place {
	var all []*place
	for _, g := range groups {
		all = union(all, g.chain())
	}
	slices.SortStableFunc(all, func(p, q *place) int {
		return cmp.Or(len(q.path)-len(p.path), len(q.chain())-len(p.chain()))
	})
	return all
}

// beside reports whether two places are Groups of one prefix, neither above the
// other: to the unknown paths below neither is nearer, and the gates of both hold.
func (p *place) beside(q *place) bool {
	return p != q && p.path == q.path && !slices.Contains(p.chain(), q)
}

// tells reports whether anything was said at the place.
func (p *place) tells() bool { return len(p.facts) > 0 || !reflect.ValueOf(p.settings).IsZero() }

// telling are the places of a chain at which anything was said.
func telling(chain []*place) []*place {
	return slices.DeleteFunc(slices.Clone(chain), func(p *place) bool { return !p.tells() })
}

// open panics where the App has started: a fact that comes too late would be
// a check that is silently off.
func (p *place) open(what string) string {
	at := site()
	if p.app.frozen.Load() {
		panic("restmachine: " + what + " at " + at + " comes after the App has started; register everything first")
	}
	return at
}

// Group makes a Scope for the paths that begin with prefix ("/v1",
// "/projects/{project}", "/" for all), below this one's own prefix. Calling it
// twice makes two Groups: unknown paths below have the facts of both, and a path
// may be registered through both only if their facts agree.
func (s *Scope) Group(prefix string) *Scope {
	at := s.place.open("Group")
	g := &place{app: s.place.app, level: onGroup, parent: s.place,
		path: s.place.path + strings.TrimSuffix(prefix, "/"), site: at}
	if !strings.HasPrefix(prefix, "/") {
		g.app.declared.add(at, "Group(%q): a prefix begins with \"/\"", prefix)
	}
	g.app.places = append(g.app.places, g)
	return &Scope{Facts{place: g}}
}

// Resource is the Resource of one path below the Scope's prefix. A segment
// "{name}" is a parameter and a last segment "{name...}" takes the rest of the
// path. The same path gives the same Resource, also through another Scope: the
// two must then agree on what holds below them.
func (s *Scope) Resource(path string) *Resource {
	at := s.place.open("Resource")
	a, full := s.place.app, s.place.path+path
	r := a.resources[full]
	if r == nil {
		r = &place{app: a, level: onResource, parent: s.place, path: full, site: at}
		a.places = append(a.places, r)
		a.resources[full] = r
	}
	return &Resource{Facts{r, s.place}}
}

// open is place.open, and notes through which Scope something is said of a Resource.
func (f *Facts) open(what string) string {
	p, at := f.place, f.place.open(what)
	if p.level != onResource || slices.ContainsFunc(p.ways, func(w way) bool { return w.scope == f.scope }) {
		return at
	}
	if len(p.ways) == 0 && p.parent != f.scope { // whoever asked for it first said nothing
		p.parent, p.site = f.scope, at
	}
	p.ways = append(p.ways, way{f.scope, at})
	return at
}

// Get gives the path a handler for GET, which answers HEAD too. It returns
// nothing, an entity or a *Reply, and may return an error.
func (s *Scope) Get(path string, handler Func) *Resource { return s.Resource(path).Get(handler) }

// Post gives the path a handler for POST. It returns nothing, an entity or a
// *Reply (see Created, Accepted, SeeOther), and may return an error.
func (s *Scope) Post(path string, handler Func) *Resource { return s.Resource(path).Post(handler) }

// Put gives the path a handler for PUT. A handler that asks for the resource
// replaces it (200, 204); one that does not, or asks for an Optional of it,
// can create it, too (201). It returns nothing, an entity or a *Reply.
func (s *Scope) Put(path string, handler Func) *Resource { return s.Resource(path).Put(handler) }

// Patch gives the path a handler for PATCH (RFC 5789). It returns nothing, an
// entity or a *Reply, and may return an error.
func (s *Scope) Patch(path string, handler Func) *Resource { return s.Resource(path).Patch(handler) }

// Delete gives the path a handler for DELETE. It returns nothing (204), an
// entity (200) or a *Reply, and may return an error.
func (s *Scope) Delete(path string, handler Func) *Resource { return s.Resource(path).Delete(handler) }

// Get gives the Resource its handler for GET and HEAD: see [Scope.Get].
func (r *Resource) Get(handler Func) *Resource { return r.handle(http.MethodGet, handler) }

// Post gives the Resource its handler for POST: see [Scope.Post].
func (r *Resource) Post(handler Func) *Resource { return r.handle(http.MethodPost, handler) }

// Put gives the Resource its handler for PUT: see [Scope.Put].
func (r *Resource) Put(handler Func) *Resource { return r.handle(http.MethodPut, handler) }

// Patch gives the Resource its handler for PATCH: see [Scope.Patch].
func (r *Resource) Patch(handler Func) *Resource { return r.handle(http.MethodPatch, handler) }

// Delete gives the Resource its handler for DELETE: see [Scope.Delete].
func (r *Resource) Delete(handler Func) *Resource { return r.handle(http.MethodDelete, handler) }

func (r *Resource) handle(method string, fn Func) *Resource {
	p := r.place
	at := r.open(method + " " + p.path)
	f, err := wire.New(fn, at)
	if err != nil {
		p.app.declared.add(at, "the handler of %s %s: %v", method, p.path, err)
		return r
	}
	if wrong := unfit(f.Out); wrong != "" {
		p.app.declared.add(at, "%s handles %s %s: it returns nothing, an entity or a *restmachine.Reply, and an error; %s", f, method, p.path, wrong)
		return r
	}
	for _, h := range p.handlers {
		if h.method == method {
			p.app.declared.add(at, "%s %s has two handlers: %s and %s; remove one", method, p.path, h.fn, f)
			return r
		}
	}
	p.handlers = append(p.handlers, &handler{method: method, fn: f})
	return r
}
