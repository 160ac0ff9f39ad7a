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

// floors are the packages of the library from the ground up, with the other packages of
// the library that each one imports. Both are folders below the root. A package imports
// floors below its own alone. Tests may import more.
//
// What lies higher is not imported: it is handed in, or what both need moves into a
// package below both.
var floors = []map[string][]string{
	{ // the ground: it stands on nothing of ours
		"decision":                                       {},
		"restmachine/conditional":                        {},
		"restmachine/internal/byterange":                 {},
		"restmachine/internal/header":                    {},
		"restmachine/internal/doubt":                     {},
		"restmachine/internal/keylock":                   {},
		"restmachine/internal/mergepatch":                {},
		"restmachine/internal/negotiate":                 {},
		"restmachine/internal/pointer":                   {},
		"restmachine/internal/responsefield":             {},
		"restmachine/internal/route":                     {},
		"restmachine/internal/stream":                    {},
		"restmachine/internal/strictjson":                {},
		"restmachine/internal/textfield":                 {},
		"restmachine/internal/wire":                      {},
		"restmachine/internal/fastgen":                   {}, // a command
		"restmachine/restmachinetest/internal/signature": {},
		"restmachine/restmachinetest/internal/sse":       {},
	},
	{ // plain values
		"restmachine/internal/lockkey":                  {inner + "route"},
		"restmachine/internal/problem":                  {"decision", inner + "pointer"},
		"restmachine/restmachinetest/internal/contract": {inner + "pointer", inner + "responsefield"},
		"restmachine/internal/verdict":                  {"decision", inner + "byterange"},
		"restmachine/internal/request":                  {conditional, inner + "header", inner + "route"},
		"restmachine/internal/declare":                  {conditional, inner + "header", inner + "negotiate", inner + "responsefield", inner + "wire"},
		"restmachine/fast":                              {inner + "wire"},
		"restmachine/client":                            {conditional},
		"restmachine/store":                             {conditional},
		"decision/internal/drawgraph":                   {"decision"}, // a command
	},
	{ // what is made of them
		"restmachine/internal/validate": {inner + "pointer", inner + "problem", inner + "wire"},
	},
	{ // once, at start
		"restmachine/internal/plan": {
			conditional, inner + "declare", inner + "header", inner + "lockkey", inner + "negotiate", inner + "problem", inner + "route",
			inner + "stream", inner + "strictjson", inner + "textfield", inner + "validate", inner + "wire",
		},
		"restmachine/store/storetest": {conditional, "restmachine/store"},
	},
	{ // each request: values
		"restmachine/internal/exchange": {
			conditional, inner + "declare", inner + "doubt", inner + "keylock", inner + "plan", inner + "pointer", inner + "problem", inner + "request",
			inner + "strictjson", inner + "textfield", inner + "validate", inner + "wire",
		},
	},
	{ // each request: what is shown
		"restmachine/internal/represent": {
			conditional, inner + "declare", inner + "doubt", inner + "exchange", inner + "header", inner + "negotiate", inner + "plan", inner + "problem",
			inner + "stream", inner + "wire",
		},
	},
	{ // each request: what is decided, and what is sent. Neither knows the other.
		"restmachine/internal/walk": {
			"decision", conditional, inner + "byterange", inner + "declare", inner + "exchange", inner + "negotiate", inner + "plan",
			inner + "problem", inner + "represent", inner + "request", inner + "verdict",
		},
		"restmachine/internal/site": {
			conditional, inner + "exchange", inner + "negotiate", inner + "plan", inner + "represent",
		},
		"restmachine/internal/answer": {
			"decision", conditional, inner + "byterange", inner + "declare", inner + "exchange", inner + "header", inner + "negotiate",
			inner + "plan", inner + "problem", inner + "represent", inner + "request", inner + "stream", inner + "verdict", inner + "wire",
		},
	},
	{ // it joins them
		"restmachine/internal/machine": {
			"decision", inner + "answer", inner + "declare", inner + "doubt", inner + "exchange", inner + "plan", inner + "problem", inner + "represent",
			inner + "walk", inner + "wire",
		},
	},
	{ // the façade: it declares, and hands on
		"restmachine": {
			"decision", conditional, "restmachine/fast", inner + "declare", inner + "doubt", inner + "exchange", inner + "keylock", inner + "machine", inner + "mergepatch",
			inner + "plan", inner + "pointer", inner + "problem", inner + "represent", inner + "responsefield", inner + "route", inner + "site", inner + "stream", inner + "strictjson", inner + "validate", inner + "wire",
		},
	},
	{ // what users import beside it (see innerRooms)
		"restmachine/cors":     {"restmachine"},
		"restmachine/debugger": {"decision", "restmachine", inner + "negotiate"},
		"restmachine/openapi":  {"restmachine", "restmachine/fast"},
	},
	{ // what tests import
		"restmachine/restmachinetest": {
			"decision", "restmachine", conditional, "restmachine/openapi", "restmachine/restmachinetest/internal/contract",
			"restmachine/restmachinetest/internal/signature", "restmachine/restmachinetest/internal/sse",
		},
	},
	{ // commands and tests
		"restmachine/internal/harness": {"decision", "restmachine", "restmachine/fast", "restmachine/restmachinetest"},
		"internal/policy":              {},
		"internal/release":             {},
		"internal/proof/fuzz":          {},
		"internal/proof/mistakes":      {},
		"internal/proof/mutate":        {},
		"internal/proof/apps":          {"restmachine", "restmachine/restmachinetest"},
		"internal/proof/soak":          {"restmachine", "restmachine/restmachinetest"},
		"internal/proof/twin":          {"restmachine", "restmachine/restmachinetest"},
		"internal/proof/trip/way":      {},
	},
	{
		"internal/proof/trip":         {"internal/proof/trip/way"},
		"internal/proof/trip/journey": {"internal/proof/trip/way", "restmachine"},
	},
}

const (
	inner       = "restmachine/internal/"
	conditional = "restmachine/conditional"
)

// TestImports: each import between packages of ours is in the table, leads down, and each
// row and entry of the table is in use.
func TestImports(t *testing.T) {
	found := importsOfOurs(t)
	floorOf := map[string]int{}
	rows := map[string][]string{}
	for n, floor := range floors {
		for dir, row := range floor {
			floorOf[dir], rows[dir] = n, row
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
			if floorOf[ours] >= floorOf[dir] {
				t.Errorf("%s stands on floor %d, and %s on floor %d: imports go down", dir, floorOf[dir], ours, floorOf[ours])
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(found)) {
		row, exists := rows[dir]
		if !exists {
			t.Errorf("package %s has no row; write one into floors", dir)
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
// import. They are to find another way, but for fast: it tells wire what the compiler knows.
var innerRooms = []string{"restmachine/debugger restmachine/internal/negotiate", "restmachine/fast restmachine/internal/wire"}

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
			theirOwn := !f.InLibrary && strings.HasPrefix(f.Name, first+"/") || strings.HasPrefix(ours, f.Dir+"/internal/")
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
