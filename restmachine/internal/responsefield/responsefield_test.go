// These tests check that a field is of one kind alone, and that its name is found however it is
// written.

package responsefield

import (
	"maps"
	"net/textproto"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAFieldIsOfOneKind: a field that is exempt and told by the document would never be checked.
func TestAFieldIsOfOneKind(t *testing.T) {
	seen := map[string]bool{}
	for _, names := range [][]string{slices.Collect(maps.Keys(own)), slices.Collect(maps.Keys(message)), slices.Collect(maps.Keys(browser))} {
		for _, name := range names {
			assert.False(t, seen[name], "%s is of two kinds", name)
			assert.Equal(t, textproto.CanonicalMIMEHeaderKey(name), name, "it would never be found")
			seen[name] = true
		}
	}
}

func TestKinds(t *testing.T) {
	for _, name := range []string{"ETag", "etag", "WWW-Authenticate", "Vary"} {
		assert.NotEmpty(t, Own(name), name)
		assert.False(t, IsExempt(name), "%s is told by the document", name)
	}
	for _, name := range []string{"date", "Content-Type", "CONTENT-LENGTH"} {
		assert.NotEmpty(t, OfMessage(name), name)
		assert.True(t, IsExempt(name), name)
	}
	for _, name := range []string{"access-control-allow-origin", "Content-Security-Policy", "X-Content-Type-Options"} {
		assert.True(t, IsExempt(name), name)
		assert.Empty(t, OfMessage(name)+Own(name), "it may be said: %s", name)
	}
	for _, name := range []string{"Link", "Set-Cookie", "X-Request-Id", "Retry-After", "Cache-Control", "Content-Disposition", ""} {
		assert.False(t, IsExempt(name), name)
		assert.Empty(t, OfMessage(name)+Own(name), name)
	}
}
