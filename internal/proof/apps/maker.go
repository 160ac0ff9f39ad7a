// This file makes one random App. A seed comes in. An App and what the bookkeeper has to
// know of its paths go out.

package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A maker draws an App.
type maker struct {
	rng   *rand.Rand
	w     *world
	app   *place
	lines []string // the App as registrations
	kinds []*kind
	names int
	gates int
}

// A place is the App, a Group or a Resource.
type place struct {
	facts    *restmachine.Facts
	scope    *restmachine.Scope // nil: a Resource
	resource *restmachine.Resource
	name     string // in the printed App
	prefix   string // of the paths below
	parent   *place
	gates    []*gate
	early    bool     // a tag that does not take a value is given here
	required []string // the methods that RequirePreconditions is asked for
}

// A gate refuses the requests whose field Deny holds its name.
type gate struct {
	name   string
	status int
}

// A resource is what the bookkeeper knows of one path.
type resource struct {
	at       *place
	pattern  string
	kind     *kind // nil: files
	methods  []string
	key      func(get func(string) string) string       // of what its writes are about
	shows    func(s *store, key string) (string, bool)  // the marks that a GET shows
	dated    func(s *store, key string) int             // the revision of Last-Modified; nil: the path has none
	proves   func(s *store, key string) (tags []string) // tags that hold for the record beside those that were seen
	slow     bool                                       // writes here do not know the revision that they replace, so others stay out
	variance bool                                       // the field X-Taste selects, too
}

// odds reports true in so many of ten cases.
func (m *maker) odds(tenths int) bool { return m.rng.IntN(10) < tenths }

// one draws one of the values.
func one[T any](rng *rand.Rand, values ...T) T { return values[rng.IntN(len(values))] }

// say declares something, and notes it as a line.
func (m *maker) say(at *place, method string, given ...any) {
	var texts []string
	for _, g := range given {
		switch g := g.(type) {
		case callback:
			texts = append(texts, g.text)
		case string:
			texts = append(texts, fmt.Sprintf("%q", g))
		default:
			texts = append(texts, fmt.Sprint(g))
		}
	}
	m.lines = append(m.lines, fmt.Sprintf("%s.%s(%s)", at.name, method, strings.Join(texts, ", ")))
}

// makeApp draws an App of a seed. Its store holds some records.
func makeApp(seed uint64) (*world, []string) {
	m := &maker{rng: rand.New(rand.NewPCG(seed, 1)), w: newWorld()}
	var options []restmachine.Option
	var said []string
	if m.odds(3) {
		options, said = append(options, restmachine.WithPrecedence(restmachine.RFC9110)), append(said, "WithPrecedence(RFC9110)")
		m.w.tagsAlone = true
	}
	if m.odds(2) {
		options, said = append(options, restmachine.WithStrictTags()), append(said, "WithStrictTags()")
	}
	if m.odds(1) {
		options, said = append(options, restmachine.WithStrictNegotiation()), append(said, "WithStrictNegotiation()")
	}
	options = append(options, restmachine.WithLogger(slog.New(slog.NewTextHandler(&m.w.log, &slog.HandlerOptions{Level: slog.LevelWarn}))))
	m.w.app = restmachine.New(options...)
	m.lines = append(m.lines, "app := restmachine.New("+strings.Join(said, ", ")+")")
	m.app = &place{facts: &m.w.app.Facts, scope: &m.w.app.Scope, name: "app"}

	m.provide()
	m.settings(m.app)
	for range 1 + m.rng.IntN(3) {
		m.kinds = append(m.kinds, m.newKind())
	}
	for _, k := range m.kinds {
		m.declare(k)
	}
	if m.odds(3) {
		m.serveFiles()
	}
	m.fill()
	return m.w, m.lines
}

// provide gives the App the store, a Dependency, and sometimes a renderer of an interface.
func (m *maker) provide() {
	start := m.fn("the store", nil, types{storeType}, func(args) []any { return []any{m.w.store} })
	m.say(m.app, "OnStartup", start)
	m.w.app.OnStartup(start.fn)
	made := m.fn("when it was made", nil, types{sessionType}, func(args) []any { return []any{&session{m.w.store.latest}} })
	m.say(m.app, "Dependency", made)
	m.w.app.Dependency(made.fn)
	if m.odds(2) {
		seen := reflect.TypeFor[marked]()
		c := m.fn("renders all that has marks", types{seen}, types{stringType}, func(a args) []any {
			return []any{fmt.Sprintf("csv,%v", a.of(seen))}
		})
		m.say(m.app, "Provides", "text/csv", c)
		m.w.app.Provides("text/csv", c.fn)
	}
}

