// The pages docs/authentication.md and docs/authorization.md show this program. Here they are held to
// it: their Go is in these files, word for word, what they print is what is printed, and their sessions
// are what comes.
//
//	go test ./authorization -run TestThePages -update

package main

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
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

var update = flag.Bool("update", false, "write what the pages print")

// pages are the two, each with the set-up that it shows.
var pages = map[string]string{
	"../../docs/authentication.md": "members",
	"../../docs/authorization.md":  "tenants",
}

// linesOfTests are where tests register something. They are left out, since a reader cannot
// look there.
var linesOfTests = regexp.MustCompile(` \(authorization/\w+_test\.go:\d+\)|authorization/\w+_test\.go:\d+: `)

// printed is what the pages print, by the name that stands in front of it: <!-- printed: name -->.
func printed() map[string]string {
	metrics := Health()
	metrics.Get("/metrics", func() string { return "" })
	all := map[string]string{
		"feed":    described(Tenants(), "/tenants/{tenant}/projects/{project}/feed"),
		"metrics": strings.Join(complaints(metrics), "\n"),
	}
	for name, text := range all {
		all[name] = strings.TrimSpace(linesOfTests.ReplaceAllString(text, "")) + "\n"
	}
	return all
}

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

func TestThePagesPrintWhatIsPrinted(t *testing.T) {
	shown := 0
	for name := range pages {
		text := read(t, name)
		want := text
		for of, output := range printed() {
			before, rest, ok := strings.Cut(want, "<!-- printed: "+of+" -->\n```text\n")
			if !ok {
				continue
			}
			_, after, ok := strings.Cut(rest, "```\n")
			require.True(t, ok)
			want = before + "<!-- printed: " + of + " -->\n```text\n" + output + "```\n" + after
			shown++
		}
		if *update {
			require.NoError(t, os.WriteFile(recipe.Beside(t, name), []byte(want), 0o644))
			continue
		}
		assert.Equal(t, want, text, "go test ./authorization -run TestThePages -update")
	}
	assert.Equal(t, len(printed()), shown, "the pages print each of them once")
}

// TestThePagesShowThisProgram: a block of a page is declarations, each of which stands in a file, or
// an excerpt of one file.
func TestThePagesShowThisProgram(t *testing.T) {
	sources := sourcesOfTheProgram(t)
	for name := range pages {
		blocks := recipe.Parse(read(t, name)).Blocks["go"]
		require.NotEmpty(t, blocks, name)
		for _, block := range blocks {
			for _, one := range parts(block) {
				in := func(source string) bool { return recipe.Stands(one, source) }
				assert.True(t, slices.ContainsFunc(sources, in), "%s shows what this program does not have:\n%s", name, one)
			}
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(recipe.Beside(t, name))
	require.NoError(t, err)
	return string(text)
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

// TestTheSessionsOfThePages: what a page shows is what comes if its set-up was just started.
func TestTheSessionsOfThePages(t *testing.T) {
	for name, setUp := range pages {
		t.Run(setUp, func(t *testing.T) {
			text := read(t, name)
			require.Contains(t, text, "```sh\ngo run ./authorization "+setUp+" ", "%s says how to start it", name)
			shown := recipe.Parse(text)
			require.NotEmpty(t, shown.Steps, "%s shows a session", name)
			recipe.Session(t, shown, setUps[setUp].make())
		})
	}
}
