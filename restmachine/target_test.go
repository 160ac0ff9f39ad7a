package restmachine

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/decision"
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
	aBarge   = func() *load { // its pilot may be missing
		l := newLoad()
		l.by.needs.maybe = []*load{aPilot}
		return l
	}()
	loadNames = map[*load]string{aHarbour: "harbour", aPilot: "pilot", aShip: "ship", aSailor: "sailor", aCrane: "crane", aBarge: "barge"}
)

func newLoad(from ...*load) *load {
	return &load{by: &bound{needs: needs{loads: from}}}
}

func names(loads ...*load) string {
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
		loaded       []*load
		want         string
	}{
		{"nothing", "the resource always exists", nil, ""},
		{"one", "it is the target", []*load{aShip}, "ship"},
		{"child and parent", "the one that no other is made from", []*load{aHarbour, aShip}, "ship"},
		{"in the other order", "the order does not count", []*load{aShip, aHarbour}, "ship"},
		{"three generations", "the last", []*load{aHarbour, aShip, aSailor}, "sailor"},
		{"a parent that may be missing", "is a parent all the same", []*load{aPilot, aBarge}, "barge"},
		{"two that know nothing of each other", "both", []*load{aShip, aHarbour, aCrane}, "ship crane"},
	} {
		if got := names(targetsOf(row.loaded)...); got != row.want {
			t.Errorf("%s: targets %q, want %q: %s", row.name, got, row.want, row.reason)
		}
	}
}

func ask(loads ...*load) needs {
	var n needs
	for _, l := range loads {
		n.add(l.behind())
		n.loads = union(n.loads, []*load{l})
	}
	return n
}

func perhaps(l *load, and needs) needs {
	n := and
	n.add(l.behind())
	n.maybe = union(n.maybe, []*load{l})
	return n
}

func TestAimOf(t *testing.T) {
	ship, both := []*load{aShip}, []*load{aShip, aCrane}
	for _, row := range []struct {
		name, reason string
		methods      string
		targets      []*load
		asks, gated  needs
		required     string
		target       string
		creates      string // the methods that create
		unclear      bool
	}{
		{"nothing loaded", "the resource exists", "GET HEAD POST PUT PATCH DELETE", nil, needs{}, needs{}, "", "", "POST PUT", false},
		{"asks for the target", "none creates what it asks for", "GET HEAD POST PUT PATCH DELETE", ship, ask(aShip), needs{}, "harbour ship", "ship", "", false},
		{"asks for nothing", "a missing target is 404, but for what creates", "GET HEAD POST PUT PATCH DELETE", ship, needs{}, needs{}, "harbour ship", "ship", "POST PUT", false},
		{"asks for the parent", "the target is another", "GET POST PUT PATCH DELETE", ship, ask(aHarbour), needs{}, "harbour ship", "ship", "POST PUT", false},
		{"asks for the Optional", "PATCH creates, too", "POST PUT PATCH DELETE", ship, perhaps(aShip, needs{}), needs{}, "harbour ship", "ship", "POST PUT PATCH", false},
		{"reads the Optional", "it says itself what it shows", "GET HEAD", ship, perhaps(aShip, needs{}), needs{}, "harbour", "ship", "", false},
		{"asks for both forms", "it is asked for", "GET PUT PATCH", ship, perhaps(aShip, ask(aShip)), needs{}, "harbour ship", "ship", "", false},
		{"a gate asks for another", "the target comes last where it may be created", "PUT", ship, needs{}, ask(aCrane), "crane harbour ship", "ship", "PUT", false},
		{"two targets, asks for one", "the other is not its business", "GET PUT DELETE", both, ask(aShip), needs{}, "harbour ship", "ship", "", false},
		{"two targets, asks for none", "which would a PUT create?", "PUT", both, needs{}, needs{}, "harbour ship crane", "crane", "", true},
		{"two targets, reads none", "both must be there", "GET", both, needs{}, needs{}, "harbour ship crane", "crane", "", false},
		{"two targets, one optional", "the one that may be missing is created", "PUT PATCH", both, perhaps(aShip, ask(aCrane)), needs{}, "crane harbour ship", "ship", "PUT PATCH", false},
		{"two targets, the other optional", "in either order", "PUT PATCH", both, perhaps(aCrane, ask(aShip)), needs{}, "harbour ship crane", "crane", "PUT PATCH", false},
		{"an optional parent", "it is not required", "GET PUT", []*load{aBarge}, ask(aBarge), needs{}, "barge", "barge", "", false},
	} {
		for method := range strings.FieldsSeq(row.methods) {
			got := aimOf(method, row.targets, row.asks, row.gated)
			if r := names(got.required...); r != row.required {
				t.Errorf("%s, %s: requires %q, want %q: %s", method, row.name, r, row.required, row.reason)
			}
			if g := names(got.target); g != row.target {
				t.Errorf("%s, %s: target %q, want %q: %s", method, row.name, g, row.target, row.reason)
			}
			if creates := slices.Contains(strings.Fields(row.creates), method); got.creates != creates {
				t.Errorf("%s, %s: creates %v: %s", method, row.name, got.creates, row.reason)
			}
			if got.unclear != row.unclear {
				t.Errorf("%s, %s: unclear %v: %s", method, row.name, got.unclear, row.reason)
			}
		}
	}
}

// Every kind has a name and a row in the table of facts, and every row of the
// graph an answer: what is missing would be silently off.
func TestTablesAreComplete(t *testing.T) {
	for k := range kinds {
		if kindSpecs[k].name == "" || kindSpecs[k].returns.fits == nil || kindSpecs[k].returns.words == "" {
			t.Errorf("kind %d has no row", k)
		}
		if _, ok := reflect.TypeFor[*Facts]().MethodByName(kindSpecs[k].name); !ok {
			t.Errorf("Facts has no method %s", kindSpecs[k].name)
		}
	}
	for _, r := range rows {
		if r.settle == nil {
			t.Errorf("row %v of the graph has no answer", r.id)
		}
	}
	said := 0
	for _, block := range rowBlocks {
		said += len(block)
	}
	if said != len(decision.HTTP) {
		t.Errorf("%d rows for a graph of %d", said, len(decision.HTTP))
	}
}
