package restmachine

import (
	"context"
	"net/http"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/machine"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file runs requests. In comes a Request in process, or one of net/http. Out comes
// its response. Both go through the same machine, so that a test in process shows what
// the wire will show.

// Request is a request to Execute. Method is GET where it is "". Path is the request
// target, percent-encoded as on the wire, and may carry a ?query. The names in Header
// need not be canonical. The App changes nothing in a Request; nobody else may change
// it while it is answered.
type Request struct {
	Method, Path string
	Header       http.Header
	Body         []byte
}

// Response is what an App answered. Execute shares nothing in it with the App or with
// another Response.
type Response struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// Execute answers a request in process, as ServeHTTP would on the wire. It starts an
// App that has not started. It is safe for concurrent use. A stream is collected to its end. One
// that fails is the answer of its error, since nothing was sent. An [EventStream] without an end
// never returns: see ExecuteContext.
func (a *App) Execute(r Request) (resp Response) {
	a.execute(context.Background(), &r, &resp, nil)
	return resp
}

// ExecuteContext is Execute under a context. A context that ends before the write makes
// a 503. One that ends later ends an [EventStream], and the response has the events so far. The context that a callback was given makes the exchange a nested one: it
// passes the lock that the outer exchange holds. Nested writes of one exchange pass one
// at a time, and the outer one keeps its lock until they end. A nested write that would
// need a second lock is a logged 500 (see [Facts.LockKey]).
func (a *App) ExecuteContext(ctx context.Context, r Request) (resp Response) {
	a.execute(ctx, &r, &resp, nil)
	return resp
}

// Explain answers a request like Execute, its writes included, and says why: the trace
// has every decision on the way to the status. fmt.Sprint(trace) is the way in short,
// as in "B13 B12 … 304".
func (a *App) Explain(r Request) (resp Response, trace decision.Trace) {
	a.execute(context.Background(), &r, &resp, &trace)
	return resp, trace
}

// execute answers r into resp. A trace that is not nil gets every decision.
func (a *App) execute(ctx context.Context, r *Request, resp *Response, trace *decision.Trace) {
	m, err := a.machine(ctx)
	if err != nil {
		*resp = notRunning(r.Method, err)
		return
	}
	m.Execute(ctx, (*machine.Request)(r), (*plan.Response)(resp), trace)
}

// ServeHTTP answers a request. It sets the request's Pattern to the route, and to ""
// where the path is unknown, for middleware that looks at it afterwards. It starts an App that has not started. An App
// that cannot start answers 500 and logs why; one that has shut down answers 503.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.drain.begun.Err() != nil {
		w.Header().Set("Connection", "close")
	}
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

// notRunning returns the response of an App that does not run: 500 where it has wiring
// faults or a provider failed, and 503 where it has shut down or the client did not
// wait for its start.
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
