package plan

import (
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file knows in which representations a value can be sent: the media types
// of its renderers, times languages, charsets and codings.

// An offer is a media type that a value can be rendered as.
type Offer struct {
	Media    string
	Lines    []string  // media as the lines of Content-Type
	Callback *Callback // nil: the default for the type
}

func MediaOf(offers []Offer) (media []string) {
	for _, o := range offers {
		media = append(media, o.Media)
	}
	return media
}

// choice is what the negotiation chose, as indices into what is offered.
type Choice struct{ Media, Language, Charset, Coding int }

// bindOffers binds the renderers for every type that one stands above the path
// for, and finds what the path negotiates among: what its GET returns or,
// without a GET, what its handlers return.
func (p *Path) bindOffers(b *binder, actions []*Handler) {
	p.offers = map[reflect.Type][]Offer{}
	for _, at := range p.places {
		for _, f := range at.Facts {
			if f.Kind != declare.Provides {
				continue
			}
			t := f.Func.In[0]
			if !slices.ContainsFunc(actions, func(a *Handler) bool { return a.returns(t) }) {
				continue
			}
			if slices.ContainsFunc(p.offers[t], func(o Offer) bool { return o.Media == f.Media }) {
				continue // a nearer one renders it
			}
			by := b.bind("Provides "+f.Media, f.Func, func(i int, _ reflect.Type) Origin {
				if i > 0 {
					return byType
				}
				return FromSubject
			})
			p.offers[t] = append(p.offers[t], Offer{f.Media, []string{f.Media}, by})
			b.m.holding[f] = true
		}
	}
	returning := actions
	if p.Get != nil {
		actions = []*Handler{p.Get}
	}
	for _, a := range actions {
		if a.Result == nil || a.Dynamic || len(p.offers[a.Result]) == 0 && IsStream(a.Result) {
			continue
		}
		for _, o := range p.OffersOf(a.Result) {
			if !slices.ContainsFunc(p.Offered, func(other Offer) bool { return other.Media == o.Media }) {
				p.Offered = append(p.Offered, o)
			}
		}
	}
	p.Media = MediaOf(p.Offered)
	for _, a := range returning {
		a.Negotiated = p.Negotiates(a.Result)
	}
	p.Variants = p.VariantsOf(p.Offered)
	p.Constant = !p.ChoosesMedia() && len(p.Languages)+len(p.Charsets)+len(p.Codings)+len(p.Gates[declare.Variances]) == 0
}

// choosesMedia reports whether Accept can choose between representations.
func (p *Path) ChoosesMedia() bool {
	return len(p.Offered) > 1 || p.Get != nil && p.Get.Dynamic && len(p.offers) > 0
}

// negotiates reports whether t is what the path's GET returns, and so what it
// negotiates among the offers for.
func (p *Path) Negotiates(t reflect.Type) bool {
	return p.Get != nil && t == p.Get.Result && p.Offered != nil
}

// offersOf are the offers for values of type t, the default included.
func (p *Path) OffersOf(t reflect.Type) []Offer {
	if p.Negotiates(t) {
		return p.Offered
	}
	if o := p.offers[t]; len(o) > 0 {
		return o
	}
	switch {
	case t == declare.StringType:
		return textOffer
	case t == declare.BytesType || IsStream(t):
		return bytesOffer
	}
	return jsonOffer
}

var (
	textOffer  = []Offer{{Media: "text/plain; charset=utf-8", Lines: []string{"text/plain; charset=utf-8"}}}
	bytesOffer = []Offer{{Media: "application/octet-stream", Lines: []string{"application/octet-stream"}}}
	jsonOffer  = []Offer{{Media: "application/json", Lines: []string{"application/json"}}}
)

func SameOffers(a, b []Offer) bool {
	return slices.EqualFunc(a, b, func(x, y Offer) bool { return x.Media == y.Media })
}

// rendition is the choice without a coding, which is not rendered.
func (c Choice) Rendition() Choice {
	c.Coding = -1
	return c
}

// A variant is one of the representations that a value has, by what is chosen for
// it, and what that adds to its entity-tag.
type Variant struct {
	Choice
	Suffix string
}

// variantsOf are all variants, the default's, whose suffix is "", first.
func (p *Path) VariantsOf(offers []Offer) []Variant {
	var all []Variant
	for media := range max(len(offers), 1) {
		for language := range max(len(p.Languages), 1) {
			for charset := range max(len(p.Charsets), 1) {
				for coding := len(p.Codings) - 1; coding >= min(len(p.Codings)-1, 0); coding-- { // identity is the last
					c := Choice{media, language, charset, coding}
					all = append(all, Variant{c, p.SuffixOf(offers, c)})
				}
			}
		}
	}
	return all
}

// join joins the names of a variant.
func Join(a, b string) string {
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
func (p *Path) SuffixOf(offers []Offer, c Choice) string {
	s := ""
	if c.Media > 0 {
		s = bareMedia(offers[c.Media].Media)
	}
	if c.Language > 0 {
		s = Join(s, p.Languages[c.Language])
	}
	if c.Charset > 0 {
		s = Join(s, p.Charsets[c.Charset])
	}
	if coding := p.Coding(c); coding != "" {
		if slices.Contains(p.Languages, coding) || slices.Contains(p.Charsets, coding) {
			coding = "coding=" + coding
		}
		s = Join(s, coding)
	}
	return s
}

// coding is the content coding of a choice, "" for identity.
func (p *Path) Coding(c Choice) string {
	if c.Coding >= 0 && c.Coding < len(p.Codings)-1 {
		return p.Codings[c.Coding]
	}
	return ""
}
