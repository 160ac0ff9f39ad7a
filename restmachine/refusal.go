package restmachine

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
)

// This file says in words why the graph refused a request.

// words are a detail in pieces: as they are put together they are escaped, where
// that is due, and so written once.
type words [5]string

func (w *words) String() string { return strings.Join(w[:], "") }

// refusal sets said, which is empty, to the detail of a refusal by the graph; it
// stays so where the status says it all. (What is said most is said in place: a
// copy of what was just written waits for it.)
func (x *exchange) refusal(said *words, at decision.ID) {
	switch at {
	case decision.L7, decision.M5:
		// what most refusals are: there is nothing to say
	case decision.B11:
		if x.target <= maxTarget {
			return // a URITooLong said so
		}
		*said = words{fmt.Sprintf("the request target is longer than %d bytes", maxTarget)}
	case decision.B12:
		*said = words{fmt.Sprintf("the method %q is not known here", short(x.method))}
	case decision.B10:
		*said = words{"this method is not allowed here; ", x.allowWithout(), " are"}
	case decision.B9:
		*said = words{x.malformed}
	case decision.B5:
		*said = words{x.unsupportedType().Detail}
	case decision.B4, decision.G5:
		if at == decision.B4 && x.length <= x.plan.maxBody {
			return // a ValidEntityLength said so
		}
		*said = words{fmt.Sprintf("the content is longer than %d bytes", x.plan.maxBody)}
	case decision.C4:
		*said = notOffered("Accept", x.plan.media)
	case decision.D5:
		*said = notOffered("Accept-Language", x.plan.languages)
	case decision.E6:
		*said = notOffered("Accept-Charset", x.plan.charsets)
	case decision.F7:
		*said = notOffered("Accept-Encoding", x.plan.codings)
	case decision.G7d, decision.P2:
		*said = words{"this request needs a precondition: send If-Match with the entity-tag of what you have, or If-None-Match: * to create"}
	case decision.P21:
		*said = words{"the Range lies outside the content"}
	default:
		x.failure(said, at)
	}
}

// failure is refusal for a 412, or a 400 for a list that cannot be read. It names the
// field that the client sent.
func (x *exchange) failure(said *words, at decision.ID) {
	const unreadable = " cannot be read: it is * or a list of entity-tags in double quotes"
	p := x.preconditions()
	switch at {
	case decision.G11:
		x.mismatch(said)
	case decision.G10b, decision.J13b, decision.H8:
		*said = words{"If-None-Match", unreadable}
		if at == decision.G10b && p.IfMatch.Present() && !p.IfMatch.Readable() {
			said[0] = "If-Match"
		}
	case decision.H12:
		*said = words{"the resource was modified after If-Unmodified-Since ", p.IfUnmodifiedSince.String()}
	case decision.H7:
		*said = words{"If-Match ", p.IfMatch.String(), " needs a resource that exists, and this one does not"}
	case decision.J18:
		*said = words{"If-None-Match ", p.IfNoneMatch.String(), " matches the current entity-tag"}
		if p.IfNoneMatch.Star() {
			said[2] = " needs a resource that does not exist, and this one does"
		}
	}
}

// mismatch explains an If-Match that no tag satisfied.
func (x *exchange) mismatch(said *words) {
	list := &x.preconditions().IfMatch
	said[0], said[1] = "If-Match ", list.String()
	tag, err := x.selectedTag(x.current())
	if err != nil || tag == "" {
		said[2] = " does not match: the resource has no entity-tag"
		return
	}
	said[2], said[3] = " does not match the current entity-tag ", string(tag)
	switch {
	case tag.IsWeak():
		said[4] = ": a weak tag never does"
	case list.Weak(tag):
		said[4] = " strongly: a proxy may have made it weak"
	}
}

// unsupportedType is a 415.
func (x *exchange) unsupportedType() *Problem {
	detail := fmt.Sprintf("no parser reads %q", short(x.contentType()))
	if x.contentType() == "" {
		detail = "content without a Content-Type is not read"
	}
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
	said := notOffered("Accept", mediaOf(x.plan.offersOf(r.typ)))
	return x.fail(&Problem{Status: http.StatusNotAcceptable, Detail: said.String()})
}

func notOffered(name string, offers []string) words {
	return words{"nothing that ", name, " takes is offered; offered are ", strings.Join(offers, ", ")}
}
