// What is inserted, what is counted of it, and that the ways of today's sources are
// the same each time.

package main

import (
	"bytes"
	"testing"

	"github.com/restmachine/restmachine-go/internal/proof/trip/way"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInstrument(t *testing.T) {
	for _, row := range []struct{ name, before, after string }{
		{"a function",
			"package p\n\nfunc f() int { return 1 }\n",
			"package p; import trip_ \"" + recorder + "\"\n\nfunc f() int { trip_.Pass(\"p/x.go\", \"f\"); return 1 }\n"},
		{"a method of a generic type, and closures in it",
			"package p // why\n\nfunc (s *set[K, V]) each() {\n\tfunc() { func() {}() }()\n\t_ = func() {}\n}\n",
			"package p; import trip_ \"" + recorder + "\" // why\n\nfunc (s *set[K, V]) each() { trip_.Pass(\"p/x.go\", \"set.each\");\n" +
				"\tfunc() { trip_.Pass(\"p/x.go\", \"set.each.func1\"); func() { trip_.Pass(\"p/x.go\", \"set.each.func2\");}() }()\n" +
				"\t_ = func() { trip_.Pass(\"p/x.go\", \"set.each.func3\");}\n}\n"},
		{"a closure of a variable",
			"package p\n\nvar table = []func(){1: func() {}}\n",
			"package p; import trip_ \"" + recorder + "\"\n\nvar table = []func(){1: func() { trip_.Pass(\"p/x.go\", \"table.func1\");}}\n"},
		{"methods that only tell what is there, and one that asks",
			"package p\n\nfunc (s s) n() int { return s.i }\nfunc (s s) any() bool { return len(s.l) > 0 && s.b[1] != nil }\nfunc (s s) ask() int { return s.n() }\n",
			"package p; import trip_ \"" + recorder + "\"\n\nfunc (s s) n() int { return s.i }\nfunc (s s) any() bool { return len(s.l) > 0 && s.b[1] != nil }\nfunc (s s) ask() int { trip_.Pass(\"p/x.go\", \"s.ask\"); return s.n() }\n"},
		{"nothing to call", "package p\n\ntype t int\n\nfunc inAssembly()\n", "package p\n\ntype t int\n\nfunc inAssembly()\n"},
	} {
		got, err := instrument("p/x.go", []byte(row.before))
		require.NoError(t, err, row.name)
		assert.Equal(t, row.after, string(got), row.name)
	}

	_, err := instrument("p/x.go", []byte("package"))
	assert.ErrorContains(t, err, "p/x.go")
}

func TestCounts(t *testing.T) {
	steps := []way.Step{
		{File: "a/one.go", Function: "f"}, {File: "a/two.go", Function: "g"}, {File: "a/two.go", Function: "g"},
		{File: "b/one.go", Function: "f"}, {File: "a/one.go", Function: "f"},
	}
	assert.Equal(t, counts{calls: 5, functions: 3, files: 3, changesOfFile: 3, packages: 2, changesOfPackage: 2}, count(steps))
	assert.Zero(t, count(nil))

	var out bytes.Buffer
	printWay(&out, way.Way{Request: "GET", Steps: steps})
	assert.Equal(t, "GET\n  a/one.go: f\n  a/two.go: g, g\n  b/one.go: f\n  a/one.go: f\n\n", out.String())
}

func TestStepsAreRecordedWhileAWayIs(t *testing.T) {
	way.Pass("before.go", "f")
	got := way.Record(func() { way.Pass("a.go", "f"); way.Pass("b.go", "g") })
	way.Pass("after.go", "f")
	assert.Equal(t, []way.Step{{File: "a.go", Function: "f"}, {File: "b.go", Function: "g"}}, got)
	assert.Empty(t, way.Record(func() {}))
}

func TestTheWaysAreTheSameEachTime(t *testing.T) {
	if testing.Short() {
		t.Skip("short: it builds the module anew")
	}
	program, err := build(t.TempDir())
	require.NoError(t, err)
	first, err := travel(program)
	require.NoError(t, err)
	require.Len(t, first, 4)
	for _, w := range first {
		require.NotEmpty(t, w.Steps, w.Request)
		assert.Equal(t, "App.ServeHTTP", w.Steps[0].Function, w.Request)
		assert.Greater(t, count(w.Steps).packages, 1, w.Request)
	}
	again, err := travel(program)
	require.NoError(t, err)
	assert.Equal(t, first, again)
}
