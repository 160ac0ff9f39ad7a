package plan

import (
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
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

	eventsOffer   = defaultOffer("text/event-stream")
	sequenceOffer = append(defaultOffer(jsonType), defaultOffer(LinesType)...)
)

// LinesType is the media type of a sequence that is written as lines of JSON.
const LinesType = "application/jsonl"

// IsLines reports whether content of a media type is lines of JSON, by its own name or the older
// one.
func IsLines(media string) bool { return media == LinesType || media == "application/x-ndjson" }

func defaultOffer(media string) []Offer { return []Offer{{Media: media, Lines: []string{media}}} }

// MediaOf are the media types of offers.
func MediaOf(offers []Offer) (media []string) {
	for _, o := range offers {
		media = append(media, o.Media)
	}
	return media
}

// sameMedia reports whether offers are for media, in the same order.
func sameMedia(offers []Offer, media []string) bool {
	return slices.EqualFunc(offers, media, func(o Offer, m string) bool { return o.Media == m })
}

// offersMedia reports whether one of offers is for a media type.
func offersMedia(offers []Offer, media string) bool {
	return slices.ContainsFunc(offers, func(o Offer) bool { return o.Media == media })
}

// bindOffers binds the renderers, and finds what the path negotiates among: the offers for what
// its GET returns or, without a GET, for what its handlers return. A method may negotiate apart.
func (p *Path) bindOffers(b *binder, handlers []*Handler) {
	p.bindRenderers(b, handlers)
	shown := handlers
	if p.Get != nil {
		shown = []*Handler{p.Get}
	}
	for _, h := range shown {
		for _, o := range p.told(h) {
			if !offersMedia(p.Offered, o.Media) {
				p.Offered = append(p.Offered, o)
			}
		}
	}
	p.media = MediaOf(p.Offered)
	for _, h := range handlers {
		h.Negotiated = p.Negotiates(h.Result)
	}
}

// told are the offers for what a handler declares to return; nil where only the value tells.
func (p *Path) told(h *Handler) []Offer {
	if h.Result == nil || h.Dynamic || len(p.own(h.Result)) == 0 && IsOpaque(h.Result) {
		return nil
	}
	return p.OffersOf(h.Result)
}

// negotiate finds what the method negotiates among. A 406 speaks of the answer to the very request
// (RFC 9110, 15.5.7): where the handler declares another type than the GET's, the offers are those
// for that type.
func (m *Method) negotiate() {
	p, h := m.Path, m.Handler
	m.Media = p.media
	if h != nil && h.Result != nil && !h.Dynamic && !p.Negotiates(h.Result) && !p.Unknown {
		if own := p.told(h); !sameMedia(own, p.media) {
			m.Apart, m.Media = true, MediaOf(own)
		}
	}
	m.Constant = !p.varies && !m.ChoosesMedia()
}

// A wideOffer is the offer of a Provides for an interface. It serves each type that implements
// the interface.
type wideOffer struct {
	Offer
	of reflect.Type
}

// bindRenderers binds the Provides for each type that a handler may return, and for each
// interface that such a type may implement: of each media type the nearest.
func (p *Path) bindRenderers(b *binder, handlers []*Handler) {
	p.offers = map[reflect.Type][]Offer{}
	for f := range factsOf(p.places) {
		if f.Kind != declare.Provides {
			continue
		}
		t := f.Func.In[0]
		switch {
		case p.isWide(t) && p.mayServe(handlers, t) && !p.offersWidely(t, f.Media):
			p.wide = append(p.wide, wideOffer{p.bindRenderer(b, f), t})
		case !p.isWide(t) && slices.ContainsFunc(handlers, func(h *Handler) bool { return h.mayReturn(t) }) && !offersMedia(p.offers[t], f.Media):
			p.offers[t] = append(p.offers[t], p.bindRenderer(b, f))
		}
	}
	p.served = map[reflect.Type][]Offer{}
	if len(p.wide) == 0 {
		p.served = p.offers
		return
	}
	for _, h := range handlers {
		if !h.Dynamic && h.Result != nil {
			p.served[h.Result] = p.serve(h.Result)
		}
	}
}

func (p *Path) bindRenderer(b *binder, f *declare.Fact) Offer {
	b.hold(f)
	return Offer{f.Media, []string{f.Media}, b.bind("Provides "+f.Media, f.Func, subjectFirst)}
}

