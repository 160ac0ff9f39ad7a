package restmachine

import (
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
)

// This file is what callbacks may return as errors. Package exchange says what status
// an error means, and package answer sends it.

// Errors that callbacks may return, or wrap in another error.
var (
	// ErrNotFound ends the request with 404.
	ErrNotFound = exchange.ErrNotFound
	// ErrGone ends the request with 410.
	ErrGone = exchange.ErrGone
	// ErrStale says that somebody was faster: what the handler was given is no longer
	// current. It is 412 where the request carries a precondition. Without one, and where
	// If-Match: * is the only one, which asks just that something is there, a PUT, PATCH or
	// DELETE begins anew from ResourceExists, up to 3 more times, and is then 409; a POST is
	// 409 at once.
	ErrStale = conditional.ErrStale
	// ErrExists is the ErrStale of a handler that creates, and finds that somebody has created
	// the same: an INSERT … ON CONFLICT DO NOTHING that changed no row. It has the status of
	// ErrStale, and tells the client that it exists already. A failed store.Absent is one.
	ErrExists = conditional.ErrExists
)

// Problem is an error that a client may see, with its status: problem details (RFC
// 9457). A callback returns a *Problem as its error. Every other error is hidden behind
// its status.
type Problem struct {
	Type     string // URI of the kind of problem; "" is about:blank
	Title    string // the same for all problems of a kind; "" is the status text
	Status   int    // 400 to 599, or 3xx with a Location in Header; 0 is 500
	Detail   string // what is wrong with this request
	Instance string // URI of this occurrence

	Header     http.Header    // added to the response's; an error without Cache-Control and Expires is sent with no-store
	Extensions map[string]any // further members
}

// Error returns the Detail, else the Title, else the text of the status.
func (p *Problem) Error() string {
	switch {
	case p.Detail != "":
		return p.Detail
	case p.Title != "":
		return p.Title
	}
	return problem.Phrase((*problem.Details)(p).FinalStatus())
}

// MarshalJSON returns the problem as problem details (RFC 9457, 3). Extensions are
// members beside the standard ones, and cannot replace them.
func (p *Problem) MarshalJSON() ([]byte, error) { return (*problem.Details)(p).MarshalJSON() }
