package represent

import (
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
)

// This file finds what a representation is rendered as: what the request negotiated on
// its path or, for a value that the path did not negotiate about, the best for its Accept.

// offerFor is the index of the offer that r is rendered as. ok is false where the Accept
// takes none.
func (rs *Representations) offerFor(r *Representation) (i int, ok bool) {
	x, p := rs.x, rs.x.Plan
	if r.negotiated {
		return x.Chosen().Media, true
	}
	offers := p.OffersOf(r.typ)
	if p.NegotiatesAmong(offers) {
		return x.Chosen().Media, true
	}
	// Nobody negotiates about what only the value itself tells the media type of.
	if len(offers) == 1 && (plan.IsOpaque(r.typ) && offers[0].Callback == nil || r.Field("Content-Type") != "") {
		return 0, true
	}
	i, ok = negotiate.MediaType(x.Accept(), plan.MediaOf(offers))
	return max(i, 0), ok
}

// IsAcceptable is nil where the client takes what r can be rendered as, else the 406.
func (rs *Representations) IsAcceptable(r *Representation) error {
	if _, ok := rs.offerFor(r); ok {
		return nil
	}
	return rs.notAcceptable(r)
}

// notAcceptable is the 406 of a GET whose value alone tells what it can be rendered as.
func (rs *Representations) notAcceptable(r *Representation) error {
	p := rs.x.Plan
	said := problem.NotOffered("Accept", plan.MediaOf(p.OffersOf(r.typ)))
	return rs.x.Words.Refuse(http.StatusNotAcceptable, said.String())
}

// suffix is what the variant of r that was chosen adds to its tag, in the coding that was
// negotiated or without one.
func (rs *Representations) suffix(r *Representation, coded bool) string {
	c := *rs.x.Chosen()
	if !coded {
		c = c.Rendition()
	}
	c.Media, _ = rs.offerFor(r)
	return rs.x.Plan.SuffixOf(rs.x.Plan.OffersOf(r.typ), c)
}
