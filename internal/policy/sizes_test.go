// How large files, functions and packages may be, and what lies at the root.

package policy

import (
	"go/ast"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	maxFileLines     = 400
	maxTestFileLines = 450
	maxFuncLines     = 50 // but those of tests, which have tables
	maxFiles         = 25 // of a package, but its tests
)

// tooLong are the functions that are longer than they may be, with their lines. A
// number may only go down; at maxFuncLines the row goes.
var tooLong = map[string]int{
	"decision/program.go Specialize":      52,
	"restmachine/debugger/live.go events": 56,
}

// tooMany are the packages that have more files than they may have. A number may
// only go down; at maxFiles the row goes.
var tooMany = map[string]int{}

func TestFilesAreShort(t *testing.T) {
	for _, f := range GoFiles(t) {
		limit := maxFileLines
		if f.IsTest() {
			limit = maxTestFileLines
		}
		assert.LessOrEqual(t, f.Line(f.Syntax.FileEnd)-1, limit, "%s is too long; split it where its subject changes", f.Name)
	}
}

func TestFunctionsAreShort(t *testing.T) {
	long := map[string]int{}
	for _, f := range GoFiles(t) {
		if f.IsTest() {
			continue
		}
		for _, d := range f.Syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if lines := f.Line(fn.End()) - f.Line(fn.Pos()) + 1; lines > maxFuncLines {
					long[f.Name+" "+fn.Name.Name] = lines
				}
			}
		}
	}
	checkDebt(t, tooLong, long, "is too long; name its steps")
}

func TestPackagesAreSmall(t *testing.T) {
	files, many := map[string]int{}, map[string]int{}
	for _, f := range GoFiles(t) {
		if !f.IsTest() {
			files[f.Dir]++
		}
	}
	for dir, n := range files {
		if n > maxFiles {
			many[dir] = n
		}
	}
	checkDebt(t, tooMany, many, "has too many files; give one of its jobs a package below it")
}

// checkDebt compares what is too large with what is known to be too large. A known
// number must not grow, and must be lowered when it shrinks.
func checkDebt(t *testing.T, known, found map[string]int, advice string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(found)) {
		assert.LessOrEqual(t, found[name], known[name], "%s %s", name, advice)
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		assert.GreaterOrEqual(t, found[name], known[name], "%s is smaller now; lower its number in this file, or take it out (0)", name)
	}
}

// TestTheRootHasOneTestFile: what a visitor sees first is the acceptance test.
func TestTheRootHasOneTestFile(t *testing.T) {
	var found []string
	for _, f := range GoFiles(t) {
		if f.Dir == "." {
			found = append(found, f.Name)
		}
	}
	assert.Equal(t, []string{"restmachine_test.go"}, found, "tests of the guide go to docs, those of the house to internal/policy, all others to the package that they test")
}
