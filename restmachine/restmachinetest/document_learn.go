// This file learns from answers. An answer comes in. What it says of its resource, and the values that
// later requests may name, are kept. Of content that was read, the edits go out that are sent next.

package restmachinetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// maxLearned is how many values of one name are kept.
const maxLearned = 12

// learn keeps the validators of a resource, the names in the content, and the parameters of
// the URI in Location.
func (p *player) learn(o contract.Operation, r drawn, resp restmachine.Response) {
	if resp.StatusCode >= 300 {
		return
	}
	if tag := resp.Header.Get("ETag"); tag != "" || resp.Header.Get("Last-Modified") != "" {
		uri := r.Path
		if location := resp.Header.Get("Location"); location != "" {
			uri = location
		}
		p.states[uri] = validatorOf{tag, resp.Header.Get("Last-Modified")}
	}
	for name, value := range r.path {
		p.keep(name, value)
	}
	if location := resp.Header.Get("Location"); location != "" {
		p.learnPath(location)
	}
	if contract.IsJSON(resp.Header.Get("Content-Type")) {
		p.learnContent(resp.Body)
	}
}

// learnCall learns from the answer to one of the Calls of a Document or a Walk. It must succeed.
func (p *player) learnCall(how string, r drawn, resp restmachine.Response) {
	if resp.StatusCode >= 400 {
		p.found.add("call "+r.Path, func() string {
			return fmt.Sprintf("%s %s of %s.Calls answered %d, and each of them must succeed: %s", r.Method, r.Path, how, resp.StatusCode, excerpt(resp.Body))
		})
	}
	if location := resp.Header.Get("Location"); location != "" {
		p.learnPath(location)
	} else if resp.StatusCode < 300 {
		p.learnPath(r.Path)
	}
	if contract.IsJSON(resp.Header.Get("Content-Type")) {
		p.learnContent(resp.Body)
	}
}

// learnContent keeps what stands in JSON.
func (p *player) learnContent(text []byte) {
	if value, err := contract.Decode(text); err == nil {
		p.learnValue("", value)
	}
}

// learnPath keeps the parameters of a path, if an operation has such a path.
func (p *player) learnPath(path string) {
	is := strings.Split(pathOf(path), "/")
	for _, o := range p.document.Operations {
		want := strings.Split(o.Path, "/")
		fits := func(i int) bool { return want[i] == is[i] || strings.HasPrefix(want[i], "{") }
		if len(want) != len(is) || slices.ContainsFunc(indices(want), func(i int) bool { return !fits(i) }) {
			continue
		}
		for i, segment := range want {
			if value, err := url.PathUnescape(is[i]); strings.HasPrefix(segment, "{") && err == nil {
				p.keep(strings.Trim(segment, "{}"), value)
			}
		}
	}
}

func indices(of []string) (all []int) {
	for i := range of {
		all = append(all, i)
	}
	return all
}

// learnValue keeps the texts and numbers in a content, each under the name of its member.
func (p *player) learnValue(name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			p.learnValue(member, v[member])
		}
	case []any:
		for _, inner := range v {
			p.learnValue(name, inner)
		}
	case string:
		p.keep(name, v)
		if strings.HasPrefix(v, "/") {
			p.learnPath(v) // a link
		}
	case json.Number:
		p.keep(name, v.String())
	}
}

// keep keeps a value of a name: the latest ones.
func (p *player) keep(name, value string) {
	name = folded(name)
	known := p.learned[name]
	if name == "" || value == "" || len(value) > 200 || slices.Contains(known, value) {
		return
	}
	if len(known) >= maxLearned+len(p.as.Values[name]) {
		known = slices.Delete(known, len(p.as.Values[name]), len(p.as.Values[name])+1)
	}
	p.learned[name] = append(known, value)
}

// A course is the edits of the content of an operation that are sent in order.
type course struct {
	body     contract.Body
	edits    []contract.Edit // those that are left
	tries    int             // of the first one
	accepted map[string]any  // content that was read
}

// The limits of a course: its edits, and how often one is sent until it is read.
const (
	maxEdits = 24
	maxTries = 3
)

// inOrder draws, for one of two requests, one with the next edit of the content: all else should be
// read. ok is false where no edit is left.
func (p *player) inOrder(o contract.Operation) (r drawn, ok bool) {
	c := p.courses[o.Key()]
	if c == nil {
		c = &course{}
		for _, body := range o.Bodies {
			if c.edits == nil && contract.IsJSON(body.Media) && body.Schema != nil {
				c.body, c.edits = body, p.Edits(body.Schema, p.Full(body.Schema))
				c.edits = c.edits[:min(len(c.edits), maxEdits)]
			}
		}
		p.courses[o.Key()] = c
	}
	if len(c.edits) == 0 || p.IntN(2) == 0 {
		return r, false
	}
	r = drawn{Request: restmachine.Request{Method: o.Method, Path: o.Path, Header: http.Header{"Content-Type": {c.body.Media}}}, route: o.Path, path: map[string]string{}, fits: true, course: c}
	for name, lines := range p.as.Header {
		r.Header[http.CanonicalHeaderKey(name)] = lines
	}
	for _, of := range o.Parameters {
		switch {
		case of.In == "path":
			r.path[of.Name] = p.pathValue(of)
			r.Path = strings.Replace(r.Path, "{"+of.Name+"}", p.escaped(o, of, r.path[of.Name]), 1)
			r.fits = r.fits && p.document.FitsText(of.Schema, r.path[of.Name])
		case of.Name == "If-Match" && p.states[r.Path].tag != "":
			r.Header.Set(of.Name, p.states[r.Path].tag)
		case of.Required && of.In == "header" && r.Header.Get(of.Name) == "":
			p.drawField(&r, of)
		case of.Required && of.In == "cookie":
			p.drawCookie(&r, of)
		}
	}
	query := p.neededQuery(o)
	if query != "" {
		r.fits = false // a needed value need not fit
	}
	r.Path += query
	p.setJSON(&r, o, c.body, c.edits[0].Of(c.base(p)))
	return r, true
}

// base is what is edited: what was read, with all members or as it was, or what is drawn.
func (c *course) base(p *player) any {
	full := p.Full(c.body.Schema)
	members, ok := full.(map[string]any)
	switch {
	case c.body.Example != nil && c.tries == 1:
		return c.body.Example
	case c.accepted == nil || !ok || c.tries == maxTries-1:
		return full
	case c.tries == 0:
		maps.Copy(members, c.accepted)
		return members
	}
	return c.accepted
}

// went notes what became of a request: content that was read, and the end of an edit.
func (p *player) went(r drawn, resp restmachine.Response) {
	if c := p.courses[r.Method+" "+r.route]; c != nil && resp.StatusCode < 300 && len(r.Body) > 0 && r.Header.Get("Content-Type") == c.body.Media {
		if value, err := contract.Decode(r.Body); err == nil && len(p.document.Check(c.body.Schema, value, false)) == 0 {
			if members, ok := value.(map[string]any); ok && len(members) >= len(c.accepted) {
				c.accepted = members
			}
		}
	}
	if c := r.course; c != nil {
		if c.tries++; resp.StatusCode < 300 || resp.StatusCode == http.StatusBadRequest || c.tries == maxTries {
			c.edits, c.tries = c.edits[1:], 0
		}
	}
}
