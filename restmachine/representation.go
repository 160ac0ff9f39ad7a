package restmachine

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file is a representation of a resource: a value, and what the facts say
// of it. There is the current one, which preconditions speak of, and the one
// that the answer carries; on a GET they are one.

type representation struct {
	findings
	made content // what content points to
}

// findings are what is known of a representation.
type findings struct {
	value any          // nil: none
	of    *load        // what loaded it; nil: nothing did
	typ   reflect.Type // the type by which facts are chosen
	reply *Reply       // nil: the handler returned the value itself
	head  http.Header  // the reply's fields, under canonical names
	facts *description

	tag      conditional.ETag // before the suffix of a variant
	tagged   bool
	single   bool // that tag is the one of every variant, or the handler's own
	json     bool // it is JSON, unless something renders it
	offered  bool // it is what the path negotiates about
	dated    bool
	modified time.Time
	tagErr   error
	dateErr  error
	content  *content // nil: not rendered
}

// describes is what describes the values of type t that the path's GET
// returned.
func (p *path) describes(t reflect.Type) *description {
	if p.get == nil || !p.get.dynamic {
		return &p.current
	}
	d := p.current
	for i, other := range p.byTypeOf(t) {
		if d[i] == nil || other != nil && other.fact == d[i].fact {
			d[i] = other // of the value itself, where a loaded one would have stood in
		}
	}
	return &d
}

// current is the current representation, as far as it is known: what the GET
// returned, or the loaded value that stands for it.
func (x *exchange) current() *representation {
	if x.att.now == nil {
		x.representLoaded()
	}
	return x.att.now
}

func (x *exchange) representLoaded() {
	r := x.att.representation()
	x.att.now = r
	r.facts = &x.plan.current
	if get := x.plan.get; get != nil {
		r.of, r.typ, r.json, r.offered = get.identity, get.result, get.json, get.offered
	} else if len(x.plan.targets) == 1 {
		r.of = x.plan.targets[0]
		r.typ = r.of.typ
	}
	if r.of != nil {
		r.value, _ = x.load(r.of)
	}
}

// ask asks a describing fact for r; asked is false where there is no value for
// it, or no fact.
func (x *exchange) ask(d *describer, r *representation) (asked bool, err error) {
	if d == nil {
		return false, nil
	}
	value := r.value
	if d.from != nil && d.from != r.of {
		loaded, err := x.load(d.from)
		if loaded == nil || err != nil {
			return false, err
		}
		value = loaded
	}
	if d.subject != nil && value == nil {
		return false, nil
	}
	outer := x.describing
	x.describing = value
	err = d.by.run(x)
	x.describing = outer
	if err != nil {
		return false, d.failed(err)
	}
	return true, nil
}

// failed is an error of the fact, with its name.
func (d *describer) failed(err error) error { return fmt.Errorf("%s: %w", d.fact, err) }

// askText asks a describing fact that returns some string; "" is none.
func (x *exchange) askText(k kind, r *representation) (string, error) {
	asked, err := x.ask(r.facts.of(k), r)
	if !asked {
		return "", err
	}
	return x.ret.Text(), nil
}

// askTime asks a describing fact that returns a time; zero is none.
func (x *exchange) askTime(k kind, r *representation) (time.Time, error) {
	asked, err := x.ask(r.facts.of(k), r)
	if !asked {
		return time.Time{}, err
	}
	return x.ret.Time(), nil
}

// entityTag is the tag of r, before the suffix of a variant; "" where it has
// none. It is asked for once.
func (x *exchange) entityTag(r *representation) (conditional.ETag, error) {
	if !r.tagged {
		r.tag, r.tagErr = x.askTag(r)
		r.tagged, r.single = true, r.field("Etag") != "" || x.single(r)
	}
	return r.tag, r.tagErr
}

