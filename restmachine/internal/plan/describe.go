package plan

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file prints plans as a table. In come the plans of an App. Out comes a text: which facts
// hold where, and why.

// Describe prints the plans.
func (ps *Plans) Describe() string {
	var b strings.Builder
	for i := range ps.Addresses {
		ps.Addresses[i].describeTo(&b)
	}
	for _, at := range ps.Unknown {
		p := at.Plan
		below, moved := strings.HasSuffix(at.Route, "...}"), len(p.Gates[declare.MovedPermanently])+len(p.Gates[declare.MovedTemporarily])
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
	ps.describeCalls(&b)
	for i, r := range ps.Reports {
		if i == 0 {
			b.WriteString("reports\n")
		}
		if b.WriteString("  "); r.Severity == declare.Risk {
			b.WriteString("risk: ")
		}
		b.WriteString(r.Text + "\n")
	}
	return b.String()
}

// describeCalls names the callbacks that requests call by reflection, since their types are
// not known.
func (ps *Plans) describeCalls(b *strings.Builder) {
	var reflected []*wire.Func
	for _, f := range ps.Callbacks {
		if !f.IsDirect() {
			reflected = append(reflected, f)
		}
	}
	if len(reflected) == 0 {
		return
	}
	b.WriteString("called by reflection (restmachinetest.Signatures makes types known)\n")
	if len(reflected) == len(ps.Callbacks) {
		b.WriteString("  every callback\n")
		return
	}
	for _, f := range reflected {
		fmt.Fprintf(b, "  %s\n", f)
	}
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

func (a *Address) describeTo(b *strings.Builder) {
	p := a.Plan
	fmt.Fprintf(b, "%s\n", a.Route)
	w := newTable(b)
	for _, name := range p.methodNames() {
		m := p.Method(name)
		label := name
		if name == "GET" {
			label = "GET, HEAD"
		}
		w.line(label, m.Handler.Func, m.describe(a)...)
	}
	for _, l := range p.loaded {
		why := "asks: loads " + l.Type.String()
		if slices.Contains(p.Targets, l) {
			why += ", the target"
		}
		w.line("ResourceExists", l.fact.Func, why)
	}
	p.describeDescriptions(w)
	p.describeGates(w)
	for _, t := range sortedTypes(p.offers) {
		for _, o := range p.offers[t] {
			w.line("Provides "+o.Media, o.Callback.Func, "renders "+t.String())
		}
	}
	for _, o := range p.wide {
		w.line("Provides "+o.Media, o.Callback.Func, "renders what implements "+o.of.String())
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

// describeGates tells every gate in the order in which it is asked. Where only some methods of
// the path ask it, they are named.
func (p *Path) describeGates(w table) {
	for _, g := range p.inOrder() {
		var why []string
		if methods := p.askedBy(g.Fact.Kind); methods != "" {
			why = append(why, methods)
		}
		if g.Fact.Kind == declare.ResourceExists {
			why = append(why, "is about the target")
		}
		w.line(g.Fact.Kind.String(), g.Func, "gates: "+strings.Join(append(why, g.why), ", "))
	}
}

// stages are the kinds of gates in the order of the graph. A ResourceExists stands for those
// that return a bool.
var stages = []declare.Kind{
	declare.ServiceAvailable, declare.KnownMethod, declare.URITooLong, declare.MethodAllowed, declare.MalformedRequest, declare.Authorized,
	declare.Forbidden, declare.ValidContentHeaders, declare.KnownContentType, declare.ValidEntityLength, declare.LockKey,
	declare.ResourceExists, declare.MultipleChoices,
	declare.PreviouslyExisted, declare.MovedPermanently, declare.MovedTemporarily, declare.AllowMissingPost,
	declare.IsConflict, declare.DeleteCompleted, declare.Variances, declare.FinishRequest,
}

// inOrder are the gates of the path in the order in which they are asked.
func (p *Path) inOrder() []*Gate {
	var all []*Gate
	for _, k := range stages {
		switch k {
		case declare.Forbidden:
			all = append(all, p.ForbidEarly...)
		case declare.ResourceExists:
			between, last := p.loadedForbids()
			all = slices.Concat(all, between, p.Exists, last)
		default:
			all = append(all, p.Gates[k]...)
		}
	}
	return all
}

// loadedForbids are the Forbidden gates that take what is loaded: those that are asked between
// two loads, and those that are asked when all is there.
func (p *Path) loadedForbids() (between, last []*Gate) {
	for _, m := range p.Methods {
		for _, gates := range m.ForbidAfter {
			between = declare.Union(between, gates)
		}
	}
	for _, g := range p.ForbidLoaded {
		if !slices.Contains(between, g) {
			last = append(last, g)
		}
	}
	return between, last
}

// askedBy names the methods of the path that ask gates of a kind, where not all do.
func (p *Path) askedBy(k declare.Kind) string {
	switch k {
	case declare.IsConflict, declare.DeleteCompleted, declare.MultipleChoices, declare.AllowMissingPost:
	default:
		return ""
	}
	var names []string
	for _, name := range p.methodNames() {
		if p.Method(name).passes(k) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "of no method"
	}
	return "of " + strings.Join(names, " and ")
}

// describeDescriptions tells the facts of the current representation, then those that hold only
// by the type of a value that is returned.
func (p *Path) describeDescriptions(w table) {
	told := map[*declare.Fact]bool{}
	for d := range p.Current.all() {
		told[d.Fact] = true
		w.line(d.Fact.Kind.String(), d.Fact.Func, append([]string{d.describe()}, p.describeOmitted(d.Fact)...)...)
	}
	for _, t := range p.describedTypes {
		for _, description := range []Description{t.shown, t.created} {
			for d := range description.all() {
				if d.Subject != nil && p.Plans.held[d.Fact] && !told[d.Fact] {
					told[d.Fact] = true
					why := []string{"returns: describes " + t.typ.String() + " where one is returned"}
					w.line(d.Fact.Kind.String(), d.Fact.Func, append(why, p.describeOmitted(d.Fact)...)...)
				}
			}
		}
	}
}

// describeOmitted tells which writes answer without the validator of a fact, though what they
// return has it.
func (p *Path) describeOmitted(f *declare.Fact) []string {
	var methods []string
	why := ""
	for _, m := range p.Methods {
		i := slices.IndexFunc(m.Omits, func(o Omission) bool { return o.Fact == f })
		if i >= 0 && m.answersWith(p.Get) {
			methods = append(methods, m.Name)
			why = m.Omits[i].since
		}
	}
	if methods == nil {
		return nil
	}
	slices.Sort(methods)
	return []string{"not in answers to " + strings.Join(methods, ", ") + ", since " + why}
}

// answersWith reports whether answers of the method may describe what its handler returns: of
// what is created, and of what the GET returns, too.
func (m *Method) answersWith(get *Handler) bool {
	h := m.Handler
	if h.Result == nil {
		return false
	}
	return m.Use.Creates || h.Dynamic || m.Name != http.MethodPost && get != nil && get.mayReturn(h.Result)
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

// describe says what a method does with its resource, at an Address.
func (m *Method) describe(at *Address) []string {
	var all []string
	if r := m.Handler.Result; r != nil {
		returns := "returns " + r.String()
		if m.Handler.Replies {
			returns += " in a Reply"
		}
		if stream.KindOf(r) != stream.None {
			returns += ", streamed as " + strings.Join(MediaOf(m.OffersOf(r)), " or ")
		}
		all = append(all, returns)
	}
	if media := BodyMedia(m.Bodies); media != "" {
		all = append(all, "reads "+media)
	}
	if m.Apart && len(m.Media) > 0 {
		all = append(all, "offers "+strings.Join(m.Media, ", "))
	}
	if m.Use.Creates && m.Name != "POST" && (m.Use.Target != nil || m.NeedsCurrent == Always || len(m.Path.Exists) > 0) {
		all = append(all, "can create")
	}
	if m.Safe {
		all = append(all, "safe")
	}
	switch m.Locks {
	case Always:
		all = append(all, "locks "+at.KeyName())
	case WithPrecondition:
		all = append(all, "locks "+at.KeyName()+" with a precondition")
	}
	return all
}

// KeyName says under which key writes at the Address exclude others: a prefix of its route, or
// "by" a function.
func (a *Address) KeyName() string {
	if a.Key.By != nil {
		return "by " + a.Key.By.Func.String()
	}
	return route.Join(a.pattern.Segments()[:a.Key.Depth])
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
	if p.Required != nil {
		line("RequirePreconditions", strings.Join(p.Required, ", "))
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
	if p.Sharing != nil {
		fmt.Fprintf(w, "  %s (%s)\n", p.Sharing.By, p.Sharing.Site)
	}
	for _, m := range p.Mapped {
		fmt.Fprintf(w, "  %s (%s)\n", m, m.Site)
	}
	for _, r := range p.Problems {
		fmt.Fprintf(w, "  Problems %d (%s)\n", r.Status, r.Site)
	}
	for _, f := range p.Fields {
		fmt.Fprintf(w, "  %s (%s)\n", f, f.Site)
	}
}

// siteOf is where a setting that holds on the path was set.
func (p *Path) siteOf(name string) string {
	if at := p.placeOf(name); at != nil {
		return at.Set[name].Site
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
