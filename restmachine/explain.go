package restmachine

import (
	"fmt"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file says in words why a row of the graph was answered as it was, for
// traces.

// note is what a trace says of the row that was just asked.
func (x *exchange) note(id decision.ID, a decision.Answer) (why, callback string) {
	callback = x.call
	why = x.reason(id, a)
	x.call = "" // what the reason asked for is no part of the next row
	return why, callback
}

// notePanic says of the last row that it gave no answer, unless the walk was over.
func (x *exchange) notePanic(t *decision.Trace, err error) {
	if t == nil || len(t.Visits) == 0 || t.Status != 0 {
		return
	}
	last := &t.Visits[len(t.Visits)-1]
	last.Answer, last.Why, last.Callback = decision.Status(500), firstLine(err), x.call
	x.call = ""
}

// reason is what row id saw, "" where its question says it all.
func (x *exchange) reason(id decision.ID, a decision.Answer) string {
	if a != decision.Yes && a != decision.No {
		if x.err != nil {
			return firstLine(x.err)
		}
		return "the handler's Reply says so"
	}
	if x.err != nil {
		return firstLine(x.err) // of an act that was not done
	}
	switch id.Column() {
	case 'B':
		return x.reasonToRefuse(id, a)
	case 'C', 'D', 'E', 'F':
		return x.reasonToChoose(id, a)
	case 'P':
		return x.reasonForRange(id)
	}
	switch {
	case id == decision.G7:
		return x.reasonToExist(a)
	case id == decision.G7d && a == decision.Yes:
		return "the request has no precondition that counts"
	}
	return x.reasonOfCondition(id, a)
}

// firstLine is an error's text without the stack of a panic.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return short(line)
}

// reasonToRefuse is of the system and request checks.
func (x *exchange) reasonToRefuse(id decision.ID, a decision.Answer) string {
	switch {
	case id == decision.B12:
		return "the method is " + short(x.method)
	case id == decision.B11 && a == decision.Yes:
		return fmt.Sprintf("the target has %d bytes, and may have %d", x.target, maxTarget)
	case id == decision.B9 && a == decision.Yes:
		return x.malformed
	case id == decision.B5:
		return named("Content-Type", x.field("Content-Type"))
	case id == decision.B4 && a == decision.No:
		return fmt.Sprintf("the content has %d bytes, and may have %d", x.length, x.plan.maxBody)
	}
	return ""
}

// reasonToChoose is of proactive negotiation (RFC 9110, 12).
func (x *exchange) reasonToChoose(id decision.ID, a decision.Answer) string {
	name, offers, chosen := "Accept", x.plan.media, x.chosen.media
	switch id.Column() {
	case 'D':
		name, offers, chosen = "Accept-Language", x.plan.languages, x.chosen.language
	case 'E':
		name, offers, chosen = "Accept-Charset", x.plan.charsets, x.chosen.charset
	case 'F':
		name, offers, chosen = "Accept-Encoding", x.plan.codings, x.chosen.coding
	}
	field := named(name, x.field(name))
	switch id {
	case decision.C3, decision.D4, decision.E5, decision.F6:
		return field
	}
	if a == decision.Yes && chosen >= 0 && chosen < len(offers) {
		return field + " chooses " + offers[chosen]
	}
	return field + " takes none of " + strings.Join(offers, ", ")
}

// reasonToExist says what G7 found missing.
func (x *exchange) reasonToExist(a decision.Answer) string {
	switch {
	case a == decision.Yes:
		return ""
	case x.plan.unknown:
		return "no Resource has this path"
	case x.att.missing != nil:
		return "no " + x.att.missing.typ.String()
	}
	return ""
}

// reasonForRange is of the rows on ranges, and of others in their column.
func (x *exchange) reasonForRange(id decision.ID) string {
	switch id {
	case decision.P2:
		return named("If-None-Match", x.preconditions().IfNoneMatch.String())
	case decision.P19, decision.P21:
		return named("Range", x.field("Range"))
	case decision.P20:
		return named("If-Range", x.field("If-Range"))
	}
	return ""
}

// reasonOfCondition is of the preconditions (RFC 9110, 13.1).
func (x *exchange) reasonOfCondition(id decision.ID, a decision.Answer) string {
	p := x.preconditions()
	switch id {
	case decision.G8, decision.G9, decision.G10, decision.H7:
		return named("If-Match", p.IfMatch.String())
	case decision.G11:
		return x.compared("If-Match", p.IfMatch, "strongly", a)
	case decision.H10:
		return named("If-Unmodified-Since", p.IfUnmodifiedSince.String())
	case decision.H11, decision.H12:
		return x.dated("If-Unmodified-Since", p.IfUnmodifiedSince)
	case decision.I12, decision.I13, decision.J13, decision.H8:
		return named("If-None-Match", p.IfNoneMatch.String())
	case decision.K13:
		return x.compared("If-None-Match", p.IfNoneMatch, "weakly", a)
	case decision.L13:
		return named("If-Modified-Since", p.IfModifiedSince.String())
	case decision.J19, decision.L14, decision.L17:
		return x.dated("If-Modified-Since", p.IfModifiedSince)
	}
	return ""
}

func named(name, value string) string {
	if value == "" {
		return "no " + name
	}
	return name + " " + short(value)
}

// compared is the comparison of a list with the current entity-tag.
func (x *exchange) compared(name string, list conditional.List, how string, a decision.Answer) string {
	tag, err := x.selectedTag(x.current())
	switch {
	case err != nil:
		return "the entity-tag could not be made: " + firstLine(err)
	case tag == "":
		return named(name, list.String()) + ", and there is no entity-tag"
	case a == decision.Yes:
		return fmt.Sprintf("%s matches %s %s", named(name, list.String()), tag, how)
	}
	return fmt.Sprintf("%s does not match %s %s", named(name, list.String()), tag, how)
}

// dated is the comparison of a date with the modification date, in the whole
// seconds that HTTP knows.
func (x *exchange) dated(name string, date conditional.Date) string {
	said := named(name, date.String())
	if !date.Present() {
		return said // and nobody has asked for the modification date
	}
	if !date.Valid() {
		return said + " is no HTTP-date"
	}
	last, err := x.lastModified(x.current())
	switch {
	case err != nil:
		return "the modification date could not be told: " + firstLine(err)
	case conditional.IsZeroDate(last):
		return said + ", and there is no Last-Modified"
	case conditional.ModifiedAfter(last, date.Time()):
		return fmt.Sprintf("Last-Modified %s is after %s", conditional.FormatDate(last), said)
	}
	return fmt.Sprintf("Last-Modified %s is not after %s", conditional.FormatDate(last), said)
}
