package plan

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

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file prints plans as a table. In come the plans of an App. Out comes a text: which facts
// hold where, and why.

// Describe prints the plans.
func (ps *Plans) Describe() string {
	var b strings.Builder
	for _, p := range ps.Paths {
		p.describeTo(&b)
	}
	for _, p := range ps.Unknown {
		below, moved := strings.HasSuffix(p.Route, "...}"), len(p.Gates[declare.MovedPermanently])+len(p.Gates[declare.MovedTemporarily])
		if below && moved > 0 {
			fmt.Fprintf(&b, "%s/… (unknown paths)\n", p.places[0].Path)
			w := newTable(&b)
			p.describeGates(w)
			w.Flush()
		}
	}
	if len(ps.Supply.Order) > 0 || len(ps.Supply.dependencies) > 0 {
		ps.Supply.describeTo(&b)
	}
	for i, r := range ps.Reports {
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

func (p *Path) describeTo(b *strings.Builder) {
	fmt.Fprintf(b, "%s\n", p.Route)
	w := newTable(b)
	for _, name := range p.methodNames() {
		m := p.Method(name)
		label := name
		if name == "GET" {
			label = "GET, HEAD"
		}
		w.line(label, m.Handler.Func, m.describe()...)
	}
	for _, l := range p.loaded {
		why := "asks: loads " + l.Type.String()
		if slices.Contains(p.Targets, l) {
			why += ", the target"
		}
		w.line("ResourceExists", l.fact.Func, why)
	}
	for _, e := range p.Exists {
		w.line("ResourceExists", e.Func, "asks: is about the target")
	}
	p.describeDescriptions(w)
	p.describeGates(w)
	for _, t := range sortedTypes(p.offers) {
		for _, o := range p.offers[t] {
			w.line("Provides "+o.Media, o.Callback.Func, "renders "+t.String())
		}
	}
	p.describeParsers(w)
	if p.RenderError != nil {
		w.line("RenderError", p.RenderError.Func, "is the nearest")
	}
	w.Flush()
	p.describeSettings(b)
}

func (p *Path) describeParsers(w table) {
	var told []*wire.Func
	for _, m := range p.Methods {
		for _, body := range m.Bodies {
			for _, parser := range body.parsers {
				if parser.Callback != nil && !slices.Contains(told, parser.Callback.Func) {
					told = append(told, parser.Callback.Func)
					w.line("Accepts "+parser.media, parser.Callback.Func, "parses "+body.typ.String())
				}
			}
		}
	}
}

func (p *Path) describeGates(w table) {
	for _, gates := range p.Gates {
		for _, g := range gates {
			w.line(g.Fact.Kind.String(), g.Func, "gates: "+g.why)
		}
	}
}

// describeDescriptions tells the facts of the current representation, then those that hold only
// by the type of a value that is returned.
func (p *Path) describeDescriptions(w table) {
	told := map[*declare.Fact]bool{}
	for d := range p.Current.all() {
		told[d.Fact] = true
		w.line(d.Fact.Kind.String(), d.Fact.Func, d.describe())
	}
	for _, t := range p.describedTypes {
		for _, description := range []Description{t.shown, t.created} {
			for d := range description.all() {
				if d.Subject != nil && p.Plans.held[d.Fact] && !told[d.Fact] {
					told[d.Fact] = true
					w.line(d.Fact.Kind.String(), d.Fact.Func, "returns: describes "+t.typ.String()+" where one is returned")
				}
			}
		}
	}
}

// sortedTypes are the types of a map, by name.
func sortedTypes[V any](m map[reflect.Type]V) []reflect.Type {
	return slices.SortedFunc(maps.Keys(m), func(a, b reflect.Type) int { return cmp.Compare(a.String(), b.String()) })
}

func (p *Path) methodNames() []string {
	var names []string
	for _, m := range p.Methods {
		if m.Handler != nil && m.Name != "HEAD" {
			names = append(names, m.Name)
		}
	}
	slices.Sort(names)
	return names
}

// describe says what a method does with its resource.
func (m *Method) describe() []string {
	var all []string
	if r := m.Handler.Result; r != nil {
		all = append(all, "returns "+r.String())
	}
	if media := BodyMedia(m.Bodies); media != "" {
		all = append(all, "reads "+media)
	}
	if m.Use.Creates && m.Name != "POST" && (m.Use.Target != nil || m.NeedsCurrent == Always || len(m.Path.Exists) > 0) {
		all = append(all, "can create")
	}
	switch m.Locks {
	case Always:
		all = append(all, "locked")
	case WithPrecondition:
		all = append(all, "locked if there is a precondition")
	}
	return all
}

func (d *Describer) describe() string {
	switch {
	case d.Subject == nil:
		return "returns: " + d.why
	case d.Loaded != nil:
		return "returns: describes the loaded " + d.Subject.String() + ", " + d.why
	}
	return "returns: describes the returned " + d.Subject.String() + ", " + d.why
}

func (p *Path) describeSettings(w io.Writer) {
	line := func(name, value string) {
		fmt.Fprintf(w, "  %s (%s)\n", strings.TrimSpace(name+" "+value), p.siteOf(name))
	}
	if p.AutoETag != declare.NoTags {
		line("AutoETag", [...]string{declare.StrongTags: "Strong", declare.WeakTags: "Weak"}[p.AutoETag])
	}
	if p.Required {
		line("RequirePreconditions", "")
	}
	for _, list := range []struct {
		name  string
		items []string
	}{{"Languages", p.Languages}, {"Charsets", p.Charsets}, {"Encodings", p.Codings}} {
		if len(list.items) > 0 {
			line(list.name, strings.Join(list.items, ", "))
		}
	}
	if p.MaxBody != declare.DefaultMaxBody {
		line("MaxBody", strconv.FormatInt(p.MaxBody, 10))
	}
	for _, m := range p.Mapped {
		fmt.Fprintf(w, "  MapError %q to %q (%s)\n", m.From, m.To, m.Site)
	}
}

// siteOf is where a setting that holds on the path was set.
func (p *Path) siteOf(name string) string {
	for _, at := range p.places {
		if registration, ok := at.Set[name]; ok {
			return registration.Site
		}
	}
	return ""
}

func (s *Supply) describeTo(b *strings.Builder) {
	b.WriteString("provided\n")
	w := newTable(b)
	for _, startup := range s.Order {
		var why []string
		if startup.Type != nil {
			why = append(why, startup.Type.String())
		}
		if startup.Idle {
			why = append(why, "overridden, or not needed")
		}
		w.line("OnStartup", startup.Func, why...)
	}
	for _, t := range sortedTypes(s.dependencies) {
		w.line("Dependency", s.dependencies[t].Func, t.String())
	}
	w.Flush()
}
