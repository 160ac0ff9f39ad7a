package answer

import (
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
	"github.com/restmachine/restmachine-go/restmachine/internal/verdict"
)

// This file makes the response of a refusal by the graph: by far the most frequent errors,
// a 412 above all. In come the row that refused and its cause. Out comes the text of the
// problem. It is written without a problem.Details in between; a test holds both ways to
// the same bytes.

// buildRefusal makes the answer of a refusal by the graph.
func (a *Answer) buildRefusal() {
	status, row := a.status, a.verdict.Row
	if status != http.StatusNotFound && status != http.StatusPreconditionFailed { // these two need no field
		a.requireFields(status)
	}
	var said problem.Detail
	if row == decision.G11 {
		a.mismatch(&said)
	} else {
		a.refusal(&said, row)
	}
	template, lines := templateOf(status, row), problemJSON
	body := template.Bare
	if !said.IsEmpty() {
		a.text = template.Append(request.Cleared(a.text), &said)
		body = a.text
	}
	if a.prefersText() {
		p := problem.Details{Status: status, Title: problem.Phrase(status), Detail: said.String()}
		body, lines = []byte(p.Text()), problemText
	}
	a.details.SetBytes(body)
	a.content = &a.details
	if len(a.list) == 0 {
		a.push("Vary", varyAccept)
	} else {
		a.addVary(varyAccept)
	}
	a.push("Cache-Control", noStore)
	a.push("Content-Type", lines)
	a.push("X-Content-Type-Options", noSniff)
}

// templates are those of every edge of the graph to an error, the most frequent first.
var templates = []*problem.Template{problem.NewTemplate(http.StatusNotFound, decision.L7), problem.NewTemplate(http.StatusPreconditionFailed, decision.G11)}

func init() {
	for id, row := range decision.HTTP.All() {
		for _, edge := range []decision.ID{row.Yes, row.No} {
			if status := int(edge); edge.IsStatus() && status >= 400 {
				templates = append(templates, problem.NewTemplate(status, id))
			}
		}
	}
}

func templateOf(status int, row decision.ID) *problem.Template {
	for _, t := range templates {
		if t.Row == row && t.Status == status {
			return t
		}
	}
	return problem.NewTemplate(status, row)
}

// refusal sets said, which is empty, to the detail of a refusal; it stays empty where the
// status says it all. (The common cases assign pieces directly: copies of what was just
// written are slow.)
func (a *Answer) refusal(said *problem.Detail, row decision.ID) {
	x, cause := a.x, a.verdict.Cause
	if cause == verdict.ByFact {
		return // nobody knows why
	}
	switch row {
	case decision.L7, decision.M5:
		// what most refusals are: the status says it all
	case decision.B11:
		*said = problem.Detail{"", fmt.Sprintf("the request target is longer than %d bytes", request.MaxTarget)}
	case decision.B12:
		*said = problem.Detail{"", fmt.Sprintf("the method %q is not known here", problem.Short(x.Method()))}
	case decision.B10:
		method := x.Method()
		if method == http.MethodHead {
			method = http.MethodGet // the two have the same fields (RFC 9110, 9.3.2)
		}
		*said = problem.Detail{"the method ", problem.Short(method), " is not allowed here; allowed: ", a.allow(x.Method())}
	case decision.B9:
		*said = problem.Detail{"", x.Malformed()}
		if cause == verdict.PartialContent {
			*said = problem.Detail{"a PUT with Content-Range is not supported; send the whole content"} // RFC 9110, 14.5
		}
	case decision.B5:
		*said = problem.Detail{"", x.UnsupportedType()}
		if cause == verdict.ContentCoding {
			*said = problem.Detail{"", fmt.Sprintf("Content-Encoding %q is not supported; send the content without a Content-Encoding", problem.Short(x.Field("Content-Encoding")))}
		}
	case decision.B4, decision.G5:
		*said = problem.Detail{"", fmt.Sprintf("the content is longer than %d bytes", x.Plan.MaxBody)}
	case decision.C4:
		*said = problem.NotOffered("Accept", x.Plan.Media)
	case decision.D5:
		*said = problem.NotOffered("Accept-Language", x.Plan.Languages)
	case decision.E6:
		*said = problem.NotOffered("Accept-Charset", x.Plan.Charsets)
	case decision.F7:
		*said = problem.NotOffered("Accept-Encoding", x.Plan.Codings)
	case decision.G7d, decision.P2:
		*said = problem.Detail{"this request needs a precondition; send If-Match with the entity-tag of your copy"}
		if x.Plan.Use.Creates && x.Plan.Name != http.MethodPost {
			said[1] = ", or If-None-Match: * to create the resource"
		}
	case decision.P21:
		*said = problem.Detail{"the requested Range is outside the content"}
	default:
		a.unmetPrecondition(said, row)
	}
}

// unmetPrecondition is refusal for a 412, or a 400 for a list that cannot be read. It names
// the field that the client sent.
func (a *Answer) unmetPrecondition(said *problem.Detail, row decision.ID) {
	const unreadable = " cannot be read; send * or a list of entity-tags in double quotes"
	p := a.x.Preconditions()
	switch row {
	case decision.G11:
		a.mismatch(said)
	case decision.G10b, decision.J13b, decision.H8:
		*said = problem.Detail{"If-None-Match", unreadable}
		if row == decision.G10b && p.IfMatch.Present() && !p.IfMatch.Readable() {
			said[0] = "If-Match"
		}
	case decision.H12:
		*said = problem.Detail{"the resource was modified after If-Unmodified-Since ", p.IfUnmodifiedSince.String()}
	case decision.H7:
		*said = problem.Detail{"If-Match ", p.IfMatch.String(), " does not match: the resource does not exist"}
	case decision.J18:
		*said = problem.Detail{"If-None-Match ", p.IfNoneMatch.String(), " matches the current entity-tag"}
		if p.IfNoneMatch.Star() {
			said[2] = " does not hold: the resource exists"
		}
	}
}

// mismatch explains an If-Match that no tag satisfied.
func (a *Answer) mismatch(said *problem.Detail) {
	list := a.x.IfMatch()
	said[0], said[1] = "If-Match ", list.String()
	tag, err := a.reps.Tag(a.reps.Current())
	if err != nil || tag == "" {
		said[2] = " does not match: the resource does not have an entity-tag"
		return
	}
	said[2], said[3] = " does not match the current entity-tag ", string(tag)
	switch {
	case tag.IsWeak():
		said[4] = ": If-Match never matches a weak entity-tag"
	case a.reps.ChangedByProxy(list):
		said[4] = ": a proxy seems to have changed the entity-tag when it compressed the response; get the resource again with Accept-Encoding: identity, or let the App compress"
	}
}
