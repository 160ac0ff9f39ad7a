package restmachine

import (
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file lets a package beside this one, which is package cors, say how pages of other
// origins see what a place answers. In comes a Sharing. It goes to package declare, with its
// place.

// Place is where facts hold: an [App], a Group or a [Resource]. No other type is one. A package
// that says something of a place takes it, such as cors.
type Place interface{ facts() *Facts }

func (f *Facts) facts() *Facts { return f }

// Sharing says how pages of other origins see what a place answers, by the CORS protocol of the
// Fetch standard. Package cors makes it from a Policy: use that. A Sharing of another package
// is for rules that a cors.Policy cannot say.
type Sharing struct {
	// By is the function that the user called, for messages: "cors.Allow".
	By string

	// Faults are what is wrong. Each is a wiring fault: what, and what to do.
	Faults []string

	// Fields returns the fields of one response. It is called for each response of the place,
	// whatever its status, behind each FinishRequest. It runs in many goroutines at once.
	//
	// origin is the request's Origin, as it came; "" where there is not exactly one. methods
	// is "" but for a preflight: an OPTIONS with an Origin and an
	// Access-Control-Request-Method. Then it has the methods that the path allows, as in
	// Allow; on an unknown path all that the App knows, so that the page gets to see the
	// 404. No gate is asked before the answer to a preflight, and nothing is loaded.
	//
	// Names are canonical. Vary and Access-Control-Expose-Headers add up with what the response
	// has. Every other field is set; a field without values is taken away. Nobody changes
	// what Fields returns: it may return the same header again. If Fields panics, that is
	// logged, and the response has no-store and none of the fields.
	Fields func(origin, methods string) http.Header
}

// Share gives a place its Sharing. The nearest to a path alone holds there, and on unknown paths
// the one of the nearest Group, or of the App. Two at one place are a wiring fault.
func Share(place Place, s Sharing) {
	place.facts().ref.Share(declare.Sharing{By: s.By, Fields: s.Fields}, s.Faults)
}
