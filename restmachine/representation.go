package restmachine

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
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
	typ   reflect.Type // the type by which facts are chosen
	reply *Reply       // nil: the handler returned the value itself
	head  http.Header  // the reply's fields, under canonical names
	facts *description

	tag      conditional.ETag // before the suffix of a variant
	tagged   bool
	modified time.Time
	dated    bool
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
	switch {
	case x.att.shown != nil:
		return x.att.shown
	case x.att.loaded != nil:
		return x.att.loaded
	}
	r := x.att.representation()
	r.facts = &x.plan.current
	var l *load
	if x.plan.get != nil {
		l, r.typ = x.plan.get.identity, x.plan.get.result
	} else if len(x.plan.targets) == 1 {
		l = x.plan.targets[0]
	}
	if l != nil {
		r.value, _, _ = x.load(l)
		r.typ = l.typ
	}
	x.att.loaded = r
	return r
}

// ask asks a describing fact for r. Where there is no value for it, out stays as
// it is.
func (x *exchange) ask(d *describer, r *representation, out *wire.Result) error {
	value := r.value
	if d.from != nil {
		loaded, found, err := x.load(d.from)
		if !found || err != nil {
			return err
		}
		value = loaded
	}
	if d.subject != nil && value == nil {
		return nil
	}
	outer := x.describing
	x.describing = value
	err := d.by.into(x, out)
	x.describing = outer
	if err != nil {
		return fmt.Errorf("%s: %w", d.fact, err)
	}
	return nil
}

// askText asks a describing fact that returns some string; "" is none.
func (x *exchange) askText(k kind, r *representation) (string, error) {
	d := r.facts.of(k)
	if d == nil {
		return "", nil
	}
	out := x.result()
	err := x.ask(d, r, out)
	x.done()
	return out.Text(), err
}

// askTime asks a describing fact that returns a time; zero is none.
func (x *exchange) askTime(k kind, r *representation) (time.Time, error) {
	d := r.facts.of(k)
	if d == nil {
		return time.Time{}, nil
	}
	out := x.result()
	err := x.ask(d, r, out)
	x.done()
	return out.Time(), err
}

// entityTag is the tag of r, before the suffix of a variant; "" where it has
// none.
func (x *exchange) entityTag(r *representation) (conditional.ETag, error) {
	if r.tagged {
		return r.tag, nil
	}
	tag, err := x.askTag(r)
	if err != nil {
		return "", err
	}
	r.tag, r.tagged = tag, true
	return tag, nil
}

func (x *exchange) askTag(r *representation) (conditional.ETag, error) {
	if own := r.field("Etag"); own != "" {
		return conditional.Quote(own)
	}
	if r.facts.of(kindETag) != nil {
		said, err := x.askText(kindETag, r)
		if err != nil {
			return "", err
		}
		tag, err := conditional.Quote(x.asSent(said))
		if err != nil {
			err = fmt.Errorf("%s: %w", r.facts.of(kindETag).fact, err)
		}
		return tag, err
	}
	if f, ok := r.value.(interface{ ETag() ETag }); ok && isStream(reflect.TypeOf(r.value)) {
		return f.ETag(), nil
	}
	if x.plan.auto == off || r.value == nil || isStream(reflect.TypeOf(r.value)) || r.typ != x.shownType() || isPost(x.plan) && r == x.att.result {
		return "", nil
	}
	return x.hashTag(r)
}

// asSent is what a GenerateETag said or, where the client sent that between
// quotes, what it sent: most tags are asked about by those that have them, and so
// need not be made anew.
func (x *exchange) asSent(said string) string {
	if !x.preRead {
		return said
	}
	list := x.pre.IfNoneMatch
	if !list.Present() {
		list = x.pre.IfMatch
	}
	sent := list.String()
	if n := len(sent); n == len(said)+2 && sent[0] == '"' && sent[n-1] == '"' && sent[1:n-1] == said && strings.IndexByte(said, '"') < 0 {
		return sent
	}
	return said
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

// lastModified is the modification date of r, zero where it has none.
func (x *exchange) lastModified(r *representation) (time.Time, error) {
	if r.dated {
		return r.modified, nil
	}
	var when time.Time
	if own := r.field("Last-Modified"); own != "" {
		when, _ = conditional.ParseDate(own)
	} else if r.facts.of(kindLastModified) != nil {
		said, err := x.askTime(kindLastModified, r)
		if err != nil {
			return when, err
		}
		when = said
	} else if f, ok := r.value.(fs.File); ok {
		if info, err := f.Stat(); err == nil {
			when = info.ModTime()
		}
	}
	if conditional.IsZeroDate(when) {
		when = time.Time{}
	}
	r.modified, r.dated = when, true
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
