package main

import (
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestDocument holds the App to its OpenAPI document, and that to openapi.golden.json.
func TestDocument(t *testing.T) {
	documented.Check(t, "", New("https://page.example"), restmachinetest.Document{
		Info:   openapi.Info{Title: "Notes", Version: "1.0.0", License: "MIT"},
		Header: http.Header{"Cookie": {"user=ann"}},
	})
}
