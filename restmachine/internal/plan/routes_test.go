package plan

import (
	"net/http"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file is about Resources that share a plan, and those that do not.

type aValue struct{}

func show() *aValue        { return nil }
func showOther() *aValue   { return nil }
func put()                 {}
func (aValue) get() string { return "" }

func generic[T any]() *T { return nil }

// TestAlikeResourcesShareAPlan: Resources that one line registers with the same functions have
// one plan, and each its own Address.
func TestAlikeResourcesShareAPlan(t *testing.T) {
	app := declare.New(words.Types)
	for _, path := range []string{"/a/{id}", "/b/{id}", "/c/d/{id}"} {
		r := resource(app, path, http.MethodGet, show)
		r.Handler(http.MethodPut, put)
	}
	plans := compiled(t, app)
	if len(plans.Paths) != 1 || len(plans.Addresses) != 3 {
		t.Fatalf("%d plans for %d addresses, want 1 for 3", len(plans.Paths), len(plans.Addresses))
	}
	for i, want := range []string{"/a/{id}", "/b/{id}", "/c/d/{id}"} {
		at := plans.Addresses[i]
		if at.Plan != plans.Paths[0] || at.Route != want || at.RouteSeen != want || at.pattern.String() != want {
			t.Errorf("address %d is %s (%s, %s), want %s", i, at.Route, at.RouteSeen, at.pattern, want)
		}
	}
	if text := plans.Describe(); !strings.Contains(text, "/b/{id}\n") || !strings.Contains(text, "/c/d/{id}\n") {
		t.Errorf("Describe names one path alone:\n%s", text)
	}
}

// TestUnlikeResourcesHaveTheirOwnPlans: each row is a Resource that differs from the first.
func TestUnlikeResourcesHaveTheirOwnPlans(t *testing.T) {
	n := 0
	rows := map[string]func(app *declare.App, path string, first bool) declare.Ref{
		"another function": func(app *declare.App, path string, first bool) declare.Ref {
			get := show
			if !first {
				get = showOther
			}
			return resource(app, path, http.MethodGet, get)
		},
		"a closure": func(app *declare.App, path string, first bool) declare.Ref {
			return resource(app, path, http.MethodGet, func() *aValue { n++; return nil })
		},
		"a method value": func(app *declare.App, path string, first bool) declare.Ref {
			return resource(app, path, http.MethodGet, aValue{}.get)
		},
		"an instance of a generic function": func(app *declare.App, path string, first bool) declare.Ref {
			return resource(app, path, http.MethodGet, generic[aValue])
		},
		"another method": func(app *declare.App, path string, first bool) declare.Ref {
			method := http.MethodPut
			if !first {
				method = http.MethodDelete
			}
			return resource(app, path, method, put)
		},
		"another name of the parameter": func(app *declare.App, path string, first bool) declare.Ref {
			if !first {
				path = strings.Replace(path, "{id}", "{name}", 1)
			}
			return resource(app, path, http.MethodGet, show)
		},
		"a fact": func(app *declare.App, path string, first bool) declare.Ref {
			r := resource(app, path, http.MethodGet, show)
			if !first {
				r.Fact(declare.Forbidden, "", func() bool { return true })
			}
			return r
		},
		"a setting": func(app *declare.App, path string, first bool) declare.Ref {
			r := resource(app, path, http.MethodGet, show)
			if !first {
				r.MaxBody(1)
			}
			return r
		},
		"another Group": func(app *declare.App, path string, first bool) declare.Ref {
			g := app.Root
			if !first {
				g = app.Root.Group("/v1")
			}
			r := declare.Ref{Place: g.Resource(path), Scope: g}
			r.Handler(http.MethodGet, show)
			return r
		},
	}
	for name, register := range rows {
		app := declare.New(words.Types)
		for i, path := range []string{"/a/{id}", "/b/{id}"} {
			register(app, path, i == 0)
		}
		if got := len(compiled(t, app).Paths); got != 2 {
			t.Errorf("%s: %d plans, want 2", name, got)
		}
	}
}

// TestAlikeResourcesAreToldTheirOwnFaults: a fault of one is a fault of all.
func TestAlikeResourcesAreToldTheirOwnFaults(t *testing.T) {
	app := declare.New(words.Types)
	for _, path := range []string{"/a", "/b"} {
		resource(app, path, http.MethodGet, takesWhatNothingProvides)
	}
	_, err := Compile(app, words, Options{})
	if err == nil || !strings.Contains(err.Error(), "GET /a") || !strings.Contains(err.Error(), "GET /b") {
		t.Errorf("the faults do not name both paths: %v", err)
	}
}

func takesWhatNothingProvides(*aValue) {}
