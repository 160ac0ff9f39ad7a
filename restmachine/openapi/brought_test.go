package openapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestATagOfAReplyCanBeTold: a POST brings a tag that no fact makes. Field tells it, and only where
// its status is.
func TestATagOfAReplyCanBeTold(t *testing.T) {
	app := restmachine.New()
	r := app.Resource("/it")
	r.Post(func() *restmachine.Reply[string] {
		made := restmachine.Created("/it/1", "x")
		made.Header = http.Header{"Location": {"/it/1"}, "Etag": {`"1"`}}
		return made
	})
	r.Field("ETag", "The version.", 201)
	responses := document(t, app, openapi.Info{}).at("paths /it post responses")
	assert.Contains(t, responses.at("201 headers"), "ETag")
	restmachinetest.CheckDocument(t, app)
	for _, name := range []string{"ETag", "Vary"} {
		wrong := restmachine.New()
		wrong.Resource("/it").Post(func() {})
		wrong.Field(name, "of all")
		require.Error(t, wrong.Validate(), name)
	}
}
