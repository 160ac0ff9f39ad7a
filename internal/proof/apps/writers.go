// This file gives paths the handlers of their unsafe methods. Each writes over the very
// revision that it was given, as a store with versions does, or returns ErrStale.

package main

import (
	"fmt"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A writer is one such handler.
type writer struct {
	sh      *show
	method  string
	creates bool         // it takes the Optional of the record
	result  reflect.Type // of the entity; nil: nothing
	reply   *replies
	status  int // of the Reply; 0: what the graph says
}

// writers gives the path of one record its unsafe methods.
func (m *maker) writers(sh *show) {
	r := sh.of
	for _, method := range []string{"PUT", "PATCH", "DELETE", "POST", "PURGE"} {
		if m.odds(map[string]int{"PUT": 8, "PATCH": 5, "DELETE": 6, "POST": 2, "PURGE": 1}[method]) {
			m.write(sh, method)
		}
	}
	if m.odds(1) && r.kind.form != yesNo {
		k := r.kind
		m.handle(r, "QUERY", m.fn("answers a query", types{k.record}, types{stringType}, func(a args) []any {
			return []any{k.unwrap(a.of(k.record)).mark()}
		}))
	}
	if m.odds(2) && len(r.methods) > 1 {
		m.require(r)
	}
}

// require lets a path require preconditions: of all its writes but POST, or of one that it names.
func (m *maker) require(r *resource) {
	var writes []string
	for _, method := range r.methods {
		if method != "GET" && method != "QUERY" {
			writes = append(writes, method)
		}
	}
	if len(writes) > 0 && m.odds(5) {
		named := one(m.rng, writes...)
		m.say(r.at, "RequirePreconditions", named)
		r.at.facts.RequirePreconditions(named)
		r.at.required = []string{named}
		return
	}
	m.say(r.at, "RequirePreconditions")
	r.at.facts.RequirePreconditions()
	r.at.required = []string{"PUT", "PATCH", "DELETE", "PURGE"}
}

// write gives a path one unsafe method.
func (m *maker) write(sh *show, method string) {
	k := sh.of.kind
	wr := writer{sh: sh, method: method, creates: method == "PUT" && k.form != yesNo && m.odds(5)}
	if method != "DELETE" && method != "PURGE" {
		switch draw := m.rng.IntN(10); {
		case draw < 5 && (sh.isRecord() || sh.isView()):
			wr.result = sh.out
		case draw < 7:
			wr.result = k.record
		}
	}
	if wr.result != nil && m.odds(4) {
		of := one(m.rng, k.replies[wr.result], anyReply)
		wr.reply = &of
	}
	if wr.reply != nil && method == "POST" {
		wr.status = one(m.rng, 0, 200, 202)
	}
	in := wr.takes()
	c := m.fn("writes", in, wr.returns(), func(a args) []any { return wr.run(m.w, a) })
	m.handle(sh.of, method, c)
}

// takes are the parameters of the handler.
func (wr writer) takes() types {
	k := wr.sh.of.kind
	in := types{k.record}
	switch {
	case wr.creates:
		in = types{k.optional, pathType}
	case k.form == yesNo:
		in = types{pathType}
	}
	if wr.result == k.view {
		in = append(in, wr.sh.beside()...)
	}
	if wr.method != "DELETE" && wr.method != "PURGE" {
		in = append(in, bodyType)
	}
	return in
}

// returns are the results of the handler.
func (wr writer) returns() (out types) {
	if wr.reply != nil {
		out = append(out, wr.reply.typ)
	} else if wr.result != nil {
		out = append(out, wr.result)
	}
	return append(out, errorType)
}

// run is the handler.
func (wr writer) run(w *world, a args) []any {
	none := make([]any, len(wr.returns())-1)
	key, rev, ok := wr.given(w, a)
	if !ok {
		return append(none, restmachine.ErrNotFound)
	}
	w.interrupt()
	if wr.method == "DELETE" || wr.method == "PURGE" {
		if !w.store.erase(key, rev) {
			return append(none, restmachine.ErrStale)
		}
		return append(none, nil)
	}
	text := a.of(bodyType).(restmachine.Body[change]).Value.Text
	e, ok := w.store.write(key, text, rev)
	if !ok {
		return append(none, restmachine.ErrStale)
	}
	w.interrupt()
	if wr.result == nil {
		return []any{nil}
	}
	var v any
	if wr.result == wr.sh.out {
		v = wr.sh.entity(w, e, a)
	} else {
		v = wr.sh.of.kind.wrap(e)
	}
	if wr.reply != nil {
		status := wr.status
		if status == 0 && rev == 0 {
			status = 201
		}
		v = wr.reply.make(status, "", v)
	}
	return []any{v, nil}
}

// given is the record that the handler was given. A handler that is not given one reads it.
func (wr writer) given(w *world, a args) (key string, rev int, ok bool) {
	k := wr.sh.of.kind
	switch {
	case wr.creates:
		if v, ok := k.opened(a.of(k.optional)); ok {
			e := k.unwrap(v)
			return e.key, e.rev, true
		}
		return k.key(a.param), 0, true
	case k.form == yesNo:
		e, ok := w.store.get(k.key(a.param))
		return e.key, e.rev, ok
	}
	e := k.unwrap(a.of(k.record))
	return e.key, e.rev, true
}

// declareSub gives a path below one record a write that takes the record.
func (m *maker) declareSub(k *kind, below, method string) {
	r := m.newResource(k.scope, k, k.item+below)
	r.key = k.key
	r.proves = k.ownTag
	r.shows = func(s *store, key string) (string, bool) {
		e, ok := k.find(s, key)
		return e.mark(), ok
	}
	if !k.tagged {
		m.tag(r.at, "of the loaded record", types{k.record}, func(a args) string { return plainTag(k.unwrap(a.of(k.record)).mark()) })
	}
	in := types{k.record, pathType}
	c := m.fn("writes to the record", in, types{errorType}, func(a args) []any {
		e := k.unwrap(a.of(k.record))
		m.w.interrupt()
		if _, ok := m.w.store.write(e.key, fmt.Sprint(e.text, "+"), e.rev); !ok {
			return []any{restmachine.ErrStale}
		}
		return []any{nil}
	})
	m.handle(r, method, c)
	m.ownGate(r, k)
}
