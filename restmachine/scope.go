package restmachine

import (
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file says which paths an App has: Scopes, Resources and their handlers. Package
// declare keeps what it is told.

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
type Facts struct{ ref declare.Ref }

// Group makes a Scope for the paths that begin with prefix ("/v1",
// "/projects/{project}", "/" for all), below this one's own prefix. Calling it
// twice makes two Groups: unknown paths below have the facts of both, and a path
// may be registered through both only if their facts agree.
func (s *Scope) Group(prefix string) *Scope {
	return &Scope{Facts{declare.Ref{Place: s.ref.Place.Group(prefix)}}}
}

// Resource is the Resource of one path below the Scope's prefix. A segment
// "{name}" is a parameter and a last segment "{name...}" takes the rest of the
// path. The same path gives the same Resource, also through another Scope: the
// two must then agree on what holds below them.
func (s *Scope) Resource(path string) *Resource {
	return &Resource{Facts{declare.Ref{Place: s.ref.Place.Resource(path), Scope: s.ref.Place}}}
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

func (r *Resource) handle(method string, handler Func) *Resource {
	r.ref.Handler(method, handler)
	return r
}
