// The limits that hold where nobody set one.

package restmachine_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestContentLimitByDefault: one MiB is taken, one byte more is not, and the
// handler does not run.
func TestContentLimitByDefault(t *testing.T) {
	const limit = 1 << 20
	taken := 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Put("/bytes", func(in restmachine.Body[[]byte]) { taken = len(in.Value) })
	})
	content := bytes.Repeat([]byte("x"), limit+1)
	p.Want(413, "PUT", "/bytes", string(content))
	assert.Zero(t, taken)
	p.Want(204, "PUT", "/bytes", string(content[:limit]))
	assert.Equal(t, limit, taken)
}
