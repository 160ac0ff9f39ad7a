package restmachine

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
)

// This file knows in which representations a value can be sent: the media types
// of its renderers, times languages, charsets and codings.

// An offer is a media type that a value can be rendered as.
type offer struct {
	media string
	lines []string // media as the lines of Content-Type
	by    *bound   // nil: the default for the type
}

func mediaOf(offers []offer) (media []string) {
	for _, o := range offers {
		media = append(media, o.media)
	}
	return media
}

// choice is what the negotiation chose, as indices into what is offered.
type choice struct{ media, language, charset, coding int }

// bindOffers binds the renderers for every type that one stands above the path
// for, and finds what the path negotiates among: what its GET returns or,
// without a GET, what its handlers return.
func (p *path) bindOffers(b *binder, actions []*action) {
	p.offers = map[reflect.Type][]offer{}
	for _, at := range p.places {
		for _, f := range at.facts {
			if f.kind != kindProvides {
				continue
			}
			t := f.fn.In[0]
			if !slices.ContainsFunc(actions, func(a *action) bool { return a.returns(t) }) {
				continue
			}
			if slices.ContainsFunc(p.offers[t], func(o offer) bool { return o.media == f.media }) {
				continue // a nearer one renders it
			}
			by := b.bind("Provides "+f.media, f.fn, func(i int, _ reflect.Type) source {
				if i > 0 {
					return nil
				}
				return func(x *exchange) (any, error) { return x.describing, nil }
			})
			p.offers[t] = append(p.offers[t], offer{f.media, []string{f.media}, by})
			b.m.held[f] = true
		}
	}
	returning := actions
	if p.get != nil {
		actions = []*action{p.get}
	}
	for _, a := range actions {
		if a.result == nil || a.dynamic || len(p.offers[a.result]) == 0 && isStream(a.result) {
			continue
		}
		for _, o := range p.offersOf(a.result) {
			if !slices.ContainsFunc(p.offered, func(other offer) bool { return other.media == o.media }) {
				p.offered = append(p.offered, o)
			}
		}
	}
	p.media = mediaOf(p.offered)
	for _, a := range returning {
		a.offered = p.negotiates(a.result)
	}
	p.variants = p.variantsOf(p.offered)
	p.constant = !p.choosesMedia() && len(p.languages)+len(p.charsets)+len(p.codings)+len(p.gates[kindVariances]) == 0
}

// choosesMedia reports whether Accept can choose between representations.
func (p *path) choosesMedia() bool {
	return len(p.offered) > 1 || p.get != nil && p.get.dynamic && len(p.offers) > 0
}

// negotiates reports whether t is what the path's GET returns, and so what it
// negotiates among the offers for.
func (p *path) negotiates(t reflect.Type) bool {
	return p.get != nil && t == p.get.result && p.offered != nil
}

// offersOf are the offers for values of type t, the default included.
func (p *path) offersOf(t reflect.Type) []offer {
	if p.negotiates(t) {
		return p.offered
	}
	if o := p.offers[t]; len(o) > 0 {
		return o
	}
	switch {
	case t == stringType:
		return textOffer
	case t == bytesType || isStream(t):
		return bytesOffer
	}
	return jsonOffer
}

var (
	textOffer  = []offer{{media: "text/plain; charset=utf-8", lines: []string{"text/plain; charset=utf-8"}}}
	bytesOffer = []offer{{media: "application/octet-stream", lines: []string{"application/octet-stream"}}}
	jsonOffer  = []offer{{media: "application/json", lines: []string{"application/json"}}}
)

// offerFor is what a value is rendered as: what was negotiated or, for a value
// that the path's negotiation did not speak of, the best for the Accept. ok is
// false where that accepts none; what only the value itself tells the media type
// of is not negotiated about.
func (x *exchange) offerFor(r *representation) (i int, ok bool) {
	if r.offered {
		return x.chosen.media, true
	}
	offers := x.plan.offersOf(r.typ)
	if sameOffers(x.plan.offered, offers) {
		return x.chosen.media, true
	}
	if len(offers) == 1 && (isStream(r.typ) && offers[0].by == nil || r.field("Content-Type") != "") {
		return 0, true
	}
	i, ok = negotiate.MediaType(x.header["Accept"], mediaOf(offers))
	return max(i, 0), ok
}