func (x *exchange) askTag(r *representation) (conditional.ETag, error) {
	if own := r.field("Etag"); own != "" {
		return conditional.Quote(own)
	}
	d := r.facts.of(kindETag)
	if d == nil {
		return x.findTag(r)
	}
	said, err := x.askText(kindETag, r)
	if err != nil {
		return "", err
	}
	if sent := x.sentTag(); isQuoted(sent, said) {
		return conditional.ETag(sent), nil // most tags are asked about by those that have them
	}
	tag, err := x.m.tags.quote(said)
	if err != nil {
		err = d.failed(err)
	}
	return tag, err
}

// findTag is the tag of r where no fact says it: the value brings it, or it is made.
func (x *exchange) findTag(r *representation) (conditional.ETag, error) {
	if f, ok := r.value.(interface{ ETag() ETag }); ok && isStream(reflect.TypeOf(r.value)) {
		return f.ETag(), nil
	}
	if x.plan.auto == off || r.value == nil || isStream(reflect.TypeOf(r.value)) || r.typ != x.shownType() || isPost(x.plan) && r == x.att.result {
		return "", nil
	}
	return x.hashTag(r)
}

// sentTag is the tag that the client's precondition has, "" where it has no one
// tag.
func (x *exchange) sentTag() string {
	if !x.preRead {
		return ""
	}
	list := &x.pre.IfNoneMatch
	if !list.Present() {
		list = &x.pre.IfMatch
	}
	if !list.IsTag() {
		return ""
	}
	return list.Lines()[0]
}

// shownType is the type of what the path's GET returns, nil where that is not
// known.
func (x *exchange) shownType() reflect.Type {
	switch get := x.plan.get; {
	case get == nil:
		return nil
	case !get.dynamic:
		return get.result
	case x.att.shown != nil:
		return x.att.shown.typ
	case x.plan.reads() && x.att.result != nil:
		return x.att.result.typ
	}
	return nil
}

// hashTag is the tag of AutoETag: a hash of the first rendering, whatever was
// negotiated; the suffix tells the variants apart.
func (x *exchange) hashTag(r *representation) (conditional.ETag, error) {
	negotiated := x.chosen
	x.chosen = choice{coding: -1}
	var c content
	err := x.renderAs(r, 0, &c)
	x.chosen = negotiated
	if err != nil {
		return "", err
	}
	if offer, _ := x.offerFor(r); offer == 0 && x.plain() {
		r.made = c // it is what is sent
		r.content = &r.made
	}
	if c.bytes == nil {
		return "", nil // it turned out to be a stream
	}
	tag := conditional.ETag(hashBytes(c.bytes))
	if x.plan.auto == Weak {
		tag = tag.Weak()
	}
	return tag, nil
}

// lastModified is the modification date of r, zero where it has none. It is asked
// for once.
func (x *exchange) lastModified(r *representation) (time.Time, error) {
	if !r.dated {
		r.modified, r.dateErr = x.askModified(r)
		if r.dateErr != nil || conditional.IsZeroDate(r.modified) {
			r.modified = time.Time{}
		}
		r.dated = true
	}
	return r.modified, r.dateErr
}

func (x *exchange) askModified(r *representation) (when time.Time, err error) {
	if own := r.field("Last-Modified"); own != "" {
		when, _ = conditional.ParseDate(own)
		return when, nil
	}
	if r.facts.of(kindLastModified) != nil {
		return x.askTime(kindLastModified, r)
	}
	if f, ok := r.value.(fs.File); ok {
		if info, err := f.Stat(); err == nil {
			when = info.ModTime()
		}
	}
	return when, nil
}

// field is a field that the handler set itself.
func (r *representation) field(name string) string {
	if r.head == nil {
		return ""
	}
	if lines := r.head[name]; len(lines) > 0 {
		return lines[0]
	}
	return ""
}

// closeLater closes a value at the end of the attempt, if it can be closed.
func (x *exchange) closeLater(value any) {
	if c, ok := value.(io.Closer); ok {
		x.att.closers = append(x.att.closers, c)
	}
}
