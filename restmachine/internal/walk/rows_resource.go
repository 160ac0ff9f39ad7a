package walk

import (
	"errors"
	"net/http"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
)

// This file answers column G up to the preconditions: the content is read, the lock is
// taken, the resource is loaded, and what it shows is found.

var resourceRows = map[decision.ID]row{
	decision.G5: {
		known: func(p *plan.Method) known { return unknownIf(len(p.Bodies) > 0 && !p.Streams, yes) },
		ask:   (*Walk).readContent,
	},
	decision.G6: {
		known: func(p *plan.Method) known { return unknownIf(p.Locks != plan.Never, yes) },
		ask:   (*Walk).lock,
	},
	decision.G7: {
		known: func(p *plan.Method) known {
			if p.Unknown {
				return no
			}
			return unknownIf(len(p.Use.Required) > 0 || len(p.Path.Exists) > 0 || len(p.Early) > 0, yes)
		},
		ask: (*Walk).exists,
	},
	decision.G7a: forbiddenOnceLoaded,
	decision.G7b: {
		known: func(p *plan.Method) known { return unknownIf(p.NeedsCurrent != plan.Never, yes) },
		ask:   (*Walk).show,
	},
	decision.G7c: {
		known: func(p *plan.Method) known {
			return unknownIf(p.Reads() && len(p.Gates[declare.MultipleChoices]) > 0, no)
		},
		ask: (*Walk).multipleChoices,
	},
	decision.G7d: unguarded(false),
}

var forbiddenOnceLoaded = row{
	known: func(p *plan.Method) known { return unknownIf(len(p.ForbidLoaded) > 0, no) },
	ask: func(w *Walk) decision.Answer {
		switch {
		case w.refusal == nil:
			return w.gates(w.x.Plan.ForbidLast, false)
		case w.refusal.err != nil:
			return w.failGate(w.refusal.err)
		}
		return decision.Yes
	},
}

// readContent is G5. It reads all content before the lock is taken, since a slow client
// must not hold the lock. A client that waits for 100 Continue is first refused what its
// content cannot change.
func (w *Walk) readContent() decision.Answer {
	x := w.x
	if x.IsRead() || !x.HasBody() && !x.Plan.Spools {
		return decision.Yes
	}
	if x.Waits() {
		if status := w.rehearse(); status != http.StatusContinue {
			return decision.Status(status)
		}
	}
	err := x.ReadAll(request.Reading{Limit: x.Plan.MaxBody, Spool: x.Plan.Spools, Private: x.Plan.PrivateContent})
	if err != nil {
		if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
			return decision.No
		}
		return w.fail(err)
	}
	return decision.Yes
}

// rehearse asks the questions from G7 on without the lock, and does nothing. An act ends
// it with 100, and so does a callback that asks for the content; any other status is the
// answer. What it loaded is thrown away.
func (w *Walk) rehearse() (status int) {
	w.x.Rehearse(func() {
		var row decision.ID
		if status, row = w.program.Walk(decision.G7, w); w.verdict.Row == 0 {
			w.verdict.Row = row
		}
	})
	if errors.Is(w.verdict.Err, exchange.ErrUnread) {
		status = http.StatusContinue
	}
	if status == http.StatusContinue {
		w.Abandon(nil)
	}
	return status
}

// lock is G6.
func (w *Walk) lock() decision.Answer {
	if w.x.Plan.Locks == plan.WithPrecondition && !w.x.Preconditions().Any() {
		return decision.Yes
	}
	if err := w.x.Lock(); err != nil {
		return w.fail(err)
	}
	return decision.Yes
}

// exists is G7. It loads what the method needs, parents before children. What must be older
// than what is loaded comes first. Who may not see a parent is not told whether it has the
// child: that is not loaded then, and G7a refuses.
func (w *Walk) exists() decision.Answer {
	w.entered = !w.x.Rehearsing()
	if len(w.x.Plan.Early) > 0 {
		w.x.Foresee()
	}
	after := w.x.Plan.ForbidAfter
	for i, l := range w.x.Plan.Use.Required {
		value, err := w.x.Load(l)
		if err != nil {
			return w.fail(err)
		}
		if value == nil {
			w.missing = l
			return decision.No
		}
		if after != nil && w.forbids(after[i]) {
			return decision.Yes
		}
	}
	for _, e := range w.x.Plan.Path.Exists {
		found, err := w.x.Bool(e.Callback)
		if err != nil {
			return w.failGate(err)
		}
		if !found {
			return decision.No
		}
	}
	return decision.Yes
}

// forbids asks Forbidden gates, and reports whether one refused or failed.
func (w *Walk) forbids(gates []*plan.Gate) bool {
	for _, g := range gates {
		if refused, err := w.x.Bool(g.Callback); refused || err != nil {
			w.refusal = &refusal{err}
			return true
		}
	}
	return false
}

// A refusal is what a gate failed with; nil where it said so.
type refusal struct{ err error }

// show is G7b: it finds the current representation where only the GET handler has it. It
// answers No where there is none.
func (w *Walk) show() decision.Answer {
	x, get := w.x, w.x.Plan.Get
	if x.Plan.NeedsCurrent == plan.WithPrecondition && !x.Preconditions().Any() {
		return decision.Yes
	}
	if l := get.Identity; l != nil {
		if _, err := x.Must(l); err != nil {
			return w.fail(err)
		}
		w.reps.SetShown(w.reps.Current())
		return decision.Yes
	}
	if !x.AllExist(get.Needs.Required) {
		return decision.No
	}
	w.x.ForeseeLate()
	shown, err := w.reps.Run(get)
	reads := x.Plan.Reads()
	if err != nil {
		if !reads && isMissingStatus(x.StatusOf(err)) {
			return decision.No // a PUT may create it
		}
		return w.fail(err)
	}
	if shown.IsEmpty() && x.Plan.Validated() || !reads && isMissingStatus(shown.Status()) {
		return decision.No
	}
	w.reps.SetShown(shown)
	if !reads {
		return decision.Yes
	}
	if shown.EndsWalk(x.Plan) {
		w.reps.SetResult(shown)
		return w.endByReply(shown)
	}
	if shown.HasValue() { // preconditions are of what would be sent (RFC 9110, 13.2.1)
		if err := w.reps.IsAcceptable(shown); err != nil {
			return w.fail(err)
		}
	}
	return decision.Yes
}

// isMissingStatus reports whether a GET's status says that there is no representation.
func isMissingStatus(status int) bool {
	return status == http.StatusNotFound || status == http.StatusGone
}

// multipleChoices is G7c. What the GET returns is the list of choices.
func (w *Walk) multipleChoices() decision.Answer {
	several := w.gates(w.x.Plan.Gates[declare.MultipleChoices], false)
	if several != decision.Yes {
		return several
	}
	if a := w.get(); a != decision.Yes {
		return a
	}
	return w.render()
}
