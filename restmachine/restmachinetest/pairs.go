// This file checks the invariants of two exchanges. The answer to a GET and the answer to
// a HEAD, or a 304, come in. Differences that must not be go out as errors of the test.

package restmachinetest

import (
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
	if head.StatusCode != get.StatusCode {
		t.Errorf("V10 (RFC 9110, 9.3.2): HEAD answered %d, GET %d", head.StatusCode, get.StatusCode)
	}
	if len(head.Body) > 0 {
		t.Errorf("V2 (RFC 9110, 9.3.2): HEAD answered with %d bytes of content", len(head.Body))
	}
	for _, field := range fields(get, head) {
		compare(t, "V10 (RFC 9110, 9.3.2): HEAD", field, get, head)
	}
}

// CheckNotModified compares a 304 with get, the 200 in whose place it was sent. It
// reports differences in the entity-tag, Cache-Control, Content-Location, Expires and
// Vary. If there is no entity-tag, it also compares Last-Modified (RFC 9110, 15.4.5).
func CheckNotModified(t testing.TB, get, notModified restmachine.Response) {
	t.Helper()
	if notModified.StatusCode != http.StatusNotModified {
		t.Errorf("V3 (RFC 9110, 15.4.5): status is %d, not 304", notModified.StatusCode)
	}
	kept := []string{"Etag", "Cache-Control", "Content-Location", "Expires", "Vary"}
	if get.Header.Get("ETag") == "" {
		kept = append(kept, "Last-Modified")
	}
	for _, field := range kept {
		compare(t, "V3 (RFC 9110, 15.4.5): the 304", field, get, notModified)
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

func compare(t testing.TB, who, field string, want, got restmachine.Response) {
	t.Helper()
	if w, g := want.Header.Values(field), got.Header.Values(field); !slices.Equal(w, g) {
		t.Errorf("%s has %s %q, the GET has %q", who, field, g, w)
	}
}
