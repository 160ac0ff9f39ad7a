// This file draws what the GET of one record shows: the record, a view of it, text, bytes
// or something with ranges.

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A show is what a GET returns, and from what.
type show struct {
	of       *resource
	out      reflect.Type
	list     bool
	loaded   bool     // the GET takes the loaded record
	edition  bool     // the GET takes a Dependency that reads the record
	children *kind    // the content shows these, too
	parent   bool     // and the parent, which the GET takes
	selected bool     // the language is in the content
	taste    bool     // the field X-Taste is in the content
	value    bool     // the tag is a function of what the GET returned
	reply    *replies // the GET returns a Reply
}

// isView reports whether the GET returns a view.
func (sh *show) isView() bool { return sh.out == sh.of.kind.view }

// isRecord reports whether the GET returns the record itself.
func (sh *show) isRecord() bool { return sh.out == sh.of.kind.record }

var textTypes = types{stringType, reflect.TypeFor[[]byte](), reflect.TypeFor[io.ReadSeeker]()}

// drawShow draws what the path of one record shows.
func (m *maker) drawShow(r *resource, k *kind) *show {
	sh := &show{of: r, loaded: k.form != yesNo && m.odds(7)}
	switch m.rng.IntN(6) {
	case 0, 1, 2:
		sh.out = k.record
	case 3:
		sh.out = one(m.rng, textTypes...)
	default:
		sh.out = k.view
		sh.edition = m.odds(2)
		sh.loaded = sh.loaded && !sh.edition
		for _, child := range m.kinds {
			if child.parent == k && !sh.edition && m.odds(5) {
				sh.children = child
			}
		}
		sh.parent = sh.loaded && k.loadsParent && m.odds(3)
		sh.selected, sh.taste = m.odds(3), m.odds(2)
	}
	if !sh.edition && (sh.isRecord() || sh.isView()) && m.odds(4) {
		of := one(m.rng, k.replies[sh.out], anyReply)
		sh.reply = &of
	}
	r.shows, r.dated = sh.marks, nil
	return sh
}

// marks are the marks that the GET shows of a record.
func (sh *show) marks(s *store, key string) (string, bool) {
	k := sh.of.kind
	e, ok := s.get(key)
	if sh.loaded {
		e, ok = k.find(s, key)
	}
	if !ok {
		return "", false
	}
	return e.mark() + sh.with(s, key), true
}

// with are the marks of what is shown beside the record.
func (sh *show) with(s *store, key string) (marks string) {
	if sh.children != nil {
		for _, e := range s.within(key + "/" + sh.children.name) {
			marks += e.mark()
		}
	}
	if sh.parent {
		e, _ := s.get(parentOf(key))
		marks += e.mark()
	}
	return marks
}

// entity makes what a handler returns for a record.
func (sh *show) entity(w *world, e entry, a args) any {
	k := sh.of.kind
	switch {
	case sh.isRecord():
		return k.wrap(e)
	case sh.isView():
		return k.wrapView(sh.looks(w, e, a))
	}
	text := e.mark() + e.text
	switch sh.out {
	case stringType:
		return text
	case textTypes[1]:
		return []byte(text)
	}
	return bytes.NewReader([]byte(text))
}

func (sh *show) looks(w *world, e entry, a args) looks {
	l := looks{Mark: e.mark(), Text: e.text}
	if sh.children != nil {
		w.interrupt()
		for _, child := range w.store.within(e.key + "/" + sh.children.name) {
			l.With += child.mark()
		}
	}
	if sh.parent {
		l.With += sh.of.kind.parent.unwrap(a.of(sh.of.kind.parent.record)).mark()
	}
	if sh.taste {
		l.Taste = a.of(headerType).(http.Header).Get("X-Taste")
	}
	if sh.selected {
		l.Language = a.of(selectedType).(restmachine.Selected).Language
	}
	return l
}

// beside are the types that entity needs beside the record.
func (sh *show) beside() (in types) {
	if sh.parent {
		in = append(in, sh.of.kind.parent.record)
	}
	if sh.taste {
		in = append(in, headerType)
	}
	if sh.selected {
		in = append(in, selectedType)
	}
	return in
}

