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

// whyNot says what a fact that holds nowhere would need.
func (c *compiler) whyNot(f *declare.Fact) string {
	takes := typeNames(c.Supply.resources(f.Func.In))
	if nearer := c.standIn(f); nearer != nil {
		return ", because the nearer " + nearer.String() + " on " + nearer.Place.String() + " stands in for it wherever it could; remove one of them"
	}
	switch {
	case f.Loads() != nil:
		return ", because no handler below " + f.Place.String() + " needs " + f.Loads().String() + "; take it in one, or remove the fact"
	case f.Kind == declare.Location && c.subject(f) != nil:
		return ", because no GET below " + f.Place.String() + " returns " + c.subject(f).String() + ", and no 201 carries one; return restmachine.Created(\"\", value) there, or remove the fact"
	case f.Kind.Family() == declare.Describing && c.subject(f) != nil:
		return ", because no GET below " + f.Place.String() + " returns " + c.subject(f).String() + "; return it, or give the fact to a Resource"
	case takes != "":
		return ", because no path below " + f.Place.String() + " loads " + takes + "; give the fact to a Group or Resource, which then loads it"
	}
	return c.beside(f.Place) + "; register paths through " + f.Place.String() + ", or remove the fact"
}

// beside names a path that lies below the prefix of a Group, and was not registered through it.
// No fact of the Group holds there.
func (c *compiler) beside(group *declare.Place) string {
	if slices.ContainsFunc(c.app.Places, func(p *declare.Place) bool { return p.Level == declare.OnResource && p.IsBelow(group) }) {
		return ""
	}
	for _, p := range c.app.Places {
		if group.Level == declare.OnGroup && p.Level == declare.OnResource && strings.HasPrefix(p.Path+"/", group.Path+"/") && !p.IsBelow(group) {
			return ", since no path is registered through " + group.String() + ": " + p.Path + " (" + p.Site + ") lies below it and is registered through " + p.Parent.String()
		}
	}
	return ""
}

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

// provide is what to do about a type where nothing else is known.
const provide = "add an OnStartup, Dependency or ResourceExists that returns it"

// remedy says what to do about a t that the callback needs which is being bound. A describing fact
// may have meant it for the value that it describes.
func (b *binder) remedy(t reflect.Type) string {
	usual, last := b.Supply.remedy(t), b.chain[len(b.chain)-1]
	if !strings.HasSuffix(usual, provide) || last.function.In[0] != t || !slices.ContainsFunc(describing, func(k declare.Kind) bool { return k.String() == last.what }) {
		return usual
	}
	isLocation := last.what == declare.Location.String()
	said := "no GET returns it either, so " + last.what + " describes nothing"
	if isLocation {
		said = "no GET returns it and no 201 carries it, so Location describes nothing"
	}
	for _, p := range b.app.Places {
		for _, h := range p.Handlers {
			returns, replies := b.Supply.vocabulary.Entity(h.Func.Returns())
			what := h.Method + " " + p.Path
			switch {
			case returns != t || h.Method != http.MethodPost:
			case !replies && isLocation:
				return said + "; " + what + " returns it, and answers 200: return restmachine.Created(uri, value) there, which says where it lives, and remove the fact"
			case last.what == declare.GenerateETag.String():
				return said + "; " + what + " returns it: return a Reply there that brings an ETag of its own, or let the GET of what was created return it"
			}
		}
	}
	return said + "; take what a GET returns or a ResourceExists loads; for any other value, add an OnStartup or Dependency that returns it"
}

// describing are the kinds of facts that describe a value.
var describing = []declare.Kind{declare.GenerateETag, declare.LastModified, declare.Expires, declare.CacheControl, declare.Location}

// remedy says what to do about t. Some types are asked for by habit, and nobody should
// provide them.
func (s *Supply) remedy(t reflect.Type) string {
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
