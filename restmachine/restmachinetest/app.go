// This file checks an App before it answers requests. An App comes in, and its wiring
// faults and risks go out as errors of the test.

package restmachinetest

import (
	"context"
	"testing"

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