// declareItem gives the path of one record its handlers.
func (m *maker) declareItem(k *kind) {
	r := m.newResource(k.scope, k, k.item)
	r.key, r.slow = k.key, k.form == yesNo
	sh := m.drawShow(r, k)
	in, out := types{pathType}, types{sh.out}
	switch {
	case sh.loaded:
		in = types{k.record}
	case sh.edition:
		in = types{k.edition}
		m.readEdition(k)
	}
	in = append(in, sh.beside()...)
	if sh.reply != nil {
		out = types{sh.reply.typ}
	}
	if !sh.loaded {
		out = append(out, errorType)
	}
	m.handle(r, "GET", m.fn("shows one", in, out, func(a args) []any {
		e, err := sh.source(m.w, a)
		if err != nil {
			return []any{nil, err}
		}
		v := sh.entity(m.w, e, a)
		if sh.reply != nil {
			v = sh.reply.make(0, "", v)
		}
		return []any{v}
	}))
	if k.form == yesNo {
		m.isThere(r, k)
	}
	m.validators(sh)
	m.negotiation(sh)
	m.writers(sh)
	m.ownGate(r, k)
}

// source is the entry that a GET shows.
func (sh *show) source(w *world, a args) (entry, error) {
	k := sh.of.kind
	switch {
	case sh.loaded:
		return k.unwrap(a.of(k.record)), nil
	case sh.edition:
		return entryOf(a.of(k.edition)), nil
	}
	e, ok := w.store.get(k.key(a.param))
	if !ok {
		return e, restmachine.ErrNotFound
	}
	return e, nil
}

// readEdition registers a Dependency that reads a record.
func (m *maker) readEdition(k *kind) {
	c := m.fn("reads one "+k.name, types{pathType}, types{k.edition, errorType}, func(a args) []any {
		e, ok := m.w.store.get(k.key(a.param))
		if !ok {
			return []any{nil, restmachine.ErrNotFound}
		}
		return []any{k.wrapEdition(e), nil}
	})
	m.say(m.app, "Dependency", c)
	m.w.app.Dependency(c.fn)
}

// isThere registers a ResourceExists that returns a bool.
func (m *maker) isThere(r *resource, k *kind) {
	c := m.fn("whether it is there", types{pathType}, types{boolType}, func(a args) []any {
		_, ok := m.w.store.get(k.key(a.param))
		return []any{ok}
	})
	m.say(r.at, "ResourceExists", c)
	r.at.facts.ResourceExists(c.fn)
}

// negotiation gives a path media types, languages, charsets and codings.
func (m *maker) negotiation(sh *show) {
	r := sh.of
	if !sh.isStream() && !sh.isText() && m.odds(3) {
		for _, media := range []string{"application/json", "text/html"} {
			m.provides(sh, media)
		}
	}
	if sh.selected || m.odds(1) {
		m.say(r.at, "Languages", "en", "de")
		r.at.facts.Languages("en", "de")
	}
	if m.odds(1) {
		m.say(r.at, "Charsets", "utf-8", "iso-8859-1")
		r.at.facts.Charsets("utf-8", "iso-8859-1")
	}
	if m.odds(2) {
		m.say(r.at, "Encodings", "gzip")
		r.at.facts.Encodings("gzip")
	}
	if sh.taste {
		r.variance = true
		c := m.fn("", nil, types{reflect.TypeFor[[]string]()}, func(args) []any { return []any{[]string{"X-Taste"}} })
		m.say(r.at, "Variances", c)
		r.at.facts.Variances(c.fn)
	}
}

// provides renders what the GET returns in a media type.
func (m *maker) provides(sh *show, media string) {
	c := m.fn("renders", types{sh.out}, types{stringType}, func(a args) []any {
		return []any{fmt.Sprintf("%q: %s", media, sh.said(a.of(sh.out)))}
	})
	m.say(sh.of.at, "Provides", media, c)
	sh.of.at.facts.Provides(media, c.fn)
}

// said is everything that a value shows, as text.
func (sh *show) said(v any) (text string) {
	k := sh.of.kind
	switch {
	case sh.list:
		list := reflect.ValueOf(v)
		for i := range list.Len() {
			e := k.unwrap(list.Index(i).Interface())
			text += e.mark() + e.text
		}
		return text
	case sh.isRecord():
		e := k.unwrap(v)
		return e.mark() + e.text
	}
	return fmt.Sprint(*looksOf(v))
}

func looksOf(v any) *looks { return v.(interface{ all() *looks }).all() }

func (sh *show) isText() bool   { return sh.out == textTypes[0] || sh.out == textTypes[1] }
func (sh *show) isStream() bool { return sh.out == textTypes[2] }
