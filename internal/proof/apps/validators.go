// This file gives paths their entity-tags and dates. All are honest: a tag takes
// everything that the content shows, and so does a date.

package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

var timeType = reflect.TypeFor[time.Time]()

// validators gives a path a tag and a date, or one of them, or none.
func (m *maker) validators(sh *show) {
	k := sh.of.kind
	var ways []func(*show)
	switch {
	case sh.taste: // what is not negotiated must be in the tag
		m.valueTag(sh)
	case sh.isStream():
		ways = append(ways, m.partsTag, m.storeTag)
	case sh.isText():
		ways = append(ways, m.partsTag, m.storeTag, m.hashTag)
	case sh.edition:
		ways = append(ways, m.editionTag, m.editionTag, m.valueTag, m.hashTag)
	default:
		ways = append(ways, m.valueTag, m.valueTag, m.valueTag, m.partsTag, m.storeTag, m.hashTag)
	}
	if sh.loaded && !sh.isRecord() && !sh.list && sh.children == nil && !sh.taste && !sh.parent {
		ways = append(ways, m.loadedTag, m.loadedTag)
	}
	if len(ways) > 0 && !m.odds(1) {
		one(m.rng, ways...)(sh)
	}
	if sh.isRecord() && !k.tagged && k.form != yesNo && m.odds(1) {
		m.valueTag(sh) // sometimes two, which is a fault
	}
	if m.odds(5) {
		m.dateOf(sh)
	}
}

// tag registers a GenerateETag, which is sometimes weak.
func (m *maker) tag(at *place, note string, in types, of func(a args) string) {
	weak := m.odds(2)
	if weak {
		note += ", weak"
	}
	c := m.fn(note, in, types{stringType}, func(a args) []any {
		tag := of(a)
		if weak {
			tag = restmachine.WeakETag(tag)
		}
		return []any{tag}
	})
	m.say(at, "GenerateETag", c)
	at.facts.GenerateETag(c.fn)
}

// plainTag makes marks a text that an entity-tag can be.
func plainTag(marks string) string {
	return strings.NewReplacer("~", "", "/", "-", ".", "-").Replace(marks)
}

// valueTag is a tag of what the GET returned, alone or beside something else.
func (m *maker) valueTag(sh *show) {
	k, at := sh.of.kind, sh.of.at
	in := types{sh.out}
	note := "of what is shown"
	beside := func(args) string { return "" }
	switch draw := m.rng.IntN(4); {
	case draw == 0 && sh.loaded && k.loadsParent:
		in, note = append(in, k.parent.record), note+" and of the parent"
		beside = func(a args) string { return k.parent.unwrap(a.of(k.parent.record)).mark() }
	case draw == 1:
		in, note = append(in, sessionType), note+" beside a Dependency"
		beside = func(a args) string { return fmt.Sprint("s", a.of(sessionType).(*session).rev) }
	case draw == 2:
		in = append(in, storeType)
	}
	if sh.isRecord() && k.form != yesNo && !k.tagged && len(in) == 1 && m.odds(7) {
		at, k.tagged = k.scope, true
	}
	sh.value = true
	m.tag(at, note, in, func(a args) string { return plainTag(sh.identity(a.of(sh.out)) + beside(a)) })
	if at == k.scope {
		sh.of.proves = k.ownTag
	}
}

// identity is what tells a value from all others.
func (sh *show) identity(v any) string {
	k := sh.of.kind
	switch {
	case sh.list:
		marks := "list"
		list := reflect.ValueOf(v)
		for i := range list.Len() {
			marks += k.unwrap(list.Index(i).Interface()).mark()
		}
		return marks
	case sh.isRecord():
		return k.unwrap(v).mark()
	}
	return looksOf(v).tagOf()
}

// ownTag is the tag of a record by the fact in the scope of its kind.
func (k *kind) ownTag(s *store, key string) []string {
	e, ok := k.find(s, key)
	if !ok {
		return nil
	}
	return []string{`"` + plainTag(e.mark()) + `"`}
}

// loadedTag is a tag of the loaded record, on a path that shows something made of it.
func (m *maker) loadedTag(sh *show) {
	k := sh.of.kind
	m.tag(sh.of.at, "of the loaded record", types{k.record}, func(a args) string { return plainTag(k.unwrap(a.of(k.record)).mark()) })
}

// editionTag is a tag of the Dependency that the GET takes.
func (m *maker) editionTag(sh *show) {
	k := sh.of.kind
	m.tag(sh.of.at, "of the Dependency", types{k.edition}, func(a args) string { return plainTag("ed" + entryOf(a.of(k.edition)).mark()) })
	sh.of.at.early = true
}

// partsTag is a tag that reads what the path shows from the store.
func (m *maker) partsTag(sh *show) {
	r := sh.of
	m.tag(r.at, "read from the store", types{pathType, storeType}, func(a args) string {
		version := sh.versionOf(a.of(storeType).(*store), r.key(a.param))
		if version == 0 {
			return "" // what is missing does not have a tag
		}
		return fmt.Sprint("v", version)
	})
	r.at.early = true
}

// storeTag is a tag of the whole store.
func (m *maker) storeTag(sh *show) { m.earlyTag(sh.of.at) }

// hashTag is the tag of AutoETag.
func (m *maker) hashTag(sh *show) {
	how, note := restmachine.Strong, "Strong"
	if m.odds(3) {
		how, note = restmachine.Weak, "Weak"
	}
	m.say(sh.of.at, "AutoETag", note)
	sh.of.at.facts.AutoETag(how)
}

// versionOf is the newest revision in what the path shows: what was deleted there counts. It is
// 0 for a record that is missing.
func (sh *show) versionOf(s *store, key string) int {
	if sh.list {
		return s.touched[key]
	}
	newest := s.kept[key].rev
	if newest == 0 {
		return 0
	}
	if sh.children != nil {
		newest = max(newest, s.touched[key+"/"+sh.children.name])
	}
	if sh.parent {
		newest = max(newest, s.kept[parentOf(key)].rev)
	}
	return newest
}

// dateOf registers a LastModified.
func (m *maker) dateOf(sh *show) {
	k, r := sh.of.kind, sh.of
	early := m.fn("read from the store", types{pathType, storeType}, types{timeType}, func(a args) []any {
		return []any{date(sh.versionOf(a.of(storeType).(*store), r.key(a.param)))}
	})
	c := early
	switch single := sh.children == nil && !sh.parent; {
	case sh.isRecord() && m.odds(7):
		c = m.fn("of the record", types{k.record}, types{timeType}, func(a args) []any { return []any{date(k.unwrap(a.of(k.record)).rev)} })
	case sh.loaded && single && !sh.list && m.odds(7):
		c = m.fn("of the loaded record", types{k.record}, types{timeType}, func(a args) []any { return []any{date(k.unwrap(a.of(k.record)).rev)} })
	}
	m.say(r.at, "LastModified", c)
	r.at.facts.LastModified(c.fn)
	r.dated = sh.versionOf
}
