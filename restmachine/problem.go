package restmachine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
)

// This file is about errors: which status they mean, what of them a client may
// see, and how that is rendered.

// fail ends the walk with an error.
func (x *exchange) fail(err error) decision.Answer {
	x.err = err
	return decision.Status(x.statusOf(err))
}

// resolve is what an error means: a *Problem, or one of the errors that have a
// status, or what a MapError says of it.
func (x *exchange) resolve(err error) error {
	for range 8 { // a circle of mappings ends as what it is
		to := x.mapped(err)
		if to == nil {
			return err
		}
		err = to
	}
	return err
}

func (x *exchange) mapped(err error) error {
	for _, m := range x.plan.settings.mapped {
		if errors.Is(err, m.from) {
			return m.to
		}
	}
	return nil
}

// statusOf is the status that an error means; 500 where it means none.
func (x *exchange) statusOf(err error) int {
	err = x.resolve(err)
	problem, tooLong := (*Problem)(nil), (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &problem) && problem != nil:
		return problem.status()
	case errors.Is(err, ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, ErrGone):
		return http.StatusGone
	case errors.Is(err, ErrStale):
		if x.conditional() {
			return http.StatusPreconditionFailed
		}
		return http.StatusConflict
	case errors.As(err, &tooLong):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// conditional reports whether a write carries a precondition: If-Modified-Since
// is for GET and HEAD alone (RFC 9110, 13.1.3).
func (x *exchange) conditional() bool {
	p := x.preconditions()
	return p.IfMatch.Present() || p.IfNoneMatch.Present() || p.IfUnmodifiedSince.Present()
}

// known reports whether an error has a meaning beside 500.
func (x *exchange) known(err error) bool {
	return x.statusOf(err) != http.StatusInternalServerError || errors.As(x.resolve(err), new(*Problem))
}

// buildProblem makes the answer of an error, or of a refusal by the graph.
func (x *exchange) buildProblem() {
	if x.err == nil && x.plan.renderError == nil {
		x.buildRefusal()
		return
	}
	p := x.problemOf()
	if p.Status < 400 { // a redirect, by a Problem
		x.addHeader(p)
		x.out.content = &noContent
		return
	}
	x.requireFields(p.Status)
	x.sent = content{}
	media := x.renderProblem(p, &x.sent)
	x.addHeader(p)
	if own := x.out.get("Content-Type"); own != nil {
		media = own[0]
	}
	x.out.content = &x.sent
	x.out.set("Content-Type", media)
	x.out.share("X-Content-Type-Options", noSniff)
	x.out.drop(isValidator) // the Problem's Header may have brought some
}

// problemOf is what a client may see of how the walk ended.
func (x *exchange) problemOf() *Problem {
	p := &Problem{Status: x.out.status}
	if x.err == nil {
		var said words
		x.refusal(&said, x.at)
		p.Detail = said.String()
		p.Extensions = map[string]any{"decision": x.at.String()}
	} else {
		err, said := x.resolve(x.err), (*Problem)(nil)
		if errors.As(err, &said) && said != nil {
			own := *said
			own.Header, own.Extensions = said.Header.Clone(), maps.Clone(said.Extensions)
			p = &own
		} else {
			p.Detail = x.detailOf(err)
		}
		p.Status = x.out.status
		if x.unexplained(said) {
			x.logError(x.err)
		}
	}
	if p.Title == "" {
		p.Title = phrase(p.Status)
	}
	return p
}

// unexplained reports whether an error says more to the service than to the client:
// a 500 that nobody asked for, or a context that ended which was not the request's.
func (x *exchange) unexplained(said *Problem) bool {
	switch x.out.status {
	case http.StatusInternalServerError:
		return said == nil || said.status() != said.Status
	case http.StatusServiceUnavailable:
		return said == nil && x.ctx.Err() == nil
	}
	return false
}

// detailOf says in words what one of the errors with a status means.
func (x *exchange) detailOf(err error) string {
	tooLong := (*http.MaxBytesError)(nil)
	switch {
	case errors.Is(err, ErrStale):
		return "the resource was changed while this request was being answered; get it again first"
	case errors.As(err, &tooLong):
		return fmt.Sprintf("the content is longer than %d bytes", tooLong.Limit)
	}
	return ""
}

// requireFields sets the fields that a status must carry.
func (x *exchange) requireFields(status int) {
	var name, value string
	switch status {
	case http.StatusUnauthorized:
		name, value = "Www-Authenticate", x.m.options.challenge // RFC 9110, 15.5.2
	case http.StatusMethodNotAllowed:
		name, value = "Allow", x.allowWithout() // RFC 9110, 15.5.6
	case http.StatusUnsupportedMediaType:
		name, value = "Accept", bodyMedia(x.plan.bodies) // RFC 9110, 15.5.16
		if x.method == http.MethodPatch {
			name = "Accept-Patch" // RFC 5789, 2.2
		}
	case http.StatusPreconditionRequired:
		name, value = "Cache-Control", noStore[0] // RFC 6585, 3
	}
	if name != "" && x.out.get(name) == nil {
		x.out.set(name, value)
	}
	if status != http.StatusNotAcceptable {
		return
	}
	if err := x.fillVary(); err != nil {
		x.logError(err)
		x.out.set("Vary", "*")
	}
}

// allowWithout is the path's Allow, without a method that was just refused.
func (x *exchange) allowWithout() string {
	all := strings.Split(x.plan.allow, ", ")
	return strings.Join(slices.DeleteFunc(all, func(m string) bool { return m == x.method }), ", ")
}

func (x *exchange) addHeader(p *Problem) {
	h := canonical(p.Header)
	x.mountFields(h, nil)
	negotiated := fieldNames(x.out.get("Vary"))
	x.out.merge(h)
	if len(negotiated) > 0 {
		x.addVary(negotiated)
	}
}

// canonical is a header with canonical names; the lines are shared.
func canonical(h http.Header) http.Header {
	if h == nil {
		return nil
	}
	c := make(http.Header, len(h))
	for name, lines := range h {
		name = http.CanonicalHeaderKey(name)
		c[name] = append(c[name], lines...)
	}
	return c
}

// renderProblem renders a problem into c: by the RenderError that holds, else as
// problem details, or as text where the client prefers that.
func (x *exchange) renderProblem(p *Problem, c *content) (media string) {
	if by := x.plan.renderError; by != nil {
		if p.Header == nil {
			p.Header = http.Header{}
		}
		x.problem = p
		var value any
		err := x.protectedErr(func() (err error) { value, _, err = by.call(x); return err })
		x.closeLater(value)
		if err == nil && !isNil(value) {
			if err := x.contentOf(value, true, c); err == nil && c.bytes != nil {
				return mediaOfError(value)
			}
			*c = content{}
		}
		x.logError(fmt.Errorf("RenderError %s: %w", by.fn, errors.Join(err, errNoContent)))
		if errors.Is(err, errAborted) {
			x.err = err
		}
	}
	x.addVary(varyAccept)
	if x.prefersText() {
		c.setBytes([]byte(p.text()))
		return problemText[0]
	}
	body, err := json.Marshal(p)
	if err != nil {
		p.Extensions = nil
		body, _ = json.Marshal(p)
	}
	c.setBytes(body)
	return problemMedia[0]
}

var errNoContent = errors.New("it rendered no content that can be sent")

// problemMedia is what errors are offered as; a client that takes JSON takes
// problem details.
var problemMedia = []string{"application/problem+json", "application/json", "text/plain; charset=utf-8"}

// mediaOfError is the media type of what a RenderError returned, unless the
// Problem's Header names one.
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

// text is the problem for people.
func (p *Problem) text() string {
	s := fmt.Sprintf("%d %s\n", p.Status, p.Title)
	if p.Detail != "" {
		s += p.Detail + "\n"
	}
	return s
}

// MarshalJSON is the problem as problem details (RFC 9457, 3): its extensions
// are members beside the standard ones, which they cannot replace.
func (p *Problem) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	var failed error
	member := func(name string, value any) {
		if failed != nil {
			return
		}
		if b.WriteByte(','); b.Len() == 1 {
			b.Reset()
			b.WriteByte('{')
		}
		key, _ := json.Marshal(name)
		b.Write(key)
		b.WriteByte(':')
		var text []byte
		text, failed = json.Marshal(value)
		b.Write(text)
	}
	standard := []string{"type", "title", "status", "detail", "instance"}
	for i, value := range []any{p.Type, p.Title, p.status(), p.Detail, p.Instance} {
		if value != "" {
			member(standard[i], value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Extensions)) {
		if !slices.Contains(standard, name) {
			member(name, p.Extensions[name])
		}
	}
	b.WriteByte('}')
	return b.Bytes(), failed
}

// logError logs what a client must not see.
func (x *exchange) logError(err error) {
	by := "none"
	if x.calling != nil {
		by = x.calling.String()
	}
	x.m.options.logger.Error("restmachine: a request failed", "method", x.method, "path", x.path, "route", x.plan.route,
		"callback", by, "error", err)
}
