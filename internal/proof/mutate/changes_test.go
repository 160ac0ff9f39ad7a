package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// code is a tree of one file, in the folder decision.
func code(t *testing.T, text string) *tree {
	t.Helper()
	s := &tree{set: newSet()}
	require.NoError(t, s.add("decision/code.go", "package decision\n"+text))
	return s
}

// changed is what a change makes of text.
func changed(t *testing.T, text, in string, c change) (string, error) {
	t.Helper()
	s, err := mutation{"broken", in, c}.make(code(t, text))
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(s.text, "package decision\n"), nil
}

func TestChanges(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		change change
		before string
		after  string
	}{
		"where a yes leads": {"table[A1]", yesTo("C1"), `var table = Graph{A1: {B1, 404, "?"}}`, `var table = Graph{A1: {C1, 404, "?"}}`},
		"where a no leads":  {"table[A1]", noTo("C1"), `var table = Graph{A1: {B1, 404, "?"}}`, `var table = Graph{A1: {B1, C1, "?"}}`},
		"the key of another package": {"table[A1]", noTo("C1"),
			`var table = Graph{p.B1: {B1, 500, "?"}, p.A1: {B1, 404, "?"}}`, `var table = Graph{p.B1: {B1, 500, "?"}, p.A1: {B1, C1, "?"}}`},

		"an argument":                   {"f", arg("call", 2, "false"), `func f() { x.Call(a, /* so */ true); y.calls() }`, `func f() { x.Call(a, /* so */ false); y.calls() }`},
		"an argument, by what it was":   {"f", arg("call", 1, "min($0, 0)"), `func f() { call(i) }`, `func f() { call(min(i, 0)) }`},
		"an argument, by parameters":    {"f", arg("call", 1, "$1.a($recv)"), `func (r T) f(a int) { do(func(b int) { call(0) }) }`, `func (r T) f(a int) { do(func(b int) { call(b.a(r)) }) }`},
		"an argument in an element":     {"table[A1]", arg("call", 1, "2"), `var table = T{A2: call(1), A1: call(1)}`, `var table = T{A2: call(1), A1: call(2)}`},
		"the name as it is spelled":     {"f", arg("call", 1, "2"), `func f() { call(1); Call(1) }`, `func f() { call(2); Call(1) }`},
		"a call":                        {"f", call("fill", "1, nil"), `func f() { a, b := x.fill(y) }`, `func f() { a, b := 1, nil }`},
		"a call, by its arguments":      {"f", call("after", "!$arg1.Before($arg2)"), `func f() bool { return after(x, y.z()) }`, `func f() bool { return !x.Before(y.z()) }`},
		"a call of the generic":         {"f", call("as", "v"), `func f() { as[int](x) }`, `func f() { v }`},
		"an operand":                    {"f", operand("reads", "true"), `func f() { _ = a && (x.reads() || b) }`, `func f() { _ = a && ((true) || b) }`},
		"an operand with a comparison":  {"f", operand("key", "false"), `func f() { _ = a || x.key != "" }`, `func f() { _ = a || (false) }`},
		"an operand with a negation":    {"f", operand("key", "false"), `func f() { _ = a || !is(x.key) }`, `func f() { _ = a || (false) }`},
		"an operand with a literal":     {"f", operand(`"Range"`, "false"), `func f() { _ = a || h["Range"] > 0 || h["Ranges"] > 0 }`, `func f() { _ = a || (false) || h["Ranges"] > 0 }`},
		"an operand in parentheses":     {"f", operand("b", "c"), `func f() { _ = a || (b) }`, `func f() { _ = a || ((c)) }`},
		"an operand named twice in it":  {"f", operand("b", "c"), `func f() { _ = a || b > b }`, `func f() { _ = a || (c) }`},
		"a condition of an if":          {"f", operand("ok", "!($0)"), `func f() { if x := 1; ok(x) { return ok } }`, `func f() { if x := 1; (!(ok(x))) { return ok } }`},
		"a condition of a for":          {"f", operand("ok", "false"), `func f() { for ok() { } }`, `func f() { for (false) { } }`},
		"a condition of a case":         {"f", operand("ok", "$0 && $1"), "func f(a bool) { switch {\ncase ok:\n} }", "func f(a bool) { switch {\ncase (ok && a):\n} }"},
		"an operand that is a param":    {"f", operand("$2", "true"), `func f(a, b bool) { _ = a || b }`, `func f(a, b bool) { _ = a || (true) }`},
		"an operand beside one":         {"f", alike("one", "two"), `func f() { _ = a && k(x) != p.one }`, `func f() { _ = a && (k(x) != p.one && k(x) != p.two) }`},
		"one operand only":              {"f", only("b"), `func f() { _ = !v && (a || x.b || c) }`, `func f() { _ = !v && (x.b) }`},
		"one operand only, of the rest": {"f", only("c"), `func f() { _ = a || x.b && c }`, `func f() { _ = a || c }`},
		"a name":                        {"f", swap("strong", "weak"), `func f() { p.Strong(x) }`, `func f() { p.Weak(x) }`},
		"an operand beside an exported": {"f", alike("one", "two"), `func f() { _ = a || p.One }`, `func f() { _ = a || (p.One && p.Two) }`},
		"a literal":                     {"f", swap("400", "600"), `func f() { _ = a > 400 }`, `func f() { _ = a > 600 }`},
		"an operator":                   {"f", operator(">", ">="), `func f() { _ = a > b && b < c }`, `func f() { _ = a >= b && b < c }`},
		"results": {"f", result(2, "cut($0)"), "func f() { if a { return 1, 2 }\nreturn func() int { return 3 }, 4 }",
			"func f() { if a { return 1, cut(2) }\nreturn func() int { return 3 }, cut(4) }"},
		"a beginning": {"T.f", first("$recv = $2"), "func (x *T) f(a, b int) {}\nfunc (x *U) f() {}", "func (x *T) f(a, b int) {\nx = b\n}\nfunc (x *U) f() {}"},
		"a statement": {"f", before("handle", "$recv.free()"), "func (x T) f() { if a {\ny := x.handle()\n} }", "func (x T) f() { if a {\nx.free()\ny := x.handle()\n} }"},
		"a branch of an if": {"f", branch("unescape", swap("raw", "full")),
			"func f() { if a := unescape(raw); a == raw { x = raw } }", "func f() { if a := unescape(raw); a == raw { x = full } }"},
		"a branch of a case": {"f", branch("put", result(1, "2")),
			"func f() { switch {\ncase a:\nreturn 1\ncase b && put:\nreturn 1\n}\nreturn 1 }", "func f() { switch {\ncase a:\nreturn 1\ncase b && put:\nreturn 2\n}\nreturn 1 }"},
	} {
		t.Run(name, func(t *testing.T) {
			after, err := changed(t, c.before, c.in, c.change)
			require.NoError(t, err)
			assert.Equal(t, c.after, after)
		})
	}
}

