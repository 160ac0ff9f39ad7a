package restmachine

import (
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/machine"
)

// This file shows exchanges to a Tracer, or to a client that may see the path of its
// own request. In comes what the machine saw. Out goes an Exchange, or a field of the
// response. It costs nothing unless an option asks for it.

// Exchange is one request, its answer, and why it was that answer. It shares nothing
// with the App.
type Exchange struct {
	ID      uint64        // unique in the process; later exchanges have greater ones
	Started time.Time     // when the App was given the request
	Took    time.Duration // until the answer was sent
	Route   string        // the path as it was registered, or "" for an unknown path

	// Copies. Of each content at most 64 KiB are kept; RequestSize and
	// ResponseSize are what was read and sent, in bytes. Content that a callback
	// read from *http.Request by itself is in neither. A StatusCode of 0 stands
	// for a connection that was cut.
	Request      Request
	Response     Response
	RequestSize  int64
	ResponseSize int64

	Trace decision.Trace
	Err   error // what ended the exchange or its sending, if an error did; not for clients

	// Warnings tell of mistakes of the service that this exchange showed, whatever it answered.
	Warnings []Warning
}

// Warning tells of a mistake of the service that an exchange showed. Nobody else would: the
// answer may look right.
type Warning struct {
	// Name is a word for the kind of mistake, and does not change:
	//   - "tag kept": a write changed what a resource shows, and its entity-tag stayed.
	//   - "tag unsteady": an entity-tag changes, though nothing else does.
	//   - "lock waited": a write has waited long for a lock.
	//   - "own app": a callback called its own App without its context.
	Name string
	// Text says for a developer what is wrong, and what to do.
	Text string
}

// Tracer observes exchanges: see [WithTrace]. Its methods must be safe for concurrent
// use. Package debugger has one for browsers.
type Tracer interface {
	// Watch is called by New with the App that is going to be observed. The App is not
	// declared yet.
	Watch(*App)
	// Observe is called when an exchange is over, by the goroutine that ran it, so it
	// should not take long. It may keep the Exchange. A panic is logged.
	Observe(*Exchange)
	// TraceURI returns where the exchange with this ID can be looked at, or "".
	TraceURI(id uint64) string
}

// TracerFunc is a Tracer that is only a function.
type TracerFunc func(*Exchange)

// Watch does nothing.
func (TracerFunc) Watch(*App) {}

// Observe calls f.
func (f TracerFunc) Observe(e *Exchange) { f(e) }

// TraceURI returns "".
func (TracerFunc) TraceURI(uint64) string { return "" }

// WithTrace shows every exchange to t: the request with its credentials, the answer,
// and each decision on the way. Default: nobody looks, and that costs nothing. It copies
// requests and content: for metrics and logs see [WithObserver], which does not.
func WithTrace(t Tracer) Option { return func(o *options) { o.tracer = t } }

// WithTraceField lets a client see the path of its own request. Where allow says so of
// a request on the wire, the response has a field Trace with the path, as
// fmt.Sprint(trace). Where a Tracer keeps the exchange, a Link with the relation
// describedby leads there. allow must be safe for concurrent use, and should look for a
// secret: a path tells which checks a service makes. A panic in it is logged, and the
// client sees nothing. Default: nobody may see it.
func WithTraceField(allow func(*http.Request) bool) Option {
	return func(o *options) { o.machine.Watch.MayTrace = allow }
}

// observe returns what hands to a Tracer what the machine saw.
func observe(t Tracer) func(*machine.Seen) {
	return func(s *machine.Seen) {
		t.Observe(&Exchange{
			ID: s.ID, Started: s.Started, Took: s.Took, Route: s.Route,
			Request: Request(s.Request), Response: Response(s.Response),
			RequestSize: s.RequestSize, ResponseSize: s.ResponseSize,
			Trace: s.Trace, Err: s.Err, Warnings: warnings(s.Warnings),
		})
	}
}

func warnings(seen []exchange.Warning) (all []Warning) {
	for _, w := range seen {
		all = append(all, Warning(w))
	}
	return all
}