func sameOffers(a, b []offer) bool {
	return slices.EqualFunc(a, b, func(x, y offer) bool { return x.media == y.media })
}

// rendition is the choice without a coding, which is not rendered.
func (c choice) rendition() choice {
	c.coding = -1
	return c
}

// A variant is one of the representations that a value has, by what is chosen for
// it, and what that adds to its entity-tag.
type variant struct {
	choice
	suffix string
}

// variantsOf are all variants, the default's, whose suffix is "", first.
func (p *path) variantsOf(offers []offer) []variant {
	var all []variant
	for media := range max(len(offers), 1) {
		for language := range max(len(p.languages), 1) {
			for charset := range max(len(p.charsets), 1) {
				for coding := len(p.codings) - 1; coding >= min(len(p.codings)-1, 0); coding-- { // identity is the last
					c := choice{media, language, charset, coding}
					all = append(all, variant{c, p.suffixOf(offers, c)})
				}
			}
		}
	}
	return all
}

// single reports whether the path has one variant, and r is a representation of
// its kind.
func (x *exchange) single(r *representation) bool {
	return len(x.plan.variants) == 1 && r.offered
}

// join joins the names of a variant.
func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ";" + b
}

// bareMedia is a media type as the name of a variant, without spaces and quotes.
func bareMedia(media string) string { return unquoted.Replace(media) }

var unquoted = strings.NewReplacer(" ", "", "\t", "", `"`, "")

// suffixOf is what tells the tag of a variant from the default's. A coding that is
// called as a language is, such as br, says what it is.
func (p *path) suffixOf(offers []offer, c choice) string {
	s := ""
	if c.media > 0 {
		s = bareMedia(offers[c.media].media)
	}
	if c.language > 0 {
		s = join(s, p.languages[c.language])
	}
	if c.charset > 0 {
		s = join(s, p.charsets[c.charset])
	}
	if coding := p.coding(c); coding != "" {
		if slices.Contains(p.languages, coding) || slices.Contains(p.charsets, coding) {
			coding = "coding=" + coding
		}
		s = join(s, coding)
	}
	return s
}

// suffix is that of the variant of r that was chosen.
func (x *exchange) suffix(r *representation) string {
	c := x.chosen
	if r.coded() {
		c = c.rendition()
	}
	c.media, _ = x.offerFor(r)
	return x.plan.suffixOf(x.plan.offersOf(r.typ), c)
}

// coding is the content coding of a choice, "" for identity.
func (p *path) coding(c choice) string {
	if c.coding >= 0 && c.coding < len(p.codings)-1 {
		return p.codings[c.coding]
	}
	return ""
}

// selected is the choice in names.
func (x *exchange) selected() Selected {
	s := Selected{Coding: x.plan.coding(x.chosen)}
	if x.chosen.media < len(x.plan.media) {
		s.MediaType = x.plan.media[x.chosen.media]
	}
	if x.chosen.language < len(x.plan.languages) {
		s.Language = x.plan.languages[x.chosen.language]
	}
	if x.chosen.charset < len(x.plan.charsets) {
		s.Charset = x.plan.charsets[x.chosen.charset]
	}
	return s
}

// vary is the Vary field of the path: each request field that is negotiated,
// and the Variances.
func (x *exchange) vary() ([]string, error) {
	p := x.plan
	var names []string
	if p.choosesMedia() {
		names = append(names, "Accept")
	}
	if len(p.languages) > 0 {
		names = append(names, "Accept-Language")
	}
	if len(p.charsets) > 0 {
		names = append(names, "Accept-Charset")
	}
	if len(p.codings) > 1 {
		names = append(names, "Accept-Encoding")
	}
	for _, g := range p.gates[kindVariances] {
		if !x.loadedAlready(g.needs.loads) {
			continue
		}
		said, _, err := g.call(x)
		if err != nil {
			return nil, err
		}
		for _, name := range said.([]string) {
			names = union(names, []string{http.CanonicalHeaderKey(name)})
		}
	}
	return names, nil
}

// loadedAlready reports whether loads were loaded, and are there.
func (x *exchange) loadedAlready(loads []*load) bool {
	for _, l := range loads {
		if x.att.cells[l.slot].value == nil {
			return false
		}
	}
	return true
}
