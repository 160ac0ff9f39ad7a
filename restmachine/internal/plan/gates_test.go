package plan

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file is about gates: what they share, and what they may take at the end of a request.

// TestNobodyWritesToNoGates: a gate of one path holds on no other, though paths without gates
// share theirs.
func TestNobodyWritesToNoGates(t *testing.T) {
	app := declare.New(words.Types)
	resource(app, "/free", http.MethodGet, func() {})
	resource(app, "/guarded", http.MethodGet, func() {}).Fact(declare.Forbidden, "", func() bool { return true })
	resource(app, "/free/too", http.MethodGet, func() {})
	for _, p := range compiled(t, app).Paths {
		if shares, guarded := p.Gates == noGates, p.route == "/guarded"; shares == guarded {
			t.Errorf("%s shares noGates: %v", p.route, shares)
		}
		if got, want := len(p.Gates[declare.Forbidden]) == 1, p.route == "/guarded"; got != want {
			t.Errorf("%s is guarded: %v, want %v", p.route, got, want)
		}
	}
	for k, gates := range noGates {
		if len(gates) > 0 {
			t.Errorf("noGates has a %s", declare.Kind(k))
		}
	}
}

// TestNeedsNothingMade: what every request brings is there when all that was made is undone.
func TestNeedsNothingMade(t *testing.T) {
	check := func(name string, finish any, want bool) {
		t.Helper()
		app := declare.New(words.Types)
		app.OnStartup(func() *aView { return nil })
		app.Dependency(func() int { return 0 })
		resource(app, "/", http.MethodGet, func() {}).Fact(declare.FinishRequest, "", finish)
		gate := compiled(t, app).Paths[0].Gates[declare.FinishRequest][0]
		if got := gate.NeedsNothingMade(); got != want {
			t.Errorf("a FinishRequest that takes %s needs nothing made: %v, want %v", name, got, want)
		}
	}
	for in := range words.Request {
		fn := reflect.MakeFunc(reflect.FuncOf([]reflect.Type{in}, nil, false), func([]reflect.Value) []reflect.Value { return nil })
		check(in.String(), fn.Interface(), true)
	}
	check("nothing", func() {}, true)
	check("the response", func(*Response) {}, true)
	check("a startup", func(*aView) {}, false)
	check("a Dependency", func(*Response, int) {}, false)
}
