// No page names what does not exist. In come the names in backticks on every page: `store.ListTag`,
// `App.Drain`, `app.Get`, `WithObserver`; and the commands in its blocks: `go run ./blog`. Each must be
// in the code of the repository.

package docs_test

import (
	"go/ast"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/internal/policy"
)

// wordsOfTheCode are all exported identifiers that occur in Go files, those of other modules included.
func wordsOfTheCode(t *testing.T) map[string]bool {
	t.Helper()
	words := map[string]bool{}
	for _, f := range policy.GoFiles(t) {
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.IsExported() {
				words[id.Name] = true
			}
			return true
		})
	}
	return words
}

// others are names that other people gave.
var others = []string{
	"TypeError", "Infinity", "EventSource", // JavaScript
	"WriteTimeout", "SetTextMapPropagator", "PurgeDeletes", // net/http, OpenTelemetry, NATS
	"ProxyTimeout", "TimeoutStopSec", // Apache httpd, systemd
	"PostInput", // a schema that an OpenAPI document makes up
	"Direct1",   // docs/internals/choices.md: what was given up
}

// bare is a name in backticks without what stands around it: `*Reply[T]` and `app.Execute(Request)` become
// Reply and app.Execute. It is "" for what is not a name.
func bare(code string) string {
	code = strings.TrimLeft(code, "*&[]")
	if i := strings.IndexAny(code, "([{"); i >= 0 {
		code = code[:i]
	}
	if strings.ContainsFunc(code, func(r rune) bool { return r != '.' && !isName(string(r)) }) {
		return ""
	}
	return code
}

func isName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// isExported reports whether a word looks like an exported name of Go, and not like the name of a field
// or a status of HTTP: it has an upper-case letter and a lower-case one behind it.
func isExported(s string) bool {
	return isName(s) && unicode.IsUpper(rune(s[0])) && strings.ContainsFunc(s, unicode.IsLower)
}

// ours is the right cell of a table of two columns. On a page about another library, the names of this one
// stand there; those elsewhere may be of either.
func ours(line string) string {
	cells := strings.Split(line, " | ")
	if len(cells) != 2 || !strings.HasPrefix(line, "| ") {
		return ""
	}
	return cells[1]
}

// TestNamesExist: a name such as `GenerateETag` or `WithTrace(d)` occurs in the code of the repository, or in
// a block of its page. Names with a dot are in TestNamesOfTheCode.
func TestNamesExist(t *testing.T) {
	words := wordsOfTheCode(t)
	for _, p := range pages(t) {
		foreign := strings.HasPrefix(p.name, "docs/migrating/")
		var code strings.Builder
		for _, b := range p.blocks {
			code.WriteString(b.text)
		}
		onThePage := strings.FieldsFunc(code.String(), func(r rune) bool { return !isName(string(r)) })
		for i, line := range p.prose {
			if foreign {
				line = ours(line)
			}
			for _, code := range between(line, "`", "`") {
				if name := bare(code); isExported(name) && !words[name] && !slices.Contains(others, name) {
					assert.Contains(t, onThePage, name, "%s:%d names `%s`, which no Go file has", p.name, i+1, code)
				}
			}
		}
	}
}

// TestCommandsExist: what a block runs by "go run", "go test" and "cd" is there.
func TestCommandsExist(t *testing.T) {
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.lang != "sh" && b.lang != "console" {
				continue
			}
			for line := range strings.Lines(b.text) {
				checkCommand(t, p, strings.Fields(strings.NewReplacer("(", " ", ")", " ", ";", " ", "&&", " ").Replace(line)))
			}
		}
	}
}

// checkCommand follows "cd", and looks for the folder of each "go run ./x". A page about a folder of the
// reader's own, such as start.md, changes to none of ours and names none.
func checkCommand(t *testing.T, p page, words []string) {
	t.Helper()
	roots := []string{"", path.Dir(p.name), "examples", "bench"}
	at := ""
	isFolder := func(name string) bool { i, err := os.Stat(policy.Path(t, name)); return err == nil && i.IsDir() }
	for i, word := range words {
		if i > 0 && words[i-1] == "cd" && isFolder(path.Join(at, word)) {
			at = path.Join(at, word)
		}
		if rest, ok := strings.CutPrefix(word, "./"); ok && slices.Contains(words[:i], "go") && slices.Contains([]string{"run", "test", "vet"}, words[slices.Index(words, "go")+1]) {
			rest = strings.TrimSuffix(strings.TrimSuffix(rest, "..."), "/")
			there := func(root string) bool { return isFolder(path.Join(root, rest)) }
			assert.True(t, there(at) || at == "" && slices.ContainsFunc(roots, there), "%s runs %s, which is not there", p.name, strings.Join(words, " "))
		}
	}
}
