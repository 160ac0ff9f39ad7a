// The page docs/authorization.md shows this program. Here it is held to it: its Go is in these
// files, word for word, what it prints is what is printed, and its sessions are what comes.
//
//	go test ./authorization -run TestThePage -update

package main

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
)

var update = flag.Bool("update", false, "write what the page prints")

const page = "../../docs/authorization.md"

// linesOfTests are where tests register something. They are left out, since a reader cannot
// look there.
var linesOfTests = regexp.MustCompile(` \(authorization/\w+_test\.go:\d+\)|authorization/\w+_test\.go:\d+: `)

// printed is what the page prints, by the name that stands in front of it: <!-- printed: name -->.
func printed() map[string]string {
	exporting := Tenants()
	exporting.Get("/tenants/{tenant}/export", func() string { return "" })
	metrics := Health()
	metrics.Get("/metrics", func() string { return "" })
	signing := Webhook()
	signing.Resource("/hooks/payments").Authorized(isSigned)
	round := Tenants()
	round.Forbidden(isSecret)
	round.Get("/tenants/{tenant}/projects/{project}/tasks/{task}/history", func() string { return "" })
	all := map[string]string{
		"tenants": described(Tenants(), "/tenants/{tenant}/projects/{project}/tasks/{task}"),
		"owners":  described(Owners(), "/posts/{post}"),
		"export":  strings.Join(complaints(exporting), "\n"),
		"metrics": strings.Join(complaints(metrics), "\n"),
		"signing": strings.Join(complaints(signing), "\n"),
		"round":   strings.Join(complaints(round), "\n"),
	}
	for name, text := range all {
		all[name] = strings.TrimSpace(linesOfTests.ReplaceAllString(text, "")) + "\n"
	}
	return all
}

func isSigned(in restmachine.Body[[]byte], h http.Header, s Secret) bool {
	return s.Signed(h, in.Value)
}

func isSecret(t restmachine.Optional[*Task]) bool { return t.OK && t.Value.Number == 13 }

// described is what Describe says of one path.
func described(app *restmachine.App, path string) string {
	_, rest, _ := strings.Cut("\n"+app.Describe(), "\n"+path+"\n")
	lines := path + "\n"
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, " ") {
			break
		}
		lines += line
	}
	return lines
}

func TestThePagePrintsWhatIsPrinted(t *testing.T) {
	text, err := os.ReadFile(recipe.Beside(t, page))
	require.NoError(t, err)
	want := string(text)
	for name, output := range printed() {
		before, rest, ok := strings.Cut(want, "<!-- printed: "+name+" -->\n```text\n")
		require.True(t, ok, "the page prints %s", name)
		_, after, ok := strings.Cut(rest, "```\n")
		require.True(t, ok)
		want = before + "<!-- printed: " + name + " -->\n```text\n" + output + "```\n" + after
	}
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(want), 0o644))
		return
	}
	assert.Equal(t, want, string(text), "go test ./authorization -run TestThePage -update")
}

// TestThePageShowsThisProgram: a block of the page is declarations, each of which stands in a file, or
// an excerpt of one file.
func TestThePageShowsThisProgram(t *testing.T) {
	sources := sourcesOfTheProgram(t)
	blocks := read(t).Blocks["go"]
	require.NotEmpty(t, blocks)
	for _, block := range blocks {
		for _, one := range parts(block) {
			in := func(source string) bool { return recipe.Stands(one, source) }
			assert.True(t, slices.ContainsFunc(sources, in), "the page shows what this program does not have:\n%s", one)
		}
	}
}

func read(t *testing.T) recipe.Page {
	t.Helper()
	text, err := os.ReadFile(recipe.Beside(t, page))
	require.NoError(t, err)
	return recipe.Parse(string(text))
}

func sourcesOfTheProgram(t *testing.T) (all []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		all = append(all, string(source))
	}
	return all
}

// parts are the declarations of a block, each with its comment. Statements are one part.
func parts(block string) (all []string) {
	text := "package p\n" + block
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments)
	if err != nil {
		return []string{block}
	}
	for _, d := range file.Decls {
		begin := d.Pos()
		if f, ok := d.(*ast.FuncDecl); ok && f.Doc != nil {
			begin = f.Doc.Pos()
		}
		all = append(all, text[begin-1:d.End()-1])
	}
	return all
}

// TestTheSessionsOfThePage: each set-up has a section of the page, and the section a session. It is what
// comes if the set-up was just started.
func TestTheSessionsOfThePage(t *testing.T) {
	text, err := os.ReadFile(recipe.Beside(t, page))
	require.NoError(t, err)
	sections := map[string]string{} // by the set-up that they run
	for section := range strings.SplitSeq(string(text), "\n## ") {
		if _, rest, ok := strings.Cut(section, "```sh\ngo run ./authorization "); ok {
			name, _, _ := strings.Cut(rest, " ")
			sections[name] = section
		}
	}
	for name, s := range setUps {
		t.Run(name, func(t *testing.T) {
			shown := recipe.Parse(sections[name])
			require.NotEmpty(t, shown.Steps, "the page has a section with: go run ./authorization %s", name)
			recipe.Session(t, shown, s.make())
		})
	}
}
