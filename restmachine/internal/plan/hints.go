package plan

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file makes the texts of faults about providers. In comes a type that nothing provides:
// out comes which type may have been meant, and what to do. In comes which callback asks for
// which provider: out comes that chain, and a provider that needs itself.

// similar names the provided types that resemble t, "" where none does.
func (s *Supply) similar(t reflect.Type) string {
	var near []string
	add := func(other reflect.Type) {
		if other == nil || other == t || !declare.Resembles(other, t) {
			return
		}
		said := s.provider(other) + " provides " + other.String()
		if t.Kind() == reflect.Interface {
			said += " and could return it as " + t.String()
		}
		near = append(near, said)
	}
	for other := range s.Startups {
		add(other)
	}
	for other := range s.dependencies {
		add(other)
	}
	for other := range s.loaders {
		add(other)
	}
	if len(near) == 0 {
		return ""
	}
	slices.Sort(near)
	return "; " + strings.Join(near, "; ")
}

// missing is the fault that nothing provides t. places are those above the path that needs it;
// what its provider would ask for there is not known.
func (s *Supply) missing(t reflect.Type, remedy string, seen declare.Sighting, places []*declare.Place) declare.Fault {
	near := s.similar(t)
	switch {
	case near == "":
		near = "; "
	case t.Kind() == reflect.Interface:
		near += ": let it, or "
	default:
		near += ": take that, or "
	}
	f := declare.Fault{
		Text:  fmt.Sprintf("nothing provides %s%s%s", t, near, remedy),
		Cause: missing{t}, Label: neededBy, Depth: declare.Missing,
		Gaps: []declare.Gap{{Types: []reflect.Type{t}}},
	}
	if len(places) > 0 {
		f.Gaps = append(f.Gaps, declare.Gap{Places: places, Asks: true})
	}
	seen.From = append(seen.From, declare.Clue{Types: []reflect.Type{t}})
	f.Seen = []declare.Sighting{seen}
	return f
}

// remedy says what to do about t. Some types are asked for by habit, and nobody should
// provide them.
func (s *Supply) remedy(t reflect.Type) string {
	const provide = "add an OnStartup, Dependency or ResourceExists that returns it"
	switch {
	case t == reflect.TypeFor[http.ResponseWriter]():
		return "return what is to be sent, or mount an http.Handler beside the App"
	case t == s.vocabulary.Response:
		return "take it in a FinishRequest, since no other callback has the response"
	case t == s.vocabulary.Problem:
		return "take it in a RenderError, since no other callback has the problem"
	case t.Kind() == reflect.Pointer && s.vocabulary.Composite(t.Elem()) != nil:
		return "take " + t.Elem().String() + ", not a pointer to it"
	case reflect.PointerTo(t).Implements(s.vocabulary.Patch):
		return "take restmachine.Body[" + t.String() + "]"
	case rawKinds[t] != parsed:
		return provide + "; for the content of the request, take restmachine.Body[" + t.String() + "]"
	}
	if of := meant(t); of != "" {
		return "for " + of + "; or " + provide
	}
	return provide
}

// meant says from which part of the request somebody who asks for a bare t may want it filled;
// "" where t does not look so. Tags tell. A struct without tags, or a list, is content.
func meant(t reflect.Type) string {
	s, pointer := t, t.Kind() == reflect.Pointer
	if pointer {
		s = t.Elem()
	}
	take := func(part, generic string) string {
		return part + ", take restmachine." + generic + "[" + s.String() + "]"
	}
	switch {
	case hasTag(s, "path"):
		return take("the parameters of the path", "Path")
	case hasTag(s, "query"):
		return take("the query", "Query")
	case hasTag(s, "header"):
		return take("fields of the header", "Header")
	case hasTag(s, "cookie"):
		return take("cookies", "Cookie")
	case hasTag(s, "json"), !pointer && isPlainData(t):
		return take("the content of the request", "Body")
	}
	return ""
}

// hasTag reports whether a field of a struct has a tag.
func hasTag(t reflect.Type, tag string) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	return slices.ContainsFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool {
		_, has := f.Tag.Lookup(tag)
		return has
	})
}

// isPlainData reports whether values of t look like content: structs that show fields, lists
// and maps.
func isPlainData(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		return slices.ContainsFunc(reflect.VisibleFields(t), reflect.StructField.IsExported)
	case reflect.Slice, reflect.Map:
		return true
	}
	return false
}

// typeNames lists types by name.
func typeNames(types []reflect.Type) string {
	var names []string
	for _, t := range types {
		names = append(names, t.String())
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

// A chain is the callbacks that are being bound: each asks for what the next one provides.
type chain []link

// A link is a callback, and what it was registered as, such as "GET /posts".
type link struct {
	what     string
	function *wire.Func
}

// String is the link for messages: "GET /posts main.list (main.go:12)".
func (l link) String() string { return l.what + " " + l.function.String() }

// String is the chain for messages, the first caller first.
func (c chain) String() string {
	var all []string
	for _, l := range c {
		all = append(all, l.String())
	}
	return strings.Join(all, " -> ")
}

// closesCircle reports whether fn is on the chain already. That is a fault: it needs itself.
func (c chain) closesCircle(fs *declare.Faults, fn *wire.Func) bool {
	i := slices.IndexFunc(c, func(l link) bool { return l.function == fn })
	if i < 0 {
		return false
	}
	// A circle is one fault, wherever it was entered. So its text always begins with the same
	// function: in one file, the one on the lowest line.
	first := slices.MinFunc(c[i:], func(a, b link) int {
		return cmp.Or(cmp.Compare(len(a.function.Site), len(b.function.Site)), cmp.Compare(a.function.Site, b.function.Site), cmp.Compare(a.function.Name, b.function.Name))
	})
	at := slices.Index(c, first)
	circle := slices.Concat(c[at:], c[i:at], chain{first})
	var makes []string
	for _, l := range circle {
		makes = append(makes, l.function.Returns().String()+" by "+l.String())
	}
	fs.Add(first.function.Site, "circular providers: %s needs itself: %s; break the circle: let one of these take less, or take a type that needs none of them",
		first.function.Returns(), strings.Join(makes, " -> "))
	return true
}
