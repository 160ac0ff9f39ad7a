package plan

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// This file helps with a type that nothing provides. In comes the type. Out comes, for the
// text of the fault, which type may have been meant and what to do.

// similar names the provided types that resemble t, "" where none does.
func (s *Supply) similar(t reflect.Type) string {
	var near []string
	add := func(other reflect.Type) {
		if other == nil || other == t || !resembles(other, t) {
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

// resembles reports whether somebody who asked for t may have meant other.
func resembles(other, t reflect.Type) bool {
	return isPointerTo(other, t) || isPointerTo(t, other) ||
		bareName(other) == bareName(t) || t.Kind() == reflect.Interface && other.Implements(t)
}

func isPointerTo(p, t reflect.Type) bool { return p.Kind() == reflect.Pointer && p.Elem() == t }

// bareName is the name of a type without its package and pointers, in lower case.
func bareName(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return t.String()
	}
	return strings.ToLower(t.Name())
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
	return provide
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
