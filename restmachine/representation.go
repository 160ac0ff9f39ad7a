package restmachine

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
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
	single   bool // that tag is the one of every variant
	hashed   bool // that tag is a hash of one variant
	json     bool // it is JSON, unless something renders it
	offered  bool // it is what the path negotiates about
	dated    bool
	modified time.Time
	tagErr   error
	dateErr  error
	content  *content // nil: not rendered
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

// coded reports whether the handler has coded the content itself.
func (r *representation) coded() bool { return r.field("Content-Encoding") != "" }

// closeLater closes a value at the end of the attempt, if it can be closed.
func (x *exchange) closeLater(value any) {
	c, ok := value.(io.Closer)
	if !ok || isNil(value) || reflect.TypeOf(value).Kind() == reflect.Pointer && slices.Contains(x.att.closers, c) {
		return
	}
	x.att.closers = append(x.att.closers, c)
}
