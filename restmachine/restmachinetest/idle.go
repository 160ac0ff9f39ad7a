// The invariant of an App at rest: nothing is left behind.

package restmachinetest

import (
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// patience is how long CheckIdle waits for exchanges whose end nobody sees.
const patience = 5 * time.Second

// CheckIdle reports resources that are locked though no exchange is under way
// (V17). Call it when each request has its answer: a lock is given up before the
// answer is sent. For the exchanges of clients that have gone away it waits up to
// five seconds.
func CheckIdle(t testing.TB, app *restmachine.App) {
	t.Helper()
	for deadline := time.Now().Add(patience); app.LocksHeld() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("V17 (docs/concurrency.md): no exchange is under way, and %d resources are locked", app.LocksHeld())
			return
		}
	}
}
