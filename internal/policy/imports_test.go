// Who may import whom: a table of all imports between packages of ours, and which
// packages of others stay outside of which of ours.

package policy

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allowed says for each package of the library which others of the library it
// imports. Both are folders below the root. Tests may import more.
//
// Imports go down. Who needs what lies higher gets it handed in, or moves what both
// need into a package below both.
var allowed = map[string][]string{
	// The ground floor stands on nothing of ours.
	"decision":                        {},
	"restmachine/conditional":         {},
	"restmachine/internal/byterange":  {},
	"restmachine/internal/keylock":    {},
	"restmachine/internal/mergepatch": {},
	"restmachine/internal/negotiate":  {},
	"restmachine/internal/route":      {},
	"restmachine/internal/strictjson": {},
	"restmachine/internal/wire":       {},

	// The façade joins them.
	"restmachine": {
		"decision", "restmachine/conditional",
		"restmachine/internal/byterange", "restmachine/internal/keylock", "restmachine/internal/mergepatch",
		"restmachine/internal/negotiate", "restmachine/internal/route", "restmachine/internal/strictjson",
		"restmachine/internal/wire",
	},

	// What users import beside it knows the façade, the ground floor and each other,
	// and no inner room (see innerRooms).
	"restmachine/debugger":        {"decision", "restmachine", "restmachine/internal/negotiate"},
	"restmachine/restmachinetest": {"decision", "restmachine", "restmachine/conditional"},
	"restmachine/store":           {"restmachine/conditional"},
	"restmachine/store/storetest": {"restmachine/conditional", "restmachine/store"},

	// Commands and tests.
	"decision/internal/drawgraph":    {"decision"},
	"restmachine/internal/directgen": {},
	"internal/policy":                {},
	"internal/proof/fuzz":            {},
	"internal/proof/mutate":          {},
	"internal/proof/soak":            {"restmachine", "restmachine/restmachinetest"},
	"internal/proof/twin":            {"restmachine", "restmachine/restmachinetest"},
}

// planned are rows of packages that may not exist yet. One that does not exist is
// left out; one that exists is held to its row as those of allowed are.
var planned = map[string][]string{
	"restmachine/internal/declare": {
		"restmachine/conditional", "restmachine/internal/negotiate", "restmachine/internal/wire",
	},
	"restmachine/internal/plan": {
		"restmachine/conditional", "restmachine/internal/declare", "restmachine/internal/negotiate",
		"restmachine/internal/route", "restmachine/internal/wire",
	},
	"restmachine/internal/request": {
		"restmachine/conditional", "restmachine/internal/route",
	},
	"restmachine/internal/exchange": {
		"restmachine/conditional", "restmachine/internal/declare", "restmachine/internal/keylock",
		"restmachine/internal/plan", "restmachine/internal/request", "restmachine/internal/strictjson",
		"restmachine/internal/wire",
	},
	"restmachine/internal/represent": {
		"restmachine/conditional", "restmachine/internal/byterange", "restmachine/internal/declare",
		"restmachine/internal/exchange", "restmachine/internal/negotiate", "restmachine/internal/plan",
		"restmachine/internal/request",
	},
	"restmachine/internal/walk": {
		"decision", "restmachine/conditional", "restmachine/internal/byterange", "restmachine/internal/declare",
		"restmachine/internal/exchange", "restmachine/internal/negotiate", "restmachine/internal/plan",
		"restmachine/internal/represent", "restmachine/internal/request",
	},
	"restmachine/internal/answer": { // never walk: what was decided is handed in
		"decision", "restmachine/conditional", "restmachine/internal/byterange", "restmachine/internal/declare",
		"restmachine/internal/exchange", "restmachine/internal/negotiate", "restmachine/internal/plan",
		"restmachine/internal/represent", "restmachine/internal/request",
	},
	"restmachine/internal/machine": {
		"decision", "restmachine/conditional", "restmachine/internal/answer", "restmachine/internal/declare",
		"restmachine/internal/exchange", "restmachine/internal/plan", "restmachine/internal/represent",
		"restmachine/internal/request", "restmachine/internal/route", "restmachine/internal/walk",
		"restmachine/internal/wire",
	},
}

