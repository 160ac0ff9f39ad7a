package restmachine

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
)

// This file makes the response of the status that the walk decided: its fields
// and its content. It decides nothing.

// answer is the response as it is made.
type answer struct {
	fields
	status  int
	content *content // nil: none
	ranges  []byterange.Range
}

// reset makes the answer an empty one of a status.
func (a *answer) reset(status int) {
	a.fields.reset()
	a.status, a.content, a.ranges = status, nil, nil
}

// inParts reports whether only ranges of the content are sent.
func (a *answer) inParts() bool { return a.status == http.StatusPartialContent && len(a.ranges) > 0 }

// build makes the answer of a status. What cannot be sent becomes a 500.
func (x *exchange) build(status int) {
	x.out.status = status
	err := x.fill()
	if err == nil {
		err = x.out.bad
	}
	if err != nil {
		x.refuse(err)
	}
}

// refuse makes an error the answer, whatever it was before.
func (x *exchange) refuse(err error) {
	x.err = err
	x.out.reset(x.statusOf(err))
	x.buildProblem()
	if illegal := x.out.bad; illegal != nil { // a field of the Problem that it is
		x.err = illegal
		x.out.reset(http.StatusInternalServerError)
		x.buildProblem()
	}
}

// fill sets the fields and the content by the status.
func (x *exchange) fill() error {
	switch status := x.out.status; {
	case x.failed():
		x.buildProblem()
	case status == http.StatusNotModified:
		return x.fillNotModified()
	case x.plan.name == http.MethodOptions && status == http.StatusOK:
		x.out.safe("Allow", x.plan.allow)
		if patch := x.plan.path.method(http.MethodPatch); patch != nil && bodyMedia(patch.bodies) != "" {
			x.out.set("Accept-Patch", bodyMedia(patch.bodies))
		}
		x.out.content = &noContent
	case x.att.result == nil: // the graph's own redirects
		x.out.set("Location", x.uri(x.att.moved))
		x.out.content = &noContent
	default:
		return x.fillResult()
	}
	return nil
}

// failed reports whether the answer is a problem: an error, or a refusal by the
// graph; a Reply with such a status is the handler's own.
func (x *exchange) failed() bool {
	if x.err != nil {
		return true
	}
	return x.out.status >= 400 && x.att.result.status() != x.out.status
}

// fillNotModified sets the fields of a 304: those that the 200 would have and
// that a cache updates, and no others (RFC 9110, 15.4.5).
func (x *exchange) fillNotModified() error {
	current := x.current()
	if current.head != nil {
		x.repeatFields(current)
	}
	if err := x.fillFreshness(current); err != nil {
		return err
	}
	tagged, err := x.fillTag(current)
	if err == nil && !tagged {
		err = x.fillDate(current)
	}
	if err != nil {
		return err
	}
	return x.fillVary()
}

// repeatFields sets the fields of a 304 that the handler's reply set itself.
func (x *exchange) repeatFields(current *representation) {
	for _, name := range []string{"Cache-Control", "Expires", "Vary"} {
		if lines := current.head[name]; len(lines) > 0 {
			x.out.set(name, strings.Join(lines, ", "))
		}
	}
	if uri := current.field("Content-Location"); uri != "" {
		x.out.set("Content-Location", x.uri(uri))
	}
}

// fillResult sets the fields and the content of what a handler returned.
func (x *exchange) fillResult() error {
	r, status := x.att.result, x.out.status
	if r.head != nil {
		if err := x.mergeReply(r); err != nil {
			return err
		}
	}
	if err := x.describeResult(r); err != nil {
		return err
	}
	if status == http.StatusCreated {
		if err := x.locate(r); err != nil {
			return err
		}
	}
	if status >= 400 {
		x.out.drop(isValidator)
		x.requireFields(status)
	}
	x.fillContent(r)
	return x.fillVary()
}

// mergeReply sets the fields of the handler's reply.
func (x *exchange) mergeReply(r *representation) error {
	x.mountFields(r.head, nil)
	x.out.merge(r.head)
	if r.field("Etag") == "" {
		return nil
	}
	tag, err := x.selectedTag(r)
	if err == nil {
		x.out.safe("Etag", string(tag))
	}
	return err
}

// quoteTag makes an ETag that a callback set an entity-tag.
func (a *answer) quoteTag() error {
	lines := a.get("Etag")
	if len(lines) == 0 {
		return nil
	}
	tag, err := conditional.Quote(lines[0])
	if err == nil {
		a.safe("Etag", string(tag))
	}
	return err
}

// describeResult sets the validators where the answer carries them: with what a
// GET shows, with the new state after a PUT or PATCH, and with what was
// created.
func (x *exchange) describeResult(r *representation) error {
	switch status := x.out.status; {
	case x.plan.reads() && status < 300:
		current := r
		if x.plan.get.identity != nil {
			current = x.current()
		}
		if err := x.fillFreshness(current); err != nil {
			return err
		}
		return x.fillValidators(current)
	case r.value == nil:
		return nil
	case status == http.StatusCreated:
		x.renew(r)
		return x.fillValidators(r)
	case status == http.StatusOK && (x.method == http.MethodPut || x.method == http.MethodPatch) && r.typ == x.shownType():
		x.renew(r)
		if r.field("Content-Location") == "" {
			x.out.set("Content-Location", x.ownURI())
		}
		return x.fillValidators(r)
	}
	return nil
}

