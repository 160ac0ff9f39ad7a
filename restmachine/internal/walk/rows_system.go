package walk

import (
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
	"github.com/restmachine/restmachine-go/restmachine/internal/verdict"
)

// This file answers column B: can this request be served at all? It looks at the request
// and asks gates. Nothing is loaded yet, and no content is read.

// knownMethods are those of RFC 9110, 9.3 and of RFC 5789.
var knownMethods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect}

// IsKnown reports whether a method is known of old, or some path handles it. all may be nil.
func IsKnown(all *plan.Plans, method string) bool {
	return slices.Contains(knownMethods, method) || all != nil && slices.Contains(all.Others, method)
}

var systemRows = map[decision.ID]row{
	decision.B13: allOf(declare.ServiceAvailable),
	decision.B12: {
		known: func(p *plan.Method) known {
			return unknownIf(p.Name == "" || len(p.Gates[declare.KnownMethod]) > 0, yes)
		},
		ask: func(w *Walk) decision.Answer {
			if gates := w.x.Plan.Gates[declare.KnownMethod]; len(gates) > 0 {
				return w.gates(gates, true)
			}
			return decision.Bool(IsKnown(w.x.Plan.Plans, w.x.Method()))
		},
	},
	decision.B11: anyOf(declare.URITooLong).with(anyMethod, decision.No, func(w *Walk) (decision.Answer, bool) {
		return decision.Yes, w.x.TargetLength() > request.MaxTarget
	}),
	decision.B10: {
		known: func(p *plan.Method) known {
			switch {
			case p.Unknown || p.Name == http.MethodOptions:
				return yes
			case p.Handler == nil:
				return no
			}
			return allOf(declare.MethodAllowed).known(p)
		},
		ask: allOf(declare.MethodAllowed).ask,
	},
	decision.B9: anyOf(declare.MalformedRequest).with(anyMethod, decision.No, (*Walk).malformed),
	decision.B3: {
		known: func(p *plan.Method) known {
			isOptions := p.Name == http.MethodOptions
			return unknownIf(isOptions && p.Unknown && !p.IsPreflight, knownAs(isOptions))
		},
		// "*" is not a path: it asks about the server as a whole (RFC 9110, 9.3.7).
		ask: func(w *Walk) decision.Answer { return decision.Bool(w.x.Path() == "*") },
	},
	decision.B8: {known: allOf(declare.Authorized).known, ask: (*Walk).authorized},
	decision.B7: {
		known: func(p *plan.Method) known { return unknownIf(len(p.ForbidEarly) > 0, no) },
		ask:   func(w *Walk) decision.Answer { return w.gates(w.x.Plan.ForbidEarly, false) },
	},
	decision.B6: allOf(declare.ValidContentHeaders),
	decision.B5: allOf(declare.KnownContentType).with(
		func(p *plan.Method) bool { return len(p.Bodies) > 0 }, decision.Yes,
		func(w *Walk) (decision.Answer, bool) { return decision.No, !w.readableContent() }),
	decision.B4: allOf(declare.ValidEntityLength).with(
		(*plan.Method).TakesContent, decision.Yes,
		func(w *Walk) (decision.Answer, bool) { return decision.No, w.x.Length() > w.x.Plan.MaxBody }),
}

// findAllowed finds the methods that the MethodAllowed gates allow to this request, for the
// field Allow of a 405 (RFC 9110, 15.5.6) and of an OPTIONS. Each gate is asked once for each
// method that the path handles; for an OPTIONS, which nobody has authorised, only where it
// takes nothing but the method. A gate that fails allows nothing.
func (w *Walk) findAllowed() {
	p, gates, refused := w.x.Plan, w.x.Plan.Gates[declare.MethodAllowed], []string{w.x.Method()}
	switch {
	case w.verdict.Status == http.StatusMethodNotAllowed && p.Reads() && w.verdict.Row != decision.B10:
		refused = []string{http.MethodGet, http.MethodHead} // the one handler of both said so
	case w.verdict.Status == http.StatusMethodNotAllowed:
	case p.Name == http.MethodOptions && w.verdict.Status == http.StatusOK:
		gates, refused = p.AllowedByMethod, nil
	default:
		return
	}
	allowed := slices.DeleteFunc(strings.Split(p.Allow, ", "), func(m string) bool {
		return slices.Contains(refused, m) || m != http.MethodOptions && !w.allows(gates, m)
	})
	list := strings.Join(allowed, ", ")
	w.verdict.Allow = &list
}

// allows reports whether gates allow a method, which may be another one than the request's.
func (w *Walk) allows(gates []*plan.Gate, method string) (all bool) {
	w.x.AsMethod(method, func() {
		for _, g := range gates {
			said := false
			err := exchange.Protect(func() (err error) {
				said, err = w.x.Bool(g.Callback)
				return err
			})
			if err != nil && !w.x.HasMeaning(err) {
				w.x.LogError(err)
			}
			if err != nil || !said {
				return
			}
		}
		all = true
	})
	return all
}

// malformed is the library's own part of B9.
func (w *Walk) malformed() (decision.Answer, bool) {
	if w.x.Malformed() != "" {
		return decision.Yes, true
	}
	if w.x.Method() == http.MethodPut && w.x.Has("Content-Range") {
		w.verdict.Cause = verdict.PartialContent
		return decision.Yes, true
	}
	return decision.No, false
}

// authorized is B8. A gate may give the challenge of the 401.
func (w *Walk) authorized() decision.Answer {
	for _, g := range w.x.Plan.Gates[declare.Authorized] {
		first, second, err := w.x.Both(g.Callback)
		if err != nil {
			return w.failGate(err)
		}
		challenge, ok := w.x.Challenge, first == true
		if said, _ := first.(string); second != nil {
			ok = second == true
			if said != "" {
				challenge = said
			}
		}
		if !ok {
			w.verdict.Challenge = challenge
			return decision.No
		}
	}
	return decision.Yes
}

// readableContent reports whether a parser reads the content, as far as its fields tell.
func (w *Walk) readableContent() bool {
	if coding := w.x.Field("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		w.verdict.Cause = verdict.ContentCoding // RFC 9110, 15.5.16
		return false
	}
	typ := w.x.ContentType()
	return typ == "" || slices.ContainsFunc(w.x.Plan.Bodies, func(b *plan.Body) bool {
		_, ok := b.ParserFor(typ)
		return ok
	})
}
