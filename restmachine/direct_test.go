// Direct callbacks mean the same as plain ones.

package restmachine_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestDirectMeansTheSame: whatever a callback returns, and an error above all.
func TestDirectMeansTheSame(t *testing.T) {
	for name, err := range map[string]error{
		"nothing": nil, "any error": harness.ErrSecret, "missing": restmachine.ErrNotFound, "stale": restmachine.ErrStale,
		"a Problem": &restmachine.Problem{Status: 418}, "wrapped": errors.Join(harness.ErrSecret, restmachine.ErrGone),
	} {
		only := func(*harness.Leaf) error { return err }
		beside := func(l *harness.Leaf) (*harness.Leaf, error) { return l, err }
		finish := func(*restmachine.Response) error { return err }
		plain := harness.NewProbe(t, directly(only, beside, finish))
		direct := harness.NewProbe(t, directly(restmachine.Direct1(only), restmachine.Direct1Err(beside), restmachine.Direct1(finish)))
		for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
			for _, path := range []string{"/only/here", "/beside/here", "/finish/here"} {
				for _, fields := range [][]string{nil, {"If-Match", `"1"`}} {
					want, got := plain.Do(method, path, "", fields...), direct.Do(method, path, "", fields...)
					assert.Equal(t, want, got, "%s: %s %s %q", name, method, path, fields)
					if err != nil {
						assert.GreaterOrEqual(t, got.StatusCode, 400, "%s: %s %s", name, method, path)
					}
				}
			}
		}
	}
}

// directly declares handlers of both forms for each method.
func directly(only, beside, finish restmachine.Func) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.ResourceExists(restmachine.Direct1(harness.LeafByPath))
		app.LockKey(restmachine.ByPath)
		app.Get("/only/{id}", only).Put(only).Post(only).Delete(only).
			GenerateETag(func() string { return "1" })
		r := app.Get("/beside/{id}", beside).Put(beside).Post(beside).Delete(beside)
		r.GenerateETag(func() string { return "1" })
		fine := func() string { return "fine" }
		r = app.Get("/finish/{id}", fine).Put(fine).Post(fine).Delete(fine)
		r.GenerateETag(func() string { return "1" })
		r.FinishRequest(finish)
	}
}
