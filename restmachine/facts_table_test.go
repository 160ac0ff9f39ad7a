package restmachine

import (
	"reflect"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// Every kind of fact has a method: one without would be silently off.
func TestEveryKindHasAMethod(t *testing.T) {
	for k := range declare.Kinds {
		if _, ok := reflect.TypeFor[*Facts]().MethodByName(k.String()); !ok {
			t.Errorf("Facts has no method %s", k)
		}
	}
}

// The public strengths are those that a plan knows.
func TestStrengths(t *testing.T) {
	if off != Strength(declare.NoTags) || Strong != Strength(declare.StrongTags) || Weak != Strength(declare.WeakTags) {
		t.Error("the numbers differ")
	}
}
