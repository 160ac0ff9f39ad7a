package walk

import (
	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
)

// This file takes the usual request from G7 to its answer in one leap: a value is loaded, its tag
// or date is compared, and that decides. It says again what the rows say, so it knows only what is
// usual. What it has asked is kept for the rows that go on where anything is odd.

// The edges on which usualLeap leaves the walk.
const (
	isMissing = iota
	sameTag
	noLater
	otherTag
	holds // nothing is left to compare
)

// usualLeap decides a request of a method that has a [plan.Usual].
var usualLeap = decision.Leap[*Walk]{
	From: decision.G7,
	To: []decision.Edge{
		isMissing: {ID: decision.L7, Answer: decision.No},
		sameTag:   {ID: decision.J19, Answer: decision.No},
		noLater:   {ID: decision.L17, Answer: decision.No},
		otherTag:  {ID: decision.G11, Answer: decision.No},
		holds:     {ID: decision.L13, Answer: decision.No},
	},
	Take: func(w *Walk) int {
		x := w.x
		var value any // the last one that is loaded is what the method is about
		for _, l := range x.Plan.Use.Required {
			v, err := x.Load(l)
			if err != nil {
				return odd
			} else if v == nil {
				return isMissing
			}
			value = v
		}
		w.entered = !x.Rehearsing()
		if x.Plan.Reads() {
			return w.leapRead(x.Plan.Usual, value)
		}
		return w.leapWrite(x.Plan.Usual, value)
	},
}

// leapRead decides a GET without a precondition, and one whose precondition makes it a 304.
func (w *Walk) leapRead(u *plan.Usual, value any) int {
	sent := w.x.Preconditions()
	byTag, byDate := sent.IfNoneMatch.IsTag(), sent.IfModifiedSince.Valid()
	switch {
	case !sent.Any():
		return holds
	case byTag == byDate || byDate && sent.IfNoneMatch.Present() || sent.IfMatch.Present() || sent.IfUnmodifiedSince.Present():
		return odd
	case byDate:
		return w.leapDate(u, value)
	}
	said, err := w.x.Text(u.Tag.Callback, value)
	if err != nil || !represent.IsQuoted(sent.IfNoneMatch.Lines()[0], said) {
		w.reps.KeepTag(u.Tag, said, err)
		return odd
	}
	if u.TagOnly {
		w.verdict.Tag = (*[1]string)(sent.IfNoneMatch.Lines()) // the same line goes back
	} else {
		w.reps.KeepTag(u.Tag, said, nil)
	}
	return sameTag
}

// leapDate decides a GET with an If-Modified-Since alone.
func (w *Walk) leapDate(u *plan.Usual, value any) int {
	if u.Date == nil {
		return odd
	}
	last, err := w.x.Time(u.Date.Callback, value)
	if err != nil || conditional.IsZeroDate(last) || conditional.ModifiedAfter(last, w.x.Preconditions().IfModifiedSince.Time()) {
		w.reps.KeepDate(u.Date, last, err)
		return odd
	}
	if !u.TagOnly {
		w.reps.KeepDate(u.Date, last, nil)
		return noLater
	}
	said, failed := w.x.Text(u.Tag.Callback, value)
	tag, err := w.reps.Quoted(u.Tag, said, failed)
	if err != nil || tag == "" {
		w.reps.KeepDate(u.Date, last, nil)
		w.reps.KeepTag(u.Tag, said, failed)
		return noLater
	}
	w.verdict.Tag = &[1]string{string(tag)}
	return noLater
}

// leapWrite decides a write with an If-Match of one tag: by that alone, or not at all.
func (w *Walk) leapWrite(u *plan.Usual, value any) int {
	sent := w.x.IfMatch()
	if !sent.IsTag() {
		return odd
	}
	said, err := w.x.Text(u.Tag.Callback, value)
	if err == nil && represent.IsQuoted(sent.Lines()[0], said) && !w.x.IfNoneMatch().Present() {
		return holds // nothing that follows asks for this tag
	}
	tag, err := w.reps.KeepTag(u.Tag, said, err)
	switch {
	case err != nil || tag == "":
		return odd
	case sent.Lines()[0] != string(tag):
		return otherTag
	case tag.IsWeak() || w.x.IfNoneMatch().Present():
		return odd
	}
	return holds
}
