package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file is the table of what a method does with the targets of its path.

// The loads of the table: a ship is made from a harbour, and may be from a
// pilot; a crane from nothing.
var (
	aHarbour = newLoad()
	aPilot   = newLoad()
	aShip    = newLoad(aHarbour)
	aSailor  = newLoad(aHarbour, aShip)
	aCrane   = newLoad()
	aBarge   = func() *Load { // its pilot may be missing
		l := newLoad()
		l.Callback.Needs.optional = []*Load{aPilot}
		return l
	}()
	loadNames = map[*Load]string{aHarbour: "harbour", aPilot: "pilot", aShip: "ship", aSailor: "sailor", aCrane: "crane", aBarge: "barge"}
)

func newLoad(from ...*Load) *Load {
	return &Load{Callback: &Callback{Needs: Needs{Required: from}}}
}

func names(loads ...*Load) string {
	var all []string
	for _, l := range loads {
		if l != nil {
			all = append(all, loadNames[l])
		}
	}
	return strings.Join(all, " ")
}

func TestTargetsOf(t *testing.T) {
	for _, row := range []struct {
		name, reason string
		loaded       []*Load
		want         string
	}{
		{"nothing", "the resource always exists", nil, ""},
		{"one", "it is the target", []*Load{aShip}, "ship"},
		{"child and parent", "the one that no other is made from", []*Load{aHarbour, aShip}, "ship"},
		{"in the other order", "the order does not count", []*Load{aShip, aHarbour}, "ship"},
		{"three generations", "the last", []*Load{aHarbour, aShip, aSailor}, "sailor"},
		{"a parent that may be missing", "is a parent all the same", []*Load{aPilot, aBarge}, "barge"},
		{"two that know nothing of each other", "both", []*Load{aShip, aHarbour, aCrane}, "ship crane"},
	} {
		if got := names(targetsOf(row.loaded)...); got != row.want {
			t.Errorf("%s: targets %q, want %q: %s", row.name, got, row.want, row.reason)
		}
	}
}

func ask(loads ...*Load) Needs {
	var n Needs
	for _, l := range loads {
		n.add(l.needs())
		n.Required = declare.Union(n.Required, []*Load{l})
	}
	return n
}

func perhaps(l *Load, and Needs) Needs {
	n := and
	n.add(l.needs())
	n.optional = declare.Union(n.optional, []*Load{l})
	return n
}

func TestTargetUseOf(t *testing.T) {
	ship, both := []*Load{aShip}, []*Load{aShip, aCrane}
	for _, row := range []struct {
		name, reason string
		methods      string
		targets      []*Load
		asks, gated  Needs
		required     string
		target       string
		creates      string // the methods that create
		unclear      bool
	}{
		{"nothing loaded", "the resource exists", "GET HEAD POST PUT PATCH DELETE", nil, Needs{}, Needs{}, "", "", "POST PUT", false},
		{"asks for the target", "none creates what it asks for", "GET HEAD POST PUT PATCH DELETE", ship, ask(aShip), Needs{}, "harbour ship", "ship", "", false},
		{"asks for nothing", "a missing target is 404, but for what creates", "GET HEAD POST PUT PATCH DELETE", ship, Needs{}, Needs{}, "harbour ship", "ship", "POST PUT", false},
		{"asks for the parent", "the target is another", "GET POST PUT PATCH DELETE", ship, ask(aHarbour), Needs{}, "harbour ship", "ship", "POST PUT", false},
		{"asks for the Optional", "PATCH creates, too", "POST PUT PATCH DELETE", ship, perhaps(aShip, Needs{}), Needs{}, "harbour ship", "ship", "POST PUT PATCH", false},
		{"reads the Optional", "it says itself what it shows", "GET HEAD", ship, perhaps(aShip, Needs{}), Needs{}, "harbour", "ship", "", false},
		{"asks for both forms", "it is asked for", "GET PUT PATCH", ship, perhaps(aShip, ask(aShip)), Needs{}, "harbour ship", "ship", "", false},
		{"a gate asks for another", "the target comes last where it may be created", "PUT", ship, Needs{}, ask(aCrane), "crane harbour ship", "ship", "PUT", false},
		{"two targets, asks for one", "the other is not its business", "GET PUT DELETE", both, ask(aShip), Needs{}, "harbour ship", "ship", "", false},
		{"two targets, asks for none", "which would a PUT create?", "PUT", both, Needs{}, Needs{}, "harbour ship crane", "crane", "", true},
		{"two targets, reads none", "both must be there", "GET", both, Needs{}, Needs{}, "harbour ship crane", "crane", "", false},
		{"two targets, one optional", "the one that may be missing is created", "PUT PATCH", both, perhaps(aShip, ask(aCrane)), Needs{}, "crane harbour ship", "ship", "PUT PATCH", false},
		{"two targets, the other optional", "in either order", "PUT PATCH", both, perhaps(aCrane, ask(aShip)), Needs{}, "harbour ship crane", "crane", "PUT PATCH", false},
		{"an optional parent", "it is not required", "GET PUT", []*Load{aBarge}, ask(aBarge), Needs{}, "barge", "barge", "", false},
	} {
		for method := range strings.FieldsSeq(row.methods) {
			got := targetUseOf(method, isReading(method), row.targets, row.asks, row.gated)
			if r := names(got.Required...); r != row.required {
				t.Errorf("%s, %s: requires %q, want %q: %s", method, row.name, r, row.required, row.reason)
			}
			if g := names(got.Target); g != row.target {
				t.Errorf("%s, %s: target %q, want %q: %s", method, row.name, g, row.target, row.reason)
			}
			if creates := slices.Contains(strings.Fields(row.creates), method); got.Creates != creates {
				t.Errorf("%s, %s: creates %v: %s", method, row.name, got.Creates, row.reason)
			}
			if got.ambiguous != row.unclear {
				t.Errorf("%s, %s: unclear %v: %s", method, row.name, got.ambiguous, row.reason)
			}
		}
	}
}
