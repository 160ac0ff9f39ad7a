// This file says of operations what was not seen of them. Answers come in. Sentences go out: which
// operation never succeeded, why, and what to give.

package restmachinetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// note notes an answer: its status, and one that refused, best to a request that should be read.
func (p *player) note(of string, r drawn, resp restmachine.Response) {
	if p.seen[of] == nil {
		p.seen[of] = map[int]int{}
	}
	p.seen[of][resp.StatusCode]++
	key := fmt.Sprint(resp.StatusCode, of)
	if known, ok := p.refusals[key]; resp.StatusCode >= 400 && (!ok || !known.request.fits && r.fits) {
		p.refusals[key] = refusal{r, resp}
	}
}

// A refusal is a request and the answer that refused it.
type refusal struct {
	request  drawn
	response restmachine.Response
}

// succeeded reports whether an operation has had a success.
func (p *player) succeeded(o contract.Operation) bool {
	for status := range p.seen[o.Key()] {
		if status < 400 {
			return true
		}
	}
	return false
}

// silent says of each operation without a success what came of it, why, and what to give: how is
// the name of the type that has it. The ones on which others depend come first.
func (p *player) silent(how string, refuse []string, operations []contract.Operation) []string {
	var first, later []string
	for _, o := range operations {
		name := p.nameOf(o)
		if p.succeeded(o) || p.isSkipped(o) || slices.Contains(refuse, name) || slices.Contains(refuse, o.Key()) {
			continue
		}
		if by := p.creator(o); by != "" {
			later = append(later, fmt.Sprintf("%s never succeeded, and nothing could create what it asks for: %s. See to that first. %s%s", name, by, p.answersOf(o), p.example(o)))
			continue
		}
		first = append(first, fmt.Sprintf("%s never succeeded, so little was seen of it. %s %s, or name it in %s.Refuse.%s", name, p.answersOf(o), p.remedy(o, how), how, p.example(o)))
	}
	return append(first, later...)
}

// nameOf names an operation as it was registered.
func (p *player) nameOf(o contract.Operation) string {
	return o.Method + " " + cmp.Or(p.known[o.Key()].Path, o.Path)
}

// answersOf says which answers an operation had.
func (p *player) answersOf(o contract.Operation) string {
	var all []string
	for _, status := range slices.Sorted(maps.Keys(p.seen[o.Key()])) {
		times := "once"
		if n := p.seen[o.Key()][status]; n > 1 {
			times = fmt.Sprint(n, " times")
		}
		all = append(all, fmt.Sprintf("%d (%s)", status, times))
	}
	if len(all) == 0 {
		return "No request was sent."
	}
	return "It answered " + strings.Join(all, ", ") + "."
}

// creator says which POST could create what an operation asks for, and has not; "" where there is
// none, or where something is there.
func (p *player) creator(o contract.Operation) string {
	if statuses := p.seen[o.Key()]; len(statuses) > 0 && statuses[http.StatusNotFound] == 0 {
		return ""
	}
	for _, other := range p.document.Operations {
		if other.Method == http.MethodGet && other.Path == o.Path && p.succeeded(other) {
			return ""
		}
	}
	for _, other := range p.document.Operations {
		if other.Method != http.MethodPost || !strings.HasPrefix(o.Path, strings.TrimSuffix(other.Path, "/")+"/{") || p.succeeded(other) {
			continue
		}
		if p.isSkipped(other) {
			return other.Key() + " is in Skip"
		}
		return "no " + other.Key() + " has succeeded"
	}
	return ""
}

// remedy says what to give an operation that has never succeeded.
func (p *player) remedy(o contract.Operation, how string) string {
	for _, of := range o.Parameters {
		if len(p.seen[o.Key()]) == 0 && of.In == "path" && len(p.valuesOf(of)) == 0 {
			return fmt.Sprintf("No value of {%s} is known, and no answer had one. Give %s.Values of %q, or send what makes one first, by %s.Calls", of.Name, how, of.Name, how)
		}
	}
	status := p.mostly(o)
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Sprintf("Give %s.Header of a caller who may use it", how)
	case status == http.StatusNotFound && strings.Contains(o.Path, "{"):
		return fmt.Sprintf("Nothing was found. Give %s.Values of the parameters of its path: of something that exists, and that %s.Header may see, or send what makes it first, by %s.Calls", how, how, how)
	}
	if len(o.Bodies) > 0 {
		return fmt.Sprintf("See what the answer says. Give %s.Info a Text with an example of its content as Request, %s.Values of its parameters, and %s.Header", how, how, how)
	}
	return fmt.Sprintf("See what the answer says. Give %s.Values of its parameters, and %s.Header", how, how)
}

// maxUnread is how many reasons why the App does not read requests are reported of an operation.
const maxUnread = 3

// unread says what to do about a request that the document allows and the App does not read. It begins
// with what the App says, without the values, so that each reason is reported once, and few of them.
func (p *player) unread(r drawn, resp restmachine.Response) string {
	why, of := reasonOf(resp.Body), r.Method+" "+r.route
	if known := p.unreads[of]; !slices.Contains(known, why) {
		if len(known) == maxUnread {
			why = known[maxUnread-1]
		} else {
			p.unreads[of] = append(known, why)
		}
	}
	text := why + ". Say in the document what is read: a type of its own with a method JSONSchema that has the bounds (minimum, maximum, minLength, pattern, required), or with an Enum; or name values that are read in Document.Values"
	if resp.StatusCode == http.StatusBadRequest {
		return text + ". A 400 is also what a Validate of a Query, a Path, a Header or a Cookie refuses with: JSONSchema belongs to the type of the parameter"
	}
	return text + ". Here no Validate refuses the content (422), but a callback: move that to a Validate, or tell it by Problems(&restmachine.Problem{Status: 422})"
}

// digits and quoted texts of a reason are values.
var values = regexp.MustCompile(`"[^"]*"|[0-9]+`)

// reasonOf is why a Problem refuses, with the places that it names; "" where it says nothing.
func reasonOf(body []byte) string {
	var problem struct {
		Detail string
		Errors []struct{ Pointer, Parameter, Header, Cookie, Detail string }
	}
	if json.Unmarshal(body, &problem) != nil {
		return ""
	}
	var all []string
	for _, e := range problem.Errors {
		at := cmp.Or(e.Pointer, e.Parameter, e.Header, e.Cookie)
		all = append(all, strings.TrimSpace(at+" "+values.ReplaceAllString(e.Detail, "…")))
	}
	if len(all) == 0 && problem.Detail != "" {
		all = []string{values.ReplaceAllString(problem.Detail, "…")}
	}
	if len(all) == 0 {
		return ""
	}
	return ": " + strings.TrimSuffix(strings.Join(all, "; "), ".")
}

// mostly is the status that an operation had most often; 0 is none.
func (p *player) mostly(o contract.Operation) (most int) {
	for _, status := range slices.Sorted(maps.Keys(p.seen[o.Key()])) {
		if p.seen[o.Key()][status] > p.seen[o.Key()][most] {
			most = status
		}
	}
	return most
}

// example is a refusal with the status that an operation had most often.
func (p *player) example(o contract.Operation) string {
	one, ok := p.refusals[fmt.Sprint(p.mostly(o), o.Key())]
	if !ok {
		return ""
	}
	text := fmt.Sprintf("\n\t\tsuch as: %s\n\t\tanswered: %d", one.request, one.response.StatusCode)
	if len(one.response.Body) > 0 {
		text += " " + strings.TrimSpace(excerpt(one.response.Body))
	}
	return text
}
