// Functions of registered types mean the same as those that reflection calls.

package fast_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/fast"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestRegisteredMeansTheSame: whatever a callback returns, and an error above all.
func TestRegisteredMeansTheSame(t *testing.T) {
	var probes [2]*harness.Probe
	var err error
	only := func(*harness.Leaf) error { return err }
	beside := func(l *harness.Leaf) (*harness.Leaf, error) { return l, err }
	finish := func(*restmachine.Response) error { return err }
	for i := range probes { // the types are registered when the second App is made
		probes[i] = harness.NewProbe(t, handlers(only, beside, finish))
		fast.Call1x1[*harness.Leaf, error]()
		fast.Call1x2[*harness.Leaf, *harness.Leaf, error]()
		fast.Call1x1[*restmachine.Response, error]()
		fast.Call1x2[restmachine.PathParams, *harness.Leaf, error]()
	}
	reflected, registered := probes[0], probes[1]
	for name, ends := range map[string]error{
		"nothing": nil, "any error": harness.ErrSecret, "missing": restmachine.ErrNotFound, "stale": restmachine.ErrStale,
		"a Problem": &restmachine.Problem{Status: 418}, "wrapped": errors.Join(harness.ErrSecret, restmachine.ErrGone),
	} {
		err = ends
		for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
			for _, path := range []string{"/only/here", "/beside/here", "/finish/here"} {
				for _, fields := range [][]string{nil, {"If-Match", `"1"`}} {
					want, got := reflected.Do(method, path, "", fields...), registered.Do(method, path, "", fields...)
					assert.Equal(t, want, got, "%s: %s %s %q", name, method, path, fields)
					if err != nil {
						assert.GreaterOrEqual(t, got.StatusCode, 400, "%s: %s %s", name, method, path)
					}
				}
			}
		}
	}
}

// handlers declares handlers of both forms for each method.
func handlers(only, beside, finish restmachine.Func) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
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
