package plan

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file compiles small Apps, to see what their paths share and what they do not.

type (
	aMethod  string
	aProblem struct{}
	aPatch   interface{ patches() }
)

// words are a Vocabulary with just enough to compile an App.
var words = &Vocabulary{
	Types:    declare.Types{Reply: func(t reflect.Type) (reflect.Type, bool) { return nil, false }, Problem: reflect.TypeFor[*aProblem]()},
	Response: reflect.TypeFor[*Response](),
	Patch:    reflect.TypeFor[aPatch](),
	Request: map[reflect.Type]Origin{
		reflect.TypeFor[*http.Request]():             FromRequest,
		reflect.TypeFor[context.Context]():           FromContext,
		reflect.TypeFor[http.Header]():               FromHeader,
		reflect.TypeFor[url.Values]():                FromQuery,
		reflect.TypeFor[route.Params]():              FromParams,
		reflect.TypeFor[aMethod]():                   FromMethod,
		reflect.TypeFor[Selected]():                  FromSelected,
		reflect.TypeFor[conditional.Preconditions](): FromPreconditions,
		reflect.TypeFor[*slog.Logger]():              FromLogger,
	},
	Composite: func(reflect.Type) *Composite { return nil },
}

// resource declares a path with one handler.
func resource(app *declare.App, path, method string, handler any) declare.Ref {
	r := declare.Ref{Place: app.Root.Resource(path), Scope: app.Root}
	r.Handler(method, handler)
	return r
}

func compiled(t *testing.T, app *declare.App) *Plans {
	t.Helper()
	plans, err := Compile(app, words, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plans
}

// TestContentIsPrivateByPath: a callback that may read the content concerns its own path,
// whichever path was registered first.
func TestContentIsPrivateByPath(t *testing.T) {
	open, closed := func(*http.Request) {}, func() {}
	for _, openFirst := range []bool{true, false} {
		app := declare.New(words.Types)
		if openFirst {
			resource(app, "/open", http.MethodPost, open)
		}
		resource(app, "/closed", http.MethodPost, closed)
		if !openFirst {
			resource(app, "/open", http.MethodPost, open)
		}
		for _, p := range compiled(t, app).Paths {
			if got, want := p.Method(http.MethodPost).PrivateContent, p.route == "/closed"; got != want {
				t.Errorf("open first %v: the content of %s is private: %v, want %v", openFirst, p.route, got, want)
			}
		}
	}
}

// TestMethodsAreNumbered: a program is found by the number of its method.
func TestMethodsAreNumbered(t *testing.T) {
	app := declare.New(words.Types)
	resource(app, "/a", http.MethodGet, func() {})
	resource(app, "/b", http.MethodPut, func() {})
	for i, m := range compiled(t, app).Methods {
		if m.Number != i {
			t.Errorf("method %s %s has the number %d, and is at %d", m.Name, m.route, m.Number, i)
		}
	}
}
