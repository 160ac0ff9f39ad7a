// This file learns from answers. An answer comes in. What it says of its resource, and the
// values that later requests may name, are kept.

package restmachinetest

import (
	"encoding/json"
	"maps"
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

// learnContent keeps what stands in JSON.
func (p *player) learnContent(text []byte) {
	if value, err := contract.Decode(text); err == nil {
		p.learnValue("", value)
	}
}

// learnPath keeps the parameters of a path, if an operation has such a path.
func (p *player) learnPath(path string) {
	path, _, _ = strings.Cut(path, "?")
	is := strings.Split(path, "/")
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
