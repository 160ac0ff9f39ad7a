package declare

import (
	"io"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file registers facts, handlers and settings. In comes what the user said
// at a Ref. Out comes an entry at its Place, or a fault where it cannot be meant.

// A Ref is a Place as the user's code reached it. One Resource can be reached
// through several Scopes, and the facts above these may differ.
type Ref struct {
	Place *Place
	Scope *Place // of a Resource: the App or Group that it was asked through
}

// callSite is Place.CallSite. It also notes the Scope through which something is
// said of a Resource.
func (r Ref) callSite(what string) string {
	p, at := r.Place, r.Place.CallSite(what)
	if p.Level != OnResource || slices.ContainsFunc(p.Registrations, func(o Registration) bool { return o.Scope == r.Scope }) {
		return at
	}
	if len(p.Registrations) == 0 && p.Parent != r.Scope { // the Scope that asked for it first said nothing
		p.Parent, p.Site = r.Scope, at
	}
	p.Registrations = append(p.Registrations, Registration{Scope: r.Scope, Site: at})
	return at
}

// Fact registers a fact. media is the media type of a Provides or an Accepts.
func (r Ref) Fact(k Kind, media string, fn any) {
	spec := specs[k]
	at := r.callSite(spec.name)
	refuse := func(format string, args ...any) {
		gaps := r.Place.gapsOf(fn)
		if k == ResourceExists {
			gaps = append(gaps, gapOfProvider(fn))
		}
		r.Place.App.Faults.Add(at, format, args...).Leave(Said, gaps...)
	}
	f, err := wire.New(fn, at)
	switch {
	case err != nil:
		refuse("%s: %v", spec.name, err)
	case !spec.returns.fit(f.Out) || spec.family == Shaping && r.Place.App.types.isReply(f.Out[0]):
		refuse("%s %s is a %s; return %s, with or without an error", spec.name, f.Name, f.Signature(), spec.returns.words)
	case (k == Provides || k == Accepts) && !validMedia(media, k == Accepts):
		refuse("%s(%q) needs a media type; write it as \"type/subtype\"", spec.name, media)
	case k == Provides && len(f.In) == 0:
		refuse("Provides(%q) %s does not take a parameter; take the type that it renders as the first one", media, f.Name)
	default:
		_, byPath := fn.(ByPath)
		if byPath {
			f.Name = "restmachine.ByPath"
		}
		r.Place.Facts = append(r.Place.Facts, &Fact{Kind: k, Func: f, Place: r.Place, Media: media, ByPath: byPath})
	}
}

// Handler registers the handler of a method of a Resource: one that the library has a
// function for.
func (r Ref) Handler(method string, fn any) {
	r.handle(Handler{Method: method}, r.callSite(method+" "+r.Place.Path), fn)
}

// Other registers the handler of any other method of a Resource. A safe one changes
// nothing.
func (r Ref) Other(method string, safe bool, fn any) {
	name := "Handle"
	if safe {
		name = "HandleSafe"
	}
	at := r.callSite(name)
	if wrong := wrongMethod(method); wrong != "" {
		r.Place.Handled = true
		r.Place.App.Faults.Add(at, "%s(%q) of %s: %s", name, method, r.Place.Path, wrong).Leave(Said, r.Place.gapsOf(fn)...)
		return
	}
	r.handle(Handler{Method: method, Other: true, Safe: safe}, at, fn)
}

// wrongMethod says what is wrong with the name of another method, and what to do.
func wrongMethod(name string) string {
	switch upper := strings.ToUpper(name); upper {
	case "GET", "POST", "PUT", "PATCH", "DELETE":
		return "use " + upper[:1] + strings.ToLower(upper[1:]) + ", which knows what the method means"
	case "HEAD":
		return "the handler that Get gives answers HEAD, too: use Get"
	case "OPTIONS":
		return "the library answers OPTIONS by what is registered: remove it, and let a FinishRequest add fields"
	case "CONNECT":
		return "the target of a CONNECT is not a path (RFC 9110, 9.3.6): remove it"
	}
	if !header.LegalName(name) {
		return "a method is a token of letters, digits and hyphens (RFC 9110, 9.1), such as PURGE: write its name alone"
	}
	return ""
}

func (r Ref) handle(h Handler, at string, fn any) {
	p, method := r.Place, h.Method
	p.Handled = true
	faults := &p.App.Faults
	f, err := wire.New(fn, at)
	if err != nil {
		faults.Add(at, "the handler of %s %s: %v", method, p.Path, err).Leave(Said, p.gapsOf(fn)...)
		return
	}
	if wrong := p.App.wrongResult(f.Out); wrong != "" {
		faults.Add(at, "the handler %s of %s %s returns %s (a handler may return nothing, an entity or a *restmachine.Reply[T], and an error)", f, method, p.Path, wrong).Leave(Said, p.gapsOf(fn)...)
		return
	}
	for _, h := range p.Handlers {
		if h.Method == method {
			faults.Add(at, "%s %s has two handlers: %s and %s; remove one", method, p.Path, h.Func, f).Leave(Said, append(p.gapsOf(fn), Gap{Site: at})...)
			return
		}
	}
	h.Func = f
	p.Handlers = append(p.Handlers, &h)
}

// wrongResult says what is wrong with the results of a handler, its last error
// aside; "" where nothing is. An error that is declared as any other type would
// be sent as an entity, and so as a success.
func (a *App) wrongResult(out []reflect.Type) string {
	if len(out) == 0 {
		return ""
	}
	switch last := out[len(out)-1]; {
	case last.Implements(reflect.TypeFor[error]()) || last == a.types.Problem.Elem():
		return "a " + last.String() + ", which would be sent as an entity; declare it as error"
	case len(out) > 1:
		return "two values; return one, and for a status use NewReply"
	case a.types.isReply(reflect.PointerTo(last)):
		return "a Reply by value; return its address"
	}
	return ""
}

// set sets one of the settings of a place. Two Scopes through which one Resource
// is reached cannot set it differently: one of the two would be ignored in
// silence.
func set[T any](r Ref, name string, setting *T, to T) {
	p, at := r.Place, r.callSite(name)
	if was, ok := p.Set[name]; ok && was.Scope != r.Scope && !reflect.DeepEqual(*setting, to) {
		p.App.Faults.Add(at, "%s of %s is set here through %s, and at %s through %s; set it once",
			name, p, r.Scope, was.Site, was.Scope)
	}
	if p.Set == nil {
		p.Set = map[string]Registration{}
	}
	p.Set[name] = Registration{Scope: r.Scope, Site: at}
	*setting = to
}

// Languages sets the languages that are offered.
func (r Ref) Languages(tags []string) {
	r.offer("Languages", tags, &r.Place.Settings.Languages, negotiate.IsLanguage, `a language tag such as "de" or "de-CH"`)
}

// Charsets sets the charsets that are offered.
func (r Ref) Charsets(names []string) {
	r.offer("Charsets", names, &r.Place.Settings.Charsets, negotiate.IsName, `the name of a charset such as "utf-8"`)
}

// Encodings sets the content codings that are offered.
func (r Ref) Encodings(names []string) {
	r.offer("Encodings", names, &r.Place.Settings.Encodings, negotiate.IsName, `the name of a coding such as "gzip"`)
}

// offer sets a list of names that are offered. An empty list is set, too: nothing is offered.
// A name that no request could choose is a fault.
func (r Ref) offer(list string, names []string, setting *[]string, isName func(string) bool, what string) {
	for _, name := range names {
		switch {
		case name == "*":
			r.Place.App.Faults.Add(r.callSite(list), "%s(%q): \"*\" is what a client may ask for, and cannot be offered; name what there is", list, name)
		case !isName(name):
			r.Place.App.Faults.Add(r.callSite(list), "%s(%q): no request can choose that; write %s", list, name, what)
		}
	}
	set(r, list, setting, append([]string{}, names...))
}

// Encoder sets how a content coding is made.
func (r Ref) Encoder(name string, encoder any) {
	e, ok := encoder.(func(io.Writer) io.WriteCloser)
	if !ok || e == nil {
		r.Place.App.Faults.Add(r.callSite("Encoder"), "Encoder(%q) was given a %T; pass a func(io.Writer) io.WriteCloser", name, encoder)
		return
	}
	encoders := &r.Place.Settings.Encoders
	was := (*encoders)[name]
	set(r, "Encoder "+name, &was, e)
	if *encoders == nil {
		*encoders = map[string]func(io.Writer) io.WriteCloser{}
	}
	(*encoders)[name] = e
}

// AutoETag sets how entity-tags are made by hash.
func (r Ref) AutoETag(s Strength) { set(r, "AutoETag", &r.Place.Settings.AutoETag, s) }

// RequirePreconditions makes these methods without a precondition a 428, or all writes but
// POST if there are none.
func (r Ref) RequirePreconditions(methods []string) {
	const name = "RequirePreconditions"
	p, at := r.Place, r.callSite(name)
	required := []string{}
	for i, method := range methods {
		if wrong := wrongToRequire(method); wrong != "" {
			p.App.Faults.Add(at, "%s(%q) of %s: %s", name, method, p, wrong)
		} else if slices.Contains(methods[:i], method) {
			p.App.Faults.Add(at, "%s of %s names %s twice; remove one", name, p, method)
		} else {
			required = append(required, method)
		}
	}
	if len(required) == 0 && len(methods) > 0 {
		return // it would be what no name means
	}
	if was, ok := p.Set[name]; ok && was.Scope == r.Scope && !slices.Equal(p.Settings.Required, required) {
		p.App.Faults.Add(at, "%s of %s is set here, and for other methods at %s; name all of them in one call", name, p, was.Site)
	}
	set(r, name, &p.Settings.Required, required)
}

// wrongToRequire says why a method cannot require a precondition, and what to do; "" where
// nothing is wrong with its name.
func wrongToRequire(method string) string {
	switch upper := strings.ToUpper(method); {
	case slices.Contains([]string{"GET", "HEAD", "OPTIONS", "TRACE"}, upper):
		return upper + " is safe (RFC 9110, 9.2.1): it overwrites nothing, so it needs no precondition; remove it"
	case !header.LegalName(method):
		return "a method is a token of letters, digits and hyphens (RFC 9110, 9.1), such as DELETE: write its name alone"
	}
	return ""
}

// MaxBody sets the greatest length of request content.
func (r Ref) MaxBody(n int64) {
	if n <= 0 {
		r.Place.App.Faults.Add(r.callSite("MaxBody"), "MaxBody(%d) is not a limit; set it to at least 1 byte", n)
		return
	}
	// One byte more is read, to see that the content is too long.
	set(r, "MaxBody", &r.Place.Settings.MaxBody, min(n, math.MaxInt64-1))
}

// Share sets how pages of other origins see what the place answers. faults are what is wrong
// with it.
func (r Ref) Share(s Sharing, faults []string) {
	s.Site = r.callSite(s.By)
	all, p := &r.Place.App.Faults, r.Place
	for _, wrong := range faults {
		all.Add(s.Site, "%s of %s: %s", s.By, p, wrong)
	}
	if was := p.Settings.Sharing; was != nil {
		all.Add(s.Site, "%s of %s is given here, and %s at %s; of two at one place neither is nearer: join the two", s.By, p, was.By, was.Site)
		return
	}
	p.Settings.Sharing = &s
}
