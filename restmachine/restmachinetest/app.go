// This file checks an App that answers nothing: before its first request, and at rest. An App
// comes in. Its wiring faults and risks, and locks that were left behind, go out as errors of
// the test.

package restmachinetest

import (
	"context"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Check reports the wiring faults of an App, and its risks: each [restmachine.Report] that says
// that a check may be off. It does not start anything. So a test can check the real App without
// its real database.
func Check(t testing.TB, app *restmachine.App) {
	t.Helper()
	reports, err := app.Reports()
	if err != nil {
		t.Errorf("%v", err)
	}
	for _, r := range reports {
		if r.Severity == restmachine.Risk {
			t.Errorf("a risk in the wiring: %s", r.Text)
		}
	}
}

// start stops the test if the App does not start. Other tests may use the started App
// later, so the App does not start under the context of this test.
func start(t testing.TB, app *restmachine.App) {
	t.Helper()
	if err := app.Start(context.Background()); err != nil {
		t.Fatalf("the App cannot start: %v", err)
	}
}

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
