package answer

import (
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file sets Vary: the request fields that the choice of the representation depends on
// (RFC 9110, 12.5.5).

func (a *Answer) fillVary() error {
	if a.x.Plan.Constant {
		return nil
	}
	names, err := a.varies()
	if err == nil && len(names) > 0 {
		a.addVary(names)
	}
	return err
}

// varies are each request field that is negotiated on the path or read on the way, and the
// Variances.
func (a *Answer) varies() ([]string, error) {
	p := a.x.Plan
	var names []string
	if p.ChoosesMedia() {
		names = append(names, "Accept")
	}
	if p.Chooses(p.Languages) {
		names = append(names, "Accept-Language")
	}
	if p.Chooses(p.Charsets) {
		names = append(names, "Accept-Charset")
	}
	if len(p.Codings) > 1 {
		names = append(names, "Accept-Encoding")
	}
	names = declare.Union(names, p.Varied)
	for _, g := range p.Gates[declare.Variances] {
		if !a.x.AllLoaded(g.Needs.Required) {
			continue
		}
		said, err := a.x.Value(g.Callback, nil)
		if err != nil {
			return nil, err
		}
		for _, name := range said.([]string) {
			names = declare.Union(names, []string{http.CanonicalHeaderKey(name)})
		}
	}
	return names, nil
}

// fillVaried sets Vary of an answer that shows no representation, and that a cache may keep: a
// redirect, an error that says so. It depends on what callbacks read on the way.
func (a *Answer) fillVaried() {
	if varied := a.x.Plan.Varied; len(varied) > 0 {
		a.addVary(varied)
	}
}

// addVary adds names to Vary.
func (a *Answer) addVary(names []string) {
	if len(names) == 1 && names[0] == varyAccept[0] && a.Get("Vary") == nil {
		a.Share("Vary", varyAccept)
		return
	}
	a.Set("Vary", strings.Join(declare.Union(fieldNames(a.Get("Vary")), names), ", "))
}

// fieldNames are the names in the lines of a field that lists field names.
func fieldNames(lines []string) (names []string) {
	for _, line := range lines {
		for name := range strings.SplitSeq(line, ",") {
			names = declare.Union(names, []string{http.CanonicalHeaderKey(strings.TrimSpace(name))})
		}
	}
	return names
}
