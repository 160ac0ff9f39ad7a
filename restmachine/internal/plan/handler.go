package plan

import (
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// This file plans the handlers of a path. In comes the function for each method. Out comes a
// Handler: bound, and with what its declared result tells of the values that it returns.

// A Handler is what a method runs, and what that declares to return.
type Handler struct {
	*Callback
	Method        string
	Result        reflect.Type // nil: nothing; the T where Replies is set
	Replies       bool         // it returns a *Reply[T]
	Dynamic       bool         // only the returned value tells its type
	Plain         bool         // it returns values of one type, which need not be closed
	JSON          Encode       // writes those values, unless something renders them; nil: they are not JSON
	Other, Safe   bool         // see declare.Handler
	Description   *Description // of those values; nil where Dynamic is set
	Negotiated    bool         // the path negotiates among the offers for those values
	TakesSelected bool         // it may return another value for each variant

	// Identity is set for a GET func(T) T of a loaded T, which returns what it was given. It
	// is not set where T must be closed: then the GET is run, so that T is.
	Identity *Load
}

// bindHandlers binds what was registered for the methods of the path.
func (p *Path) bindHandlers(b *binder, registered []*declare.Handler) []*Handler {
	var handlers []*Handler
	for _, r := range registered {
		h := b.handler(r)
		if h.Other {
			p.Plans.Others = declare.Union(p.Plans.Others, []string{h.Method})
		}
		if h.Method == http.MethodGet {
			p.Get = h
			h.Identity = b.identity(h)
		}
		handlers = append(handlers, h)
	}
	return handlers
}

func (b *binder) handler(r *declare.Handler) *Handler {
	h := &Handler{Method: r.Method, Other: r.Other, Safe: r.Safe, Callback: b.bind(r.Method+" "+b.route, r.Func, nil)}
	h.Result, h.Replies = b.Supply.vocabulary.Entity(r.Func.Returns())
	h.Dynamic = b.Supply.isDynamic(h.Result)
	h.TakesSelected = slices.ContainsFunc(h.Sources, func(s Source) bool { return s.Origin == FromSelected })
	if t := h.Result; t != nil && !h.Dynamic && t.Kind() != reflect.Interface {
		h.Plain = !t.Implements(closerType) && !h.Replies
		if !IsStream(t) && t != declare.StringType && t != declare.BytesType {
			h.JSON = b.Plans.encoderOf(t)
		}
	}
	return h
}

// identity is the Identity of the handler of a GET.
func (b *binder) identity(h *Handler) *Load {
	in := h.Func.In
	if len(in) != 1 || in[0] != h.Result || h.Replies || h.Func.Err || in[0].Implements(closerType) {
		return nil
	}
	return b.loads[in[0]]
}

// mayReturn reports whether the handler may return a value of type t.
func (h *Handler) mayReturn(t reflect.Type) bool { return h.Dynamic || h.Result == t }

var (
	fileType   = reflect.TypeFor[fs.File]()
	closerType = reflect.TypeFor[io.Closer]()
)

// IsStream reports whether a value of type t is sent while it is read or made, and not rendered.
func IsStream(t reflect.Type) bool { return isRead(t) || stream.KindOf(t) != stream.None }

// IsOpaque reports whether a value of type t is a stream of which only the value knows what it
// is: it is read, or writes itself.
func IsOpaque(t reflect.Type) bool { return isRead(t) || stream.KindOf(t) == stream.Writes }

// isRead reports whether a value of type t is read.
func isRead(t reflect.Type) bool {
	return t != nil && (t.Implements(declare.ReaderType) || t.Implements(fileType))
}

// allowed is the field Allow of a path (RFC 9110, 10.2.1).
func allowed(handlers []*Handler) string {
	all := []string{}
	for _, h := range handlers {
		all = append(all, h.Method)
		if h.Method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	slices.Sort(all)
	return strings.Join(append(all, http.MethodOptions), ", ")
}
