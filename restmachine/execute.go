package restmachine

import (
	"context"
	"net/http"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/machine"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file runs requests: in process, and for net/http. The machine is the same.

// Request is a request to Execute. Path is the request target, percent-encoded
// as on the wire, and may carry a ?query; Method is GET where it is "". The
// header's names need not be canonical. Nothing in it is changed, and nothing may
// be changed by others while it is answered.
type Request struct {
	Method, Path string
	Header       http.Header
	Body         []byte
}

// Response is what an App answered; nothing in it is shared with the App.
type Response struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// Execute answers a request in process, as ServeHTTP would on the wire. It
// starts an App that has not started.
func (a *App) Execute(r Request) (resp Response) {
	a.execute(context.Background(), &r, &resp, nil)
	return resp
}

// ExecuteContext is Execute under a context; one that ends before the write
// makes a 503. One that a callback was given makes the exchange a nested one: it
// passes the lock that the outer one holds, and asks for no other (see LockKey).
func (a *App) ExecuteContext(ctx context.Context, r Request) (resp Response) {
	a.execute(ctx, &r, &resp, nil)
	return resp
}

// Explain answers a request, its writes included, and says why: the trace has
// every decision on the way to the status.
func (a *App) Explain(r Request) (resp Response, trace decision.Trace) {
	a.execute(context.Background(), &r, &resp, &trace)
	return resp, trace
}

func (a *App) execute(ctx context.Context, r *Request, resp *Response, trace *decision.Trace) {
	m, err := a.machine(ctx)
	if err != nil {
		*resp = notRunning(r.Method, err)
		return
	}
	m.Execute(ctx, (*machine.Request)(r), (*plan.Response)(resp), trace)
}

// ServeHTTP answers a request. It sets the Pattern of the request for
// middleware that looks at it afterwards. It starts an App that has not
// started.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := a.running.Load()
	if m == nil {
		var err error
		if m, err = a.machine(r.Context()); err != nil {
			writeResponse(w, notRunning(r.Method, err))
			return
		}
	}
	m.ServeHTTP(w, r)
}

// notRunning answers for an App that has wiring faults, or whose providers failed: 500.
// One that has shut down, or whose start the client did not wait for, is 503.
func notRunning(method string, err error) Response {
	status := http.StatusInternalServerError
	if _, idle := err.(unavailable); idle {
		status = http.StatusServiceUnavailable
	}
	return Response(machine.Unavailable(method, status))
}

func writeResponse(w http.ResponseWriter, resp Response) {
	for name, lines := range resp.Header {
		w.Header()[name] = lines
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(resp.Body)
}
