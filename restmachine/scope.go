package restmachine

import (
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file says which paths an App has. In come path prefixes, paths and handlers.
// Each goes to package declare, with the place and the line of the user's code that it
// was given at.

// Func is a callback: a function that an App calls with the arguments that it takes.
//
// Each parameter is injected by its exact type: the package comment lists what there
// is. What a callback returns is in the comment of the method that it is given to; each
// may return an error last. A parameter that nothing provides and a wrong result are
// wiring faults, which [App.Validate] reports. So is an error in place of a function, from
// whoever makes functions: its text is the fault. Callbacks run in many goroutines at once.
type Func = any

// Scope is a path prefix, and what holds below it: an [App], whose prefix is empty, or
// a Group. Its methods must be called before the App starts, by one goroutine at a
// time.
type Scope struct{ Facts }

// Resource is one path, with its facts and its handlers. Its methods must be called
// before the App starts, by one goroutine at a time.
type Resource struct{ Facts }

// Facts is what can be said of the resources at one place: of all of an App, of those
// below a Group, or of one Resource. Each method registers a fact or sets a setting.
// The comment of a fact says what the callback returns, what follows from that, and
// which row of the graph asks it; the rows are in package decision.
//
// The package comment has the rules that say which facts hold where: gates add up, and of
// everything else the nearest holds. Of a setting, the one nearest to a path holds; a
// MapError holds wherever it stands above it. Methods must be called before the App starts,
// by one goroutine at a time; afterwards they panic. A fact that cannot be meant, such as one with a wrong
// result, is a wiring fault: see [App.Validate].
type Facts struct{ ref declare.Ref }

// Group makes a Scope for the paths that begin with prefix ("/v1",
// "/projects/{project}", or "/" for all), below the prefix of this one. The same prefix
// twice makes two Groups: unknown paths below have the facts of both, and a path may be
// registered through both only if their facts agree. So one of the two can guard less.
// A path that lies below a Group with gates and is registered through neither is a
// [Report].
func (s *Scope) Group(prefix string) *Scope {
	return &Scope{Facts{declare.Ref{Place: s.ref.Place.Group(prefix)}}}
}

// Resource returns the Resource of one path below the Scope's prefix. A segment
// "{name}" is a parameter, and a last segment "{name...}" takes the rest of the path. A
// literal segment beats a parameter at the same place: "/posts/new" beside
// "/posts/{id}". The same path gives the same Resource, also through another Scope: the
// two must then agree on what holds below them.
func (s *Scope) Resource(path string) *Resource {
	return &Resource{Facts{declare.Ref{Place: s.ref.Place.Resource(path), Scope: s.ref.Place}}}
}

// Get gives the path a handler for GET, which answers HEAD, too. The handler returns
// nothing, an entity or a *[Reply], and may return an error. What it returns is what
// the resource shows, and facts such as GenerateETag hold for its type. So a write that
// carries a precondition may run the handler first. One of the form func(T) T, for a
// loaded T, need not run: the loaded value serves.
func (s *Scope) Get(path string, handler Func) *Resource { return s.Resource(path).Get(handler) }

// Post gives the path a handler for POST. The handler returns nothing, an entity or a
// *[Reply] (see [Created], [Accepted] and [SeeOther]), and may return an error. An
// entity alone is a 200.
func (s *Scope) Post(path string, handler Func) *Resource { return s.Resource(path).Post(handler) }

// Put gives the path a handler for PUT. A handler that takes the path's target replaces
// it (200, or 204 without an entity), and a missing one is 404. A handler that does not
// take the target, or takes its [Optional], can create it, too (201). Where the path has
// neither a target nor a ResourceExists, a Reply of 201 says that the handler created
// (see [Created]). The handler returns nothing, an entity or a *[Reply], and may return
// an error.
func (s *Scope) Put(path string, handler Func) *Resource { return s.Resource(path).Put(handler) }

// Patch gives the path a handler for PATCH (RFC 5789), which creates only where it
// takes the [Optional] of the path's target. The handler returns nothing, an entity or
// a *[Reply], and may return an error. See [MergePatch].
func (s *Scope) Patch(path string, handler Func) *Resource { return s.Resource(path).Patch(handler) }

// Delete gives the path a handler for DELETE. The handler returns nothing (204), an
// entity (200) or a *[Reply], and may return an error. See [Facts.DeleteCompleted].
func (s *Scope) Delete(path string, handler Func) *Resource { return s.Resource(path).Delete(handler) }

// Get gives the Resource its handler for GET and HEAD: see [Scope.Get]. It returns r.
func (r *Resource) Get(handler Func) *Resource { return r.handle(http.MethodGet, handler) }

// Post gives the Resource its handler for POST: see [Scope.Post]. It returns r.
func (r *Resource) Post(handler Func) *Resource { return r.handle(http.MethodPost, handler) }

// Put gives the Resource its handler for PUT: see [Scope.Put]. It returns r.
func (r *Resource) Put(handler Func) *Resource { return r.handle(http.MethodPut, handler) }

// Patch gives the Resource its handler for PATCH: see [Scope.Patch]. It returns r.
func (r *Resource) Patch(handler Func) *Resource { return r.handle(http.MethodPatch, handler) }

// Delete gives the Resource its handler for DELETE: see [Scope.Delete]. It returns r.
func (r *Resource) Delete(handler Func) *Resource { return r.handle(http.MethodDelete, handler) }

// Handle gives the Resource a handler for any other method, such as PURGE or LOCK. The
// method is guarded and locked as PUT is: a missing target is 404, preconditions are
// compared with what the GET shows, IsConflict is asked, and ErrStale runs the handler
// again. It never creates. The handler returns nothing, an entity (200) or a *[Reply], and
// may return an error; the answer does not have validators. From then on the App knows the method
// (405 on other paths, and not 501), and Allow names it. It returns r.
//
// A method that has a function of its own, HEAD, OPTIONS and CONNECT are wiring faults.
func (r *Resource) Handle(method string, handler Func) *Resource {
	r.ref.Other(method, false, handler)
	return r
}

// HandleSafe gives the Resource a handler for any other method that changes nothing (RFC
// 9110, 9.2.1), such as QUERY or PROPFIND. A missing target is 404. The method does not take
// the lock, and no precondition counts, since the validators are those of what the GET shows:
// the answer has none of them, and is never a 304. All else is as with [Resource.Handle].
// A QUERY takes its content as a [Body].
func (r *Resource) HandleSafe(method string, handler Func) *Resource {
	r.ref.Other(method, true, handler)
	return r
}

func (r *Resource) handle(method string, handler Func) *Resource {
	r.ref.Handler(method, handler)
	return r
}
