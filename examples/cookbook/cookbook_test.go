// These tests hold the cookbook together: each recipe has a program, a test and a page, all of one
// form, and the table of the cookbook lists it. What the pages show is held to the programs by
// package recipe, which each recipe's own test calls.

package cookbook_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
)

// pages is where the pages are.
const pages = "../../docs/cookbook"

// recipes are the names of all recipes: their folders.
func recipes(t *testing.T) (names []string) {
	t.Helper()
	all, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, entry := range all {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	require.NotEmpty(t, names)
	return names
}

func read(t *testing.T, elem ...string) string {
	t.Helper()
	text, err := os.ReadFile(recipe.Beside(t, strings.Join(elem, "/")))
	require.NoError(t, err)
	return string(text)
}

// TestEachRecipeHasAPage: and each page a recipe, and the table lists them all.
func TestEachRecipeHasAPage(t *testing.T) {
	names := []string{"README"}
	table := read(t, pages, "README.md")
	for _, name := range recipes(t) {
		names = append(names, name)
		assert.True(t, strings.Contains(table, "]("+name+".md)"), "the table of docs/cookbook/README.md does not list %s", name)
	}
	found, err := filepath.Glob(filepath.Join(pages, "*.md"))
	require.NoError(t, err)
	for i, file := range found {
		found[i] = strings.TrimSuffix(filepath.Base(file), ".md")
	}
	assert.ElementsMatch(t, names, found, "the folders of examples/cookbook, and the pages of docs/cookbook")
}

// TestPrograms: a program is short, and is run and tried in the same way as all others.
func TestPrograms(t *testing.T) {
	for _, name := range recipes(t) {
		program := read(t, name, "main.go")
		assert.LessOrEqual(t, strings.Count(program, "\n"), 150, "%s: the lines of main.go", name)
		for _, part := range []string{"go run ./cookbook/" + name + "\npackage main\n", "\nfunc NewApp(", "\nfunc main() {\n", `"` + recipe.Address + `"`} {
			assert.True(t, strings.Contains(program, part), "%s/main.go does not have %q", name, part)
		}
		test := read(t, name, name+"_test.go")
		for _, part := range []string{"recipe.Check(t, ", "restmachinetest.Check(t, "} {
			assert.True(t, strings.Contains(test, part), "%s_test.go does not have %q", name, part)
		}
	}
}

// TestPages: a page shows the task, a session, and the part of the program that matters, and is
// read in a few minutes.
func TestPages(t *testing.T) {
	for _, name := range recipes(t) {
		text := read(t, pages, name+".md")
		page := recipe.Parse(text)
		assert.True(t, strings.HasPrefix(text, "# "), "%s: a title", name)
		assert.NotEmpty(t, page.Blocks["go"], "%s: an excerpt of the program", name)
		assert.NotEmpty(t, page.Steps, "%s: a session", name)
		words := len(strings.Fields(page.Prose))
		assert.True(t, 300 <= words && words <= 700, "%s: it has %d words; 300 to 700 are read in a few minutes", name, words)
		for _, part := range []string{"](../../examples/cookbook/" + name + ")", "go run ./cookbook/" + name, "\n## What goes wrong otherwise\n", "\n## Variations\n"} {
			assert.True(t, strings.Contains(text, part), "%s.md does not have %q", name, part)
		}
	}
}
