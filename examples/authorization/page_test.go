// The page docs/authorization.md shows this program. Here it is held to it: its Go is in these
// files, word for word, and what it prints is what is printed.
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
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
	text, err := os.ReadFile(page)
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

func TestThePageShowsThisProgram(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	all := ""
	for _, name := range files {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		all += string(source)
	}
	blocks := strings.Split(string(text), "```go\n")[1:]
	require.NotEmpty(t, blocks)
	for _, block := range blocks {
		shown, _, ok := strings.Cut(block, "```\n")
		require.True(t, ok)
		for _, one := range declarations(t, shown) {
			assert.True(t, strings.Contains(all, one), "the page shows what this program does not have:\n%s", one)
		}
	}
}

// declarations are those of a text, each with its comment.
func declarations(t *testing.T, text string) (all []string) {
	t.Helper()
	text = "package p\n" + text
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments)
	require.NoError(t, err)
	for _, d := range file.Decls {
		begin := d.Pos()
		if f, ok := d.(*ast.FuncDecl); ok && f.Doc != nil {
			begin = f.Doc.Pos()
		}
		all = append(all, text[begin-1:d.End()-1]+"\n")
	}
	require.NotEmpty(t, all)
	return all
}
