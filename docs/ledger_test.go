// The ledger of requirements: the tests and the rows of the graph that it names
// as their proof must exist. (That other pages name no test that is gone is in
// links_test.go.)

package docs_test

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/internal/policy"
)

// proofs are the tests of the library by package and name: "conditional.TestList"
// for those of package conditional, "TestOracle" for those of package
// restmachine and of the root. Each has the cases that its file may have: the
// first words of all texts in it, and of all lines in the text files that it names.
func proofs(t *testing.T) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	for _, f := range policy.GoFiles(t) {
		if !f.IsTest() || !f.InLibrary {
			continue
		}
		cases := map[string]bool{}
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				first, _, _ := strings.Cut(text, " ")
				cases[first] = true
				if strings.HasPrefix(text, "testdata/") && path.Ext(text) == ".txt" {
					for line := range strings.Lines(policy.Read(t, path.Join(f.Dir, text))) {
						first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
						cases[first] = true
					}
				}
			}
			return true
		})
		for _, d := range f.Syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				name := fn.Name.Name
				if f.Dir != "." && f.Dir != "restmachine" {
					name = path.Base(f.Dir) + "." + name
				}
				all[name] = cases
			}
		}
	}
	return all
}

// ledgerRows are the rows of the tables of the ledger that have a column of
// tests: requirement, section, node, tests.
func ledgerRows(t *testing.T) (rows [][]string) {
	t.Helper()
	for line := range strings.Lines(policy.Read(t, "docs/internals/rfc9110.md")) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) == 4 && strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| requirement") {
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		}
	}
	require.NotEmpty(t, rows)
	return rows
}

var section = regexp.MustCompile(`^(RFC \d+, )?\d+(\.\d+)*$`)

func TestLedger(t *testing.T) {
	all := proofs(t)
	left := map[string]bool{}
	for id := range decision.HTTP.All() {
		left[id.String()] = true
	}
	for _, row := range ledgerRows(t) {
		requirement, nodes, tests := row[0], row[2], row[3]
		assert.Regexp(t, section, row[1], "%s: no section", requirement)
		for node := range strings.FieldsSeq(nodes) {
			var id decision.ID
			if node == "—" {
				continue
			}
			assert.NoError(t, id.UnmarshalText([]byte(node)), requirement)
			assert.NotEmpty(t, decision.HTTP[id], "%s: %s is not a row of the graph", requirement, node)
			delete(left, node)
		}
		for test := range strings.SplitSeq(tests, "; ") {
			name, cases, _ := strings.Cut(test, ":")
			assert.NotNil(t, all[name], "%s: there is no %s", requirement, name)
			for c := range strings.FieldsSeq(cases) {
				assert.True(t, all[name][c], "%s: there is no case %s of %s", requirement, c, name)
			}
		}
	}
	assert.Empty(t, left, "rows of the graph that are missing in docs/internals/rfc9110.md; say which requirement each of them decides")
}
