package walk

import (
	"fmt"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
	"github.com/restmachine/restmachine-go/restmachine/internal/verdict"
)

// This file says in words why a row was answered as it was, for traces. It reads what the
// walk found out, and finds out nothing that the walk would not.

// note is what a trace says about the row that was just asked.
func (w *Walk) note(id decision.ID, a decision.Answer) (why, callback string) {
	callback = w.x.TakeCalls()
	why = w.reason(id, a)
	w.x.TakeCalls() // what the reason asked for belongs to no row
	return why, callback
}

// NotePanic says about the last row that it gave no answer, unless the walk was over.
func (w *Walk) NotePanic(t *decision.Trace, err error) {
	if t == nil || len(t.Visits) == 0 || t.Status != 0 {
		return
	}
	last := &t.Visits[len(t.Visits)-1]
	last.Answer, last.Why, last.Callback = decision.Status(500), firstLine(err), w.x.TakeCalls()
}

// noteUnknown says of a path that no route has why G7 was answered before any request.
func (w *Walk) noteUnknown(t *decision.Trace) {
	if !w.x.Plan.Unknown {
		return
	}
	for i := range t.Visits {
		if v := &t.Visits[i]; v.ID == decision.G7 && v.Folded {
			v.Why = "no route has this path"
		}
	}
}

// reason is what row id saw; "" where its question says it all.
func (w *Walk) reason(id decision.ID, a decision.Answer) string {
	err := w.verdict.Err
	switch {
	case err != nil:
		return firstLine(err)
	case w.verdict.Cause == verdict.Hidden:
		return "a gate returned ErrNotFound"
	case a != decision.Yes && a != decision.No:
		return "the handler returned a Reply with this status"
	}
	switch id.Column() {
	case 'B':
		return w.reasonToRefuse(id, a)
	case 'C', 'D', 'E', 'F':
		return w.reasonToChoose(id, a)
	case 'P':
		return w.reasonForRange(id)
	}
	switch {
	case id == decision.G7:
		return w.reasonToExist(a)
	case id == decision.G7d && a == decision.Yes:
		return "the request does not have a precondition that counts"
	}
	return w.reasonOfCondition(id, a)
}

// firstLine is an error's text without the stack of a panic.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return problem.Short(line)
}

// reasonToRefuse is about the system and request checks.
func (w *Walk) reasonToRefuse(id decision.ID, a decision.Answer) string {
	x := w.x
	switch {
	case id == decision.B12:
		return "the method is " + problem.Short(x.Method())
	case id == decision.B11 && a == decision.Yes:
		return fmt.Sprintf("the target has %d bytes; the limit is %d", x.TargetLength(), request.MaxTarget)
	case id == decision.B9 && w.verdict.Cause == verdict.PartialContent:
		return "a PUT with Content-Range is not supported"
	case id == decision.B9 && a == decision.Yes:
		return x.Malformed()
	case id == decision.B5:
		return named("Content-Type", x.Field("Content-Type"))
	case id == decision.B4 && a == decision.No:
		return fmt.Sprintf("the content has %d bytes; the limit is %d", x.Length(), x.Plan.MaxBody)
	}
	return ""
}

// reasonToChoose is about proactive negotiation (RFC 9110, 12).
func (w *Walk) reasonToChoose(id decision.ID, a decision.Answer) string {
	p, c := w.x.Plan, w.x.Chosen()
	name, offers, chosen := "Accept", p.Media, c.Media
	var choose func(lines, offers []string) (int, bool) // of a wish, which may not be fulfilled
	switch id.Column() {
	case 'D':
		name, offers, chosen, choose = "Accept-Language", p.Languages, c.Language, negotiate.Language
	case 'E':
		name, offers, chosen, choose = "Accept-Charset", p.Charsets, c.Charset, negotiate.Charset
	case 'F':
		name, offers, chosen = "Accept-Encoding", p.Codings, c.Coding
	}
	field := named(name, w.x.Field(name))
	switch id {
	case decision.C3, decision.D4, decision.E5, decision.F6:
		return field
	}
	if choose != nil && a == decision.Yes && len(offers) > 0 {
		if _, ok := choose(w.x.Lines(name), offers); !ok {
			return field + " takes none of " + strings.Join(offers, ", ") + ", and gets the first"
		}
	}
	if a == decision.Yes && chosen >= 0 && chosen < len(offers) {
		return field + " chooses " + offers[chosen]
	}
	return field + " matches none of " + strings.Join(offers, ", ")
}

