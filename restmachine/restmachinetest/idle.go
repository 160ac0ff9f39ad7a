// This file checks an App that is at rest. An App comes in, and locks that were left
// behind go out as errors of the test.

package restmachinetest

import (
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// patience is the longest time that CheckIdle waits for exchanges whose end the test
// cannot see.
const patience = 5 * time.Second

// CheckIdle reports resources that are locked although no exchange is running (V17). Call
// it after each request has its answer: an App releases a lock before it sends the
// answer. Exchanges whose clients have gone away may still be running. CheckIdle waits up
// to five seconds for them.
func CheckIdle(t testing.TB, app *restmachine.App) {
	t.Helper()
	for deadline := time.Now().Add(patience); app.LocksHeld() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("V17 (docs/concurrency.md): no exchange is running, but %d resources are locked", app.LocksHeld())
			return
		}
	}
}
