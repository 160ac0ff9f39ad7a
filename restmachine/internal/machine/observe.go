package machine

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/walk"
)

// This file tells observers how exchanges ended. In comes a job whose answer was sent, or
// will never be. Out goes an Outcome, once for each exchange. Nothing is copied for it, and
// nothing is allocated, unless an observer wants the trace.

// An Outcome is the public Outcome, seen from inside.
type Outcome struct {
	Context     context.Context
	Method      string
	KnownMethod string
	Path        string
	Route       string
	Status      int
	Decision    string
	Bytes       int64
	Duration    time.Duration
	Err         error
	Trace       *decision.Trace
}

// An Observer is told each Outcome. It must not keep the pointer.
type Observer struct {
	Observe func(*Outcome)
	Wants   []func(context.Context) bool // of which requests it wants the trace
}

// An Instant is a time on the clock of the process. The zero Instant says that nobody looks.
type Instant time.Duration

var epoch = time.Now()

// Now is the present Instant.
func Now() Instant { return Instant(time.Since(epoch)) }

// otherMethod stands for each method that is not known.
const otherMethod = "OTHER"

// Came is the Instant at which a request came.
func (o *Options) Came() Instant {
	if len(o.Observers) == 0 {
		return 0
	}
	return Now()
}

// ObserveUnavailable tells the observers of a request that the App could not take, since it
// does not run.
func (o *Options) ObserveUnavailable(came Instant, out *Outcome) {
	if len(o.Observers) == 0 {
		return
	}
	if out.Method == "" {
		out.Method = http.MethodGet
	}
	out.KnownMethod = known(nil, out.Method)
	o.tell(came, out)
}

// known is a method that is known, and else what stands for all others.
func known(all *plan.Plans, method string) string {
	if walk.IsKnown(all, method) {
		return method
	}
	return otherMethod
}

// An observed is a job of which observers are told. What they need stands here, and not in a
// job, which would then be larger in each App.
type observed struct {
	job
	out     sent
	trace   *decision.Trace // that an observer wants; nil: none does
	over    bool            // neither a panic nor runtime.Goexit ended the exchange
	outcome Outcome
}

// observedJob is a fresh job.
func (m *Machine) observedJob() *observed {
	if o, _ := m.observed.Get().(*observed); o != nil {
		return o
	}
	o := new(observed)
	o.configure(m)
	return o
}

// serveObserved is ServeHTTP where observers are told.
func (m *Machine) serveObserved(w http.ResponseWriter, r *http.Request, came Instant) {
	o := m.observedJob()
	o.out.ResponseWriter = w
	o.exchange.FromWire(r)
	o.find()
	r.Pattern = o.exchange.At.RouteSeen
	defer o.tell(came)
	if m.watched {
		o.serveWatched(&o.out, o.traceWanted(nil))
	} else {
		o.run(nil)
		o.write(&o.out)
	}
	o.over = true
}

// executeObserved is Execute where observers are told.
func (m *Machine) executeObserved(ctx context.Context, r *Request, resp *plan.Response, trace *decision.Trace, came Instant) {
	o := m.observedJob()
	o.exchange.InProcess(ctx, r.Method, r.Path, r.Header, r.Body)
	o.find()
	defer o.tell(came)
	o.execute(resp, o.traceWanted(trace))
	o.out.status, o.out.bytes = resp.StatusCode, int64(len(resp.Body))
	o.over = true
}

// traceWanted is where the walk writes its trace: asked, or a new one where an observer wants
// it, and else nil.
func (o *observed) traceWanted(asked *decision.Trace) *decision.Trace {
	for i := range o.m.options.Observers {
		for _, wants := range o.m.options.Observers[i].Wants {
			wanted := false
			o.shield("the function that says where an observer wants the trace", func() { wanted = wants(o.exchange.Context()) })
			if !wanted {
				continue
			}
			if asked == nil {
				asked = new(decision.Trace)
			}
			o.trace = asked
			return asked
		}
	}
	return asked
}

// tell tells the observers of the exchange, which is over. A job that a panic or
// runtime.Goexit ended is not given back, nor is one whose observer ended the goroutine.
func (o *observed) tell(came Instant) {
	x, out := &o.exchange, &o.outcome
	out.Context, out.Method, out.KnownMethod = x.Context(), x.Method(), x.Plan.Name
	out.Path, out.Route = x.Path(), x.At.RouteSeen
	out.Status, out.Bytes, out.Err = o.out.status, o.out.bytes, o.answer.Err()
	if out.KnownMethod == "" {
		out.KnownMethod = known(o.m.plans, out.Method)
	}
	if row := o.walk.Verdict().Row; row != 0 {
		out.Decision = row.String()
	}
	if o.trace != nil {
		out.Trace = copied(o.trace)
	}
	switch {
	case o.over:
	case !o.built:
		out.Err = errGoexit
	case out.Err == nil:
		out.Err = errCut
	}
	o.m.options.tell(came, out)
	if o.over {
		o.out, o.trace, o.over, o.outcome = sent{}, nil, false, Outcome{}
		o.recycle(&o.m.observed, o)
	}
}

var errCut = errors.New("a panic or the end of the goroutine came while the answer was being sent")

// A sent is a ResponseWriter that knows what was sent.
type sent struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (s *sent) WriteHeader(status int) {
	s.ResponseWriter.WriteHeader(status)
	s.status = status
}

func (s *sent) Write(p []byte) (n int, err error) {
	n, err = s.ResponseWriter.Write(p)
	s.bytes += int64(n)
	return n, err
}

// ReadFrom lets net/http copy a file without looking at its bytes.
func (s *sent) ReadFrom(r io.Reader) (n int64, err error) {
	n, err = io.Copy(s.ResponseWriter, r)
	s.bytes += n
	return n, err
}

// Unwrap lets an http.ResponseController through.
func (s *sent) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// tell tells the observers of an Outcome. One that panics, or ends the goroutine, does not keep
// it from the others.
func (o *Options) tell(came Instant, out *Outcome) {
	out.Duration = time.Duration(Now() - came)
	o.tellFrom(0, out)
}

func (o *Options) tellFrom(i int, out *Outcome) {
	defer func() {
		if i == len(o.Observers) {
			return
		}
		defer o.tellFrom(i+1, out)
		if p := recover(); p != nil {
			o.Logger.ErrorContext(out.Context, "restmachine: an observer panicked", "method", out.Method, "path", out.Path,
				"route", out.Route, "error", exchange.Panicked(p))
		}
	}()
	for ; i < len(o.Observers); i++ {
		o.Observers[i].Observe(out)
	}
}
