package main

import (
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
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
