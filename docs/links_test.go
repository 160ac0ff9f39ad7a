// Package docs_test puts the guide to the test, and every other page of the
// repository. This file: its links lead somewhere, and what it names is there. That
// its Go compiles is in snippets_test.go, that its tables are those of the code in
// tables_test.go, that its proofs exist in ledger_test.go, and that the pages about the
// code are true in internals_test.go.
package docs_test

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/internal/policy"
)

// A page is one Markdown file of the repository, its name below the root: its text by lines, and its fenced blocks apart.
type page struct {
	name   string
	prose  []string // by line; empty where a block is
	blocks []block
}

// A block is fenced code, or a comment that gives it what it needs (see
// snippets_test.go). Its line is that of its first line of text.
type block struct {
	lang, text string
	line       int
}

// hidden begins a comment with Go that the reader does not see.
const hidden = "<!-- go:"

// readPage splits a page. A block ends as it began: with its fence, or with the
// end of its comment.
func readPage(t *testing.T, name string) page {
	t.Helper()
	text := policy.Read(t, name)
	p := page{name: name}
	var open *block
	end := ""
	for i, line := range strings.Split(text, "\n") {
		switch fence, isFence := strings.CutPrefix(line, "```"); {
		case open != nil && line == end:
			p.blocks, open = append(p.blocks, *open), nil
			line = ""
		case open != nil:
			open.text += line + "\n"
			line = ""
		case isFence:
			open, end = &block{lang: fence, line: i + 2}, "```"
			line = ""
		case line == hidden:
			open, end = &block{lang: hidden, line: i + 2}, "-->"
			line = ""
		}
		require.NotContains(t, line, "```", "%s:%d: begin a block at the margin, or nobody looks at it", name, i+1)
		p.prose = append(p.prose, line)
	}
	require.Nil(t, open, "%s: a block is not closed; write %q on a line of its own", name, end)
	return p
}

func pages(t *testing.T) (all []page) {
	t.Helper()
	policy.Walk(t, func(name string) {
		if path.Ext(name) == ".md" {
			all = append(all, readPage(t, name))
		}
	})
	require.NotEmpty(t, all)
	return all
}

// between are the texts that stand between an opening and a closing mark.
func between(text, opening, closing string) (found []string) {
	for {
		_, rest, ok := strings.Cut(text, opening)
		if !ok {
			return found
		}
		inside, rest, ok := strings.Cut(rest, closing)
		if !ok {
			return found
		}
		found, text = append(found, inside), rest
	}
}

// links are the targets of a page's links and pictures.
func (p page) links() (targets []string) {
	for _, line := range p.prose {
		for _, code := range between(line, "`", "`") {
			line = strings.Replace(line, "`"+code+"`", "", 1)
		}
		targets = slices.Concat(targets, between(line, "](", ")"), between(line, `href="`, `"`), between(line, `src="`, `"`))
	}
	return targets
}

// anchors are the places on a page that a link can name: its headings, as GitHub
// spells them, and elements with an id.
func (p page) anchors() (names []string) {
	for _, line := range p.prose {
		if strings.HasPrefix(line, "#") {
			names = append(names, slug(strings.TrimSpace(strings.TrimLeft(line, "#"))))
		}
		names = append(names, between(line, `id="`, `"`)...)
	}
	return names
}

func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

func TestLinksLeadSomewhere(t *testing.T) {
	for _, p := range pages(t) {
		for _, link := range p.links() {
			if strings.Contains(link, "://") {
				continue // what others publish is theirs to keep
			}
			name, anchor, _ := strings.Cut(link, "#")
			target := p.name
			if name != "" {
				target = path.Join(path.Dir(p.name), name)
			}
			if _, err := os.Stat(policy.Path(t, target)); !assert.NoError(t, err, "%s links to %s", p.name, link) || anchor == "" {
				continue
			}
			assert.Contains(t, anchorsOf(t, target), anchor, "%s links to %s; the anchors there are", p.name, link)
		}
	}
}

// anchorsOf are those of a page or of a drawing.
func anchorsOf(t *testing.T, name string) []string {
	t.Helper()
	if path.Ext(name) == ".md" {
		return readPage(t, name).anchors()
	}
	return between(policy.Read(t, name), `id="`, `"`)
}

// inner is the folder below which pages for those who change the code name files:
// `walk/rows.go`.
const inner = "restmachine/internal"

// isAboutTheCode reports whether the page is for those who change the code.
func (p page) isAboutTheCode() bool {
	return p.name == "CONTRIBUTING.md" || strings.HasPrefix(p.name, "docs/internals/")
}

// places are where a path that the page names can be.
func (p page) places(code string) []string {
	all := []string{code, path.Join(path.Dir(p.name), code)}
	if p.isAboutTheCode() {
		all = append(all, path.Join(inner, code))
	}
	return all
}

// TestWhatIsNamedIsThere: a path in backticks is one of the repository or beside
// the page, and a test in backticks is somewhere in it.
func TestWhatIsNamedIsThere(t *testing.T) {
	tests := namesOfTests(t)
	for _, p := range pages(t) {
		for _, line := range p.prose {
			for _, code := range between(line, "`", "`") {
				if isPath(code) {
					isThere := func(name string) bool { _, err := os.Stat(policy.Path(t, name)); return err == nil }
					assert.True(t, slices.ContainsFunc(p.places(code), isThere), "%s names `%s`, which is not there", p.name, code)
				}
				if isTest(code) {
					assert.True(t, slices.Contains(tests, code), "%s names `%s`, which is not a test", p.name, code)
				}
			}
		}
	}
}

// isPath reports whether code means a file or folder of the repository: by what
// it begins with, or by how it ends.
func isPath(code string) bool {
	if strings.ContainsAny(code, " …*{}<>:") || strings.HasPrefix(code, "/") {
		return false
	}
	first, _, deep := strings.Cut(code, "/")
	ours := []string{"bench", "contrib", "decision", "docs", "examples", "internal", "restmachine", ".ci"}
	files := []string{".go", ".md", ".svg", ".sh", ".conf"}
	return deep && (slices.Contains(ours, first) || slices.Contains(files, path.Ext(code)))
}

func isTest(code string) bool {
	for _, prefix := range []string{"Test", "Fuzz", "Benchmark", "Example"} {
		if rest, ok := strings.CutPrefix(code, prefix); ok && rest != "" && unicode.IsUpper(rune(rest[0])) {
			return !strings.ContainsFunc(rest, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		}
	}
	return false
}

func namesOfTests(t *testing.T) (names []string) {
	t.Helper()
	for _, f := range policy.GoFiles(t) {
		if f.IsTest() {
			for name := range f.Syntax.Scope.Objects {
				names = append(names, name)
			}
		}
	}
	return names
}
