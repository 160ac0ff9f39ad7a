package restmachine

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"github.com/restmachine/restmachine-go/decision"
)

// This file is what the graph's acts do: they run the handlers and render what
// those return.

var methodRows = map[decision.ID]row{
	decision.M16:  byPlan(func(p *method) bool { return p.name == http.MethodDelete }),
	decision.M20:  {settle: unsettled, ask: (*exchange).act},
	decision.M20b: {settle: every(kindDeleteCompleted).settle, ask: (*exchange).completed},
	decision.N16:  byPlan(isPost),
	decision.N11:  {settle: unsettled, ask: (*exchange).act},
	decision.P11: {settle: unsettled, ask: func(x *exchange) decision.Answer {
		return decision.Bool(x.att.result.status() == http.StatusCreated)
	}},
	decision.O16: byPlan(func(p *method) bool { return p.name == http.MethodPut }),
	decision.O17: byPlan(func(p *method) bool { return p.name == http.MethodPatch }),
	decision.O14: conflict,
	decision.O15: {settle: unsettled, ask: (*exchange).act},
	decision.O18: {settle: unsettled, ask: (*exchange).get},
}

var contentRows = map[decision.ID]row{
	decision.P12: {settle: unsettled, ask: (*exchange).renderResult},
	decision.O20: {settle: unsettled, ask: func(x *exchange) decision.Answer {
		return decision.Bool(x.att.result.value != nil)
	}},
	decision.O19: {settle: unsettled, ask: (*exchange).renderResult},
	decision.P19: {
		settle: func(p *method) settlement { return openIf(p.name == http.MethodGet, no) },
		ask:    (*exchange).usableRange,
	},
	decision.P20: {settle: unsettled, ask: (*exchange).ifRange},
	decision.P21: {settle: unsettled, ask: (*exchange).satisfiable},
}

// conflict is asked in front of the write. It may look at the content, and so
// is no part of a rehearsal.
var conflict = row{
	settle: some(kindIsConflict).settle,
	ask: func(x *exchange) decision.Answer {
		if x.rehearsing {
			return decision.Status(http.StatusContinue)
		}
		return x.gates(x.plan.gates[kindIsConflict], false)
	},
}

// act runs the handler of a method that may write. An exchange whose client has
// gone stops here, and never in the middle of the write.
func (x *exchange) act() decision.Answer {
	if x.rehearsing {
		return decision.Status(http.StatusContinue)
	}
	x.entered = true
	if err := x.ctx.Err(); err != nil {
		return x.fail(err)
	}
	value, err := x.handle(x.plan.action)
	if err != nil {
		return x.fail(err)
	}
	x.att.result = x.represent(x.plan.action, value)
	return x.explicit(x.att.result)
}

// handle runs a handler. An error is one wherever it stands, and a Reply a Reply;
// what comes beside an error is closed.
func (x *exchange) handle(a *action) (any, error) {
	err := a.run(x)
	value := x.ret.First()
	switch {
	case err != nil:
		x.closeLater(entityOf(value))
		return nil, err
	case !a.dynamic || isNil(value):
		return value, nil
	}
	if reply, ok := value.(Reply); ok {
		value = &reply
	}
	if reply, ok := value.(*Reply); ok && reply.Status >= 400 {
		return value, nil // it says itself that it failed
	}
	switch v := entityOf(value).(type) {
	case error:
		if !isNil(v) {
			return nil, v
		}
	case Problem:
		return nil, &v
	}
	return value, nil
}

// entityOf is the entity of what a handler returned.
func entityOf(value any) any {
	if reply, ok := value.(*Reply); ok && reply != nil {
		return reply.Entity
	}
	return value
}

// completed is M20b. What a pending DELETE returned is the content of its 202.
func (x *exchange) completed() decision.Answer {
	done := x.gates(x.plan.gates[kindDeleteCompleted], true)
	if done == decision.No && x.att.result.value != nil {
		if rendered := x.renderResult(); rendered != decision.Yes {
			return rendered
		}
	}
	return done
}

