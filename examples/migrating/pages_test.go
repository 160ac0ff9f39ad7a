// The pages of docs/migrating: their tables are what both sides answer, and their code is that of the
// programs.

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// updatePages is the variable of the environment that has the tables written.
const updatePages = "UPDATE_PAGES"

const (
	opening = "<!-- written by a test -->\n"
	closing = "<!-- end -->\n"
)

// pageOf is the file of a framework's page. Its name goes through the folder of the test, so that go test
// sees that the page has changed.
func pageOf(t *testing.T, name string) string {
	t.Helper()
	folder, err := os.Getwd()
	require.NoError(t, err)
	return folder + "/../../docs/migrating/" + name + ".md"
}

// checkTable compares what a page shows between two comments.
func checkTable(t *testing.T, name, want string) {
	t.Helper()
	text, err := os.ReadFile(pageOf(t, name))
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), opening)
	require.True(t, found, "the page has a place for its table")
	shown, after, found := strings.Cut(rest, closing)
	require.True(t, found, "the table of the page has an end")
	if os.Getenv(updatePages) != "" {
		require.NoError(t, os.WriteFile(pageOf(t, name), []byte(before+opening+want+closing+after), 0o644))
		return
	}
	assert.Equal(t, want, shown, "%s.md is stale: look at the difference, then write it anew with %s=1", name, updatePages)
}

// TestExcerpts: each block of code on a page stands in one of the programs, without what a line
// "…" (after the mark of a comment) leaves out.
func TestExcerpts(t *testing.T) {
	for _, p := range programs() {
		t.Run(p.name, func(t *testing.T) {
			var sources []string
			for _, pattern := range []string{p.name + "/*", "after/*.go", "notes/*.go"} {
				names, err := filepath.Glob(pattern)
				require.NoError(t, err)
				for _, name := range names {
					text, err := os.ReadFile(name)
					require.NoError(t, err)
					sources = append(sources, string(text))
				}
			}
			found := blocks(t, p.name)
			assert.GreaterOrEqual(t, len(found), 2, "the page shows both sides")
			for _, block := range found {
				stands := false
				for _, source := range sources {
					stands = stands || standsIn(block, source)
				}
				assert.True(t, stands, "no program has this excerpt:\n%s", block)
			}
		})
	}
}

// blocks are the code of a page.
func blocks(t *testing.T, name string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(pageOf(t, name))
	require.NoError(t, err)
	inside, block := false, ""
	for line := range strings.Lines(string(text)) {
		language, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && inside:
			all, inside = append(all, block), false
		case isFence && language != "sh" && language != "console":
			inside, block = true, ""
		case inside:
			block += line
		}
	}
	return all
}

// standsIn reports whether the parts of an excerpt follow one another in a source. How deep they are
// indented there is not looked at.
func standsIn(excerpt, source string) bool {
	lines := func(text string) (all []string) {
		for line := range strings.Lines(text) {
			all = append(all, strings.TrimSpace(line))
		}
		return all
	}
	rest := strings.Join(lines(source), "\n") + "\n"
	part := ""
	for _, line := range append(lines(excerpt), "…") {
		if strings.TrimLeft(line, "/%;# ") != "…" {
			part += line + "\n"
			continue
		}
		_, after, found := strings.Cut(rest, strings.Trim(part, "\n")+"\n")
		if !found {
			return false
		}
		rest, part = after, ""
	}
	return true
}

func TestStandsIn(t *testing.T) {
	source := "\tone\n\ttwo\n\tthree\n"
	assert.True(t, standsIn("one\ntwo\n", source))
	assert.True(t, standsIn("one\n// …\nthree\n", source))
	assert.False(t, standsIn("one\nthree\n", source))
	assert.False(t, standsIn("three\n// …\none\n", source))
	assert.False(t, standsIn("on\n", source))
}
