// How the English is: plain, and nothing is left for later.

package policy

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unplain are turns of phrase that cost time to a reader whose first language is
// not English. Write "is not a function", "so that nobody waits", "its own tag".
var unplain = []*regexp.Regexp{
	regexp.MustCompile(`\b(is|are|was|has|have|takes|gives)\s+no\s+[a-z]+\b`),
	regexp.MustCompile(`\blest\b`),
	regexp.MustCompile(`\bsuch\s+as\s+it\s+is\b`),
	regexp.MustCompile(`\bof\s+one['’]s\s+own\b`),
	regexp.MustCompile(`\bthat\s+of\s+(a|the|which)\b`),
}

// plain are the ends of phrases that look like these turns and are plain. So is "there is
// no …".
var plain = []string{"no longer", "no more"}

// TestPlainEnglish looks at the comments and texts of all Go files but tests.
func TestPlainEnglish(t *testing.T) {
	for _, f := range GoFiles(t) {
		if f.IsTest() {
			continue
		}
		for _, place := range unplainIn(t, f) {
			t.Errorf("%s: write it plainer", place)
		}
	}
}

// unplainIn are the turns of unplain English in a file, each with its line.
func unplainIn(t *testing.T, f GoFile) (places []string) {
	t.Helper()
	for _, comment := range f.Syntax.Comments {
		places = append(places, unplainTurns(f, comment.Pos(), comment.Text())...)
	}
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err := strconv.Unquote(lit.Value)
			require.NoError(t, err)
			places = append(places, unplainTurns(f, lit.Pos(), text)...)
		}
		return true
	})
	return places
}

// unplainTurns are those of a text that begins at a place in the file. A turn may
// go on in the next line.
func unplainTurns(f GoFile, at token.Pos, text string) (places []string) {
	for _, turn := range unplain {
		for _, found := range turn.FindAllStringIndex(text, -1) {
			words := strings.Join(strings.Fields(text[found[0]:found[1]]), " ")
			before := strings.TrimSpace(text[:found[0]])
			if slices.ContainsFunc(plain, func(end string) bool { return strings.HasSuffix(words, end) }) || strings.HasSuffix(before, "here") {
				continue
			}
			line := f.Line(at) + strings.Count(text[:found[0]], "\n")
			places = append(places, fmt.Sprintf("%s:%d: %s", f.Name, line, words))
		}
	}
	return places
}

// TestUnplainTurns: what the test above looks for is found, on its line.
func TestUnplainTurns(t *testing.T) {
	set := token.NewFileSet()
	file := set.AddFile("a.go", -1, 100)
	file.SetLines([]int{0, 10, 20})
	f := GoFile{Name: "a.go", Set: set}
	for text, want := range map[string][]string{
		"A map is\nno function.":         {"a.go:1: is no function"},
		"It waits,\nlest it is late.":    {"a.go:2: lest"},
		"The text such\nas it is.":       {"a.go:1: such as it is"},
		"A type of one's own.":           {"a.go:1: of one's own"},
		"The tag is that of the GET.":    {"a.go:1: that of the"},
		"It is no longer there.":         nil,
		"There is no such thing.":        nil,
		"The latest has nothing of that": nil,
	} {
		assert.Equal(t, want, unplainTurns(f, file.Pos(0), text), text)
	}
}

func TestNothingIsLeftForLater(t *testing.T) {
	marks := []string{"TO" + "DO", "FIX" + "ME"}
	Walk(t, func(name string) {
		if !slices.Contains([]string{".go", ".md", ".mod", ".sh"}, path.Ext(name)) {
			return
		}
		text := Read(t, name)
		for _, mark := range marks {
			assert.NotContains(t, text, mark, "%s has a %s; do it, or say in docs/internals/choices.md why it is not done", name, mark)
		}
	})
}