// get is O18: it runs the GET handler, unless the representation is there.
func (x *exchange) get() decision.Answer {
	switch a := x.plan.get; {
	case x.att.result != nil:
		return decision.Yes
	case x.att.shown != nil && a.identity == nil:
		x.att.result = x.att.shown
	default:
		value, err := x.handle(a)
		if err != nil {
			return x.fail(err)
		}
		x.att.result = x.represent(a, value)
		if x.att.result.value == nil && x.att.result.reply == nil && x.plan.validated() {
			return x.fail(ErrNotFound) // a resource with validators shows something
		}
	}
	return x.explicit(x.att.result)
}

// show is G7b: the current representation, where only the GET handler has it.
// The answer is no where there is none.
func (x *exchange) show() decision.Answer {
	if x.plan.shows == conditionally && !x.preconditions().Any() {
		return decision.Yes
	}
	a := x.plan.get
	if l := a.identity; l != nil {
		if _, err := x.must(l); err != nil {
			return x.fail(err)
		}
		x.att.shown = x.current()
		return decision.Yes
	}
	if !x.present(a.needs.loads) {
		return decision.No
	}
	value, err := x.handle(a)
	if err != nil {
		if !x.plan.reads() && absent(x.statusOf(err)) {
			return decision.No // a PUT may create it
		}
		return x.fail(err)
	}
	shown := x.represent(a, value)
	if shown.value == nil && shown.reply == nil && x.plan.validated() || !x.plan.reads() && absent(shown.status()) {
		return decision.No
	}
	x.att.shown, x.att.now = shown, shown
	if !x.plan.reads() {
		return decision.Yes
	}
	if shown.ends(x.method) {
		x.att.result = shown
		return x.explicit(shown)
	}
	if _, ok := x.offerFor(shown); !ok && shown.value != nil {
		return x.notAcceptable(shown) // preconditions are of what would be sent (RFC 9110, 13.2.1)
	}
	return decision.Yes
}

// absent reports whether a GET's status says that there is no representation.
func absent(status int) bool {
	return status == http.StatusNotFound || status == http.StatusGone
}

// status is the status that a reply asks for, 0 where there is no reply.
func (r *representation) status() int {
	if r == nil || r.reply == nil {
		return 0
	}
	return r.reply.Status
}

// ends reports whether the reply's status ends the walk: every one but those
// that say what the graph says anyway.
func (r *representation) ends(method string) bool {
	switch r.status() {
	case 0, http.StatusNoContent:
		return false
	case http.StatusOK:
		return r.value == nil && method != http.MethodPut
	case http.StatusCreated:
		return method != http.MethodPut && method != http.MethodPost
	}
	return true
}

// explicit ends the walk where the reply's status does, with its entity
// rendered.
func (x *exchange) explicit(r *representation) decision.Answer {
	if !r.ends(x.method) {
		return decision.Yes
	}
	status := r.status()
	if status < 200 || status > 599 {
		return x.fail(fmt.Errorf("a Reply has the status %d: a final status is 200 to 599", status))
	}
	if r.value != nil {
		if rendered := x.renderResult(); rendered != decision.Yes {
			return rendered
		}
	}
	return decision.Status(status)
}

// represent is what a handler returned as a representation.
func (x *exchange) represent(a *action, value any) *representation {
	r := x.att.representation()
	r.typ, r.facts, r.json, r.offered = a.result, a.facts, a.json, a.offered
	if a.plain {
		if r.value = value; a.isNil(value) {
			r.value = orEmpty(value)
		}
		return r
	}
	if reply, ok := value.(*Reply); ok {
		value = nil
		if reply != nil {
			r.reply, r.head, value = reply, canonical(reply.Header), reply.Entity
			if reply.Status == http.StatusNoContent {
				value = nil
			}
		}
	}
	r.value = orEmpty(value)
	if a.dynamic {
		r.typ = reflect.TypeOf(r.value)
		r.facts, r.offered = x.plan.descriptionOf(a.method, r.typ), x.plan.negotiates(r.typ)
	}
	x.closeLater(r.value)
	return r
}

// orEmpty is value, a plain nil for a nil pointer or interface, and an empty
// slice or map for a nil one.
func orEmpty(value any) any {
	if !isNil(value) {
		return value
	}
	switch r := reflect.ValueOf(value); r.Kind() {
	case reflect.Slice:
		if _, says := value.(json.Marshaler); says {
			return value // json.RawMessage, such as it is
		}
		return reflect.MakeSlice(r.Type(), 0, 0).Interface()
	case reflect.Map:
		return reflect.MakeMap(r.Type()).Interface()
	}
	return nil
}
