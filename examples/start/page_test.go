package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
)

// TestPage holds docs/start.md to this program.
func TestPage(t *testing.T) { recipe.CheckFile(t, "../../docs/start.md", NewApp()) }
