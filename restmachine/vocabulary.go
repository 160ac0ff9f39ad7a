package restmachine

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
	"github.com/restmachine/restmachine-go/restmachine/internal/strictjson"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
)

// This file hands the types of this package down to the inner packages, which cannot
// import it: which types mean something, and how their values are made and read. So
// users find the types here, with their comments.

// vocabulary is what the inner packages know of this one.
var vocabulary = &plan.Vocabulary{
	Types: declare.Types{
		Reply:   entityOfReply,
		Problem: reflect.TypeFor[*Problem](),
	},
	Response: reflect.TypeFor[*Response](),
	Patch:    reflect.TypeFor[patch](),
	Request: map[reflect.Type]plan.Origin{
		reflect.TypeFor[context.Context]():           plan.FromContext,
		reflect.TypeFor[*http.Request]():             plan.FromRequest,
		reflect.TypeFor[http.Header]():               plan.FromHeader,
		reflect.TypeFor[url.Values]():                plan.FromQuery,
		reflect.TypeFor[PathParams]():                plan.FromParams,
		reflect.TypeFor[Method]():                    plan.FromMethod,
		reflect.TypeFor[Selected]():                  plan.FromSelected,
		reflect.TypeFor[conditional.Preconditions](): plan.FromPreconditions,
		reflect.TypeFor[*slog.Logger]():              plan.FromLogger,
		reflect.TypeFor[LastEventID]():               plan.FromLastEvent,
		reflect.TypeFor[plan.Target]():               plan.FromTarget,
	},
	Composite: asComposite,

	Params:     func(p *route.Params) any { return (*PathParams)(p) },
	Method:     func(name string) any { return Method(name) },
	LastEvent:  func(id string) any { return LastEventID(id) },
	Selected:   func(s plan.Selected) any { return Selected(s) },
	ResponseOf: func(r *plan.Response) any { return (*Response)(r) },
	NewProblem: func(d *problem.Details) error { return (*Problem)(d) },
	ProblemIn: func(err error) (*problem.Details, bool) {
		p, ok := (*Problem)(nil), false
		ok = errors.As(err, &p)
		return (*problem.Details)(p), ok
	},
	ProblemIs: func(value any) error {
		if p, ok := value.(Problem); ok {
			return &p
		}
		return nil
	},
	ReplyOf: asReply,
	Fields:  fieldErrors,
	PatchBy: func(target any, r strictjson.Rules, checks validate.Checks) { target.(patch).applyBy(r, checks) },
}
