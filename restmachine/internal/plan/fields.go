package plan

import (
	"net/http"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
)

// This file binds what callbacks read as text: parameters of the path and the query, fields of
// the header, cookies. In comes a struct type with tags. Out comes a Source that fills it, or the
// fault of a tag. It also finds which request fields choose what a GET shows.

// texts says for each such part where its texts stand, and which origin its sources have.
var texts = map[Part]struct {
	place  textfield.Place
	origin Origin
}{
	PathPart:   {textfield.Path, FromPathFields},
	QueryPart:  {textfield.Query, FromQueryFields},
	HeaderPart: {textfield.Header, FromHeaderFields},
	CookiePart: {textfield.Cookie, FromCookieFields},
}

// fieldSource is the source of a Path, a Query, a Header or a Cookie.
func (b *binder) fieldSource(c *Composite) Source {
	from := texts[c.Part]
	fields, err := textfield.Of(c.Type, from.place)
	if err != nil {
		b.fault("%v", err)
		return Source{}
	}
	for _, name := range fields.Names() {
		b.checkName(c, name)
	}
	if c.Part == PathPart {
		b.pathFields = append(b.pathFields, fields)
	}
	return Source{Origin: from.origin, Rare: &Rare{Fields: fields, Composite: c, Checks: b.checks(c.Type, c.Part, false)}}
}

// checkName finds a name that no request can have, or that a callback should not read so.
func (b *binder) checkName(c *Composite, name string) {
	switch tag := texts[c.Part].place; c.Part {
	case PathPart:
		if !b.pathless && !slices.Contains(b.names, name) {
			seen := b.sighting()
			seen.Who += b.route
			seen.Where += " on " + b.route
			b.note(seen, "%s has a field tagged `path:%q`, and the path does not have a parameter of that name; name one that it has, or give the callback only to paths that have this one", c.Type, name)
		}
	case HeaderPart, CookiePart:
		if !header.LegalName(name) {
			b.fault("%s has a field tagged `%s:%q`, which cannot be the name of a %s; a name is a token (RFC 9110, 5.6.2)", c.Type, tag, name, c.Part.Piece())
			return
		}
		if instead := notRead[http.CanonicalHeaderKey(name)]; instead != "" && c.Part == HeaderPart {
			b.fault("%s has a field tagged `header:%q`, but %s", c.Type, name, instead)
		}
	}
}

const (
	forGraph  = "the graph decides by that; take conditional.Preconditions"
	forOffers = "the library negotiates by that; take restmachine.Selected, which says what was chosen, or http.Header for the text"
	forRanges = "the library answers that by itself; take http.Header for the text"
	notInside = "net/http does not leave that in the header; take *http.Request"
)

// notRead are the fields that no Header[T] reads, and what to take in place of it.
var notRead = map[string]string{
	"If-Match": forGraph, "If-None-Match": forGraph, "If-Modified-Since": forGraph, "If-Unmodified-Since": forGraph,
	"Accept": forOffers, "Accept-Language": forOffers, "Accept-Charset": forOffers, "Accept-Encoding": forOffers,
	"Range": forRanges, "If-Range": forRanges,
	"Host": notInside, "Transfer-Encoding": notInside, "Trailer": notInside,
	"Cookie": "cookies have names; take restmachine.Cookie[T]",
}

// settleVary finds the request fields that what a GET shows may depend on, since callbacks on its
// way read them (RFC 9110, 12.5.5). Any other safe method counts like a GET. What a callback
// reads of an http.Header is not known: a Variances fact says it.
func (p *Path) settleVary(handlers []*Handler) {
	var asked []*Callback
	for _, h := range handlers {
		if h.Method == http.MethodGet || h.Other && h.Safe {
			asked = append(asked, h.Callback)
		}
	}
	if len(asked) == 0 {
		return
	}
	for k, gates := range p.Gates {
		for _, g := range gates {
			if !onlyOfWrites(declare.Kind(k)) {
				asked = append(asked, g.Callback)
			}
		}
	}
	for _, g := range p.Exists {
		asked = append(asked, g.Callback)
	}
	for d := range p.describers() {
		asked = append(asked, d.Callback)
		if d.Loaded != nil {
			asked = append(asked, d.Loaded.Callback)
		}
	}
	for _, o := range p.renderers() {
		asked = append(asked, o.Callback)
	}
	for s := range sourcesOf(asked) {
		p.Varied = declare.Union(p.Varied, variedBy(s))
	}
	slices.Sort(p.Varied)
}

// onlyOfWrites reports whether a GET is never asked a gate of a kind.
func onlyOfWrites(k declare.Kind) bool {
	return k == declare.IsConflict || k == declare.DeleteCompleted || k == declare.AllowMissingPost
}

// variedBy are the request fields that a source reads, but for those whose tag `vary:"-"` says
// that they choose nothing. A cache never gives an answer to a request with Authorization to
// somebody else, so that field is not told (RFC 9110, 12.5.5; RFC 9111, 3.5).
func variedBy(s Source) (names []string) {
	if s.Origin == FromLastEvent {
		return []string{"Last-Event-Id"}
	}
	if s.Origin != FromHeaderFields && s.Origin != FromCookieFields {
		return nil
	}
	for _, f := range s.Rare.Fields.Tagged(s.Rare.Composite.Type) {
		name := http.CanonicalHeaderKey(f.Name)
		if s.Origin == FromCookieFields {
			name = "Cookie"
		}
		if f.Tag.Get("vary") != "-" && name != "Authorization" {
			names = declare.Union(names, []string{name})
		}
	}
	return names
}
