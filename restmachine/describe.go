package restmachine

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file prints an App as a table: which facts hold where, and why.

func describe(m *machine) string {
	var b strings.Builder
	for _, p := range m.paths {
		p.describeTo(&b)
	}
	for _, p := range m.unknown {
		if below := strings.HasSuffix(p.route, "...}"); below && (len(p.gates[kindMovedPermanently])+len(p.gates[kindMovedTemporarily])) > 0 {
			fmt.Fprintf(&b, "%s/… where there is no resource\n", p.places[0].path)
			w := newTable(&b)
			p.describeGates(w)
			w.Flush()
		}
	}
	if len(m.supply.order) > 0 || len(m.supply.deps) > 0 {
		m.describeSupply(&b)
	}
	for i, r := range m.reports {
		if i == 0 {
			b.WriteString("reports\n")
		}
		b.WriteString("  " + r + "\n")
	}
	return b.String()
}

// A table is lines of three columns: what, by which function, why.
type table struct{ *tabwriter.Writer }

func newTable(b *strings.Builder) table { return table{tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)} }

func (t table) line(what string, by fmt.Stringer, why ...string) {
	if len(why) == 0 {
		fmt.Fprintf(t, "  %s\t%s\n", what, by)
		return
	}
	fmt.Fprintf(t, "  %s\t%s\t%s\n", what, by, strings.Join(why, "; "))
}

func (p *path) describeTo(b *strings.Builder) {
	fmt.Fprintf(b, "%s\n", p.route)
	w := newTable(b)
	for _, name := range p.methodNames() {
		m := p.method(name)
		label := name
		if name == "GET" {
			label = "GET, HEAD"
		}
		w.line(label, m.action.fn, m.describe()...)
	}
	for _, l := range p.loaded {
		why := "asks: for " + l.typ.String()
		if slices.Contains(p.targets, l) {
			why += ", the target"
		}
		w.line("ResourceExists", l.fact.fn, why)
	}
	for _, e := range p.exists {
		w.line("ResourceExists", e.fn, "asks: of the target")
	}
	p.describeDescriptions(w)
	p.describeGates(w)
	for _, t := range sortedTypes(p.offers) {
		for _, o := range p.offers[t] {
			w.line("Provides "+o.media, o.by.fn, "of a "+t.String())
		}
	}
	var told []*wire.Func
	for _, m := range p.methods {
		for _, use := range m.bodies {
			for _, parser := range use.parsers {
				if parser.by != nil && !slices.Contains(told, parser.by.fn) {
					told = append(told, parser.by.fn)
					w.line("Accepts "+parser.media, parser.by.fn, "of a "+use.typ.String())
				}
			}
		}
	}
	if p.renderError != nil {
		w.line("RenderError", p.renderError.fn, "the nearest")
	}
	w.Flush()
	p.describeSettings(b)
}

func (p *path) describeGates(w table) {
	for k := range p.gates {
		for _, g := range p.gates[k] {
			w.line(g.fact.kind.String(), g.fn, "gates: "+g.why)
		}
	}
}

// describeDescriptions tells the facts of the current representation, then
// those that only the type of a value makes hold.
func (p *path) describeDescriptions(w table) {
	told := map[*fact]bool{}
	for _, d := range p.current {
		if d != nil {
			told[d.fact] = true
			w.line(d.fact.kind.String(), d.fact.fn, d.describe())
		}
	}
	for _, t := range p.byType {
		for _, description := range []description{t.shown, t.created} {
			for _, d := range description {
				if d != nil && d.subject != nil && p.m.held[d.fact] && !told[d.fact] {
					told[d.fact] = true
					w.line(d.fact.kind.String(), d.fact.fn, "returns: of a "+t.typ.String()+", where one is answered")
				}
			}
		}
	}
}

// sortedTypes are the types of a map, by name.
func sortedTypes[V any](m map[reflect.Type]V) []reflect.Type {
	return slices.SortedFunc(maps.Keys(m), func(a, b reflect.Type) int { return cmp.Compare(a.String(), b.String()) })
}

func (p *path) methodNames() []string {
	var names []string
	for _, m := range p.methods {
		if m.action != nil && m.name != "HEAD" {
			names = append(names, m.name)
		}
	}
	slices.Sort(names)
	return names
}

// describe says what a method does with its resource.
func (m *method) describe() []string {
	var all []string
	if r := m.action.result; r != nil {
		all = append(all, "returns "+r.String())
	}
	if media := bodyMedia(m.bodies); media != "" {
		all = append(all, "reads "+media)
	}
	if m.aim.creates && m.name != "POST" && (m.aim.target != nil || m.shows == always || len(m.path.exists) > 0) {
		all = append(all, "can create")
	}
	switch m.lock {
	case always:
		all = append(all, "locked")
	case conditionally:
		all = append(all, "locked with a precondition")
	}
	return all
}

func (d *describer) describe() string {
	switch {
	case d.subject == nil:
		return "returns: " + d.why
	case d.from != nil:
		return "returns: of the loaded " + d.subject.String() + ", " + d.why
	}
	return "returns: of the returned " + d.subject.String() + ", " + d.why
}

func (p *path) describeSettings(w io.Writer) {
	line := func(name, value string) {
		fmt.Fprintf(w, "  %s (%s)\n", strings.TrimSpace(name+" "+value), p.siteOf(name))
	}
	if p.auto != off {
		line("AutoETag", [...]string{Strong: "Strong", Weak: "Weak"}[p.auto])
	}
	if p.required {
		line("RequirePreconditions", "")
	}
	for _, list := range []struct {
		name  string
		items []string
	}{{"Languages", p.languages}, {"Charsets", p.charsets}, {"Encodings", p.codings}} {
		if len(list.items) > 0 {
			line(list.name, strings.Join(list.items, ", "))
		}
	}
	if p.maxBody != defaultMaxBody {
		line("MaxBody", strconv.FormatInt(p.maxBody, 10))
	}
	for _, m := range p.mapped {
		fmt.Fprintf(w, "  MapError %q to %q (%s)\n", m.from, m.to, m.site)
	}
}

// siteOf is where a setting that holds on the path was set.
func (p *path) siteOf(name string) string {
	for _, at := range p.places {
		if way, ok := at.set[name]; ok {
			return way.site
		}
	}
	return ""
}

func (m *machine) describeSupply(b *strings.Builder) {
	b.WriteString("provided\n")
	w := newTable(b)
	for _, one := range m.supply.order {
		var why []string
		if one.typ != nil {
			why = append(why, one.typ.String())
		}
		if one.idle {
			why = append(why, "overridden, or not needed")
		}
		w.line("OnStartup", one.fn, why...)
	}
	for _, t := range sortedTypes(m.supply.deps) {
		w.line("Dependency", m.supply.deps[t].fn, t.String())
	}
	w.Flush()
}