// reasonToExist says what G7 found missing.
func (w *Walk) reasonToExist(a decision.Answer) string {
	switch {
	case w.refusal != nil:
		return "a Forbidden of what is loaded refuses"
	case a == decision.Yes:
		return w.reasonToForesee()
	case w.missing != nil:
		return "there is no " + w.missing.Type.String() + ": " + w.missing.By() + " returned nil"
	}
	return "a ResourceExists says that there is nothing"
}

// reasonToForesee says which facts G7 asked before it loaded anything.
func (w *Walk) reasonToForesee() string {
	asked := w.x.Foreseen()
	if len(asked) == 0 {
		return ""
	}
	return "asked before anything is loaded: " + strings.Join(asked, ", ")
}

// reasonForRange is about ranges, and the other rows of their column.
func (w *Walk) reasonForRange(id decision.ID) string {
	switch id {
	case decision.P2:
		return named("If-None-Match", w.x.Preconditions().IfNoneMatch.String())
	case decision.P19, decision.P21:
		return named("Range", w.x.Field("Range"))
	case decision.P20:
		return named("If-Range", w.x.Field("If-Range"))
	}
	return ""
}

// reasonOfCondition is about the preconditions (RFC 9110, 13.1).
func (w *Walk) reasonOfCondition(id decision.ID, a decision.Answer) string {
	p := w.x.Preconditions()
	switch id {
	case decision.G8, decision.G9, decision.G10, decision.H7:
		return named("If-Match", p.IfMatch.String())
	case decision.G11:
		return w.compared("If-Match", p.IfMatch, "strongly", a)
	case decision.H10:
		return named("If-Unmodified-Since", p.IfUnmodifiedSince.String())
	case decision.H11, decision.H12:
		return w.dated("If-Unmodified-Since", p.IfUnmodifiedSince)
	case decision.I12, decision.I13, decision.J13, decision.H8:
		return named("If-None-Match", p.IfNoneMatch.String())
	case decision.K13:
		return w.compared("If-None-Match", p.IfNoneMatch, "weakly", a)
	case decision.L13:
		return named("If-Modified-Since", p.IfModifiedSince.String())
	case decision.J19, decision.L14, decision.L17:
		return w.dated("If-Modified-Since", p.IfModifiedSince)
	}
	return ""
}

func named(name, value string) string {
	if value == "" {
		return "no " + name
	}
	return name + " " + problem.Short(value)
}

// compared is the comparison of a list with the current entity-tag.
func (w *Walk) compared(name string, list conditional.List, how string, a decision.Answer) string {
	tag, err := w.reps.Tag(w.reps.Current())
	said := named(name, list.String())
	switch {
	case err != nil:
		return "the entity-tag could not be made: " + firstLine(err)
	case tag == "":
		return said + ", but there is no entity-tag"
	case a == decision.Yes:
		return fmt.Sprintf("%s matches %s %s", said, tag, how)
	}
	return fmt.Sprintf("%s does not match %s %s", said, tag, how)
}

// dated is the comparison of a date with the modification date, in the whole seconds of
// HTTP.
func (w *Walk) dated(name string, date conditional.Date) string {
	said := named(name, date.String())
	if !date.Present() {
		return said // and nobody has asked for the modification date
	}
	if !date.Valid() {
		return said + " is not an HTTP-date"
	}
	last, err := w.reps.LastModified(w.reps.Current())
	switch {
	case err != nil:
		return "the modification date could not be found: " + firstLine(err)
	case conditional.IsZeroDate(last):
		return said + ", but there is no Last-Modified"
	case conditional.ModifiedAfter(last, date.Time()):
		return fmt.Sprintf("Last-Modified %s is after %s", conditional.FormatDate(last), said)
	}
	return fmt.Sprintf("Last-Modified %s is not after %s", conditional.FormatDate(last), said)
}
