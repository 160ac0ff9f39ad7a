package plan

import (
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file finds the media types in which a path can show a value. In come Provides, and what
// the handlers return. Out come the offers for each type, and those that the path negotiates
// among.

// An Offer is a media type that a value can be rendered as.
type Offer struct {
	Media    string
	Lines    []string  // Media as the lines of Content-Type
	Callback *Callback // of a Provides; nil: the default for the type
}

// The offers for types that no Provides is for.
var (
	textOffer  = defaultOffer("text/plain; charset=utf-8")
	bytesOffer = defaultOffer("application/octet-stream")
	jsonOffer  = defaultOffer(jsonType)
)

func defaultOffer(media string) []Offer { return []Offer{{Media: media, Lines: []string{media}}} }

// MediaOf are the media types of offers.
func MediaOf(offers []Offer) (media []string) {
	for _, o := range offers {
		media = append(media, o.Media)
	}
	return media
}

// SameOffers reports whether a and b offer the same media types in the same order.
func SameOffers(a, b []Offer) bool {
	return slices.EqualFunc(a, b, func(x, y Offer) bool { return x.Media == y.Media })
}

// offersMedia reports whether one of offers is for a media type.
func offersMedia(offers []Offer, media string) bool {
	return slices.ContainsFunc(offers, func(o Offer) bool { return o.Media == media })
}

// bindOffers binds the renderers, and finds what the path negotiates among: what its GET
// returns or, without a GET, what its handlers return.
func (p *Path) bindOffers(b *binder, handlers []*Handler) {
	p.bindRenderers(b, handlers)
	shown := handlers
	if p.Get != nil {
		shown = []*Handler{p.Get}
	}
	for _, h := range shown {
		if h.Result == nil || h.Dynamic || len(p.offers[h.Result]) == 0 && IsStream(h.Result) {
			continue
		}
		for _, o := range p.OffersOf(h.Result) {
			if !offersMedia(p.Offered, o.Media) {
				p.Offered = append(p.Offered, o)
			}
		}
	}
	p.Media = MediaOf(p.Offered)
	for _, h := range handlers {
		h.Negotiated = p.Negotiates(h.Result)
	}
}

// bindRenderers binds the Provides for each type that a handler may return: of each media type
// the nearest.
func (p *Path) bindRenderers(b *binder, handlers []*Handler) {
	p.offers = map[reflect.Type][]Offer{}
	for f := range factsOf(p.places) {
		if f.Kind != declare.Provides {
			continue
		}
		t := f.Func.In[0]
		if !slices.ContainsFunc(handlers, func(h *Handler) bool { return h.mayReturn(t) }) || offersMedia(p.offers[t], f.Media) {
			continue
		}
		renderer := b.bind("Provides "+f.Media, f.Func, subjectFirst)
		p.offers[t] = append(p.offers[t], Offer{f.Media, []string{f.Media}, renderer})
		b.hold(f)
	}
}

// ChoosesMedia reports whether Accept can choose between representations.
func (p *Path) ChoosesMedia() bool {
	return len(p.Offered) > 1 || p.Get != nil && p.Get.Dynamic && len(p.offers) > 0
}

// Chooses reports whether a request field can make a difference between offered languages or
// charsets. These are wishes: where there is only one, everybody gets it, unless the App
// refuses whom it does not serve.
func (p *Path) Chooses(offered []string) bool {
	return len(offered) > 1 || len(offered) == 1 && p.Plans.StrictNegotiation
}

// Negotiates reports whether t is what the path's GET returns. The path negotiates among the
// offers for that.
func (p *Path) Negotiates(t reflect.Type) bool {
	return p.Get != nil && t == p.Get.Result && p.Offered != nil
}

// OffersOf are the offers for values of type t. There is at least one.
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