// renew forgets what was read before the write, where the facts that are asked
// now take more than the value that they describe.
func (x *exchange) renew(r *representation) {
	for _, d := range r.facts {
		if d != nil && (d.subject == nil || d.from != nil || len(d.fact.fn.In) > 1) {
			x.refresh()
			return
		}
	}
}

// fillValidators sets ETag and Last-Modified.
func (x *exchange) fillValidators(r *representation) error {
	if _, err := x.fillTag(r); err != nil {
		return err
	}
	return x.fillDate(r)
}

func (x *exchange) fillTag(r *representation) (tagged bool, err error) {
	tag, err := x.selectedTag(r)
	if err != nil || tag == "" {
		return false, err
	}
	if sent := x.pre.IfNoneMatch.Lines(); len(sent) == 1 && sent[0] == string(tag) {
		x.out.share("Etag", sent) // the same line goes back
	} else if x.out.status == http.StatusNotModified {
		x.out.only("Etag", string(tag))
	} else {
		x.out.safe("Etag", string(tag))
	}
	return true, nil
}

func (x *exchange) fillDate(r *representation) error {
	last, err := x.lastModified(r)
	if err != nil || last.IsZero() {
		return err
	}
	if date := x.m.dates.lastModified(last); date != "" {
		x.out.safe("Last-Modified", date)
	}
	return nil
}

// fillFreshness sets Cache-Control and Expires.
func (x *exchange) fillFreshness(r *representation) error {
	if r.facts.of(kindCacheControl) == nil && r.facts.of(kindExpires) == nil {
		return nil
	}
	if r.field("Cache-Control") == "" {
		said, err := x.askText(kindCacheControl, r)
		if err != nil {
			return err
		}
		if said != "" {
			x.out.set("Cache-Control", said)
		}
	}
	if r.field("Expires") == "" {
		said, err := x.askTime(kindExpires, r)
		if err != nil {
			return err
		}
		if !conditional.IsZeroDate(said) {
			if date := conditional.FormatDate(said); date != "" {
				x.out.safe("Expires", date)
			}
		}
	}
	return nil
}

// locate sets where what was created lives. A PUT created its own target; a
// POST must say it (RFC 9110, 15.3.2).
func (x *exchange) locate(r *representation) error {
	if r.field("Location") != "" {
		return nil
	}
	uri, err := x.askText(kindLocation, r)
	if err != nil {
		return err
	}
	if uri != "" {
		x.out.set("Location", x.uri(uri))
	} else if x.method == http.MethodPost {
		return fmt.Errorf("%s made a 201 without a Location: give one to Created, or say it in a Location fact for %v", x.plan.action.fn, r.typ)
	}
	return nil
}

func (x *exchange) fillVary() error {
	if x.plan.constant {
		return nil
	}
	names, err := x.vary()
	if err == nil && len(names) > 0 {
		x.addVary(names)
	}
	return err
}

// addVary adds names to Vary; what stands there already stays.
func (x *exchange) addVary(names []string) {
	if len(names) == 1 && names[0] == varyAccept[0] && x.out.get("Vary") == nil {
		x.out.share("Vary", varyAccept)
		return
	}
	x.out.set("Vary", strings.Join(union(fieldNames(x.out.get("Vary")), names), ", "))
}

// fieldNames are the names in the lines of a field that lists field names.
func fieldNames(lines []string) (names []string) {
	for _, line := range lines {
		for name := range strings.SplitSeq(line, ",") {
			names = union(names, []string{http.CanonicalHeaderKey(strings.TrimSpace(name))})
		}
	}
	return names
}

// fillContent sets the content, and the fields that describe it.
func (x *exchange) fillContent(r *representation) {
	c := r.content
	if c == nil {
		if x.out.status != http.StatusNoContent {
			x.out.content = &noContent
		}
		return
	}
	x.out.content = c
	if c.lines != nil {
		x.out.share("Content-Type", c.lines)
	} else {
		x.out.set("Content-Type", c.media)
	}
	x.out.share("X-Content-Type-Options", noSniff)
	if c.coding != "" {
		x.out.set("Content-Encoding", c.coding)
	}
	if x.chosen.language < len(x.plan.languages) && r.field("Content-Language") == "" {
		x.out.set("Content-Language", x.plan.languages[x.chosen.language])
	}
	if x.plan.reads() && c.ranged && x.out.status < 300 {
		x.out.share("Accept-Ranges", acceptBytes)
	}
	if x.out.inParts() {
		x.fillPart(c)
	}
}

// finish sets Content-Length, and takes the content away where the status or
// the method has none.
func (x *exchange) finish() {
	a := &x.out
	c := a.content
	switch {
	case a.status == http.StatusNotModified && x.finishing == nil: // nobody has set any
		return
	case a.status == http.StatusNotModified || a.status == http.StatusNoContent || a.status == http.StatusResetContent:
		a.drop(isOfContent)
		a.content = nil
		return
	case c == nil:
		return
	case a.inParts():
	case c.size >= 0:
		a.setLength(c.size)
	}
	if x.method == http.MethodHead {
		a.content = nil
	}
}
