package plan

import (
	"net/http"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
	"github.com/restmachine/restmachine-go/restmachine/internal/strictjson"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
)

// This file is what the public package hands down: which of its types mean something,
// and how their values are made and read. Users look for these types, and for their
// documentation, in the public package. So they are defined there, and no inner
// package can name them.

// A Vocabulary is the public types that mean something to a plan or an exchange.
type Vocabulary struct {
	declare.Types
	Response, Patch reflect.Type
	Request         map[reflect.Type]Origin       // what every request brings
	Composite       func(reflect.Type) *Composite // nil for every other type

	// Values of the public types. A pointer is converted, not copied.
	Params     func(*route.Params) any
	Method     func(string) any
	LastEvent  func(id string) any
	Selected   func(Selected) any
	ResponseOf func(*Response) any
	NewProblem func(*problem.Details) error
	ProblemIn  func(error) (said *problem.Details, ok bool)
	ProblemIs  func(value any) error              // a Problem that is returned as a value; nil for everything else
	ReplyOf    func(value any) (r Reply, ok bool) // of a value that is not nil
	Fields     func([]problem.Field) any
	PatchBy    func(patch any, r strictjson.Rules, checks validate.Checks) // says by which rules a MergePatch is applied, and what its result has to pass
}

// provides reports whether every request brings a t.
func (w *Vocabulary) provides(t reflect.Type) bool {
	return w.Request[t] != byType || w.Composite(t) != nil
}

// Refuse is a Problem as an error.
func (w *Vocabulary) Refuse(status int, detail string) error {
	return w.NewProblem(&problem.Details{Status: status, Detail: detail})
}

// readAs is what a Body[t] is read as in the end: the T of a MergePatch[T], which its method
// Apply takes, and else t itself.
func (w *Vocabulary) readAs(t reflect.Type) reflect.Type {
	if apply, ok := t.MethodByName("Apply"); ok && reflect.PointerTo(t).Implements(w.Patch) {
		return apply.Type.In(1)
	}
	return t
}

// RefuseFaults is a Problem that lists what is wrong with a value, which was read from a part of
// the request. An empty detail says how much there is.
func (w *Vocabulary) RefuseFaults(status int, detail string, in Part, f *problem.Faults) error {
	if text, ok := f.Whole(); ok && detail == "" {
		return w.Refuse(status, text)
	}
	fields := f.Fields(in == BodyPart)
	if detail == "" {
		detail = f.Detail(in.String(), fields)
	}
	return w.NewProblem(&problem.Details{Status: status, Detail: detail, Extensions: map[string]any{"errors": w.Fields(fields)}})
}

// A Reply is the public Reply[T], seen without its T.
type Reply struct {
	Status int
	Header http.Header
	Entity any
}

// A Response is the public Response, seen from inside.
type Response struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// A Selected is the public Selected, seen from inside.
type Selected struct{ MediaType, Language, Charset, Coding string }

// A Composite is a generic public type such as Body[T], seen without its T.
type Composite struct {
	Part Part
	Type reflect.Type              // the T
	Wrap func(v any) any           // the composite of a T; nil is the zero T
	New  func() (made, target any) // of a Body: an empty one, and a pointer to its T
}

// A Part is what of a request a Composite holds.
type Part uint8

// The parts.
const (
	PathPart Part = iota
	QueryPart
	HeaderPart
	CookiePart
	BodyPart
	OptionalPart
)

// String names the part of the request for a client.
func (p Part) String() string {
	switch p {
	case PathPart:
		return "the path"
	case QueryPart:
		return "the query"
	case HeaderPart:
		return "the header"
	case CookiePart:
		return "the field Cookie"
	}
	return "the content"
}

// Piece is what a client calls one thing with a name in the part, without an article.
func (p Part) Piece() string {
	switch p {
	case PathPart:
		return "path parameter"
	case QueryPart:
		return "query parameter"
	case HeaderPart:
		return "header field"
	case CookiePart:
		return "cookie"
	}
	return "part of the content"
}
