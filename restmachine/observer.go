package restmachine

import (
	"context"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/machine"
)

// This file tells observers how exchanges ended: metrics, traces, an access log. In comes what
// the machine saw. Out goes an Outcome. Without an observer it costs nothing.

// Outcome is how an exchange ended, for metrics, traces and an access log: see [WithObserver].
// It shares with the App only texts, the context and the error, none of which changes any more.
type Outcome struct {
	// Context is the context of the request, as net/http or ExecuteContext gave it. It has what
	// middleware put there: a span, a request ID. Its Err is not nil where the client went away.
	// With the answer sent, net/http ends it: take context.WithoutCancel for work that goes on.
	Context context.Context

	// Method is the method as the client sent it. It is any text, so it must not name a metric.
	Method string
	// KnownMethod is Method where it is one of RFC 9110 or PATCH, or a path of the App handles
	// it. It is OTHER for all others, so it has few values: for metrics.
	KnownMethod string
	// Path is the path as the client sent it, percent-encoded, without the query. Where the App
	// is mounted under a prefix that was stripped, it lacks the prefix.
	Path string
	// Route is the path as it was registered, such as "/posts/{post_id}", and "" for an unknown
	// path. It is right also where middleware copied the request, unlike Pattern of the
	// request that the middleware has.
	Route string

	// Status is the status that was sent. It is 0 where none was: a callback panicked with
	// http.ErrAbortHandler, or ended its goroutine.
	Status int
	// Decision is the last row of the graph that the exchange passed, such as "G11" of a 412.
	// Where a callback returned an error, a Problem or a Reply of its own, it is the row that
	// called it; a cancelled request has the row that saw it. An error that says that there is
	// no such resource has the row of a missing one, as its problem details have. What fails
	// when the way is over, in rendering or in sending, leaves the row as it was.
	//
	// It is "" where the way had no end: a callback panicked or ended its goroutine, or the App
	// did not run. A write that began anew after ErrStale has the row of its last attempt.
	Decision string
	// Bytes is how many bytes of content were written to the client, after encoding: 0 for a
	// HEAD, a 304 and a 204. The server may add framing, and may drop them if the client went away.
	Bytes int64
	// Duration is how long the exchange took, from its arrival at the App to the end of sending,
	// the start of the App included where this request started it.
	Duration time.Duration

	// Err is the error that ended the exchange: what a callback returned (a *Problem, too), its
	// panic with the stack, the end of the request's context, the failure of a stream or of the
	// connection, or why the App does not run. It is nil where the graph refused, as in most
	// answers from 400 on, and where all went well. It may hold secrets: it is not for clients.
	Err error

	// Trace has every decision on the way, where an observer wanted it: see [WithObserver]. It
	// is nil everywhere else.
	Trace *decision.Trace
}

// WithObserver tells observe how each exchange ended, once: those of net/http and of Execute, of
// unknown paths, of a HEAD, of panics and aborted streams, of clients that went away, and of an
// App that does not run. Several WithObserver add up, and are told in their order. Default:
// nobody is told, and that costs nothing.
//
// observe is called by the goroutine of the exchange, after the answer was sent and all that the
// exchange held was released, so it keeps the client's connection, but nobody else, waiting. It
// must be safe for concurrent use. It may keep the Outcome. A panic in it is logged and changes
// nothing. If it calls runtime.Goexit, the goroutine ends, and the other observers are still told.
// An exchange that a callback makes by [App.ExecuteContext] has an Outcome of its own, told while
// the outer exchange goes on.
//
// Nothing is copied or allocated for an Outcome, unless one of traced is true for the context of
// the request, which costs about as much as [App.Explain]: then the Outcome has the Trace, for
// all observers. traced is asked before anything else is. It must be safe for concurrent use. A
// panic in it is logged, and counts as false.
func WithObserver(observe func(Outcome), traced ...func(ctx context.Context) bool) Option {
	return func(o *options) {
		if observe == nil {
			return
		}
		o.machine.Observers = append(o.machine.Observers, machine.Observer{
			Observe: func(out *machine.Outcome) { observe(Outcome(*out)) },
			Wants:   traced,
		})
	}
}
