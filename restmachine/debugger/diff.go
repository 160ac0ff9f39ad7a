// This file compares two exchanges: why was this one a 412? Two records come in. A page goes
// out, with the first decision at which they part, and with what differs in their requests
// and responses.

package debugger

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
)

// A comparison is the data of the page. A is the earlier exchange.
type comparison struct {
	A        summary      `json:"a"`
	B        summary      `json:"b"`
	Shared   int          `json:"shared"` // how many decisions both answered alike, from the first on
	Parting  *parting     `json:"parting,omitempty"`
	Request  []difference `json:"request"`
	Response []difference `json:"response"`
	Reasons  []reason     `json:"reasons,omitempty"` // decisions that both answered alike, for other reasons
	WayA     way          `json:"-"`                 // from the parting on
	WayB     way          `json:"-"`
}

// A way is a part of a path, as a page shows it.
type way struct {
	Way    []stretch
	Status int
}

// Both returns the two exchanges.
func (c comparison) Both() []summary { return []summary{c.A, c.B} }

// A part is a message, in which something may differ.
type part struct {
	Title string
	All   []difference
}

// Parts returns what differs in both messages.
func (c comparison) Parts() []part { return []part{{"Request", c.Request}, {"Response", c.Response}} }

// A parting is the first decision that the two answered differently. One of them is absent if
// its walk had ended.
type parting struct {
	ID    decision.ID     `json:"id"`
	Label string          `json:"label"`
	A     *decision.Visit `json:"a,omitempty"`
	B     *decision.Visit `json:"b,omitempty"`
}

// A reason is why both answered a decision alike.
type reason struct {
	ID decision.ID `json:"id"`
	A  string      `json:"a"`
	B  string      `json:"b"`
}

// A difference is a field, or another part of a message.
type difference struct {
	Name    string   `json:"name"`
	A       []string `json:"a"` // the lines of the field; none if it is absent
	B       []string `json:"b"`
	Unknown bool     `json:"unknown,omitempty"` // both are redacted, so nobody knows whether they differ
}

// compare compares two records.
func compare(a, b *record) comparison {
	c := comparison{A: a.summary, B: b.summary, Request: []difference{}, Response: []difference{}}
	va, vb := a.Trace.Visits, b.Trace.Visits
	for c.Shared < min(len(va), len(vb)) && va[c.Shared].ID == vb[c.Shared].ID && va[c.Shared].Answer == vb[c.Shared].Answer {
		if x, y := va[c.Shared], vb[c.Shared]; x.Why != y.Why && x.Why != "" && y.Why != "" {
			c.Reasons = append(c.Reasons, reason{x.ID, x.Why, y.Why})
		}
		c.Shared++
	}
	c.WayA = way{stretches(visitsOf(&a.Trace, c.Shared)), a.Status}
	c.WayB = way{stretches(visitsOf(&b.Trace, c.Shared)), b.Status}
	if c.Shared < max(len(va), len(vb)) {
		c.Parting = &parting{}
		for _, side := range []struct {
			of   []decision.Visit
			into **decision.Visit
		}{{vb, &c.Parting.B}, {va, &c.Parting.A}} {
			if c.Shared < len(side.of) {
				*side.into = &side.of[c.Shared]
				c.Parting.ID, c.Parting.Label = side.of[c.Shared].ID, side.of[c.Shared].Label
			}
		}
	}
	c.Request = append(c.Request, differ("Method", a.Method, b.Method)...)
	c.Request = append(c.Request, differ("Target", a.Target, b.Target)...)
	c.Request = append(c.Request, differences(&a.Request, &b.Request)...)
	c.Response = append(c.Response, differ("Status", strconv.Itoa(a.Status), strconv.Itoa(b.Status))...)
	c.Response = append(c.Response, differ("Error", a.Error, b.Error)...)
	c.Response = append(c.Response, differences(&a.Response, &b.Response)...)
	return c
}

// differ returns the difference of two texts, if there is one.
func differ(name, a, b string) []difference {
	if a == b {
		return nil
	}
	lines := func(text string) []string {
		if text == "" {
			return []string{}
		}
		return []string{text}
	}
	return []difference{{Name: name, A: lines(a), B: lines(b)}}
}

// differences returns what differs between two messages.
func differences(a, b *message) (all []difference) {
	names := maps.Clone(a.Header)
	if names == nil {
		names = http.Header{}
	}
	maps.Copy(names, b.Header)
	for _, name := range sortedNames(names) {
		x, y := a.Header[name], b.Header[name]
		hidden := func(line string) bool { return strings.Contains(line, redacted) }
		unknown := slices.Equal(x, y) && slices.ContainsFunc(x, hidden)
		if unknown || !slices.Equal(x, y) {
			all = append(all, difference{name, append([]string{}, x...), append([]string{}, y...), unknown})
		}
	}
	if a.Size != b.Size {
		bytes := func(n int64) string { return strconv.FormatInt(n, 10) + " bytes" }
		all = append(all, differ("Length of the content", bytes(a.Size), bytes(b.Size))...)
	}
	if a.Content != b.Content || string(a.Binary) != string(b.Binary) {
		all = append(all, differ("Content", a.shown(), b.shown())...)
	}
	return all
}

// shown returns the content as a page can show it.
func (m *message) shown() string {
	if m.Binary != nil {
		return strings.Trim(strconv.Quote(string(m.Binary)), `"`)
	}
	return m.Content
}

// visitsOf returns the visits of a trace from one on, for a page.
func visitsOf(t *decision.Trace, from int) (all []visit) {
	for i, at := range t.Visits[from:] {
		all = append(all, visit{at, "n-" + at.ID.String(), from+i == len(t.Visits)-1})
	}
	return all
}

// diff shows what differs between the two exchanges that the query names.
func (d *Debugger) diff(r *http.Request) page {
	ids := r.URL.Query()["of"]
	if len(ids) != 2 {
		return problem(http.StatusBadRequest, "Choose two exchanges in the list: a comparison needs two, not "+strconv.Itoa(len(ids))+".")
	}
	var both []*record
	for _, text := range ids {
		id, err := strconv.ParseUint(text, 10, 64)
		one := d.kept.find(id)
		if err != nil || one == nil {
			return missing("An exchange with the ID " + strconv.Quote(cut(text, 40)) + " is not kept, or no longer kept.")
		}
		both = append(both, one)
	}
	slices.SortFunc(both, func(a, b *record) int { return cmp.Compare(a.ID, b.ID) })
	c := compare(both[0], both[1])
	return page{template: "diff", title: "Comparison", data: c, text: diffText(c)}
}

// others returns the last exchanges that are worth a comparison with one: those of its route,
// with its method first.
func (d *Debugger) others(one *record) (all []summary) {
	const most = 5
	for _, sameMethod := range []bool{true, false} {
		for _, r := range d.kept.all(filter{}) {
			if len(all) < most && r.ID != one.ID && r.Route == one.Route && (r.Method == one.Method) == sameMethod {
				all = append(all, r.summary)
			}
		}
	}
	return all
}
