package exchange

import (
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file asks facts before the content that they describe is read. In comes what the plan
// of a method foresees. Out come the answers of facts that do not take a value, and
// Dependencies and loads that other facts take beside their value. Asked later, a validator
// could be newer than the content beside it, and the client's next request would be a 304 for
// old content.

// foresight is what was found out early.
type foresight struct {
	foresaw bool                       // it was begun: what the plan calls Early
	told    bool                       // a fact was asked
	answers *[declare.Describings]Said // by kind; the room is kept, and most exchanges have none
}

// Said is what a fact that does not take a value said.
type Said struct {
	by   *declare.Fact // nil: not asked
	Text string
	Time time.Time
	Err  error
}

func (f *foresight) forget() {
	if f.told {
		*f.answers = [declare.Describings]Said{}
	}
	f.foresaw, f.told = false, false
}

// Foresee asks and makes what must be older than everything that is loaded. It does so once in
// an attempt. An error is that of whoever needs what failed.
func (x *Exchange) Foresee() {
	if !x.foresaw {
		x.foresaw = true
		x.foresee(x.Plan.Early)
	}
}

// ForeseeLate asks and makes what takes loaded values, and must be older than what the GET
// returns.
func (x *Exchange) ForeseeLate() { x.foresee(x.Plan.Late) }

func (x *Exchange) foresee(all []plan.Foreseen) {
	for i := range all {
		f := &all[i]
		switch {
		case !x.needs(f.Kind):
		case f.Fact != nil:
			x.Said(f.Fact)
		default:
			_, _ = x.argument(&f.Beside, nil)
		}
	}
}

// Foreseen are the names of the facts that were asked before anything was loaded.
func (x *Exchange) Foreseen() (names []string) {
	for i := range x.Plan.Early {
		if f := x.Plan.Early[i].Fact; f != nil && x.told && x.answers[f.Fact.Kind-declare.FirstDescribing].by == f.Fact {
			names = append(names, f.Fact.Kind.String())
		}
	}
	return names
}

// needs reports whether a validator is needed: always on a read, and on a write where a
// precondition compares it.
func (x *Exchange) needs(k declare.Kind) bool {
	if x.Plan.Reads() {
		return true
	}
	p := x.Preconditions()
	if k == declare.GenerateETag {
		return p.IfMatch.Present() && !p.IfMatch.Star() || p.IfNoneMatch.Present() && !p.IfNoneMatch.Star()
	}
	return p.IfUnmodifiedSince.Present() && !p.IfMatch.Present()
}

// Said is what a fact that does not take a value says. It is asked once in an attempt.
func (x *Exchange) Said(d *plan.Describer) *Said {
	if x.answers == nil {
		x.answers = new([declare.Describings]Said)
	}
	said := &x.answers[d.Fact.Kind-declare.FirstDescribing]
	if said.by != d.Fact {
		x.told = true
		*said = Said{by: d.Fact}
		*said = x.ask(d)
	}
	return said
}

func (x *Exchange) ask(d *plan.Describer) Said {
	said := Said{by: d.Fact}
	x.AsGet(func() {
		if k := d.Fact.Kind; k == declare.LastModified || k == declare.Expires {
			said.Time, said.Err = x.Time(d.Callback, nil)
		} else {
			said.Text, said.Err = x.Text(d.Callback, nil)
		}
	})
	return said
}

// Confirm asks the validators again that were asked before anything was loaded. Where one says
// something else, another process wrote in between, and the error is ErrStale. A write's
// handler would be given a newer value than the client has seen; a part of what a GET shows
// would be of newer content than the validators beside it.
func (x *Exchange) Confirm() error {
	if !x.told {
		return nil
	}
	for i := range x.Plan.Early {
		f := &x.Plan.Early[i]
		if f.Fact == nil || f.Kind != declare.GenerateETag && f.Kind != declare.LastModified {
			continue
		}
		first := x.answers[f.Kind-declare.FirstDescribing]
		if first.by != f.Fact.Fact {
			continue
		}
		again := x.askAnew(f)
		if again.Err != nil {
			return f.Fact.Failed(again.Err)
		}
		if again.Text != first.Text || !again.Time.Equal(first.Time) {
			return conditional.ErrStale
		}
	}
	return nil
}

// askAnew asks a fact with Dependencies that are made anew. Others keep the first ones.
func (x *Exchange) askAnew(f *plan.Foreseen) (said Said) {
	x.anew(f.Made, func() { said = x.ask(f.Fact) })
	return said
}
