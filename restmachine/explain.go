package restmachine

import (
	"fmt"

	"github.com/restmachine/restmachine-go/decision"
)

// This file says in words why a row of the graph was answered as it was, for
// traces.

// reason is what row id saw, "" where its question says it all.
func (x *exchange) reason(id decision.ID) string {
	p := x.preconditions()
	switch id {
	case decision.C3, decision.C4:
		return named("Accept", x.field("Accept"))
	case decision.D4, decision.D5:
		return named("Accept-Language", x.field("Accept-Language"))
	case decision.E5, decision.E6:
		return named("Accept-Charset", x.field("Accept-Charset"))
	case decision.F6, decision.F7:
		return named("Accept-Encoding", x.field("Accept-Encoding"))
	case decision.G8, decision.G9, decision.G10, decision.H7:
		return named("If-Match", p.IfMatch.String())
	case decision.G11:
		return x.compared("If-Match", p.IfMatch.String(), "strongly")
	case decision.H10:
		return named("If-Unmodified-Since", p.IfUnmodifiedSince.String())
	case decision.H11, decision.H12:
		return x.dated("If-Unmodified-Since", p.IfUnmodifiedSince.String())
	case decision.I12, decision.I13, decision.J13, decision.H8:
		return named("If-None-Match", p.IfNoneMatch.String())
	case decision.K13:
		return x.compared("If-None-Match", p.IfNoneMatch.String(), "weakly")
	case decision.L13:
		return named("If-Modified-Since", p.IfModifiedSince.String())
	case decision.J19, decision.L14, decision.L17:
		return x.dated("If-Modified-Since", p.IfModifiedSince.String())
	case decision.G7:
		if x.att.missing != nil {
			return fmt.Sprintf("no %s", x.att.missing.typ)
		}
	}
	return ""
}

func named(name, value string) string {
	if value == "" {
		return "no " + name
	}
	return name + " " + short(value)
}

func (x *exchange) compared(name, list, how string) string {
	tag, err := x.selectedTag(x.current())
	switch {
	case err != nil:
		return "the entity-tag could not be made"
	case tag == "":
		return fmt.Sprintf("%s %s, and no current entity-tag", name, list)
	}
	return fmt.Sprintf("%s %s against the current %s, %s", name, list, tag, how)
}

func (x *exchange) dated(name, date string) string {
	last, err := x.lastModified(x.current())
	if err != nil || last.IsZero() {
		return fmt.Sprintf("%s, and no Last-Modified", named(name, date))
	}
	return fmt.Sprintf("%s against Last-Modified %s", named(name, date), last.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
}
