package declare

import (
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file registers what errors mean. In come MapError, MapErrorAs and Problems. Out come
// Mappings and Refusals of a Place, or faults where one could never match or be sent.

// MapError makes errors that match from mean to.
func (r Ref) MapError(from, to error) {
	at := r.callSite("MapError")
	if from == nil || to == nil {
		r.Place.App.Faults.Add(at, "MapError was given nil; pass two errors")
		return
	}
	if t := reflect.TypeOf(from); neverMatches(t) {
		r.Place.App.Faults.Add(at, "MapError takes a %s, whose values are made anew for each error, so that no other one equals it; use MapErrorAs with a func(%s) error, or give the type an Is method", t, t)
		return
	}
	r.Place.Settings.Mapped = append(r.Place.Settings.Mapped, Mapping{From: from, To: to, Site: at})
}

// neverMatches reports whether errors.Is finds no other value equal to one of type t: a
// pointer to a struct that says something, without an Is method. A sentinel, as errors.New
// makes it, has nothing to say, and is made once.
func neverMatches(t reflect.Type) bool {
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct || t.Implements(reflect.TypeFor[interface{ Is(error) bool }]()) {
		return false
	}
	for _, f := range reflect.VisibleFields(t.Elem()) {
		if f.IsExported() {
			return true
		}
	}
	return false
}

// MapErrorAs makes errors of a type mean what a func(E) error returns for them.
func (r Ref) MapErrorAs(fn any) {
	at := r.callSite("MapErrorAs")
	f, err := wire.New(fn, at)
	if err != nil {
		r.Place.App.Faults.Add(at, "MapErrorAs: %v", err)
		return
	}
	if len(f.In) != 1 || len(f.Out) != 0 || !f.Err {
		r.Place.App.Faults.Add(at, "MapErrorAs %s is a %s; pass a func(E) error, where E is the type of an error", f.Name, f.Signature())
		return
	}
	e, isError := f.In[0], reflect.TypeFor[error]()
	switch {
	case e.Kind() == reflect.Interface || e.Implements(isError):
		r.Place.Settings.Mapped = append(r.Place.Settings.Mapped, Mapping{As: f, Site: at})
	case reflect.PointerTo(e).Implements(isError):
		r.Place.App.Faults.Add(at, "MapErrorAs %s takes a %s, which is not an error; take a *%s, which is one", f.Name, e, e)
	default:
		r.Place.App.Faults.Add(at, "MapErrorAs %s takes a %s, which is not an error; take the type of an error, or an interface", f.Name, e)
	}
}

// Problems registers what callbacks refuse with. Of each problem only its status is looked at.
func (r Ref) Problems(refusals []Refusal) {
	at := r.callSite("Problems")
	for _, refusal := range refusals {
		switch {
		case refusal.Problem == nil:
			r.Place.App.Faults.Add(at, "Problems was given nil; pass a *Problem with the status that callbacks refuse with")
		case refusal.Status < 400 || refusal.Status > 599:
			r.Place.App.Faults.Add(at, "Problems was given a Problem of status %d; give it the status of an error, from 400 to 599", refusal.Status)
		default:
			refusal.Site = at
			r.Place.Settings.Problems = append(r.Place.Settings.Problems, refusal)
		}
	}
}