// settings gives a place what does not concern a type.
func (m *maker) settings(at *place) {
	if m.odds(2) {
		m.say(at, "Encodings", "gzip")
		at.facts.Encodings("gzip")
	}
	if m.odds(1) {
		m.say(at, "AutoETag", "Strong")
		at.facts.AutoETag(restmachine.Strong)
	}
	if m.odds(2) {
		m.plainGate(at)
	}
	if at.scope != nil && m.odds(1) {
		m.earlyTag(at)
	}
}

// earlyTag gives a place a tag of everything that is kept.
func (m *maker) earlyTag(at *place) {
	tag := m.fn("the revision of the whole store", types{storeType}, types{stringType}, func(a args) []any {
		return []any{fmt.Sprintf("all-%d", a.of(storeType).(*store).latest)}
	})
	m.say(at, "GenerateETag", tag)
	at.facts.GenerateETag(tag.fn)
	at.early = true
}

// group makes a Group.
func (m *maker) group(at *place, prefix string) *place {
	m.names++
	g := &place{scope: at.scope.Group(prefix), name: fmt.Sprintf("group%d", m.names), prefix: at.prefix + strings.TrimSuffix(prefix, "/"), parent: at}
	g.facts = &g.scope.Facts
	m.lines = append(m.lines, fmt.Sprintf("%s := %s.Group(%q)", g.name, at.name, prefix))
	return g
}

// newResource makes a Resource.
func (m *maker) newResource(at *place, k *kind, pattern string) *resource {
	m.names++
	path := strings.TrimPrefix(pattern, at.prefix)
	made := at.scope.Resource(path)
	p := &place{resource: made, facts: &made.Facts, name: fmt.Sprintf("r%d", m.names), prefix: pattern, parent: at}
	m.lines = append(m.lines, fmt.Sprintf("%s := %s.Resource(%q)", p.name, at.name, path))
	r := &resource{at: p, pattern: pattern, kind: k}
	m.w.resources = append(m.w.resources, r)
	return r
}

// handle gives a Resource the handler of a method.
func (m *maker) handle(r *resource, method string, c callback) {
	names := map[string]func(restmachine.Func) *restmachine.Resource{
		"GET": r.at.resource.Get, "PUT": r.at.resource.Put, "PATCH": r.at.resource.Patch, "POST": r.at.resource.Post, "DELETE": r.at.resource.Delete,
	}
	switch method {
	case "PURGE":
		m.say(r.at, "Handle", method, c)
		r.at.resource.Handle(method, c.fn)
	case "QUERY":
		m.say(r.at, "HandleSafe", method, c)
		r.at.resource.HandleSafe(method, c.fn)
	default:
		m.say(r.at, method[:1]+strings.ToLower(method[1:]), c)
		names[method](c.fn)
	}
	r.methods = append(r.methods, method)
}

// serveFiles gives the App files that change.
func (m *maker) serveFiles() {
	r := m.newResource(m.app, nil, "/files/{name...}")
	m.lines = append(m.lines, r.at.name+".Get(Files(files that change))")
	r.at.resource.Get(restmachine.Files(watched{m.w}))
	r.methods = []string{"GET"}
	r.key = func(get func(string) string) string { return "files/" + get("name") }
	r.shows = func(s *store, key string) (string, bool) {
		e, ok := s.get(key)
		return e.mark(), ok
	}
	r.dated = func(s *store, key string) int { return s.kept[key].rev }
}

// fill puts the first records into the store.
func (m *maker) fill() {
	s := m.w.store
	s.begin(-1)
	for _, k := range m.kinds {
		for _, dir := range m.folders(k) {
			for id := range 2 {
				s.put(fmt.Sprintf("%s/%d", dir, id+1), drawText(m.rng))
			}
		}
	}
	s.put("files/a.txt", drawText(m.rng))
	s.put("files/b.txt", drawText(m.rng))
}

// folders are where the records of a kind are.
func (m *maker) folders(k *kind) []string {
	if k.parent == nil {
		return []string{k.name}
	}
	var all []string
	for _, dir := range m.folders(k.parent) {
		all = append(all, dir+"/1/"+k.name, dir+"/2/"+k.name)
	}
	return all
}

// drawText draws a text, which is sometimes long enough to be compressed.
func drawText(rng *rand.Rand) string {
	return strings.Repeat(string(rune('a'+rng.IntN(26))), one(rng, 0, 3, 10, 300, 600))
}
