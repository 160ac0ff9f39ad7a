// Package exchange gets the values that callbacks ask for, and calls them. In come
// one request and the plan of its method. Out come what its loads, Dependencies,
// parsers and other callbacks return, each at most once in an attempt, under the lock
// of the resource. It knows neither the graph nor the response.
package exchange

import (
	"context"
	"log/slog"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/internal/doubt"
	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
)

// A Config is what all exchanges of one App share. Nothing in it changes once the
// App has started.
type Config struct {
	request.Config
	Words     *plan.Vocabulary
	Logger    *slog.Logger    // what an App logs to: see [Guard]
	OwnLogger *slog.Logger    // what callbacks are given: the very one that the user gave
	Locks     *keylock.Locks  // of resources
	Nested    *keylock.Locks  // of nested writes: see nested.go
	Doubts    *doubt.Table    // of mistakes of the service
	Challenge string          // of a 401 whose Authorized gives none
	Drain     context.Context // ends when draining begins; nil: never
	Heartbeat time.Duration   // how long an event stream may be silent; 0: for ever
	Patience  time.Duration   // for a client to take a piece of a stream; 0: for ever
}

// An Exchange is one request, its plan, and the values that its callbacks were given
// and returned. It belongs to one goroutine.
type Exchange struct {
	request.Request
	*Config
	At   *plan.Address
	Plan *plan.Method

	attempt
	calls
	notes  *notes // nil: none, as nearly always
	lock   heldLock
	chosen plan.Choice
}

// Configure makes x an exchange of an App.
func (x *Exchange) Configure(c *Config) {
	x.Config = c
	x.lock.Owner = x
	x.Request.Configure(&c.Config)
}

// Reset forgets the exchange, whose lock is free. It keeps the room of buffers.
func (x *Exchange) Reset() {
	x.Request.Reset()
	x.attempt.forget()
	x.calls.forget()
	x.At, x.Plan = nil, nil
	if x.notes != nil {
		x.notes = nil
	}
}

// Chosen is what the negotiation chose, as far as it has chosen.
func (x *Exchange) Chosen() *plan.Choice { return &x.chosen }

// As calls f while another choice, of what the path's GET offers, stands for the one that was
// negotiated.
func (x *Exchange) As(other plan.Choice, f func() error) error {
	was, wasGet := x.chosen, x.asGet
	defer func() { x.chosen, x.asGet = was, wasGet }()
	x.chosen, x.asGet = other, true
	return f()
}

// AsGet calls f, which makes or asks about what the GET shows, while what a GET with this Accept
// would have chosen stands for what was negotiated.
func (x *Exchange) AsGet(f func()) {
	if !x.Plan.Apart || x.asGet {
		f()
		return
	}
	c := x.chosen
	c.Media = x.Plan.ChosenByGet(x.Accept())
	_ = x.As(c, func() error { f(); return nil })
}

// Rehearsing reports whether the questions are asked ahead of the content, and
// nothing is done: see Rehearse.
func (x *Exchange) Rehearsing() bool { return x.rehearsing }

// Rehearse calls f, in which a callback that asks for the content fails with
// [ErrUnread].
func (x *Exchange) Rehearse(f func()) {
	x.rehearsing = true
	f()
	x.rehearsing = false
}

// Selected is the choice in names.
func (x *Exchange) selected() plan.Selected {
	p, c := x.Plan, x.chosen
	s := plan.Selected{Coding: p.Coding(c)}
	if x.asGet && c.Media < len(p.Offered) {
		s.MediaType = p.Offered[c.Media].Media
	} else if !x.asGet && c.Media < len(p.Media) {
		s.MediaType = p.Media[c.Media]
	}
	if c.Language < len(p.Languages) {
		s.Language = p.Languages[c.Language]
	}
	if c.Charset < len(p.Charsets) {
		s.Charset = p.Charsets[c.Charset]
	}
	return s
}
