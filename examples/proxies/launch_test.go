// These tests are about what cannot be started.

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestUnknownProxy: the App ends with the error, and nothing is left.
func TestUnknownProxy(t *testing.T) {
	assert.ErrorContains(t, run(t.Context(), "127.0.0.1:0", "traefik"), `there is no recipe "traefik"`)
}

// TestProxyThatDoesNotStart: the error has what the proxy said, and its folder is deleted.
func TestProxyThatDoesNotStart(t *testing.T) {
	if !installed("nginx") {
		t.Skip("SKIPPED, nothing was tested: nginx is not installed: apt-get install nginx")
	}
	temp := t.TempDir()
	assert.NoError(t, os.Chmod(filepath.Dir(temp), 0o755)) // nobody has to enter it
	assert.NoError(t, os.Chmod(temp, 0o755))
	t.Setenv("TMPDIR", temp)
	_, err := start("nginx", "1", func(recipe string) string { return recipe + "\nnonsense;" })
	assert.ErrorContains(t, err, `unknown directive "nonsense"`)
	left, err := os.ReadDir(temp)
	assert.NoError(t, err)
	assert.Empty(t, left)
}

// TestEachRecipeHasItsCommand: the first comment of a recipe says how to start it.
func TestEachRecipeHasItsCommand(t *testing.T) {
	for name, file := range files {
		text, err := recipes.ReadFile(file)
		assert.NoError(t, err)
		assert.NotEmpty(t, commandOf(string(text)), name)
	}
}