// TestImports: each import between packages of ours is in the table, and each row
// and entry of the table is in use.
func TestImports(t *testing.T) {
	found := importsOfOurs(t)
	rows := maps.Clone(allowed)
	for dir, row := range planned {
		if _, twice := allowed[dir]; twice {
			t.Errorf("%s is in allowed; take it out of planned", dir)
		}
		if _, exists := found[dir]; exists {
			rows[dir] = row
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(rows)) {
		imports, exists := found[dir]
		if !exists {
			t.Errorf("there is no package %s; take its row out", dir)
			continue
		}
		for _, ours := range rows[dir] {
			if imports[ours] == "" {
				t.Errorf("%s does not import %s; take it out of its row", dir, ours)
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(found)) {
		row, exists := rows[dir]
		if !exists {
			t.Errorf("package %s has no row; write one into allowed", dir)
			continue
		}
		for _, ours := range slices.Sorted(maps.Keys(found[dir])) {
			if !slices.Contains(row, ours) {
				t.Errorf("%s imports %s, which its row does not allow; move what it needs below both, or hand it in", found[dir][ours], ours)
			}
		}
	}
}

// importsOfOurs are the packages of the library that each package of the library
// imports, but in tests, each with the file that does so.
func importsOfOurs(t *testing.T) map[string]map[string]string {
	t.Helper()
	found := map[string]map[string]string{}
	for _, f := range GoFiles(t) {
		if !f.InLibrary || f.IsTest() {
			continue
		}
		if found[f.Dir] == nil {
			found[f.Dir] = map[string]string{}
		}
		for _, name := range f.Imports() {
			if ours, ok := strings.CutPrefix(name, Module+"/"); ok {
				found[f.Dir][ours] = f.Name
			}
		}
	}
	require.NotEmpty(t, found)
	return found
}

// innerRooms are the packages for users that import a package which users cannot
// import. They are to find another way.
var innerRooms = []string{"restmachine/debugger restmachine/internal/negotiate"}

// TestUsersKnowNoInnerRoom: what users can import beside the façade is built from
// what users can import, and so are the other modules.
func TestUsersKnowNoInnerRoom(t *testing.T) {
	var found []string
	for _, f := range GoFiles(t) {
		if f.InLibrary && (f.InInternal() || f.IsTest() || f.Dir == "restmachine") {
			continue
		}
		for _, name := range f.Imports() {
			ours, ok := strings.CutPrefix(name, Module+"/")
			first, _, _ := strings.Cut(ours, "/")
			theirOwn := !f.InLibrary && strings.HasPrefix(f.Name, first+"/")
			if ok && !theirOwn && slices.Contains(strings.Split(ours, "/"), "internal") {
				found = append(found, f.Dir+" "+ours)
			}
		}
	}
	slices.Sort(found)
	assert.Equal(t, innerRooms, slices.Compact(found), "what is above imports an inner room; use what the façade exports")
}

// onlyImporters are the files that may import a package of others: one each.
var onlyImporters = map[string]string{
	"github.com/julienschmidt/httprouter": "restmachine/internal/route/router.go",
}

func TestOneFileImportsTheRouter(t *testing.T) {
	importers := map[string][]string{}
	for _, f := range GoFiles(t) {
		for _, name := range f.Imports() {
			if f.InLibrary && onlyImporters[name] != "" {
				importers[name] = append(importers[name], f.Name)
			}
		}
	}
	for name, only := range onlyImporters {
		assert.Equal(t, []string{only}, importers[name], "ask package %s for what %s knows", path.Base(path.Dir(only)), name)
	}
}

func TestTheGraphKnowsNoHTTP(t *testing.T) {
	for _, f := range GoFiles(t) {
		if f.Dir == "decision" && !f.IsTest() {
			for _, name := range []string{"net/http", "reflect"} {
				assert.NotContains(t, f.Imports(), name, "%s: the graph knows numbers and labels; what it walks is a type parameter", f.Name)
			}
		}
	}
}
