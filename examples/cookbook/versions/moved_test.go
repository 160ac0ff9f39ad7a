package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestSendThemOn is the variation of the page: the whole of /v1 moves.
func TestSendThemOn(t *testing.T) {
	app := restmachine.New()
	app.Group("/v1").MovedPermanently(func() string { return "/v2" })
	app.Get("/v2/people/{id}", func() string { return "Ada" })
	client := restmachinetest.NewClient(app)
	client.Get("/v1/people/7?full=1").Expect(t).Status(301).Header("Location", "/v2/people/7?full=1")
}
