// What is checked of an App before it answers anything.

package restmachinetest

import (
	"context"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Check reports the wiring faults of an App. It starts nothing, so that the real
// App, with its real database, can be checked wherever tests run.
func Check(t testing.TB, app *restmachine.App) {
	t.Helper()
	if err := app.Validate(); err != nil {
		t.Errorf("%v", err)
	}
}

// start stops the test where the App does not start. What starts an App outlives
// the test that was first to need it, so its context is not the test's.
func start(t testing.TB, app *restmachine.App) {
	t.Helper()
	if err := app.Start(context.Background()); err != nil {
		t.Fatalf("the App does not start: %v", err)
	}
}
