package main

import (
	"go/token"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func newSet() *token.FileSet { return token.NewFileSet() }

func town(t *testing.T) *tree {
	t.Helper()
	s := &tree{set: newSet()}
	for name, text := range map[string]string{
		"restmachine/a.go":               "package restmachine\nfunc run() {}\nfunc (x *exchange) walk() {}\nfunc (p path) walk() {}\nfunc Alone() {}\nfunc parse() {}\nfunc Parse() {}",
		"restmachine/internal/walk/b.go": "package walk\nfunc run() {}\nfunc (w *Walk[T]) Step() {}\nvar rows, others = table{p.A1: 1, p.B1: 2}, 3\nvar twice = table{A1: 1, B1: table{A1: 2}}\nconst Level = 1",
	} {
		require.NoError(t, s.add(name, text))
	}
	return s
}

func TestFind(t *testing.T) {
	s := town(t)
	for name, text := range map[string]string{
		"Alone":                               "func Alone() {}",
		"alone":                               "func Alone() {}", // an exported name is the same name
		"restmachine.run":                     "func run() {}",
		"walk.run":                            "func run() {}",
		"internal/walk.run":                   "func run() {}",
		"exchange.walk":                       "func (x *exchange) walk() {}",
		"Exchange.Walk":                       "func (x *exchange) walk() {}",
		"restmachine.path.walk":               "func (p path) walk() {}",
		"step":                                "func (w *Walk[T]) Step() {}",
		"walk.Walk.Step":                      "func (w *Walk[T]) Step() {}",
		"parse":                               "func parse() {}", // what is spelled exactly so comes first
		"Parse":                               "func Parse() {}",
		"rows[B1]":                            "2",
		"others":                              "rows, others = table{p.A1: 1, p.B1: 2}, 3",
		"restmachine.internal.walk.twice[B1]": "table{A1: 2}",
	} {
		p, err := s.find(name)
		require.NoError(t, err, name)
		assert.Equal(t, text, p.text(p.from, p.to), name)
	}
}

func TestFindFails(t *testing.T) {
	s := town(t)
	for name, fault := range map[string]string{
		"jump":          "jump is not found",
		"Level":         "Level is not found", // a constant has no inside
		"xwalk.run":     "xwalk.run is not found",
		"walk":          "walk is found 2 times: restmachine.exchange.walk, restmachine.path.walk",
		"run":           "run is found 2 times: restmachine.run, restmachine/internal/walk.run",
		"rows[C1]":      "the key C1 is there 0 times, and must be there once",
		"twice[A1]":     "the key A1 is there 2 times, and must be there once",
		"exchange.Run2": "exchange.Run2 is not found",
	} {
		_, err := s.find(name)
		assert.EqualError(t, err, fault)
	}
}

// The tree is that of the library, without its tests.
func TestReadTree(t *testing.T) {
	s, err := readTree("../../..")
	require.NoError(t, err)
	_, err = s.find("decision.Graph.Check")
	require.NoError(t, err)
	_, err = s.find("conditional.ParseDate")
	require.NoError(t, err)
	_, err = s.find("TestGraph")
	require.Error(t, err)
}

// A change that does not compile is told from one that does, and so is one that
// uses a name of another file.
func TestCompiler(t *testing.T) {
	s, err := readTree("../../..")
	require.NoError(t, err)
	c, err := newCompiler("../../..", s)
	require.NoError(t, err)
	for code, fault := range map[string]string{
		"return 0, false":            "cannot use 0",
		"return time.Time{}, isZero": "undefined: isZero",
		"unused := 1":                "declared and not used: unused",
		"return time.Time{}, IsZeroDate(time.Time{}) == ETag(``).IsWeak()": "",
	} {
		m, err := mutation{"broken", "conditional.ParseDate", first(code)}.make(s)
		require.NoError(t, err)
		if err := c.check(m); fault == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, fault)
		}
	}
}
