package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// This file carries a change over to a document with more members than the type has. Three JSON
// trees come in: the document as the server sent it, the value of the type before the change,
// and the value after it. The changed document goes out.

// A merge is one change that is carried over. err is the first place where it is not clear which
// element is which.
type merge struct{ err error }

// readTree returns a JSON text as maps, slices and scalars. Numbers stay as they are written.
func readTree(text []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&tree)
	return tree, err
}

// carry returns document with what differs between was and now.
func (m *merge) carry(at string, document, was, now any) any {
	switch now := now.(type) {
	case map[string]any:
		if d, w, ok := both[map[string]any](document, was); ok {
			return m.object(at, d, w, now)
		}
	case []any:
		if d, w, ok := both[[]any](document, was); ok {
			return m.array(at, d, w, now)
		}
	}
	if reflect.DeepEqual(was, now) {
		return document
	}
	return now
}

// both returns two trees of one kind.
func both[K any](document, was any) (d, w K, ok bool) {
	d, ok = document.(K)
	if ok {
		w, ok = was.(K)
	}
	return d, w, ok
}

// object carries members. Those that neither was nor now has are not known to the type: they stay.
func (m *merge) object(at string, document, was, now map[string]any) any {
	changed := make(map[string]any, len(document))
	for name, value := range document {
		changed[name] = value
	}
	for name := range was {
		if _, stays := now[name]; !stays {
			delete(changed, sentName(document, was, name))
		}
	}
	for name, value := range now {
		sent := sentName(document, was, name)
		before, known := was[name]
		shown, exists := document[sent]
		switch {
		case known && exists:
			changed[sent] = m.carry(at+"/"+name, shown, before, value)
		case !known || !reflect.DeepEqual(before, value):
			changed[sent] = value
		}
	}
	return changed
}

// sentName is the name under which the document has a member: a struct reads it in any case. A name
// that was has, too, is a member of its own: a map tells cases apart.
func sentName(document, was map[string]any, name string) string {
	if _, exact := document[name]; exact {
		return name
	}
	folded := name
	for sent := range document {
		if _, own := was[sent]; !own && strings.EqualFold(sent, name) && (folded == name || sent < folded) {
			folded = sent
		}
	}
	return folded
}

// array carries elements. An element that stays as it was, perhaps at another index, keeps its
// members that the type does not know. One that is changed keeps them where its index tells which
// one it was.
func (m *merge) array(at string, document, was, now []any) any {
	if reflect.DeepEqual(was, now) {
		return document
	}
	if len(document) != len(was) { // T reads and writes it in a way of its own
		if hides(document, nil) {
			m.refuse(at)
		}
		return now
	}
	p := m.place(at, document, was, now)
	hidden := 0 // elements with members that T does not know, and that are changed or gone
	for i, used := range p.used {
		if !used && hides(document[i], was[i]) {
			hidden++
		}
	}
	if hidden == 0 || p.open == 0 {
		return p.changed
	}
	if p.moved || len(now) < len(was) {
		m.refuse(at)
		return now
	}
	for i := range was {
		if p.used[i] {
			continue
		}
		if hides(document[i], was[i]) && !isSame(was[i], now[i], p.open == 1) {
			m.refuse(at)
		}
		p.changed[i] = m.carry(at+"/"+strconv.Itoa(i), document[i], was[i], now[i])
	}
	return p.changed
}

// A placement tells which elements are as they were.
type placement struct {
	changed []any
	used    []bool // by index of before: the element is still there
	open    int    // how many elements are new or changed
	moved   bool   // an element is at another index
}

// place finds each element of now in was, first at its own index.
func (m *merge) place(at string, document, was, now []any) placement {
	p := placement{changed: make([]any, len(now)), used: make([]bool, len(was))}
	found := make([]bool, len(now))
	if len(was) == len(now) {
		for i := range now {
			if reflect.DeepEqual(was[i], now[i]) {
				p.changed[i], p.used[i], found[i] = document[i], true, true
			}
		}
	}
	left := map[string][]int{} // indices in was, by text
	for i, value := range was {
		if !p.used[i] {
			text := textOf(value)
			left[text] = append(left[text], i)
		}
	}
	for i, value := range now {
		if found[i] {
			continue
		}
		text := textOf(value)
		indices := left[text]
		if len(indices) == 0 {
			p.changed[i] = value
			p.open++
			continue
		}
		from := indices[0]
		if last := indices[len(indices)-1]; len(was) > len(now) && !reflect.DeepEqual(document[from], document[last]) {
			m.refuse(at) // one of two that look the same is gone
		}
		p.changed[i], p.used[from] = document[from], true
		p.moved = p.moved || from != i
		left[text] = indices[1:]
	}
	return p
}

// textOf is a tree as JSON, the same for equal trees.
func textOf(tree any) string {
	text, _ := json.Marshal(tree) // a tree of JSON always can be written
	return string(text)
}

// hides reports whether a document has members that the type does not know.
func hides(document, was any) bool {
	switch d := document.(type) {
	case map[string]any:
		w, ok := was.(map[string]any)
		if !ok {
			return true
		}
		known := make(map[string]any, len(w))
		for name, value := range w {
			known[sentName(d, w, name)] = value
		}
		for name, value := range d {
			if before, ok := known[name]; !ok || hides(value, before) {
				return true
			}
		}
	case []any:
		w, _ := was.([]any)
		for i, value := range d {
			var before any
			if i < len(w) {
				before = w[i]
			}
			if hides(value, before) {
				return true
			}
		}
	}
	return false
}

// isSame reports whether an element that is changed is still the one at its index: it has a text or
// a number in common with it. Where the type knows only one of these, it must be the only element
// that is changed.
func isSame(was, now any, only bool) bool {
	before, after, ok := both[map[string]any](was, now)
	if !ok {
		return only
	}
	scalars := 0
	for name, value := range before {
		switch value.(type) {
		case string, json.Number:
			scalars++
			if after[name] == value {
				return true
			}
		}
	}
	return only && scalars < 2
}

func (m *merge) refuse(at string) {
	if m.err == nil {
		m.err = fmt.Errorf("%w: it is not clear which element of the array %q is which; let the type know all of their members", ErrWouldLose, at)
	}
}

// patchOf is the JSON Merge Patch (RFC 7396) that makes now of was.
func patchOf(was, now any) any {
	before, after, ok := both[map[string]any](was, now)
	if !ok {
		return now
	}
	patch := map[string]any{}
	for name := range before {
		if _, stays := after[name]; !stays {
			patch[name] = nil
		}
	}
	for name, value := range after {
		if former, there := before[name]; !there || !reflect.DeepEqual(former, value) {
			patch[name] = patchOf(former, value)
		}
	}
	return patch
}
