// This file checks the invariants of two things that must agree. Two exchanges come in, such as
// the answers to a GET and to a HEAD, or an exchange and two copies of the state. Differences that
// must not be go out as errors of the test.

package restmachinetest

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

// CheckHead reports differences between head, the answer to a HEAD, and get, the answer
// to a GET of the same resource in the same state. Only the content may differ (RFC 9110,
// 9.3.2). Date is not compared.
func CheckHead(t testing.TB, get, head restmachine.Response) {
	t.Helper()
	reportAll(t, headFaults(get, head))
}

// headFaults returns a sentence for each difference that CheckHead reports.
func headFaults(get, head restmachine.Response) (all []string) {
	if head.StatusCode != get.StatusCode {
		all = append(all, fmt.Sprintf("V10 (RFC 9110, 9.3.2): HEAD answered %d, GET %d", head.StatusCode, get.StatusCode))
	}
	if len(head.Body) > 0 {
		all = append(all, fmt.Sprintf("V2 (RFC 9110, 9.3.2): HEAD answered with %d bytes of content", len(head.Body)))
	}
	return append(all, differences("V10 (RFC 9110, 9.3.2): HEAD", fields(get, head), get, head)...)
}

// CheckNotModified compares a 304 with get, the 200 in whose place it was sent. It
// reports differences in the entity-tag, Cache-Control, Content-Location, Expires and
// Vary. If there is no entity-tag, it also compares Last-Modified (RFC 9110, 15.4.5).
func CheckNotModified(t testing.TB, get, notModified restmachine.Response) {
	t.Helper()
	reportAll(t, notModifiedFaults(get, notModified))
}

// notModifiedFaults returns a sentence for each difference that CheckNotModified reports.
func notModifiedFaults(get, notModified restmachine.Response) (all []string) {
	if notModified.StatusCode != http.StatusNotModified {
		all = append(all, fmt.Sprintf("V3 (RFC 9110, 15.4.5): status is %d, not 304", notModified.StatusCode))
	}
	kept := []string{"Etag", "Cache-Control", "Content-Location", "Expires", "Vary"}
	if get.Header.Get("ETag") == "" {
		kept = append(kept, "Last-Modified")
	}
	return append(all, differences("V3 (RFC 9110, 15.4.5): the 304", kept, get, notModified)...)
}

// reportAll reports each fault as an error of the test.
func reportAll(t testing.TB, faults []string) {
	t.Helper()
	for _, fault := range faults {
		t.Errorf("%s", fault)
	}
}

// fields lists the names of all fields in either response, sorted, without Date.
func fields(a, b restmachine.Response) []string {
	var names []string
	for _, header := range []http.Header{a.Header, b.Header} {
		for name := range header {
			if name != "Date" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// differences returns a sentence for each of the fields in which got, an answer to who,
// differs from the GET.
func differences(who string, fields []string, want, got restmachine.Response) (all []string) {
	for _, field := range fields {
		if w, g := want.Header.Values(field), got.Header.Values(field); !slices.Equal(w, g) {
			all = append(all, fmt.Sprintf("%s has %s %q, the GET has %q", who, field, g, w))
		}
	}
	return all
}

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
