package answer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestTagsOfProxies: a 412 says that a proxy changed the tag, where the form tells so, and
// what to do.
func TestTagsOfProxies(t *testing.T) {
	app := func(tag string, options ...func(*restmachine.App)) *harness.Probe {
		return harness.NewProbe(t, func(app *restmachine.App) {
			app.ResourceExists(harness.LeafByPath)
			if tag != "" {
				app.GenerateETag(func(*harness.Leaf) string { return tag })
			}
			app.Get("/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
			app.Put("/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
			app.Patch("/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
			app.Delete("/{id}", func(*harness.Leaf) {})
			for _, option := range options {
				option(app)
			}
		})
	}
	zipped := func(app *restmachine.App) { app.Encodings("gzip") }
	spoken := func(app *restmachine.App) { app.Languages("en", "de") }
	hashed := app("", func(app *restmachine.App) { app.AutoETag(restmachine.Strong) })
	hash := hashed.Want(200, "GET", "/here", "").Header.Get("ETag")
	hash = hash[1 : len(hash)-1]
	for _, row := range []struct {
		p       *harness.Probe
		sent    string
		proxied bool
	}{
		{app("1"), `W/"1"`, true}, {app("1"), `W/"1;gzip"`, true}, {app("1"), `"1;gzip"`, true}, {app("1"), `"1-gzip"`, true},
		{app("1"), `"1--gzip"`, true}, {app("1"), `W/"1-gzip"`, true}, {app("1"), `"1;br"`, true}, {app("1"), `"1-br"`, true},
		{app("1"), `"1-zstd"`, true}, {app("1"), `"1:deflate"`, true}, {app("1"), `1-gzip`, true}, {app("1"), `"0", W/"1"`, true},
		{app("1", zipped), `W/"1;gzip"`, true}, {app("1", zipped), `"1-gzip"`, true}, {app("1", zipped), `"1;br"`, true},
		{app("1", spoken), `W/"1;de"`, true}, {app("1", spoken), `"1;de-gzip"`, true}, {hashed, `"` + hash + `-gzip"`, true}, {hashed, `W/"` + hash + `"`, true},
		{app("1"), `"2"`, false}, {app("1"), `"2-gzip"`, false}, {app("1"), `W/"2"`, false}, {app("1"), `"11-gzip"`, false}, {app("1"), `"1-gzi"`, false},
		{app("1"), `"1-2"`, false}, {app("1"), `"1;text/html"`, false}, {app("1"), `"gzip"`, false}, {app(`W/"1"`), `W/"1"`, false}, {app(`W/"1"`), `"1-gzip"`, false},
		{app("1", spoken), `"2;de-gzip"`, false}, {hashed, `"1-gzip"`, false},
	} {
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE"} {
			resp := row.p.Want(412, method, "/here", "", "If-Match", row.sent)
			if method == "HEAD" {
				continue
			}
			for _, words := range []string{"a proxy", "Accept-Encoding: identity", "let the App compress"} {
				if row.proxied {
					assert.Contains(t, string(resp.Body), words, "%s %s", method, row.sent)
				} else {
					assert.NotContains(t, string(resp.Body), words, "%s %s", method, row.sent)
				}
			}
		}
	}
	own := app("1", zipped).Want(412, "GET", "/here", "", "If-Match", `"1;gzip"`)
	assert.NotContains(t, string(own.Body), "proxy", "it is our own variant, and not the one that was chosen")
}
