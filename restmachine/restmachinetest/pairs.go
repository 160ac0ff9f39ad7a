// This file checks the invariants of two exchanges. The answer to a GET and the answer to
// a HEAD, or a 304, come in. Differences that must not be go out as errors of the test.

package restmachinetest

import (
	"fmt"
	"net/http"
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
