package machine

import (
	"context"
	"net/http"
	"strconv"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
)

// This file takes a request in and sends its response: of net/http, and in process.

// A Request is the public Request, seen from inside.
type Request struct {
	Method, Path string
	Header       http.Header
	Body         []byte
}

// ServeHTTP answers a request of net/http's. It sets the request's Pattern, to "" where the
// path is unknown. came is when the request came, 0 where nobody observes.
func (m *Machine) ServeHTTP(w http.ResponseWriter, r *http.Request, came Instant) {
	if came != 0 {
		m.serveObserved(w, r, came)
		return
	}
	j := m.job()
	j.exchange.FromWire(r)
	j.find()
	r.Pattern = j.exchange.At.RouteSeen
	if m.watched {
		j.serveWatched(w, nil)
	} else {
		j.run(nil)
		j.write(w)
	}
	j.recycle(&m.jobs, j)
}

// Execute answers a request in process, into resp. A trace, where there is one, is told every
// step. Request and response go by pointer: the processor waits where a large value is copied
// right after it was written.
func (m *Machine) Execute(ctx context.Context, r *Request, resp *plan.Response, trace *decision.Trace, came Instant) {
	if came != 0 {
		m.executeObserved(ctx, r, resp, trace, came)
		return
	}
	j := m.job()
	j.exchange.InProcess(ctx, r.Method, r.Path, r.Header, r.Body)
	j.find()
	j.execute(resp, trace)
	j.recycle(&m.jobs, j)
}

// execute answers the request of a job in process.
func (j *job) execute(resp *plan.Response, trace *decision.Trace) {
	seen := j.m.watch(j, trace)
	trace = seen.traceOr(trace)
	if trace != nil {
		j.exchange.LogCalls()
	}
	j.run(trace)
	j.respond(resp)
	if trace != nil {
		trace.Status = resp.StatusCode // a stream may have failed
	}
	seen.executed(resp)
}

// find finds the plan for the request: that of its resource and method, or what stands for an
// unknown path.
func (j *job) find() {
	m, x := j.m, &j.exchange
	at := m.plans.Nowhere
	if x.IsPath() {
		if i, ok := x.Find(m.plans.Routes); ok {
			at = &m.plans.Addresses[i]
		} else if i, ok := x.Find(m.plans.Around); ok {
			at = m.plans.Unknown[i]
		}
	}
	method := at.Plan.Method(x.Method())
	if method == nil {
		method = at.Plan.Other
	}
	if at.Plan.Preflight != nil && x.IsPreflight() {
		method = at.Plan.Preflight
	}
	x.Start(at, method)
}

// Unavailable is the response of an App that does not run. status is 500 where the App has
// faults, or its providers failed, and 503 where it has shut down.
func Unavailable(method string, status int) plan.Response {
	body, _ := (&problem.Details{Status: status, Title: problem.Phrase(status)}).MarshalJSON()
	h := http.Header{"Content-Type": {problem.JSON}, "X-Content-Type-Options": {"nosniff"}, "Cache-Control": {"no-store"}, "Content-Length": {strconv.Itoa(len(body))}}
	if method == http.MethodHead {
		body = nil
	}
	return plan.Response{StatusCode: status, Header: h, Body: body}
}

// Refuse is Unavailable, with the fields for pages of other origins. Nothing of the user's is
// called but their Sharing.
func (m *Machine) Refuse(ctx context.Context, r *Request, status int) plan.Response {
	resp := Unavailable(r.Method, status)
	j := m.job()
	j.exchange.InProcess(ctx, r.Method, r.Path, r.Header, nil)
	if j.find(); j.exchange.Plan.Sharing != nil {
		j.answer.ShareRefusal(&resp)
	}
	j.recycle(&m.jobs, j)
	return resp
}