// isWide reports whether a Provides for t serves each type that implements t. A stream is one
// thing, though its type is an interface.
func (p *Path) isWide(t reflect.Type) bool {
	return t.Kind() == reflect.Interface && !IsStream(t)
}

// mayServe reports whether a Provides for an interface may come to render what one of handlers
// returns.
func (p *Path) mayServe(handlers []*Handler, wide reflect.Type) bool {
	return slices.ContainsFunc(handlers, func(h *Handler) bool {
		return h.Dynamic || h.Result != nil && p.isServed(h.Result) && h.Result.Implements(wide)
	})
}

func (p *Path) offersWidely(t reflect.Type, media string) bool {
	return slices.ContainsFunc(p.wide, func(o wideOffer) bool { return o.of == t && o.Media == media })
}

// isServed reports whether a Provides for an interface serves values of type t. What is sent as
// it is, and a Problem, it does not.
func (p *Path) isServed(t reflect.Type) bool {
	return t != declare.StringType && t != declare.BytesType && !IsStream(t) && t != p.Plans.Supply.vocabulary.Problem
}

// own are the offers that Provides make for values of type t; none: the default alone.
func (p *Path) own(t reflect.Type) []Offer {
	if all, known := p.served[t]; known || len(p.wide) == 0 {
		return all
	}
	return p.serve(t)
}

// serve finds the offers for values of type t: the type's own first, then those of interfaces,
// then JSON where the type has none of its own.
func (p *Path) serve(t reflect.Type) []Offer {
	if t == nil || !p.isServed(t) {
		return p.offers[t]
	}
	all := slices.Clone(p.offers[t])
	add := func(fits func(wide reflect.Type) bool) {
		for _, o := range p.wide {
			if fits(o.of) && !offersMedia(all, o.Media) {
				all = append(all, o.Offer)
			}
		}
	}
	add(func(wide reflect.Type) bool { return wide == t })
	hasOwn := len(all) > 0
	add(t.Implements)
	if !hasOwn && len(all) > 0 && !offersMedia(all, jsonType) {
		all = append(all, jsonOffer...)
	}
	return all
}

// besideDefault are the offers for errors: the default first, as JSON, since a client that takes
// anything is a program, then own, then the default as text. An own one of a default's type
// stands in its place.
func besideDefault(own []Offer) []Offer {
	var all []Offer
	add := func(media string) {
		i := slices.IndexFunc(own, func(o Offer) bool { return negotiate.Match(o.Media, media) || negotiate.Match(media, o.Media) })
		if i < 0 {
			all = append(all, Offer{Media: media})
		} else {
			all = append(all, own[i])
		}
	}
	add(problem.JSON)
	add(jsonType)
	for _, o := range own {
		if !offersMedia(all, o.Media) && !negotiate.Match(o.Media, problem.Text) {
			all = append(all, o)
		}
	}
	add(problem.Text)
	return all
}

// renderers are the offers that callbacks make: the Provides that hold on the path, but for those
// that render errors.
func (p *Path) renderers() []Offer {
	var all []Offer
	for _, offers := range p.offers {
		all = append(all, offers...)
	}
	for _, o := range p.wide {
		all = append(all, o.Offer)
	}
	return all
}

// ChoosesMedia reports whether Accept can choose what an answer of the method shows.
func (m *Method) ChoosesMedia() bool {
	p := m.Path
	return len(m.Media) > 1 || !m.Apart && p.Get != nil && p.Get.Dynamic && len(p.offers)+len(p.wide) > 0
}

// ChosenByGet is what a GET of the path would choose among Offered by the lines of an Accept; the
// first where that takes none.
func (p *Path) ChosenByGet(accept []string) int {
	i, _ := negotiate.MediaType(accept, p.media)
	return max(i, 0)
}

// NegotiatesAmong reports whether the method has negotiated among offers.
func (m *Method) NegotiatesAmong(offers []Offer) bool { return sameMedia(offers, m.Media) }

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
	if o := p.own(t); len(o) > 0 {
		return o
	}
	switch kind := stream.KindOf(t); {
	case t == declare.StringType:
		return textOffer
	case t == declare.BytesType || IsOpaque(t):
		return bytesOffer
	case kind == stream.Events:
		return eventsOffer
	case kind == stream.Sequence:
		return sequenceOffer
	}
	return jsonOffer
}
