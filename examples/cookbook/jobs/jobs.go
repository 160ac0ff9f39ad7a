// This file runs jobs beside the requests. An Order comes in, and a Report goes out later. What it keeps is
// in memory: a real service keeps its jobs in a database, and goes on with them after a restart.

package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"
)

// A State is how a job stands.
type State string

// The states of a job. Only a running one changes.
const (
	running   State = "running"
	done      State = "done"
	failed    State = "failed"
	cancelled State = "cancelled"
)

// A Job is a copy of how a job stood. Its version changes with everything that it shows.
type Job struct {
	ID       string `json:"id"`
	State    State  `json:"state"`
	Progress int    `json:"progress"` // percent
	version  int
}

// Work makes a report. It ends early if its context does.
type Work func(ctx context.Context, o Order, progress func(percent int)) (*Report, error)

const (
	maxRunning = 4         // jobs at once
	keptFor    = time.Hour // what has ended is forgotten after that
)

// Jobs are safe for concurrent use.
type Jobs struct {
	work Work
	wg   sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	running int
	all     map[string]*entry
}

type entry struct {
	Job
	report *Report
	cancel context.CancelFunc
	ended  time.Time
}

// NewJobs returns Jobs without any.
func NewJobs(work Work) *Jobs { return &Jobs{work: work, all: map[string]*entry{}} }

// Begin begins a job; nil if there are too many. The job outlives the request, so it has a context of its
// own.
func (j *Jobs) Begin(o Order) *Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	for id, e := range j.all {
		if e.State != running && time.Since(e.ended) > keptFor {
			delete(j.all, id)
		}
	}
	if j.closed || j.running >= maxRunning {
		return nil
	}
	j.running++
	ctx, cancel := context.WithCancel(context.Background())
	e := &entry{Job: Job{ID: rand.Text(), State: running, version: 1}, cancel: cancel}
	j.all[e.ID] = e
	j.wg.Go(func() { j.run(ctx, e, o) })
	begun := e.Job
	return &begun
}

func (j *Jobs) run(ctx context.Context, e *entry, o Order) {
	defer e.cancel()
	report, err := j.work(ctx, o, func(percent int) {
		j.change(e, func() { e.Progress = percent })
	})
	j.change(e, func() {
		e.State, e.report, e.Progress = done, report, 100
		if err != nil {
			e.State = failed
			slog.Error("a report was not made", "job", e.ID, "error", err)
		}
	})
	j.mu.Lock()
	defer j.mu.Unlock()
	j.running-- // a cancelled one counts until it has really stopped
}

// change changes a job that is running, and nothing else: what was cancelled stays so.
func (j *Jobs) change(e *entry, how func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.State == running {
		how()
		e.version++
		e.ended = time.Now()
	}
}

// Job returns a copy of a job; nil if there is none, or if it was cancelled.
func (j *Jobs) Job(id string) *Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.all[id]
	if !ok || e.State == cancelled {
		return nil
	}
	now := e.Job
	return &now
}

// WasCancelled reports whether a job was there and was cancelled.
func (j *Jobs) WasCancelled(id string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.all[id]
	return ok && e.State == cancelled
}

// Cancel ends a job. Of one that has ended it takes away what it made.
func (j *Jobs) Cancel(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e, ok := j.all[id]; ok {
		e.State, e.report, e.ended = cancelled, nil, time.Now()
		e.version++
		e.cancel()
	}
}

// Report returns what a job has made; nil if there is nothing.
func (j *Jobs) Report(id string) *Report {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e, ok := j.all[id]; ok {
		return e.report
	}
	return nil
}

// Close stops all jobs, and waits until they have ended.
func (j *Jobs) Close(ctx context.Context) error {
	j.mu.Lock()
	j.closed = true
	for _, e := range j.all {
		e.cancel()
	}
	j.mu.Unlock()
	ended := make(chan struct{})
	go func() { j.wg.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
