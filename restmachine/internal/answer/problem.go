package answer

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
	"github.com/restmachine/restmachine-go/restmachine/internal/verdict"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file makes the response of an error. In comes what ended the exchange. Out comes
// what a client may see of it: a Problem, rendered.

// buildProblem makes the answer of an error, or of a refusal by the graph.
func (a *Answer) buildProblem() {
	if a.err == nil && a.x.Plan.RenderError == nil {
		a.buildRefusal()
		return
	}
	p := a.problem()
	if p.Status < 400 { // a redirect, by a Problem
		a.addHeader(p)
		a.content = &represent.NoContent
		return
	}
	a.requireFields(p.Status)
	a.details = represent.Content{}
	media := a.renderProblem(p, &a.details)
	a.addHeader(p)
	if own := a.Get("Content-Type"); own != nil {
		media = own[0]
	}
	a.content = &a.details
	a.Set("Content-Type", media)
	a.Share("X-Content-Type-Options", noSniff)
	a.remove(isValidator) // the Problem's Header may have brought some
}

// problem is what a client may see of how the exchange ended.
func (a *Answer) problem() *problem.Details {
	p := &problem.Details{Status: a.status}
	if a.err == nil {
		var said problem.Detail
		a.refusal(&said, a.verdict.Row)
		p.Detail = said.String()
		p.Extensions = map[string]any{"decision": a.verdict.Row.String()}
	} else {
		err := a.x.Resolve(a.err)
		said, _ := a.x.Words.ProblemIn(err)
		if said != nil {
			own := *said
			own.Header, own.Extensions = said.Header.Clone(), maps.Clone(said.Extensions)
			p = &own
		} else {
			p.Detail = detailOf(err)
		}
		p.Status = a.status
		if a.isUnexplained(said) {
			a.x.LogError(a.err)
		}
	}
	if p.Title == "" {
		p.Title = problem.Phrase(p.Status)
	}
	return p
}

// isUnexplained reports whether an error says more to the service than to the client: a 500
// that nobody asked for, or a context that ended and was not the request's.
func (a *Answer) isUnexplained(said *problem.Details) bool {
	switch a.status {
	case http.StatusInternalServerError:
		return said == nil || said.FinalStatus() != said.Status
	case http.StatusServiceUnavailable:
		return said == nil && a.x.Context().Err() == nil
	}
	return false
}

// detailOf says in words what one of the errors with a status means.
func detailOf(err error) string {
	tooLong := (*http.MaxBytesError)(nil)
	switch {
	case errors.Is(err, conditional.ErrStale):
		return "the resource changed during this request; get it again, then repeat the request"
	case errors.As(err, &tooLong):
		return fmt.Sprintf("the content is longer than %d bytes", tooLong.Limit)
	}
	return ""
}

// requireFields sets the fields that a status must carry.
func (a *Answer) requireFields(status int) {
	x := a.x
	switch status {
	case http.StatusUnauthorized: // RFC 9110, 15.5.2
		challenge := x.Challenge
		if a.verdict.Challenge != "" && a.err == nil {
			challenge = a.verdict.Challenge
		}
		a.setMissing("Www-Authenticate", challenge)
	case http.StatusMethodNotAllowed: // RFC 9110, 15.5.6
		a.setMissing("Allow", a.allowWithout(x.Method()))
	case http.StatusUnsupportedMediaType:
		if a.verdict.Cause == verdict.ContentCoding && a.err == nil {
			a.Set("Accept-Encoding", "identity") // RFC 9110, 15.5.16
		}
		name := "Accept" // RFC 9110, 15.5.16
		if x.Method() == http.MethodPatch {
			name = "Accept-Patch" // RFC 5789, 2.2
		}
		if media := plan.BodyMedia(x.Plan.Bodies); media != "" {
			a.setMissing(name, media)
		}
	case http.StatusRequestedRangeNotSatisfiable: // RFC 9110, 15.5.17
		if a.verdict.Row == decision.P21 && a.err == nil {
			a.Set("Content-Range", byterange.Unsatisfied(a.reps.Result().Content().Size))
		}
	case http.StatusPreconditionRequired:
		a.setMissing("Cache-Control", noStore[0]) // RFC 6585, 3
	case http.StatusNotAcceptable:
		if err := a.fillVary(); err != nil {
			x.LogError(err)
			a.Set("Vary", "*")
		}
	}
}

