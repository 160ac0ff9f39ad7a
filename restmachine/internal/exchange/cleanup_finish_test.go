// FinishRequest beside a cleanup: it sees the answer that is sent, and nothing is made
// anew for it.

package exchange_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestFinishRequestOfAFailedCleanup: it is asked of the answer that is sent.
func TestFinishRequestOfAFailedCleanup(t *testing.T) {
	for status, err := range map[int]error{500: errors.New("no commit"), 409: restmachine.ErrStale} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.Dependency(func() (*tx, func(error) error) { return &tx{}, func(error) error { return err } })
			app.FinishRequest(func(resp *restmachine.Response) { resp.Header.Set("X-Frame-Options", "DENY") })
			app.Get("/x", func(*tx) string { return "x" })
		})
		assert.Equal(t, "DENY", p.Want(status, "GET", "/x", "").Header.Get("X-Frame-Options"))
	}
}

// TestFinishRequestAfterACleanup: what was made for the request is undone, and nothing
// is made again.
func TestFinishRequestAfterACleanup(t *testing.T) {
	made, finished := 0, 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Dependency(func() (*tx, func(error) error) {
			made++
			return &tx{}, func(error) error { return restmachine.ErrStale }
		})
		app.FinishRequest(func(_ *restmachine.Response, _ *tx) { finished++ })
		app.Post("/x", func(*tx) {})
	})
	p.Want(409, "POST", "/x", "")
	assert.Equal(t, 1, made)
	assert.Equal(t, 1, finished)
}
