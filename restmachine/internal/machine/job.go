package machine

import (
	"errors"
	"net/http"
	"sync"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/answer"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
	"github.com/restmachine/restmachine-go/restmachine/internal/walk"
)

// This file runs one request from end to end: it is decided, answered, and undone where it
// must be. Jobs are kept and used again. Nothing that a callback or a client may still hold
// is part of a job: values are handed out by copy, and header lines and content that callbacks
// see are made anew.

// A job is one request in the machine. Its parts stand in the order in which they work, and
// each part alone writes to itself.
type job struct {
	exchange exchange.Exchange // what came in, and the values of the attempt; first: see run
	m        *Machine
	reps     represent.Representations // what the resource shows
	walk     walk.Walk                 // what is decided
	answer   answer.Answer             // what is sent

	built bool // the answer is there, and nothing but sending it is left
}

// job is a fresh job.
func (m *Machine) job() *job {
	if j, _ := m.jobs.Get().(*job); j != nil {
		return j
	}
	j := new(job)
	j.configure(m)
	return j
}

// configure makes j a job of a machine.
func (j *job) configure(m *Machine) {
	j.m = m
	j.exchange.Configure(&m.options.Config)
	j.reps.Configure(&j.exchange, &m.tags)
	j.walk.Configure(&j.exchange, &j.reps)
	j.answer.Configure(&j.exchange, &j.reps, j.walk.Verdict(), &m.dates)
}

// recycle gives the job back to its pool once its answer was sent, with nothing left of its
// request. all is the job and what is around it. A job that ended in a panic is not given back.
func (j *job) recycle(pool *sync.Pool, all any) {
	j.reps.Reset()
	j.answer.Reset()
	j.walk.Reset()
	j.exchange.Reset()
	j.built = false
	pool.Put(all)
}

// run decides and builds the answer. When it returns, cleanups have run and the lock is free,
// even where runtime.Goexit makes it return. Its line in a stack has the address of the exchange,
// by which a write finds that it waits for itself: see package exchange.
func (j *job) run(trace *decision.Trace) {
	if !j.exchange.Plan.ChangesNothing() {
		j.exchange.Doubts.Begin()
	}
	defer j.leave(trace)
	j.walk.Decide(j.m.programs[j.exchange.Plan.Number], trace)
	j.answer.Build()
	j.look(trace)
	j.conclude(trace)
}

// write sends the answer. Where a stream fails and nothing was sent, there is room for another
// answer; where something was sent, the connection is cut.
func (j *job) write(w http.ResponseWriter) {
	if j.exchange.HasClosers() {
		defer j.exchange.CloseAll()
	}
	if !j.answer.IsStream() {
		j.answer.WriteTo(w)
		return
	}
	err := j.stream(func() error { return j.answer.Send(w) })
	switch {
	case err == nil:
	case j.answer.HasBegun():
		j.answer.Abort(err)
	default:
		j.replace(err)
		j.answer.WriteTo(w)
	}
}

// respond sets resp to the answer.
func (j *job) respond(resp *plan.Response) {
	if j.exchange.HasClosers() {
		defer j.exchange.CloseAll() // a stream may end the goroutine
	}
	var err error
	if j.answer.IsStream() {
		err = j.stream(func() error { return j.answer.Respond(resp) })
	} else {
		err = j.answer.Respond(resp)
	}
	if err != nil { // nothing was sent
		j.replace(err)
		_ = j.answer.Respond(resp) // a problem can be read
	}
}

// stream calls send, which sends a stream, and then runs the cleanups that wait for its end.
func (j *job) stream(send func() error) (err error) {
	ended := false
	defer func() {
		if !ended { // a panic of what it is sent through, or the goroutine is ending
			j.cleanUp(errGoexit)
		}
	}()
	err = send()
	ended = true
	if !j.exchange.HasCleanups() {
		return err
	}
	failed := j.exchange.Cleanup(err)
	if err == nil {
		return failed
	}
	if failed != nil {
		j.exchange.LogError(failed)
	}
	return err
}

// cleanUp runs the cleanups. One that ends the goroutine leaves the others to the next turn.
func (j *job) cleanUp(err error) {
	defer func() {
		if j.exchange.HasCleanups() {
			j.cleanUp(err)
		}
	}()
	if failed := j.exchange.Cleanup(err); failed != nil {
		j.exchange.LogError(failed)
	}
}

// replace makes an error the answer, whole.
func (j *job) replace(err error) {
	j.refuse(err)
	j.answer.Finish()
}

// refuse makes an error the answer, in place of one that was built.
func (j *job) refuse(err error) {
	j.answer.Protect(func() { j.answer.Refuse(err) })
	if j.exchange.Plan.Finishes { // it is another response
		j.answer.RunHooks(true)
	}
}

// conclude ends the exchange, whose answer was built. Cleanups follow a stream that changes
// nothing: what it is made from may be read as long as it is sent.
func (j *job) conclude(trace *decision.Trace) {
	if j.exchange.Plan.Finishes {
		j.answer.RunHooks(false)
	}
	if j.exchange.HasCleanups() && !(j.answer.WillStream() && j.exchange.Plan.ChangesNothing()) {
		j.runCleanups()
	}
	j.answer.Finish()
	if trace != nil {
		trace.Status = j.answer.Status()
	}
	j.built = true
}

// runCleanups runs the cleanups of the attempt that made the answer. Where one fails, that is
// the answer.
func (j *job) runCleanups() {
	ended := j.answer.Err()
	if status := j.reps.Result().Status(); ended == nil && status >= 400 {
		// The handler says itself that it failed, so nothing is to be kept.
		ended = j.exchange.Words.NewProblem(&problem.Details{Status: status})
	}
	if err := j.exchange.Cleanup(ended); err != nil {
		j.refuse(err)
	}
}

// leave is the end of run. A panic on the way to the answer is a 500.
func (j *job) leave(trace *decision.Trace) {
	if !j.exchange.Plan.ChangesNothing() {
		defer j.exchange.Doubts.End()
	}
	if j.built {
		if j.exchange.HasLock() || j.exchange.HasSpool() {
			j.letGo()
		}
		return
	}
	defer j.letGo() // what follows may end the goroutine, too
	if p := recover(); p != nil {
		err := exchange.Panicked(p)
		j.walk.NotePanic(trace, err)
		j.answer.Break(err)
		j.conclude(trace)
	}
}

// letGo gives up what the exchange holds, and only then logs. Where no answer was built, the
// goroutine is ending.
func (j *job) letGo() {
	if !j.built {
		defer j.release()
		defer j.exchange.LogError(errGoexit)
		j.undo()
		return
	}
	j.release()
}

// undo undoes the attempt of a goroutine that is ending. A cleanup that ends it again leaves
// the others to the next turn.
func (j *job) undo() {
	defer func() {
		if j.exchange.HasCleanups() || j.exchange.HasClosers() {
			j.undo()
		}
	}()
	j.walk.Abandon(errGoexit)
}

// release gives up the lock, and the temporary file unless the answer may be read from it.
func (j *job) release() {
	x := &j.exchange
	defer x.Tell()
	switch {
	case !x.HasSpool():
	case j.built && j.answer.IsStream():
		x.KeepSpool()
	default:
		defer x.CloseSpool()
	}
	if x.HasLock() {
		x.Unlock() // it may wait for a nested write
	}
}

var errGoexit = errors.New("a callback ended its goroutine")