func TestChangesThatCannotBeMade(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		change change
		before string
		fault  string
	}{
		"no row":               {"v", yesTo("C1"), `var v = f()`, "it is not a row of the graph"},
		"no call":              {"f", arg("call", 1, "2"), `func f() { _ = call }`, "the call of call is there 0 times, and must be there once"},
		"two calls":            {"f", arg("call", 1, "2"), `func f() { call(1); x.call(1) }`, "the call of call is there 2 times, and must be there once"},
		"too few arguments":    {"f", arg("call", 2, "2"), `func f() { call(1) }`, "call is called with 1 arguments"},
		"no such argument":     {"f", call("call", "$arg2"), `func f() { call(1) }`, "$arg2 cannot be named there"},
		"no operand":           {"f", operand("a", "2"), `func f() { _ = a }`, "the operand with a is there 0 times"},
		"an operand of a case": {"f", operand("a", "2"), "func f() { switch x {\ncase a:\n} }", "the operand with a is there 0 times"},
		"two operands":         {"f", operand("a", "2"), `func f() { _ = a || b || !a }`, "the operand with a is there 2 times"},
		"no operand beside":    {"f", only("a"), `func f() { if a {} }`, "the operand with a is alone"},
		"two names":            {"f", swap("A", "b"), `func f() { a(a) }`, "the name A is there 2 times"},
		"two operators":        {"f", operator(">", ">="), `func f() { _ = a > b || b > a }`, "the operator > is there 2 times"},
		"no return":            {"f", result(1, "2"), `func f() { _ = func() int { return 1 } }`, "it does not return"},
		"too few results":      {"f", result(2, "2"), `func f() { return 1 }`, "1 results are returned"},
		"no function":          {"v", first("x()"), `var v = 1`, "it is not a function"},
		"no statement":         {"f", before("handle", "x()"), `func f() { go func() {}() }`, "the statement with handle is there 0 times"},
		"no branch":            {"f", branch("a", swap("b", "c")), `func f() { if b { a() } }`, "the branch of a is there 0 times"},
		"not in the branch":    {"f", branch("a", swap("c", "d")), `func f() { if a { b() }; c() }`, "the name c is there 0 times"},
		"no receiver":          {"f", first("$recv.x()"), `func f() {}`, "$recv cannot be named there"},
		"no parameter":         {"f", first("$2.x()"), `func f(a int) {}`, "$2 cannot be named there"},
		"a blank parameter":    {"f", first("$1.x(); $2.x()"), `func f(_, b int) {}`, "$1 cannot be named there"},
		"no Go":                {"f", swap("a", "("), `func f() { a() }`, "expected"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := changed(t, c.before, c.in, c.change)
			require.ErrorContains(t, err, c.fault)
			assert.ErrorContains(t, err, "broken: in "+c.in+", which is in decision/code.go: ")
		})
	}
}

// What a change puts in is imported, and what it takes away is no longer.
func TestImportsFit(t *testing.T) {
	for name, c := range map[string]struct{ code, before, after string }{
		"more":  {"url.B()", "import \"net/http\"\nfunc f() { http.A(); a() }", "package decision; import \"net/url\"\nimport \"net/http\"\nfunc f() { http.A(); url.B() }"},
		"less":  {"b()", "import \"net/http\"\nfunc f() { a(http.A) }", "package decision\nimport _ \"net/http\"\nfunc f() { b() }"},
		"named": {"b()", "import h \"net/http\"\nfunc f() { a(h.A) }", "package decision\nimport _ \"net/http\"\nfunc f() { b() }"},
		"local": {"b.c()", "func f() { b := 1; a() }", "package decision\nfunc f() { b := 1; b.c() }"},
	} {
		t.Run(name, func(t *testing.T) {
			in := code(t, c.before)
			require.NoError(t, in.add("restmachine/other.go", "package other\nimport \"net/url\"\n"))
			s, err := mutation{"broken", "f", call("a", c.code)}.make(in)
			require.NoError(t, err)
			assert.Equal(t, c.after, s.text)
		})
	}
}
