// This file gives places their gates. A gate refuses the requests whose field Deny holds
// its name, so the bookkeeper knows what no answer may let pass.

package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// newGate makes a gate of a place.
func (m *maker) newGate(at *place, status int) *gate {
	m.gates++
	g := &gate{fmt.Sprintf("gate%d", m.gates), status}
	at.gates = append(at.gates, g)
	return g
}

// refuses reports whether the gate refuses a request with these fields.
func (g *gate) refuses(h http.Header) bool {
	return slices.Contains(strings.Fields(h.Get("Deny")), g.name)
}

// plainGate gives a place a gate that does not take a record.
func (m *maker) plainGate(at *place) {
	kinds := []struct {
		name   string
		fact   func(restmachine.Func)
		status int
		pass   bool
	}{
		{"Authorized", at.facts.Authorized, 401, true},
		{"Forbidden", at.facts.Forbidden, 403, false},
		{"ServiceAvailable", at.facts.ServiceAvailable, 503, true},
		{"MalformedRequest", at.facts.MalformedRequest, 400, false},
		{"MethodAllowed", at.facts.MethodAllowed, 405, true},
	}
	kind := kinds[m.rng.IntN(len(kinds))]
	g := m.newGate(at, kind.status)
	c := m.fn(g.name, types{headerType}, types{boolType}, func(a args) []any {
		return []any{g.refuses(a.of(headerType).(http.Header)) != kind.pass}
	})
	m.say(at, kind.name, c)
	kind.fact(c.fn)
}

// typedGate gives a place a Forbidden that takes the record.
func (m *maker) typedGate(at *place, k *kind) {
	g := m.newGate(at, 403)
	c := m.fn(g.name, types{k.record, headerType}, types{boolType}, func(a args) []any {
		return []any{g.refuses(a.of(headerType).(http.Header))}
	})
	m.say(at, "Forbidden", c)
	at.facts.Forbidden(c.fn)
}

// ownGate sometimes gives a path gates of its own.
func (m *maker) ownGate(r *resource, k *kind) {
	if m.odds(2) {
		m.plainGate(r.at)
	}
	if m.odds(1) && k.form != yesNo && r.pattern == k.item {
		g := m.newGate(r.at, 403)
		c := m.fn(g.name, types{k.optional, headerType}, types{boolType}, func(a args) []any {
			return []any{g.refuses(a.of(headerType).(http.Header))}
		})
		m.say(r.at, "Forbidden", c)
		r.at.facts.Forbidden(c.fn)
	}
	if m.odds(1) && slices.Contains(r.methods, "PUT") {
		g := m.newGate(r.at, 409)
		c := m.fn(g.name, types{headerType}, types{boolType}, func(a args) []any {
			return []any{g.refuses(a.of(headerType).(http.Header))}
		})
		m.say(r.at, "IsConflict", c)
		r.at.facts.IsConflict(c.fn)
	}
}

// holding are all gates that hold on a path, from the App down.
func (r *resource) holding() (all []*gate) {
	for at := r.at; at != nil; at = at.parent {
		all = append(at.gates, all...)
	}
	return all
}

// early reports whether a tag that does not take a value may hold on a path.
func (r *resource) early() bool {
	for at := r.at; at != nil; at = at.parent {
		if at.early {
			return true
		}
	}
	return false
}
