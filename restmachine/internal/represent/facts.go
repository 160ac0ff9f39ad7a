package represent

import (
	"io/fs"
	"reflect"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file asks the facts that describe a value. In comes a representation. Out come
// texts and times, and its modification date.

// subject is the value that a describing fact takes. asked is false where there is no such
// value, or no fact.
func (rs *Representations) subject(d *plan.Describer, r *Representation) (value any, asked bool, err error) {
	if d == nil {
		return nil, false, nil
	}
	value = r.value
	if d.Loaded != nil && d.Loaded != r.loaded {
		if value, err = rs.x.Load(d.Loaded); value == nil || err != nil {
			return nil, false, err
		}
	}
	return value, value != nil, nil
}

// Text asks a fact that returns some string; "" is none.
func (rs *Representations) Text(k declare.Kind, r *Representation) (string, error) {
	d := r.facts.Of(k)
	if d != nil && d.Subject == nil {
		said := rs.x.Said(d)
		return said.Text, failed(d, said.Err)
	}
	subject, asked, err := rs.subject(d, r)
	if !asked {
		return "", err
	}
	said, err := rs.x.Text(d.Callback, subject)
	return said, failed(d, err)
}

// Time asks a fact that returns a time; zero is none.
func (rs *Representations) Time(k declare.Kind, r *Representation) (time.Time, error) {
	d := r.facts.Of(k)
	if d != nil && d.Subject == nil {
		said := rs.x.Said(d)
		return said.Time, failed(d, said.Err)
	}
	subject, asked, err := rs.subject(d, r)
	if !asked {
		return time.Time{}, err
	}
	said, err := rs.x.Time(d.Callback, subject)
	return said, failed(d, err)
}

// failed is an error of a fact with the fact's name, nil where there is no error.
func failed(d *plan.Describer, err error) error {
	if err != nil {
		err = d.Failed(err)
	}
	return err
}

// LastModified is the modification date of r, zero where it has none.
func (rs *Representations) LastModified(r *Representation) (time.Time, error) {
	if !r.dated {
		if rs.x.Plan.Apart && r == rs.current {
			rs.x.AsGet(func() { r.keepDate(rs.askModified(r)) })
		} else {
			r.keepDate(rs.askModified(r))
		}
	}
	return r.modified, r.dateErr
}

// KeepDate keeps what the fact d said of the current representation, a loaded value.
func (rs *Representations) KeepDate(d *plan.Describer, last time.Time, err error) {
	rs.Current().keepDate(last, failed(d, err))
}

func (r *Representation) keepDate(last time.Time, err error) {
	r.modified, r.dateErr, r.dated = last, err, true
	if err != nil || conditional.IsZeroDate(last) {
		r.modified = time.Time{}
	}
}

func (rs *Representations) askModified(r *Representation) (when time.Time, err error) {
	if r.header != nil && r.Field("Last-Modified") != "" {
		when, _ = conditional.ParseDate(r.Field("Last-Modified"))
		return when, nil
	}
	if r.facts.Of(declare.LastModified) != nil {
		return rs.Time(declare.LastModified, r)
	}
	if f, ok := r.value.(fs.File); ok {
		if info, err := f.Stat(); err == nil {
			when = info.ModTime()
		}
	}
	return when, nil
}

// ShownType is the type of what the path's GET returns, nil where that is not known.
func (rs *Representations) ShownType() reflect.Type {
	switch get := rs.x.Plan.Get; {
	case get == nil:
		return nil
	case !get.Dynamic:
		return get.Result
	case rs.shown != nil:
		return rs.shown.typ
	case rs.x.Plan.Reads() && rs.result != nil:
		return rs.result.typ
	}
	return nil
}
