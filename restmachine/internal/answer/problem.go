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
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
	"github.com/restmachine/restmachine-go/restmachine/internal/verdict"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file makes the response of an error. In comes what ended the exchange. Out comes
// what a client may see of it: a Problem, rendered.

// buildProblem makes the answer of an error, or of a refusal by the graph.
func (a *Answer) buildProblem() {
	if a.err == nil && a.x.Plan.RenderError == nil && a.x.Plan.ProblemOffers == nil {
		a.buildRefusal()
		return
	}
	p := a.problem()
	if p.Status < 400 { // a redirect, by a Problem
		a.addHeader(p)
		a.fillVaried()
		a.content = &represent.NoContent
		return
	}
	a.details = represent.Content{}
	media := a.renderPage(&a.details)
	if media == "" {
		media = a.renderProblem(p, &a.details)
	}
	a.requireFields(a.status)
	a.addHeader(p)
	if own := a.Get("Content-Type"); own != nil {
		media = own[0]
	}
	a.content = &a.details
	a.Set("Content-Type", media)
	a.Share("X-Content-Type-Options", noSniff)
	a.forbidStoring()
	a.remove(isValidator) // the Problem's Header may have brought some
}

// buildPlain makes a 500 the answer that no callback has a part in. err is why.
func (a *Answer) buildPlain(err error) {
	a.err = err
	a.x.LogError(err)
	a.begin(http.StatusInternalServerError)
	a.details = represent.Content{}
	media := a.renderDetails(&problem.Details{Status: a.status, Title: problem.Phrase(a.status)}, &a.details)
	a.content = &a.details
	a.setLegal("Content-Type", media)
	a.Share("X-Content-Type-Options", noSniff)
	a.forbidStoring()
}

// forbidStoring keeps an error from being stored, unless something else was said: a cache
// that keeps a 404 by its own rules (RFC 9111, 4.2.2) would keep it past the PUT that creates.
func (a *Answer) forbidStoring() {
	if a.Get("Cache-Control") == nil && a.Get("Expires") == nil {
		a.Share("Cache-Control", noStore)
		return
	}
	a.fillVaried()
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
			if a.saysNothingIsThere(err) {
				p.Extensions = map[string]any{"decision": a.verdict.Row.String()}
			}
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

// saysNothingIsThere reports whether the walk ended with an error that says that there is no
// such resource. The client gets what it would get where a fact says so.
func (a *Answer) saysNothingIsThere(err error) bool {
	return a.status == http.StatusNotFound && a.verdict.Status == a.status && errors.Is(err, exchange.ErrNotFound)
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
	tooLong, broken := (*http.MaxBytesError)(nil), (*request.Broken)(nil)
	switch {
	case errors.Is(err, conditional.ErrExists):
		return "what this request would create exists already; change that, or create it under another name"
	case errors.Is(err, conditional.ErrStale):
		return "the resource changed during this request; get it again, then repeat the request"
	case errors.As(err, &tooLong):
		return fmt.Sprintf("the content is longer than %d bytes", tooLong.Limit)
	case errors.As(err, &broken):
		return broken.Detail()
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
		a.setMissing("Allow", a.allow(x.Method()))
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

// allow is the field Allow: the methods that the gates allow, where they were asked; else those
// of the path, without the one that was just refused. GET and HEAD have one handler.
func (a *Answer) allow(refused string) string {
	if a.verdict.Allow != nil {
		return *a.verdict.Allow
	}
	all := strings.Split(a.x.Plan.Allow, ", ")
	reads := refused == http.MethodGet || refused == http.MethodHead
	return strings.Join(slices.DeleteFunc(all, func(m string) bool {
		return m == refused || reads && (m == http.MethodGet || m == http.MethodHead)
	}), ", ")
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

// renderProblem renders a problem into c: by the Provides for Problems that the client
// prefers, else by the RenderError that holds, else as problem details. Either callback may
// change the Problem. Its Status is then the answer's.
func (a *Answer) renderProblem(p *problem.Details, c *represent.Content) (media string) {
	if offers := a.x.Plan.ProblemOffers; offers != nil {
		a.addVary(varyAccept)
		i, _ := negotiate.MediaType(a.x.Accept(), plan.MediaOf(offers))
		if o := offers[max(i, 0)]; o.Callback != nil && a.renderBy("Provides "+o.Media, o.Callback, p, c) != "" {
			return o.Media
		}
	}
	if by := a.x.Plan.RenderError; by != nil {
		if media := a.renderBy("RenderError", by, p, c); media != "" {
			return media
		}
	}
	return a.renderDetails(p, c)
}

// restate makes what a callback changed in a problem part of the answer.
func (a *Answer) restate(what string, by *plan.Callback, p, changed *problem.Details) {
	if status := changed.Status; status < 400 || status > 599 {
		changed.Status = p.Status
		a.x.LogError(fmt.Errorf("%s %s: the status of an error cannot be %d", what, by.Func, status))
	}
	*p = *changed
	a.status = p.Status
}

// renderDetails renders a problem into c, as problem details, or as text where the client
// prefers text.
func (a *Answer) renderDetails(p *problem.Details, c *represent.Content) (media string) {
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

// renderPage makes the page that a 404 brings the content c; "" where there is none. A page
// that cannot be sent is logged.
func (a *Answer) renderPage(c *represent.Content) (media string) {
	page := (*represent.Page)(nil)
	if !errors.As(a.err, &page) {
		return ""
	}
	a.x.CloseLater(page.File)
	if a.status != http.StatusNotFound { // MapError has given it another meaning
		return ""
	}
	if err := a.reps.SetContent(c, page.File, false); err != nil {
		a.x.LogError(err)
		*c = represent.Content{}
		return ""
	}
	if page.Varies {
		a.addVary(varyAccept)
	}
	return c.Media
}

// renderBy renders a problem by a callback that was registered as what says; "" where that
// fails, which is logged, and then the problem is as it was.
func (a *Answer) renderBy(what string, by *plan.Callback, p *problem.Details, c *represent.Content) (media string) {
	changed := *p
	if changed.Header = p.Header.Clone(); changed.Header == nil {
		changed.Header = http.Header{}
	}
	var value any
	err := exchange.Protect(func() (err error) {
		value, err = a.x.Value(by, a.x.Words.NewProblem(&changed))
		return err
	})
	a.x.CloseLater(value)
	if err == nil && !wire.IsNil(value) {
		if err := a.reps.SetContent(c, value, true); err == nil && c.Bytes != nil {
			a.restate(what, by, p, &changed)
			return mediaOfError(value)
		}
		*c = represent.Content{}
	}
	a.x.LogError(fmt.Errorf("%s %s: %w", what, by.Func, errors.Join(err, errNoContent)))
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
	accept := a.x.Accept()
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
	failed := exchange.Protect(func() error { a.buildProblem(); return a.bad })
	if failed != nil { // the RenderError panics, too, or sets what cannot be sent
		a.buildPlain(failed)
	}
}
