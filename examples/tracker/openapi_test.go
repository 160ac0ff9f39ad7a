package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestDocument holds the App to its OpenAPI document, and that to openapi.golden.json. The
// requests are ann's, and one in eight is nobody's.
func TestDocument(t *testing.T) {
	app := newTracker(t)
	documented.Check(t, "", app, restmachinetest.Document{
		Info:   about,
		Header: http.Header{"Authorization": {"Bearer token-of-ann"}},
		Values: map[string][]string{
			"team": {"acme"}, "project": {"apollo"}, "issue": {"1", "2"}, "name": {"log.txt"},
		},
		Refuse:   []string{"DELETE " + project}, // there are always issues in the one that is played
		Requests: 200,                           // a path has up to four parameters, and each may be drawn wrong
	})
}

// TestThePageOfTheDocument: it has the policy that it needs, and the other pages have theirs.
func TestThePageOfTheDocument(t *testing.T) {
	app := newTracker(t)
	policies := map[string]bool{}
	for _, path := range []string{"/docs/", "/board.html"} {
		resp := app.Execute(restmachine.Request{Path: path, Header: http.Header{"Accept": {"text/html"}}})
		require.Equal(t, 200, resp.StatusCode, path)
		policies[resp.Header.Get("Content-Security-Policy")] = true
	}
	assert.Len(t, policies, 2)
	assert.NotContains(t, policies, "")
}
