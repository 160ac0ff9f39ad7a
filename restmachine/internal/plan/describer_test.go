package plan

import (
	"net/http"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file is about describing facts that exclude one another.

type aView struct{}

// TestTwoDescribersOnOnePlace: of two facts on one place that describe the same, nobody could
// say which one holds. That is one fault, and not also that the second one does not hold.
func TestTwoDescribersOnOnePlace(t *testing.T) {
	ofView, another := func(*aView) string { return "" }, func(*aView) string { return "" }
	untyped := func() string { return "" }
	for _, row := range []struct {
		name          string
		first, second any
		fault         bool
	}{
		{"two of one type", ofView, another, true},
		{"two that do not take a value", untyped, func() string { return "" }, true},
		{"one of a type, and one that does not take a value", ofView, untyped, false},
	} {
		app := declare.New(words.Types)
		resource(app, "/view", http.MethodGet, func() *aView { return nil })
		resource(app, "/text", http.MethodGet, func() string { return "" })
		root := declare.Ref{Place: app.Root}
		root.Fact(declare.GenerateETag, "", row.first)
		root.Fact(declare.GenerateETag, "", row.second)
		_, err := Compile(app, words, Options{})
		if got := err != nil && strings.Contains(err.Error(), "are both given on the App; keep one"); got != row.fault {
			t.Errorf("%s: a fault is %v, want %v: %v", row.name, got, row.fault, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "restmachine: 1 wiring fault\n") {
			t.Errorf("%s: more than one fault: %v", row.name, err)
		}
	}
}
