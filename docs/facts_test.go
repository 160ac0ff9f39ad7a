// What the guide says of facts is true: the table of docs/facts-table.md has each of them, and the
// first table of docs/facts.md has the answers of an App with the facts above it.

package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/internal/policy"
	"github.com/restmachine/restmachine-go/restmachine"
)

// TestAllFactsAreNamed: each method of Facts is in the section "All facts", and no other is.
func TestAllFactsAreNamed(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), policy.Path(t, "restmachine/facts.go"), nil, 0)
	require.NoError(t, err)
	var want []string
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
			want = append(want, fn.Name.Name)
		}
	}
	_, section, _ := strings.Cut(policy.Read(t, "docs/facts-table.md"), "\n## All facts\n")
	section, _, _ = strings.Cut(section, "\n## ")
	_, table, _ := strings.Cut(section, "|---|")
	table, settings, _ := strings.Cut(table, "\n\n")
	var got []string
	for row := range strings.Lines(table) {
		fact, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " |")
		got = append(got, between(fact, "`", "`")...)
	}
	got = append(got, between(settings, "`", "`")...)
	slices.Sort(want)
	slices.Sort(got)
	assert.Equal(t, want, got)
}

type (
	factsProject struct{ members []string }
	factsTask    struct{ Version int }
	factsComment struct{ Text string }
	factsUser    string
)

// projects is the App of the page.
func projects() *restmachine.App {
	app := restmachine.New()
	app.Dependency(func(h http.Header) factsUser { return factsUser(h.Get("From")) })
	app.ResourceExists(func(path restmachine.PathParams) *factsProject {
		if path.Get("project") != "7" {
			return nil
		}
		return &factsProject{members: []string{"Ann"}}
	})
	app.ResourceExists(func(path restmachine.PathParams, p *factsProject) *factsTask {
		if path.Get("task") != "1" {
			return nil
		}
		return &factsTask{Version: 3}
	})
	app.GenerateETag(func(t *factsTask) string { return strconv.Itoa(t.Version) })
	project := app.Group("/projects/{project}")
	project.Forbidden(func(p *factsProject, u factsUser) bool { return !slices.Contains(p.members, string(u)) })
	project.Get("/tasks/{task}", func(t *factsTask) *factsTask { return t })
	project.Get("/tasks/{task}/comments", func(t *factsTask) []factsComment { return []factsComment{{"Good"}} })
	project.Get("/size", func() string { return "12" })
	return app
}

func TestAnswersToAnnAndBob(t *testing.T) {
	app := projects()
	_, table, _ := strings.Cut(policy.Read(t, "docs/facts.md"), "| request | Ann gets | Bob gets |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	target, rows := regexp.MustCompile("`GET (\\S+)`"), strings.Split(strings.TrimSpace(table), "\n")
	require.Len(t, rows, 6)
	before := ""
	for _, row := range rows {
		cells := strings.Split(strings.Trim(row, "|"), "|")
		header := http.Header{}
		if found := target.FindStringSubmatch(cells[0]); found != nil {
			before = found[1]
		} else {
			header.Set("If-None-Match", `"3"`)
		}
		for i, who := range []string{"Ann", "Bob"} {
			header.Set("From", who)
			resp := app.Execute(restmachine.Request{Path: before, Header: header})
			shown := strings.TrimSpace(cells[i+1])
			assert.Equal(t, shown[:3], strconv.Itoa(resp.StatusCode), "%s asks for %s", who, row)
			if strings.HasPrefix(shown, "200, with `ETag") {
				assert.Contains(t, shown, "`ETag: "+resp.Header.Get("ETag")+"`")
			} else if strings.HasPrefix(shown, "200") {
				assert.Empty(t, resp.Header.Get("ETag"), row)
			}
		}
	}
}
