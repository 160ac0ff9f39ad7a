// What docs/cors.md shows of this program is what comes.

package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
)

func TestTheSessionOfTheGuide(t *testing.T) {
	text, err := os.ReadFile(recipe.Beside(t, "../../docs/cors.md"))
	require.NoError(t, err)
	page := recipe.Parse(string(text))
	require.NotEmpty(t, page.Steps)
	recipe.Session(t, page, New("http://127.0.0.1:8081"))
}
