// This file holds the types that the random Apps speak of. A kind of record comes in. Its
// types go out, as reflect sees them, with functions that make and read their values.

package main

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine"
)

// There are three kinds of records. Each has types that no other kind has.
type (
	shelf struct{}
	book  struct{}
	page  struct{}
)

// A record is what a ResourceExists loads.
type record[K any] struct {
	Mark string `json:"mark"`
	Text string `json:"text"`

	kept entry
}

// A thing is a record behind an interface.
type thing[K any] interface{ entry() entry }

func (r *record[K]) entry() entry  { return r.kept }
func (r *record[K]) marks() string { return r.Mark }

// A view is made from a record, and from what else it shows.
type view[K any] struct {
	Mark     string `json:"mark"`
	With     string `json:"with,omitempty"` // the marks of other entries
	Taste    string `json:"taste,omitempty"`
	Language string `json:"language,omitempty"`
	Text     string `json:"text"`
}

func (v *view[K]) marks() string { return v.Mark + v.With }
func (v *view[K]) all() *looks   { return (*looks)(v) }

// looks is a view without its kind.
type looks view[struct{}]

// A marked is a record or a view.
type marked interface{ marks() string }

// An edition is a record that a Dependency reads.
type edition[K any] struct{ kept entry }

func (e *edition[K]) entry() entry { return e.kept }

// A change is the content of a write.
type change struct {
	Text string `json:"text"`
}

// A session is a Dependency that tells when it was made.
type session struct{ rev int }

// A form is what ResourceExists returns.
type form int

const (
	pointer form = iota // *T
	pair                // (T, bool)
	behind              // an interface
	yesNo               // bool: no T is loaded
	forms
)

// A family is the types of one kind in one form.
type family struct {
	record, optional, list, view, edition reflect.Type

	wrap        func(entry) any       // a T
	unwrap      func(any) entry       // of a T
	opened      func(any) (any, bool) // of an Optional[T]
	wrapList    func([]entry) any
	wrapView    func(looks) any
	wrapEdition func(entry) any
	replies     map[reflect.Type]replies // by the type of the entity
}

// replies is a *Reply[T], and a function that makes one.
type replies struct {
	typ  reflect.Type
	make func(status int, location string, entity any) any
}

func repliesOf[T any]() replies {
	return replies{reflect.TypeFor[*restmachine.Reply[T]](), func(status int, location string, entity any) any {
		t, _ := entity.(T)
		switch status {
		case http.StatusCreated:
			return restmachine.Created(location, t)
		case http.StatusAccepted:
			return restmachine.Accepted(location, t)
		}
		return restmachine.NewReply(status, t)
	}}
}

var anyReply = repliesOf[any]()

func familyOf[K, T any](wrap func(*record[K]) T, unwrap func(T) entry) *family {
	f := &family{
		record: reflect.TypeFor[T](), optional: reflect.TypeFor[restmachine.Optional[T]](), list: reflect.TypeFor[[]T](),
		view: reflect.TypeFor[*view[K]](), edition: reflect.TypeFor[*edition[K]](),
	}
	made := func(e entry) T { return wrap(&record[K]{Mark: e.mark(), Text: e.text, kept: e}) }
	f.wrap = func(e entry) any { return made(e) }
	f.unwrap = func(v any) entry { return unwrap(v.(T)) }
	f.opened = func(v any) (any, bool) { o := v.(restmachine.Optional[T]); return o.Value, o.OK }
	f.wrapList = func(all []entry) any {
		list := []T{}
		for _, e := range all {
			list = append(list, made(e))
		}
		return list
	}
	f.wrapView = func(l looks) any { v := view[K](l); return &v }
	f.wrapEdition = func(e entry) any { return &edition[K]{e} }
	f.replies = map[reflect.Type]replies{f.record: repliesOf[T](), f.view: repliesOf[*view[K]](), f.list: repliesOf[[]T]()}
	return f
}

// familyIn is the family of a kind in a form. A yesNo loads nothing: its handlers read
// pointers.
func familyIn[K any](f form) *family {
	switch f {
	case pair:
		return familyOf(func(r *record[K]) record[K] { return *r }, func(r record[K]) entry { return r.kept })
	case behind:
		return familyOf(func(r *record[K]) thing[K] { return r }, func(t thing[K]) entry { return t.entry() })
	}
	return familyOf(func(r *record[K]) *record[K] { return r }, func(r *record[K]) entry { return r.kept })
}

var families = []func(form) *family{familyIn[shelf], familyIn[book], familyIn[page]}

// entryOf is the entry of an edition, or of a record.
func entryOf(v any) entry { return v.(interface{ entry() entry }).entry() }

// tagOf is the base of an honest tag of what a view shows.
func (l *looks) tagOf() string { return fmt.Sprint(l.Mark, l.With, l.Taste) }
