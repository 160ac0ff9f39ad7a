// This file compares the state of a service before and after a request. An exchange and
// two copies of the state come in. An error of the test goes out if the request was
// refused and the state differs.

package restmachinetest

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

// CheckUnchanged reports a request that was refused and still changed something (V6).
// After a 304 and after each 4xx, the state must be the same as before. before and after
// are copies of the state, from before the request and from after its answer. Any value
// that == compares will do: a version, all of a store as text, or how often a handler
// ran. A pointer stops the test, because it is equal to itself even if the value that it
// points to has changed.
//
// No other request may write at the same time. A change that a refusal is meant to make
// is not part of the state, for example a count of failed logins.
func CheckUnchanged[S comparable](t testing.TB, req restmachine.Request, resp restmachine.Response, before, after S) {
	t.Helper()
	if reflect.ValueOf(before).Kind() == reflect.Pointer {
		t.Fatalf("the state is a %T; a pointer does not show changes: compare a copy", before)
		return
	}
	x := newExchange(req, resp)
	if x.refused() && before != after {
		x.report(t, []string{changed(before, after)})
	}
}

// refused reports whether the request was not done: the client has the current content,
// made a mistake, or lost a race.
func (x exchange) refused() bool { return x.status(304) || x.resp.StatusCode/100 == 4 }

// changed returns the fault of a refusal that changed the state.
func changed(before, after any) string {
	return breaks("V6 a refusal changes nothing", "RFC 9110, 13.1", "state", fmt.Sprintf("was %+v, and is %+v", before, after))
}