// setMissing sets a field that nobody has set.
func (a *Answer) setMissing(name, value string) {
	if a.Get(name) == nil {
		a.Set(name, value)
	}
}

// allowWithout is the path's Allow, without a method that was just refused.
func (a *Answer) allowWithout(method string) string {
	all := strings.Split(a.x.Plan.Allow, ", ")
	return strings.Join(slices.DeleteFunc(all, func(m string) bool { return m == method }), ", ")
}

func (a *Answer) addHeader(p *problem.Details) {
	h := header.Canonical(p.Header)
	a.mountURIs(h, nil)
	negotiated := fieldNames(a.Get("Vary"))
	a.merge(h)
	if len(negotiated) > 0 {
		a.addVary(negotiated)
	}
}

// renderProblem renders a problem into c: by the RenderError that holds, else as problem
// details, or as text where the client prefers text.
func (a *Answer) renderProblem(p *problem.Details, c *represent.Content) (media string) {
	if by := a.x.Plan.RenderError; by != nil {
		if media := a.renderBy(by, p, c); media != "" {
			return media
		}
	}
	a.addVary(varyAccept)
	if a.prefersText() {
		c.SetBytes([]byte(p.Text()))
		return problemText[0]
	}
	body, err := json.Marshal(p)
	if err != nil {
		p.Extensions = nil
		body, _ = json.Marshal(p)
	}
	c.SetBytes(body)
	return problemJSON[0]
}

// renderBy renders a problem by a RenderError; "" where that fails, which is logged.
func (a *Answer) renderBy(by *plan.Callback, p *problem.Details, c *represent.Content) (media string) {
	if p.Header == nil {
		p.Header = http.Header{}
	}
	var value any
	err := exchange.Protect(func() (err error) {
		value, err = a.x.Value(by, a.x.Words.NewProblem(p))
		return err
	})
	a.x.CloseLater(value)
	if err == nil && !wire.IsNil(value) {
		if err := a.reps.SetContent(c, value, true); err == nil && c.Bytes != nil {
			return mediaOfError(value)
		}
		*c = represent.Content{}
	}
	a.x.LogError(fmt.Errorf("RenderError %s: %w", by.Func, errors.Join(err, errNoContent)))
	if errors.Is(err, exchange.ErrAborted) {
		a.err = err
	}
	return ""
}

var errNoContent = errors.New("it did not render content that can be sent")

// mediaOfError is the media type of what a RenderError returned, unless the Problem's Header
// names one.
func mediaOfError(value any) string {
	switch reflect.ValueOf(value).Kind() {
	case reflect.String:
		return "text/plain; charset=utf-8"
	case reflect.Slice:
		if _, ok := value.([]byte); ok {
			return "application/octet-stream"
		}
	}
	return "application/json"
}

// prefersText reports whether the client prefers errors as text.
func (a *Answer) prefersText() bool {
	accept := a.x.Lines("Accept")
	if len(accept) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == "application/json") {
		return false // what most clients send is compared, and not parsed
	}
	i, ok := negotiate.MediaType(accept, problem.Media)
	return ok && problem.Media[i] == problem.Text
}

// Protect calls f. A panic in it makes the answer a 500.
func (a *Answer) Protect(f func()) {
	if err := exchange.Protect(func() error { f(); return nil }); err != nil {
		a.Break(err)
	}
}

// Break makes a panic the answer, whatever it was before.
func (a *Answer) Break(err error) {
	a.err = err
	a.begin(http.StatusInternalServerError)
	if again := exchange.Protect(func() error { a.buildProblem(); return nil }); again != nil { // the RenderError panics, too
		a.x.LogError(again)
		a.begin(http.StatusInternalServerError)
		a.details = represent.Content{}
		a.details.SetBytes([]byte("{}"))
		a.content = &a.details
		a.Set("Content-Type", problemJSON[0])
	}
}
