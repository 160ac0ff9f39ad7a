// Package represent is what a resource shows: its representations, each with an
// entity-tag, a date and, once it is rendered, content. In come values that were
// loaded or that handlers returned. Out come the validators that preconditions are
// compared with and that responses carry, and the content that is sent.
package represent

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"reflect"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file makes representations. There is the current one, which preconditions
// speak of, and the result, which the response carries. On a GET they are one.

// A Representation is a value, and what is known of it.
type Representation struct {
	findings
	room Content // what content points to
}

// findings are what is known of a representation. Each is found once.
type findings struct {
	value  any          // nil: none
	loaded *plan.Load   // what loaded it; nil: nothing did
	typ    reflect.Type // the type by which facts are chosen
	status int          // the reply's
	header http.Header  // the reply's fields, under canonical names
	facts  *plan.Description

	reply      bool        // the handler returned a Reply
	json       bool        // it is JSON, unless something renders it
	negotiated bool        // what was negotiated is what it is rendered as
	coding     codingState // of content, on a write: see codingOf
	tagged     bool        // tag and tagErr are known
	oneTag     bool        // tag is the tag of every variant
	hashed     bool        // tag is a hash of one variant
	dated      bool        // modified and dateErr are known

	tag      conditional.ETag // before the suffix of a variant
	tagErr   error
	modified time.Time
	dateErr  error

	content *Content // nil: not rendered
}

// Representations are those of one attempt.
type Representations struct {
	found
	x    *exchange.Exchange
	tags *Tags
	room [2]Representation // in place: the current one and the result
	json jsonText
}

// found is what one attempt found out.
type found struct {
	used    int32           // of room
	coding  codingState     // of what a GET shows
	shown   *Representation // what the GET returned, for its validators
	result  *Representation // what the handler returned
	current *Representation
}

// Configure makes rs the representations of an exchange. tags are the texts that the
// App keeps.
func (rs *Representations) Configure(x *exchange.Exchange, tags *Tags) { rs.x, rs.tags = x, tags }

// Forget forgets what the attempt found.
func (rs *Representations) Forget() {
	if rs.used == 0 && rs.current == nil && rs.result == nil {
		return // nothing was
	}
	for i := range rs.room[:rs.used] {
		r := &rs.room[i]
		if r.room.begun {
			r.room = Content{}
		}
		r.findings = findings{}
	}
	rs.found = found{}
}

// Reset also forgets what was rendered. It keeps the room of buffers.
func (rs *Representations) Reset() {
	rs.Forget()
	if rs.json.written {
		rs.json.forget()
	}
}

// fresh is a fresh representation of the attempt.
func (rs *Representations) fresh() *Representation {
	if int(rs.used) == len(rs.room) {
		return &Representation{}
	}
	rs.used++
	return &rs.room[rs.used-1]
}

// Result is what the handler returned; nil before it ran.
func (rs *Representations) Result() *Representation { return rs.result }

// Shown is what the GET returned for its validators; nil where it was not asked.
func (rs *Representations) Shown() *Representation { return rs.shown }

// SetResult makes r the result.
func (rs *Representations) SetResult(r *Representation) { rs.result = r }

// SetShown makes r what the GET shows, and the current representation.
func (rs *Representations) SetShown(r *Representation) { rs.shown, rs.current = r, r }

// Current is the current representation, as far as it is known: what the GET
// returned, or the loaded value that stands for it.
func (rs *Representations) Current() *Representation {
	if rs.current == nil {
		rs.representLoaded()
	}
	return rs.current
}

func (rs *Representations) representLoaded() {
	r, p := rs.fresh(), rs.x.Plan
	rs.current = r
	r.facts = &p.Current
	if get := p.Get; get != nil {
		r.loaded, r.typ, r.json, r.negotiated = get.Identity, get.Result, get.JSON != nil, get.Negotiated && !p.Apart
	} else if len(p.Targets) == 1 {
		r.loaded = p.Targets[0]
		r.typ = r.loaded.Type
	}
	if r.loaded != nil {
		r.value, _ = rs.x.Load(r.loaded)
	}
}

