// The tables of the guide that follow from the code: in docs/facts-table.md which row
// of the graph asks what, and in docs/statuses.md which rows lead to a status.
// `go test ./docs -run TestTable -update` writes the first; the second is written by
// hand, and compared.

package docs_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/internal/policy"
)

var update = flag.Bool("update", false, "write the tables of the guide")

// askedBy says what answers the rows that no fact names as its own. What is not
// here is told by the request alone.
var askedBy = map[string]string{
	"C3": "`Provides`", "C4": "`Provides`", "D4": "`Languages`", "D5": "`Languages`",
	"E5": "`Charsets`", "E6": "`Charsets`", "F6": "`Encodings`", "F7": "`Encodings`",
	"G5": "`Accepts`, `MaxBody`", "G6": "`LockKey`", "G7a": "`Forbidden` that takes the resource",
	"G7b": "the handler of the GET", "G7d": "`RequirePreconditions`", "P2": "`RequirePreconditions`",
	"G11": "`GenerateETag`, `AutoETag`", "K13": "`GenerateETag`, `AutoETag`",
	"L7": "the request: only a POST could create it", "M5": "the request: only a POST could create it",
	"H11": "`LastModified`", "H12": "`LastModified`", "L14": "`LastModified`", "L17": "`LastModified`",
	"J19": "`LastModified`, `WithPrecedence`", "H6": "`Forbidden` that takes its `Optional`",
	"I7": "does the handler take the target? its `Optional`?",
	"P4": "the handler of the PUT or PATCH", "O15": "the handler of the PUT or PATCH", "M20": "the handler of the DELETE",
	"N11": "the handler of the POST", "P11": "was it `Created`?", "O18": "the handler of the GET",
	"P12": "`Provides`", "O19": "`Provides`", "O20": "what the handler returned", "P20": "`GenerateETag`, `LastModified`",
}

// askedToo says what a row asks beside the fact that names it as its own.
var askedToo = map[string]string{
	"G7": "first `GenerateETag`, `LastModified`, `Expires`, `CacheControl` that do not take a value",
}

// factsOfRows are the facts of each row, by their comments: "(node B13)",
// "(nodes M7, N5)".
func factsOfRows(t *testing.T) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), policy.Path(t, "restmachine/facts.go"), nil, parser.ParseComments)
	require.NoError(t, err)
	all := map[string]string{}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		for _, remark := range between(fn.Doc.Text(), "(node", ")") {
			ids, _, _ := strings.Cut(strings.TrimPrefix(remark, "s"), ";")
			for _, id := range strings.Split(ids, ",") {
				all[strings.TrimSpace(id)] = "`" + fn.Name.Name + "`"
			}
		}
	}
	require.Greater(t, len(all), 15, "the comments of facts.go name the nodes that ask them")
	return all
}

// sectionsOfRows are the comments of the graph: the sections of each row.
func sectionsOfRows(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for line := range strings.Lines(policy.Read(t, "decision/table.go")) {
		if row, comment, ok := strings.Cut(strings.TrimSpace(line), "// "); ok && strings.Contains(row, "{") {
			id, _, _ := strings.Cut(row, ":")
			all[id] = comment
		}
	}
	return all
}

// sectionLinks makes links of a row's comment: "9.3.4; RFC 5789, 2" is two
// sections, and what is no section is left out.
func sectionLinks(comment string) string {
	var links []string
	rfc := "9110"
	for _, part := range strings.FieldsFunc(comment, func(r rune) bool { return r == ',' || r == ';' }) {
		part = strings.TrimSpace(part)
		other, named := strings.CutPrefix(part, "RFC ")
		part, _, _ = strings.Cut(part, " ") // "13.2.2 settles no"
		switch {
		case named:
			rfc = other
		case part != "" && !strings.ContainsFunc(part, func(r rune) bool { return r != '.' && !unicode.IsDigit(r) }):
			links = append(links, fmt.Sprintf("[RFC %s, %s](https://www.rfc-editor.org/rfc/rfc%s.html#section-%s)", rfc, part, rfc, part))
			rfc = "9110"
		}
	}
	return strings.Join(links, "; ")
}

func tableOfRows(t *testing.T) string {
	t.Helper()
	facts, sections := factsOfRows(t), sectionsOfRows(t)
	var b strings.Builder
	b.WriteString("| row | question? or act! | yes | no | who answers | section |\n|---|---|---|---|---|---|\n")
	for id, row := range decision.HTTP.All() {
		name := id.String()
		answers := facts[name]
		if by, ok := askedBy[name]; ok {
			require.Empty(t, answers, "%s is in askedBy, and in a comment of facts.go; take it out here", name)
			answers = by
		}
		if answers == "" {
			answers = "the request"
		}
		if too, ok := askedToo[name]; ok {
			answers += "; " + too
		}
		links := sectionLinks(sections[name])
		require.NotEmpty(t, links, "%s has no section in decision/table.go", name)
		fmt.Fprintf(&b, "| <a id=%q></a>[%s](graph.svg#n-%s) | %s | %s | %s | %s | %s |\n",
			name, name, name, row.Label, edge(row.Yes), edge(row.No), answers, links)
	}
	return b.String()
}

// edge is where an answer leads: a row of the same table, or a status.
func edge(to decision.ID) string {
	if to.IsStatus() {
		return fmt.Sprintf("**%v**", to)
	}
	return fmt.Sprintf("[%v](#%v)", to, to)
}

const beginTable, endTable = "<!-- written by a test -->\n", "<!-- end -->\n"

func TestTableOfFacts(t *testing.T) {
	text := policy.Read(t, "docs/facts-table.md")
	before, rest, ok := strings.Cut(text, beginTable)
	require.True(t, ok)
	_, after, ok := strings.Cut(rest, endTable)
	require.True(t, ok)
	want := before + beginTable + tableOfRows(t) + endTable + after
	if *update {
		require.NoError(t, os.WriteFile(policy.Path(t, "docs/facts-table.md"), []byte(want), 0o644))
		return
	}
	assert.Equal(t, want, text, "the graph or a fact has changed; go test ./docs -run TestTable -update")
}

// TestTableOfStatuses: a line of docs/statuses.md names a row exactly where one
// of its answers is the status that the line begins with.
func TestTableOfStatuses(t *testing.T) {
	var want, got []string
	for id, row := range decision.HTTP.All() {
		for _, to := range []decision.ID{row.Yes, row.No} {
			if to.IsStatus() {
				want = append(want, fmt.Sprintf("%v at %v", to, id))
			}
		}
	}
	for _, line := range readPage(t, "docs/statuses.md").prose {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, link := range between(line, "](facts-table.md#", ")") {
			got = append(got, strings.Trim(cells[1], " *")+" at "+link)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	assert.Equal(t, slices.Compact(want), slices.Compact(got))
}
