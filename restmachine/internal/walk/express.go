package walk

import (
	"net/http"
	"slices"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
)

// This file decides the usual GET and the usual refused write in one go: one value is loaded,
// its tag or date is compared, and that is the answer. It says again what the rows say, so it
// knows only what is usual. Where anything is odd, the walk goes on, and asks nothing twice.
// A trace never comes here. TestExpress holds both ways to the same bytes.

// An express is what makes a method usual: the value that is loaded, and what describes it.
type express struct {
	load      *plan.Load
	tag, date *plan.Describer // of the loaded value; date is nil where there is no such fact
	constant  bool            // the tag is the only field of a 304
}

// expressFor is expressOf. A test switches it off.
var expressFor = expressOf

// expressOf is the express of a method; nil where the method is not usual. program is the
// method's: what it asks ahead of the preconditions tells most.
func expressOf(p *plan.Method, program *Program) *express {
	if !checksNothing(p) || p.Get == nil || p.Get.Identity == nil || !p.Get.Negotiated || len(p.Variants) != 1 ||
		p.AutoETag != declare.NoTags || p.Use.Creates || len(p.Use.Required) != 1 || len(p.Path.Exists)+len(p.Early) > 0 {
		return nil
	}
	for _, id := range []decision.ID{decision.G7a, decision.G7b, decision.G7c, decision.K7} {
		if asks(program, id) {
			return nil
		}
	}
	e := &express{load: p.Use.Required[0], tag: p.Current.Of(declare.GenerateETag), date: p.Current.Of(declare.LastModified)}
	isGet, isWrite := p.Name == http.MethodGet, p.Replaces() || p.Name == http.MethodDelete
	if e.load != p.Get.Identity || !isGet && !(isWrite && p.Locks == plan.Always && !p.Streams && !p.Spools) {
		return nil
	}
	if !e.describes(e.tag) || e.date != nil && !e.describes(e.date) {
		return nil
	}
	e.constant = p.Constant && p.Current.Of(declare.CacheControl) == nil && p.Current.Of(declare.Expires) == nil
	return e
}

// asks reports whether a program asks a row.
func asks(p *Program, id decision.ID) bool {
	return slices.Contains(p.Steps(), id)
}

// describes reports whether a fact describes the loaded value alone.
func (e *express) describes(d *plan.Describer) bool {
	return d != nil && d.Subject != nil && (d.Loaded == nil || d.Loaded == e.load)
}

// express decides a usual request. Where it does not, it says where the walk is to begin.
func (w *Walk) express(e *express) (from decision.ID, decided bool) {
	x := w.x
	p := x.Plan
	if x.TargetLength() > request.MaxTarget || x.Malformed() != "" || !takesFirst(x.Accept(), p.Media) {
		return decision.Start, false
	}
	if p.Reads() {
		return decision.G7, w.expressRead(e)
	}
	if x.Waits() || !w.usualContent() || !x.IfMatch().IsTag() {
		return decision.Start, false
	}
	for _, step := range []struct {
		id  decision.ID
		ask decision.Question[*Walk]
	}{{decision.G5, (*Walk).readContent}, {decision.G6, (*Walk).lock}} {
		if a := step.ask(w); a != decision.Yes {
			return 0, w.endAt(step.id, a)
		}
	}
	return decision.G7, w.expressWrite(e)
}

// endAt ends the walk at a row whose answer is not yes.
func (w *Walk) endAt(id decision.ID, a decision.Answer) bool {
	if a == decision.No {
		return w.decided(int(decision.HTTP[id].No), id)
	}
	return w.decided(int(a), id)
}

// expressRead decides a GET of a missing resource, and one with one precondition that makes it a
// 304.
func (w *Walk) expressRead(e *express) bool {
	x := w.x
	v, err := x.Load(e.load)
	switch {
	case err != nil:
		return false
	case v == nil:
		return w.decided(http.StatusNotFound, decision.L7)
	}
	sent := x.Preconditions()
	byTag, byDate := sent.IfNoneMatch.IsTag(), sent.IfModifiedSince.Valid()
	if byTag == byDate || byDate && sent.IfNoneMatch.Present() || sent.IfMatch.Present() || sent.IfUnmodifiedSince.Present() {
		return false
	}
	if byTag {
		said, err := x.Text(e.tag.Callback, v)
		if err != nil || !represent.IsQuoted(sent.IfNoneMatch.Lines()[0], said) {
			w.reps.KeepTag(e.tag, said, err)
			return false
		}
		if e.constant {
			w.verdict.Tag = (*[1]string)(sent.IfNoneMatch.Lines()) // the same line goes back
		} else {
			w.reps.KeepTag(e.tag, said, nil)
		}
		return w.decided(http.StatusNotModified, decision.J19)
	}
	return e.date != nil && w.expressDate(e, v)
}

// expressDate decides a GET with an If-Modified-Since alone.
func (w *Walk) expressDate(e *express, v any) bool {
	last, err := w.x.Time(e.date.Callback, v)
	if err != nil || conditional.IsZeroDate(last) || conditional.ModifiedAfter(last, w.x.Preconditions().IfModifiedSince.Time()) {
		w.reps.KeepDate(e.date, last, err)
		return false
	}
	if !e.constant {
		w.reps.KeepDate(e.date, last, nil)
		return w.decided(http.StatusNotModified, decision.L17)
	}
	said, failed := w.x.Text(e.tag.Callback, v)
	tag, err := w.reps.Quoted(e.tag, said, failed)
	if err != nil || tag == "" {
		w.reps.KeepDate(e.date, last, nil)
		w.reps.KeepTag(e.tag, said, failed)
		return false
	}
	w.verdict.Tag = &[1]string{string(tag)}
	return w.decided(http.StatusNotModified, decision.L17)
}

// expressWrite refuses a write to a missing resource, and one whose If-Match has another tag.
func (w *Walk) expressWrite(e *express) bool {
	x := w.x
	v, err := x.Load(e.load)
	switch {
	case err != nil:
		return false
	case v == nil:
		return w.decided(http.StatusNotFound, decision.L7)
	}
	said, err := x.Text(e.tag.Callback, v)
	tag, err := w.reps.KeepTag(e.tag, said, err)
	if err != nil || tag == "" || x.IfMatch().Lines()[0] == string(tag) {
		return false
	}
	return w.decided(http.StatusPreconditionFailed, decision.G11)
}

// decided sets the verdict.
func (w *Walk) decided(status int, row decision.ID) bool {
	w.verdict.Status, w.verdict.Row = status, row
	return true
}
