package restmachine

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

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
	came := a.options.machine.Came()
	m := a.running.Load()
	if m == nil {
		path, _, _ := strings.Cut(r.Path, "?")
		out := &machine.Outcome{Context: ctx, Method: r.Method, Path: path}
		if m = a.machineFor(out, came); m == nil {
			*resp = a.notRunning(ctx, r, out.Err)
			out.Status, out.Bytes = resp.StatusCode, int64(len(resp.Body))
			a.options.machine.ObserveUnavailable(came, out)
			return
		}
	}
	m.Execute(ctx, (*machine.Request)(r), (*plan.Response)(resp), trace, came)
}

// ServeHTTP answers a request. It sets the request's Pattern to the route, and to ""
// where the path is unknown, for middleware that looks at it afterwards. It starts an App that has not started. An App
// that cannot start answers 500 and logs why; one that has shut down answers 503.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	came := a.options.machine.Came()
	if a.drain.begun.Err() != nil {
		w.Header().Set("Connection", "close")
	}
	m := a.running.Load()
	if m == nil {
		out := &machine.Outcome{Context: r.Context(), Method: r.Method, Path: r.URL.EscapedPath()}
		if m = a.machineFor(out, came); m == nil {
			a.serveUnavailable(w, r, out, came)
			return
		}
	}
	m.ServeHTTP(w, r, came)
}

// machineFor returns the machine for a request, which starts the App if it does not run. It
// returns nil where the App cannot start, and says in out why. out has the request.
func (a *App) machineFor(out *machine.Outcome, came machine.Instant) *machine.Machine {
	returned := false
	defer func() {
		if !returned { // an OnStartup ended the goroutine
			out.Err = errStartEnded
			a.options.machine.ObserveUnavailable(came, out)
		}
	}()
	m, err := a.machine(out.Context)
	returned, out.Err = true, err
	return m
}

// serveUnavailable answers a request that the App cannot take, since it does not run. out
// has why. Vary keeps what a middleware wrote to it.
func (a *App) serveUnavailable(w http.ResponseWriter, r *http.Request, out *machine.Outcome, came machine.Instant) {
	defer a.options.machine.ObserveUnavailable(came, out)
	resp := a.notRunning(out.Context, &Request{r.Method, r.URL.RequestURI(), r.Header, nil}, out.Err)
	vary := slices.Concat(w.Header()["Vary"], resp.Header["Vary"])
	maps.Copy(w.Header(), resp.Header)
	if len(vary) > 0 {
		w.Header()["Vary"] = vary
	}
	w.WriteHeader(resp.StatusCode)
	out.Status = resp.StatusCode
	n, _ := w.Write(resp.Body)
	out.Bytes = int64(n)
}

// notRunning returns the response of an App that does not run: 500 where it has wiring
// faults or a provider failed, and 503 where it has shut down or the client did not
// wait for its start. Where it is known what the App means, the response has the fields for
// pages of other origins.
func (a *App) notRunning(ctx context.Context, r *Request, err error) Response {
	status := http.StatusInternalServerError
	if _, idle := err.(unavailable); idle {
		status = http.StatusServiceUnavailable
	}
	a.mu.Lock()
	m := a.made
	a.mu.Unlock()
	if m == nil {
		return Response(machine.Unavailable(r.Method, status))
	}
	return Response(m.Refuse(ctx, (*machine.Request)(r), status))
}
