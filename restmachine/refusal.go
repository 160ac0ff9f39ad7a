package restmachine

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
)

// This file says in words why the graph refused a request.

// endedAt is the row at which the walk ended. Rows that the plan settles note
// nothing; there the status tells.
func (x *exchange) endedAt() decision.ID {
	switch x.out.status {
	case http.StatusMethodNotAllowed:
		return decision.B10
	case http.StatusNotFound:
		if x.at != decision.M7 {
			return decision.L7
		}
	case http.StatusGone:
		if x.at != decision.N5 {
			return decision.M5
		}
	case http.StatusBadRequest, http.StatusPreconditionFailed:
		if x.at == decision.G9 || x.at == 0 {
			return decision.G10b
		}
	}
	return x.at
}

// refusal is the detail of a refusal by the graph.
func (x *exchange) refusal() string {
	switch x.endedAt() {
	case decision.B11:
		return fmt.Sprintf("the request target is longer than %d bytes", maxTarget)
	case decision.B12:
		return fmt.Sprintf("the method %q is not known here", short(x.method))
	case decision.B10:
		return fmt.Sprintf("%s is not allowed here; %s are", short(x.method), x.plan.allow)
	case decision.B9:
		return x.malformed
	case decision.B5:
		return x.unsupportedType().Detail
	case decision.B4, decision.G5:
		return fmt.Sprintf("the content is longer than %d bytes", x.plan.maxBody)
	case decision.C4:
		return "nothing that Accept takes is offered; offered are " + strings.Join(x.plan.media, ", ")
	case decision.D5:
		return "nothing that Accept-Language takes is offered; offered are " + strings.Join(x.plan.languages, ", ")
	case decision.E6:
		return "nothing that Accept-Charset takes is offered; offered are " + strings.Join(x.plan.charsets, ", ")
	case decision.F7:
		return "nothing that Accept-Encoding takes is offered; offered are " + strings.Join(x.plan.codings, ", ")
	case decision.G7d, decision.P2:
		return "this request needs a precondition: send If-Match with the entity-tag of what you have, or If-None-Match: * to create"
	case decision.P21:
		return "the Range lies outside the content"
	}
	return x.failedPrecondition()
}

// failedPrecondition is the detail of a 412, or of a 400 for a list that cannot
// be read. It names the field that the client sent.
func (x *exchange) failedPrecondition() string {
	p := x.preconditions()
	switch x.endedAt() {
	case decision.G11:
		return x.tagMismatch()
	case decision.G10b:
		if p.IfMatch.Present() && !p.IfMatch.Readable() {
			return "If-Match cannot be read: it is * or a list of entity-tags in double quotes"
		}
		return "If-None-Match cannot be read: it is * or a list of entity-tags in double quotes"
	case decision.J13b, decision.H8:
		return "If-None-Match cannot be read: it is * or a list of entity-tags in double quotes"
	case decision.H12:
		return fmt.Sprintf("the resource was modified after If-Unmodified-Since %s", p.IfUnmodifiedSince)
	case decision.H7:
		return fmt.Sprintf("If-Match %s needs a resource that exists, and this one does not", p.IfMatch)
	case decision.J18:
		if p.IfNoneMatch.Star() {
			return "If-None-Match * needs a resource that does not exist, and this one does"
		}
		return fmt.Sprintf("If-None-Match %s matches the current entity-tag", p.IfNoneMatch)
	}
	return ""
}

// tagMismatch explains an If-Match that no tag satisfied.
func (x *exchange) tagMismatch() string {
	p := x.preconditions()
	tag, err := x.selectedTag(x.current())
	switch {
	case err != nil || tag == "":
		return fmt.Sprintf("If-Match %s does not match: the resource has no entity-tag", p.IfMatch)
	case tag.IsWeak():
		return fmt.Sprintf("If-Match %s does not match the current entity-tag %s: a weak tag never does", p.IfMatch, tag)
	case p.IfMatch.Weak(tag):
		return fmt.Sprintf("If-Match %s does not match the current entity-tag %s strongly: a proxy may have made it weak", p.IfMatch, tag)
	}
	return fmt.Sprintf("If-Match %s does not match the current entity-tag %s", p.IfMatch, tag)
}

// unsupportedType is a 415.
func (x *exchange) unsupportedType() *Problem {
	detail := fmt.Sprintf("no parser reads %q", short(x.contentType()))
	if all := bodyMedia(x.plan.bodies); all != "" {
		detail += "; read are " + all
	}
	if x.out.get("Accept-Encoding") != nil {
		detail = fmt.Sprintf("the content coding %q is not read", short(x.field("Content-Encoding")))
	}
	return &Problem{Status: http.StatusUnsupportedMediaType, Detail: detail}
}

// notAcceptable is the 406 of a GET whose entity alone tells what it can be
// rendered as.
func (x *exchange) notAcceptable(r *representation) decision.Answer {
	var media []string
	for _, o := range x.plan.offersOf(r.typ) {
		media = append(media, o.media)
	}
	return x.fail(&Problem{Status: http.StatusNotAcceptable,
		Detail: "nothing that Accept takes is offered; offered are " + strings.Join(media, ", ")})
}
