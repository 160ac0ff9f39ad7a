// This test checks fields that may occur more than once. If the middleware has already
// set one, the application adds to it. An answer that varies by Origin and by Accept says
// both.

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVaryIsAddedTo(t *testing.T) {
	everywhere(t, func(t *testing.T, s site) {
		refused := s.expect(t, 412, "PUT", "/api/lamps/hall", `{"on": false}`, "If-Match", `"7"`)
		vary := strings.Join(refused.Values("Vary"), ", ")
		assert.Contains(t, vary, "Origin", "a cache must not give it to another origin")
		assert.Contains(t, vary, "Accept")
	})
}
