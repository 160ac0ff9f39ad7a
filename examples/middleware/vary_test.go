// Fields that may come more than once, and that the middleware has set already,
// are added to: an answer that varies by Origin and by Accept says both.

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
		assert.Contains(t, vary, "Origin", "lest a cache give it to another origin")
		assert.Contains(t, vary, "Accept")
	})
}