// Described is the representation whose validators stand beside the result of a GET:
// the loaded value, where the GET returns what it was given.
func (rs *Representations) Described() *Representation {
	if get := rs.x.Plan.Get; get != nil && get.Identity != nil {
		return rs.Current()
	}
	return rs.result
}

// Of is the representation of what a handler returned.
func (rs *Representations) Of(h *plan.Handler, value any) *Representation {
	r := rs.fresh()
	r.typ, r.facts, r.json, r.negotiated = h.Result, h.Description, h.JSON != nil, h.Negotiated && !rs.x.Plan.Apart
	if h.Plain {
		if r.value = value; h.Func.IsNil(value) {
			r.value = orEmpty(value)
		}
		return r
	}
	if (h.Dynamic || h.Replies) && !wire.IsNil(value) {
		if reply, ok := rs.x.Words.ReplyOf(value); ok {
			r.reply, r.status, r.header, value = true, reply.Status, header.Canonical(reply.Header), reply.Entity
			if reply.Status == http.StatusNoContent {
				rs.x.CloseLater(value)
				value = nil
			}
		}
	}
	r.value = orEmpty(value)
	if f, ok := r.value.(fielded); ok && r.header == nil {
		r.header = f.Fields()
	}
	if h.Dynamic {
		r.typ = reflect.TypeOf(r.value)
		r.facts, r.negotiated = rs.x.Plan.DescriptionOf(h, r.typ), rs.x.Plan.Negotiates(r.typ)
	}
	rs.x.CloseLater(r.value)
	return r
}

// fielded is a file that brings fields of the response.
type fielded interface {
	fs.File
	Fields() http.Header
}

// orEmpty is value; nil for a nil pointer or interface, and an empty slice, map or sequence
// for a nil one.
func orEmpty(value any) any {
	if !wire.IsNil(value) {
		return value
	}
	switch r := reflect.ValueOf(value); r.Kind() {
	case reflect.Slice:
		if _, says := value.(json.Marshaler); says {
			return value // such as json.RawMessage
		}
		return reflect.MakeSlice(r.Type(), 0, 0).Interface()
	case reflect.Map:
		return reflect.MakeMap(r.Type()).Interface()
	case reflect.Func:
		if stream.ElementOf(r.Type()) != nil {
			return value // a sequence without elements
		}
	}
	return nil
}

// IsEmpty reports whether there is nothing to show: no value and no Reply.
func (r *Representation) IsEmpty() bool { return r.value == nil && !r.reply }

// HasValue reports whether there is a value.
func (r *Representation) HasValue() bool { return r.value != nil }

// IsEvents reports whether the value is an event stream.
func (r *Representation) IsEvents() bool {
	if r.json {
		return false
	}
	_, is := stream.RunOf(r.value)
	return is
}

// Type is the type by which facts are chosen; nil where there is no value.
func (r *Representation) Type() reflect.Type { return r.typ }

// Facts describe the value.
func (r *Representation) Facts() *plan.Description { return r.facts }

// Content is what was rendered; nil before.
func (r *Representation) Content() *Content { return r.content }

// Header are the fields of the handler's Reply, nil where it set none.
func (r *Representation) Header() http.Header { return r.header }

// Field is a field that the handler set itself; "" where it did not.
func (r *Representation) Field(name string) string {
	if lines := r.header[name]; len(lines) > 0 {
		return lines[0]
	}
	return ""
}

// isCoded reports whether the handler has coded the content itself.
func (r *Representation) isCoded() bool { return r.Field("Content-Encoding") != "" }

// Status is the status that a Reply asks for; 0 where there is none.
func (r *Representation) Status() int {
	if r == nil {
		return 0
	}
	return r.status
}

// EndsWalk reports whether the Reply's status is the answer to a method. Those that say
// what the graph would say anyway are not. Of a PUT that has nothing to look at before it
// writes, only the handler knows whether it created something.
func (r *Representation) EndsWalk(m *plan.Method) bool {
	switch r.Status() {
	case 0, http.StatusNoContent:
		return false
	case http.StatusOK:
		return r.value == nil && m.Name != http.MethodPut
	case http.StatusCreated:
		return m.Name != http.MethodPost && !(m.Name == http.MethodPut && m.KnowsCreation())
	}
	return true
}
