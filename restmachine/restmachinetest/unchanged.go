// The invariant of an exchange and the state around it: who was refused has
// changed nothing.

package restmachinetest

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

// CheckUnchanged reports a request that was refused and changed something all
// the same (V6): after a 304, and after each 4xx, the state must be what it was.
// before and after are copies of the state, from before the request was sent and
// after its answer has come: whatever == compares, say a version, all of a store
// as text, or how often a handler ran. A pointer stops the test, as it is equal
// to itself whatever becomes of what it points to.
//
// Nobody else may write meanwhile. What a refusal is meant to leave behind, such
// as a count of failed logins, is no part of the state.
func CheckUnchanged[S comparable](t testing.TB, req restmachine.Request, resp restmachine.Response, before, after S) {
	t.Helper()
	if reflect.ValueOf(before).Kind() == reflect.Pointer {
		t.Fatalf("the state is a %T, which says nothing of what it points to: compare a copy", before)
		return
	}
	x := newExchange(req, resp)
	if x.refused() && before != after {
		x.report(t, []string{changed(before, after)})
	}
}

// refused reports whether the request was not done: the client has what it asks
// for, or made a mistake, or lost a race.
func (x exchange) refused() bool { return x.status(304) || x.resp.StatusCode/100 == 4 }

// changed is the fault of a refusal.
func changed(before, after any) string {
	return breaks("V6 a refusal changes nothing", "RFC 9110, 13.1", "state", fmt.Sprintf("was %+v, and is %+v", before, after))
}
