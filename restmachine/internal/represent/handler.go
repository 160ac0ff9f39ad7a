package represent

import (
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file runs handlers. Out comes a representation of what the handler returned, or
// an error.

// Run runs a handler. A GET is told what a GET would have negotiated.
func (rs *Representations) Run(h *plan.Handler) (r *Representation, err error) {
	if rs.x.Plan.Apart && h == rs.x.Plan.Get {
		rs.x.AsGet(func() { r, err = rs.run(h) })
		return r, err
	}
	return rs.run(h)
}

// run is Run as the choice stands. Whatever comes beside an error is closed.
func (rs *Representations) run(h *plan.Handler) (*Representation, error) {
	value, err := rs.x.Value(h.Callback, nil)
	if err != nil {
		rs.x.CloseLater(rs.entityOf(value))
		return nil, err
	}
	if (h.Dynamic || h.Replies) && !wire.IsNil(value) {
		if err := rs.errorIn(value); err != nil {
			return nil, err
		}
	}
	return rs.Of(h, value), nil
}

// errorIn is the error that a handler returned as its entity, or in its Reply: an error
// is one wherever it stands. A Reply of 400 or more says itself that it failed.
func (rs *Representations) errorIn(value any) error {
	entity := value
	if reply, ok := rs.x.Words.ReplyOf(value); ok {
		if reply.Status >= 400 {
			return nil
		}
		entity = reply.Entity
	}
	if err, ok := entity.(error); ok && !wire.IsNil(err) {
		return err
	}
	return rs.x.Words.ProblemIs(entity)
}

// entityOf is the entity of what a handler returned.
func (rs *Representations) entityOf(value any) any {
	if wire.IsNil(value) {
		return nil
	}
	if reply, ok := rs.x.Words.ReplyOf(value); ok {
		return reply.Entity
	}
	return value
}
