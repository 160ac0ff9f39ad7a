// Package answer makes the response of what was decided. In come a verdict and the
// representations of an exchange. Out come the status, the fields and the content that are
// sent. It decides nothing: it asks only the facts whose answers stand in a response.
package answer

import (
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
	"github.com/restmachine/restmachine-go/restmachine/internal/verdict"
)

// This file builds the response of a status.

// An Answer is the response while it is made.
type Answer struct {
	Fields
	response
	x       *exchange.Exchange
	reps    *represent.Representations
	verdict *verdict.Verdict
	dates   *Dates
	details represent.Content // the content of a problem
	text    []byte            // room for its text
}

// response is everything but fields that Reset clears.
type response struct {
	status  int
	content *represent.Content   // nil: none
	ranges  []byterange.Range    // of the content; nil: all of it
	parts   *byterange.Multipart // nil: not in parts

	err      error // what the answer is, if it is an error, or why it was not sent whole
	finished bool  // a FinishRequest may have set fields
	begun    bool  // something was sent
	untaken  bool  // the client did not take all of it
}

// Configure makes a the answer of an exchange. v is where its verdict will stand, and dates
// are the texts that the App keeps.
func (a *Answer) Configure(x *exchange.Exchange, reps *represent.Representations, v *verdict.Verdict, dates *Dates) {
	a.x, a.reps, a.verdict, a.dates = x, reps, v, dates
}

// Reset forgets the answer. It keeps the room of buffers.
func (a *Answer) Reset() {
	a.Fields.reset()
	if a.details.Bytes != nil || a.details.Stream != nil {
		a.details = represent.Content{}
		a.text = request.Cleared(a.text)
	}
	a.response = response{}
}

// begin makes the answer an empty one of a status.
func (a *Answer) begin(status int) {
	a.Fields.reset()
	a.status, a.content, a.ranges, a.parts = status, nil, nil, nil
}

// Status is the status of the response.
func (a *Answer) Status() int { return a.status }

// Err is the error that the answer is, or why it was not sent whole; nil where it is none.
func (a *Answer) Err() error { return a.err }

// Build makes the response of the verdict. What cannot be sent becomes a 500.
func (a *Answer) Build() {
	v := a.verdict
	a.status, a.err = v.Status, v.Err
	if v.Status == http.StatusPartialContent {
		a.ranges = v.Ranges
	}
	err := a.fill()
	if err == nil {
		err = a.bad
	}
	if err != nil {
		a.Refuse(err)
	}
}

// Refuse makes an error the answer, whatever it was before.
func (a *Answer) Refuse(err error) {
	a.err = err
	a.begin(a.x.StatusOf(err))
	a.buildProblem()
	if illegal := a.bad; illegal != nil { // a field of the Problem that the error is, or of a RenderError
		a.buildPlain(illegal)
	}
}

// fill sets the fields and the content of the status.
func (a *Answer) fill() error {
	p := a.x.Plan
	switch {
	case a.isProblem():
		a.buildProblem()
	case a.status == http.StatusNotModified && a.verdict.Tag != nil:
		a.push("Etag", a.verdict.Tag[:])
	case a.status == http.StatusNotModified:
		return a.fillNotModified()
	case p.Name == http.MethodOptions && a.status == http.StatusOK:
		a.fillOptions(p)
	case a.reps.Result() == nil: // the graph redirects
		a.Set("Location", a.x.URI(a.verdict.Moved))
		a.fillVaried()
		a.content = &represent.NoContent
	default:
		return a.fillResult(a.reps.Result())
	}
	return nil
}

// isProblem reports whether the answer is an error, or a refusal by the graph. A Reply with
// such a status is the handler's own.
func (a *Answer) isProblem() bool {
	if a.err != nil {
		return true
	}
	return a.status >= 400 && a.reps.Result().Status() != a.status
}

// fillOptions sets what a path can do.
func (a *Answer) fillOptions(p *plan.Method) {
	allow := a.allow("")
	a.setLegal("Allow", allow)
	a.content = &represent.NoContent
	patch := p.Path.Method(http.MethodPatch)
	if patch == nil || !slices.Contains(strings.Split(allow, ", "), http.MethodPatch) {
		return
	}
	if plan.BodyMedia(patch.Bodies) != "" {
		a.Set("Accept-Patch", plan.BodyMedia(patch.Bodies)) // RFC 5789, 3.1
	}
}

// fillResult sets the fields and the content of what a handler returned.
func (a *Answer) fillResult(r *represent.Representation) error {
	if r.Header() != nil {
		if err := a.mergeReply(r); err != nil {
			return err
		}
	}
	if err := a.describeResult(r); err != nil {
		return err
	}
	if a.status == http.StatusCreated {
		if err := a.fillLocation(r); err != nil {
			return err
		}
	}
	if a.status >= 400 {
		a.remove(isValidator)
		a.requireFields(a.status)
		a.forbidStoring()
	}
	a.fillContent(r)
	return a.fillVary()
}

// Finish sets the fields for pages of other origins and Content-Length, and takes the content away where the status or the method has
// none.
func (a *Answer) Finish() {
	if a.x.Plan.Sharing != nil {
		a.share()
	}
	c := a.content
	switch {
	case a.status == http.StatusNotModified && !a.finished: // nobody has set any
		return
	case isBodyless(a.status):
		a.remove(isOfContent)
		a.content = nil
		return
	case c == nil:
		return
	case a.isPartial():
	case c.Size >= 0:
		a.setLength(c.Size)
	}
	if a.x.Method() == http.MethodHead {
		a.content = nil
	}
}

// isBodyless reports whether a response of a status comes without content (RFC 9110, 6.4.1).
func isBodyless(status int) bool {
	return status == http.StatusNotModified || status == http.StatusNoContent || status == http.StatusResetContent
}

// isPartial reports whether only ranges of the content are sent.
func (a *Answer) isPartial() bool { return len(a.ranges) > 0 }
