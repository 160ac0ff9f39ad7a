package restmachine

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// This file prints an App as a table: which facts hold where, and why.

func describe(m *machine) string {
	var b strings.Builder
	for _, p := range m.paths {
		p.describeTo(&b)
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

func (p *path) describeTo(b *strings.Builder) {
	fmt.Fprintf(b, "%s\n", p.route)
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	line := func(what string, by fmt.Stringer, why ...string) {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", what, by, strings.Join(slices.DeleteFunc(why, func(s string) bool { return s == "" }), "; "))
	}
	for _, name := range p.methodNames() {
		m := p.methods[name]
		label := name
		if name == "GET" {
			label = "GET, HEAD"
		}
		line(label, m.action.fn, m.describe()...)
	}
	for _, l := range p.loaded {
		why := "asked for"
		if slices.Contains(p.targets, l) {
			why = "the target"
		}
		line("ResourceExists", l.fact.fn, l.typ.String(), why)
	}
	for _, e := range p.exists {
		line("ResourceExists", e.fn, "of the target")
	}
	for _, d := range p.current {
		if d != nil {
			line(d.fact.kind.String(), d.fact.fn, d.describe()...)
		}
	}
	for k := range p.gates {
		for _, g := range p.gates[k] {
			line(g.fact.kind.String(), g.fn, g.why)
		}
	}
	for _, o := range p.offered {
		if o.by != nil {
			line("Provides "+o.media, o.by.fn)
		}
	}
	w.Flush()
	p.describeSettings(b)
}

func (p *path) methodNames() []string {
	var names []string
	for name, m := range p.methods {
		if m.action != nil && name != "HEAD" {
			names = append(names, name)
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

func (d *describer) describe() []string {
	if d.subject == nil {
		return []string{d.why}
	}
	if d.from != nil {
		return []string{"of the loaded " + d.subject.String(), d.why}
	}
	return []string{"of the returned " + d.subject.String(), d.why}
}

func (p *path) describeSettings(w io.Writer) {
	if p.auto != off {
		fmt.Fprintf(w, "  AutoETag %s\n", [...]string{Strong: "Strong", Weak: "Weak"}[p.auto])
	}
	if p.required {
		fmt.Fprintln(w, "  RequirePreconditions")
	}
	for _, list := range []struct {
		name  string
		items []string
	}{{"Languages", p.languages}, {"Charsets", p.charsets}, {"Encodings", p.codings}} {
		if len(list.items) > 0 {
			fmt.Fprintf(w, "  %s %s\n", list.name, strings.Join(list.items, ", "))
		}
	}
	if p.maxBody != defaultMaxBody {
		fmt.Fprintf(w, "  MaxBody %d\n", p.maxBody)
	}
}

func (m *machine) describeSupply(b *strings.Builder) {
	b.WriteString("provided\n")
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, one := range m.supply.order {
		typ := ""
		if one.typ != nil {
			typ = one.typ.String()
		}
		if one.idle {
			typ += "; overridden, or not needed"
		}
		fmt.Fprintf(w, "  OnStartup\t%s\t%s\n", one.fn, typ)
	}
	var deps []string
	for t, p := range m.supply.deps {
		deps = append(deps, fmt.Sprintf("  Dependency\t%s\t%s\n", p.fn, t))
	}
	slices.Sort(deps)
	for _, d := range deps {
		fmt.Fprint(w, d)
	}
	w.Flush()
}
