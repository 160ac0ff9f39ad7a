package restmachine

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
)

// This file says in words why the graph refused a request.

// appendRefusal appends the detail of a refusal by the graph; nothing where the
// status says it all.
func (x *exchange) appendRefusal(dst []byte, at decision.ID) []byte {
	const offered = "nothing that %s takes is offered; offered are %s"
	switch at {
	case decision.L7, decision.M5:
		return dst // what most refusals are: there is nothing to say
	case decision.B11:
		return fmt.Appendf(dst, "the request target is longer than %d bytes", maxTarget)
	case decision.B12:
		return fmt.Appendf(dst, "the method %q is not known here", short(x.method))
	case decision.B10:
		return fmt.Appendf(dst, "%s is not allowed here; %s are", short(x.method), x.plan.allow)
	case decision.B9:
		return append(dst, x.malformed...)
	case decision.B5:
		return append(dst, x.unsupportedType().Detail...)
	case decision.B4, decision.G5:
		return fmt.Appendf(dst, "the content is longer than %d bytes", x.plan.maxBody)
	case decision.C4:
		return fmt.Appendf(dst, offered, "Accept", strings.Join(x.plan.media, ", "))
	case decision.D5:
		return fmt.Appendf(dst, offered, "Accept-Language", strings.Join(x.plan.languages, ", "))
	case decision.E6:
		return fmt.Appendf(dst, offered, "Accept-Charset", strings.Join(x.plan.charsets, ", "))
	case decision.F7:
		return fmt.Appendf(dst, offered, "Accept-Encoding", strings.Join(x.plan.codings, ", "))
	case decision.G7d, decision.P2:
		return append(dst, "this request needs a precondition: send If-Match with the entity-tag of what you have, or If-None-Match: * to create"...)
	case decision.P21:
		return append(dst, "the Range lies outside the content"...)
	}
	return x.appendFailed(dst, at)
}

// appendFailed appends the detail of a 412, or of a 400 for a list that cannot be
// read. It names the field that the client sent.
func (x *exchange) appendFailed(dst []byte, at decision.ID) []byte {
	const unreadable = " cannot be read: it is * or a list of entity-tags in double quotes"
	p := x.preconditions()
	switch at {
	case decision.G11:
		return x.appendMismatch(dst)
	case decision.G10b:
		if p.IfMatch.Present() && !p.IfMatch.Readable() {
			return append(dst, "If-Match"+unreadable...)
		}
		return append(dst, "If-None-Match"+unreadable...)
	case decision.J13b, decision.H8:
		return append(dst, "If-None-Match"+unreadable...)
	case decision.H12:
		return fmt.Appendf(dst, "the resource was modified after If-Unmodified-Since %s", p.IfUnmodifiedSince)
	case decision.H7:
		return fmt.Appendf(dst, "If-Match %s needs a resource that exists, and this one does not", p.IfMatch)
	case decision.J18:
		if p.IfNoneMatch.Star() {
			return append(dst, "If-None-Match * needs a resource that does not exist, and this one does"...)
		}
		return fmt.Appendf(dst, "If-None-Match %s matches the current entity-tag", p.IfNoneMatch)
	}
	return dst
}

// appendMismatch explains an If-Match that no tag satisfied.
func (x *exchange) appendMismatch(dst []byte) []byte {
	list := x.preconditions().IfMatch
	tag, err := x.selectedTag(x.current())
	more := ""
	switch {
	case err != nil || tag == "":
		return appendWords(dst, "If-Match ", list.String(), " does not match: the resource has no entity-tag")
	case tag.IsWeak():
		more = ": a weak tag never does"
	case list.Weak(tag):
		more = " strongly: a proxy may have made it weak"
	}
	return appendWords(dst, "If-Match ", list.String(), " does not match the current entity-tag ", string(tag), more)
}

// appendWords appends words. (One loop is less code to fetch than many appends.)
func appendWords(dst []byte, words ...string) []byte {
	for _, w := range words {
		dst = append(dst, w...)
	}
	return dst
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
