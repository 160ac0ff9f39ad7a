// Package documented holds each example to its OpenAPI document, and each document to a file
// that people can read. In comes an App. Out come errors of the test.
package documented

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// updateDocuments is the variable of the environment that makes Check write the files anew.
const updateDocuments = "UPDATE_DOCUMENTS"

// Check compares the document of an App with a file, openapi.golden.json for one that is
// called "", and plays requests by it.
func Check(t *testing.T, name string, app *restmachine.App, how restmachinetest.Document) {
	t.Helper()
	text, err := openapi.Of(app, how.Info)
	require.NoError(t, err)
	file := "openapi.golden.json"
	if name != "" {
		file = filepath.Join("testdata", name+".openapi.golden.json")
	}
	if os.Getenv(updateDocuments) != "" {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, text, 0o644))
	}
	golden, err := os.ReadFile(file)
	require.NoError(t, err, "write it with "+updateDocuments+"=1")
	assert.Equal(t, string(golden), string(text), "%s is stale: look at the difference, then write it anew with %s=1", file, updateDocuments)
	how.JSON = text
	restmachinetest.CheckDocument(t, app, how)
}
