// This file holds what a Ledger knows about negotiation. An exchange comes in. It says
// which fields were asked and which representation was sent. Two exchanges can contradict
// each other.

package restmachinetest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// negotiated are the request fields that choose a representation (RFC 9110, 12.5). chosen
// are the response fields that say which representation was chosen.
var (
	negotiated = []string{"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language"}
	chosen     = [...]string{"Content-Type", "Content-Language", "Content-Encoding"}
)

// whateverElse are request fields that do not choose a representation. They decide
// whether it is sent, and how much of it.
var whateverElse = []string{"If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Range"}

// An answer is a GET or HEAD and its result, for negotiation.
type answer struct {
	asked  [4]string // the negotiated fields
	rest   string    // the other fields of the request
	status int
	shown  [3]string // the chosen fields; empty for 304 and 406
	vary   string    // the names in Vary, sorted
}

// answer returns the exchange as an answer. ok is false if the exchange says nothing
// about negotiation.
func (x exchange) answer() (a answer, ok bool) {
	if !x.is("GET", "HEAD") || !x.status(200, 304, 406) {
		return a, false
	}
	a.status, a.vary = x.resp.StatusCode, varyOf(x.resp.Header)
	for i, name := range negotiated {
		a.asked[i] = said(x.req.Header, name)
	}
	for _, name := range slices.Sorted(maps.Keys(x.req.Header)) {
		if !slices.Contains(negotiated, name) && !slices.Contains(whateverElse, name) {
			a.rest += said(x.req.Header, name)
		}
	}
	if a.status == 200 {
		for i, name := range chosen {
			a.shown[i] = x.resp.Header.Get(name)
		}
	}
	return a, true
}

// said returns a field with all its lines, or "" if it is missing.
func said(h http.Header, name string) string {
	if h[name] == nil {
		return ""
	}
	return name + ": " + strings.Join(h[name], "\n") + "\n"
}

// varyOf returns the names in Vary, each once, joined by commas.
func varyOf(h http.Header) string {
	var names []string
	for name := range strings.SplitSeq(strings.Join(h.Values("Vary"), ","), ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, http.CanonicalHeaderKey(name))
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// against says why a and b contradict each other, or returns "".
func (a answer) against(b answer) string {
	if a.status > b.status {
		a, b = b, a
	}
	same := a.asked == b.asked
	switch {
	case a.rest != b.rest || a.status != 200:
		return ""
	case b.status == 200 && a.shown != b.shown && !same:
		return a.unsaid(b)
	case b.status == 304 && same && a.vary != b.vary:
		return fmt.Sprintf("the 304 has %q, its 200 has %q", b.vary, a.vary)
	case b.status == 406:
		for _, name := range negotiated {
			if a.varies(name) && !b.varies(name) {
				return fmt.Sprintf("the 406 has %q, a 200 has %q", b.vary, a.vary)
			}
		}
	}
	return ""
}

// unsaid returns a fault if Vary names none of the fields in which the requests differ.
// One of these fields chose between the two representations.
func (a answer) unsaid(b answer) string {
	var differ []string
	for i, name := range negotiated {
		if a.asked[i] != b.asked[i] {
			differ = append(differ, name)
		}
	}
	if slices.ContainsFunc(differ, a.varies) && slices.ContainsFunc(differ, b.varies) {
		return ""
	}
	return fmt.Sprintf("%q and %q were chosen by %s, but Vary is %q and %q",
		a.shown, b.shown, strings.Join(differ, " or "), a.vary, b.vary)
}

// varies reports whether Vary names a field, or "*".
func (a answer) varies(name string) bool {
	names := strings.Split(a.vary, ", ")
	return slices.Contains(names, name) || slices.Contains(names, "*")
}
