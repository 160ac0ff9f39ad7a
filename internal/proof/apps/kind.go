// This file makes the kinds of records of an App: how they are loaded, and which paths
// speak of them.

package main

import (
	"fmt"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A kind is a sort of record: shelves, books in them, pages of these.
type kind struct {
	*family
	name        string
	form        form
	parent      *kind
	loadsParent bool   // its load takes the parent
	item        string // the path of one record
	scope       *place // where its paths are registered
	below       *place // where the paths of its children are registered
	gatedBelow  bool   // a gate there takes the record
	tagged      bool   // a tag that takes a T holds in its scope
	located     bool   // so does a Location
}

// key is the key of the record that a path speaks of.
func (k *kind) key(get func(string) string) string { return k.folder(get) + "/" + get(k.name) }

// folder is where the records are that a path speaks of.
func (k *kind) folder(get func(string) string) string {
	if k.parent == nil {
		return k.name
	}
	return k.parent.key(get) + "/" + k.name
}

// find returns a record, as it exists for a path that loads it.
func (k *kind) find(s *store, key string) (entry, bool) {
	if k.loadsParent {
		if _, ok := k.parent.find(s, parentOf(key)); !ok {
			return entry{}, false
		}
	}
	return s.get(key)
}

// parentOf is the key of the record that a record is in.
func parentOf(key string) string { return folder(folder(key)) }

// collection is the path of all records.
func (k *kind) collection() string { return folder(k.item) }

// newKind draws a kind. A child is loaded through its parent, or by itself.
func (m *maker) newKind() *kind {
	n := len(m.kinds)
	k := &kind{name: []string{"shelf", "book", "page"}[n], form: form(m.rng.IntN(int(forms)))}
	k.family = families[n](k.form)
	if n > 0 && m.odds(6) {
		k.parent = m.kinds[m.rng.IntN(n)]
	}
	if k.parent == nil {
		k.scope = m.app
		if m.odds(4) {
			k.scope = m.group(m.app, one(m.rng, "/", "/"+k.name+"-house"))
			m.settings(k.scope)
		}
		k.item = k.scope.prefix + "/" + k.name + "/{" + k.name + "}"
	} else {
		k.loadsParent = k.form != yesNo && k.parent.form != yesNo && m.odds(6)
		k.scope = k.parent.below
		k.item = k.parent.item + "/" + k.name + "/{" + k.name + "}"
	}
	k.below = k.scope
	if m.odds(4) {
		k.below = m.group(k.scope, strings.TrimPrefix(k.item, k.scope.prefix))
		m.settings(k.below)
	}
	if k.form != yesNo {
		m.load(k)
	}
	return k
}

// load registers the ResourceExists of a kind.
func (m *maker) load(k *kind) {
	in, out := types{pathType}, types{k.record}
	if k.loadsParent {
		in = append(in, k.parent.record)
	}
	if k.form == pair {
		out = append(out, boolType)
	}
	c := m.fn("reads one "+k.name, in, out, func(a args) []any {
		e, ok := m.w.store.get(k.key(a.param))
		if !ok {
			return nil
		}
		return []any{k.wrap(e), true}[:len(out)]
	})
	m.say(k.scope, "ResourceExists", c)
	k.scope.facts.ResourceExists(c.fn)
}

// declare gives the App the paths of a kind.
func (m *maker) declare(k *kind) {
	if k.below != k.scope && k.hasChildren(m.kinds) && m.odds(3) && !k.childrenStandAlone(m.kinds) && k.form != yesNo {
		k.gatedBelow = true
		m.typedGate(k.below, k)
	}
	m.declareItem(k)
	if m.odds(7) {
		m.declareCollection(k)
	}
	if k.form != yesNo && m.odds(4) {
		m.declareSub(k, "/tags/{tag}", one(m.rng, "PUT", "DELETE", "POST"))
	}
	if k.form != yesNo && m.odds(2) {
		m.declareSub(k, "/close", "POST")
	}
}

func (k *kind) hasChildren(all []*kind) bool {
	for _, child := range all {
		if child.parent == k {
			return true
		}
	}
	return false
}

// childrenStandAlone reports whether a record below is loaded without its parent.
func (k *kind) childrenStandAlone(all []*kind) bool {
	for _, child := range all {
		if child.parent == k && (!child.loadsParent || child.childrenStandAlone(all)) {
			return true
		}
	}
	return false
}

// declareCollection gives the path of all records its handlers.
func (m *maker) declareCollection(k *kind) {
	r := m.newResource(k.scope, k, k.collection())
	r.key = k.folder
	needsParent := k.loadsParent && (k.parent.gatedBelow && k.scope == k.parent.below || m.odds(5))
	r.shows = func(s *store, key string) (marks string, ok bool) {
		if needsParent {
			if _, ok := k.parent.find(s, folder(key)); !ok {
				return "", false
			}
		}
		for _, e := range s.within(key) {
			marks += e.mark()
		}
		return marks, true
	}
	sh := &show{of: r, out: k.list, list: true}
	in := types{pathType}
	if needsParent {
		in = append(in, k.parent.record)
	}
	c := m.fn("reads all of them", in, types{k.list}, func(a args) []any {
		return []any{k.wrapList(m.w.store.within(k.folder(a.param)))}
	})
	if m.odds(3) {
		c = m.replying(c, k.replies[k.list], in, func(a args) any { return k.wrapList(m.w.store.within(k.folder(a.param))) })
	}
	m.handle(r, "GET", c)
	m.validators(sh)
	m.negotiation(sh)
	if m.odds(7) {
		m.creator(r, k, in)
	}
	m.ownGate(r, k)
}

// replying is a GET that returns a *Reply[T].
func (m *maker) replying(_ callback, of replies, in types, entity func(a args) any) callback {
	if m.odds(4) {
		of = anyReply
	}
	return m.fn("in a Reply", in, types{of.typ}, func(a args) []any { return []any{of.make(0, "", entity(a))} })
}

// creator gives a collection a POST that creates.
func (m *maker) creator(r *resource, k *kind, in types) {
	in = append(in, bodyType)
	of := one(m.rng, k.replies[k.record], anyReply)
	says := m.odds(5) // where the record is
	c := m.fn("creates one", in, types{of.typ, errorType}, func(a args) []any {
		dir := k.folder(a.param)
		for id := 1; id <= 4; id++ {
			key := fmt.Sprintf("%s/%d", dir, id)
			text := a.of(bodyType).(restmachine.Body[change]).Value.Text
			if _, ok := m.w.store.get(key); ok {
				continue
			}
			e, ok := m.w.store.write(key, text, 0)
			if !ok {
				return []any{nil, restmachine.ErrStale}
			}
			m.w.interrupt()
			location := ""
			if says {
				location = k.uri(e.key)
			}
			return []any{of.make(201, location, k.wrap(e)), nil}
		}
		return []any{nil, &restmachine.Problem{Status: 409, Title: "full"}}
	})
	m.handle(r, "POST", c)
	if !says {
		m.locate(k)
	}
}

// locate gives a kind its Location fact.
func (m *maker) locate(k *kind) {
	if k.located {
		return
	}
	k.located = true
	c := m.fn("where it is", types{k.record}, types{stringType}, func(a args) []any {
		return []any{k.uri(k.unwrap(a.of(k.record)).key)}
	})
	m.say(k.scope, "Location", c)
	k.scope.facts.Location(c.fn)
}

// uri is the path of the record with a key.
func (k *kind) uri(key string) string {
	names := strings.Split(key, "/")
	uri := k.item
	for i := 0; i+1 < len(names); i += 2 {
		uri = strings.Replace(uri, "{"+names[i]+"}", names[i+1], 1)
	}
	return uri
}
