package walk

import (
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file answers what becomes of a resource that is missing: it has moved, it is gone,
// it never was, or the method creates it.

var missingRows = map[decision.ID]row{
	decision.I7: {
		known: func(p *plan.Method) known {
			creates := p.Use.Creates && (p.Name == http.MethodPut || p.Name == http.MethodPatch)
			return unknownIf(creates, no)
		},
		ask: func(w *Walk) decision.Answer { return decision.Bool(w.targetMissing()) },
	},
	decision.I4: hasMoved(declare.MovedPermanently),
	decision.K7: {
		known: func(p *plan.Method) known {
			return unknownIf(len(p.Gates[declare.PreviouslyExisted])+len(p.Gates[declare.MovedPermanently])+len(p.Gates[declare.MovedTemporarily]) > 0, no)
		},
		ask: (*Walk).previouslyExisted,
	},
	decision.K5: hasMoved(declare.MovedPermanently),
	decision.L5: hasMoved(declare.MovedTemporarily),
	decision.L7: knownAtStart(isPost),
	decision.M5: knownAtStart(isPost),
	decision.M7: missingPostAllowed,
	decision.N5: missingPostAllowed,
	decision.H6: forbiddenOnceLoaded,
	decision.H7: ifThe(present(ifMatch)),
	decision.H8: ifThe(readable(ifNoneMatch)),
	decision.H9: knownAtStart(isPost),
	decision.P2: unguarded(true),
	decision.P3: conflict,
	decision.P4: {known: alwaysAsked, ask: (*Walk).act},
}

func isPost(p *plan.Method) bool { return p.Name == http.MethodPost }

// targetMissing reports whether the target itself is what is missing, so that the method
// may create it. A missing parent is not created.
func (w *Walk) targetMissing() bool {
	return w.missing == nil || w.missing == w.x.Plan.Use.Target
}

var missingPostAllowed = row{
	known: func(p *plan.Method) known {
		return unknownIf(p.Use.Creates && len(p.Gates[declare.AllowMissingPost]) > 0, no)
	},
	ask: func(w *Walk) decision.Answer {
		if !w.targetMissing() {
			return decision.No
		}
		return w.gates(w.x.Plan.Gates[declare.AllowMissingPost], true)
	},
}

// previouslyExisted is K7. Where no PreviouslyExisted is given, what has moved did exist.
func (w *Walk) previouslyExisted() decision.Answer {
	if gates := w.x.Plan.Gates[declare.PreviouslyExisted]; len(gates) > 0 {
		return w.gates(gates, false)
	}
	for _, k := range []declare.Kind{declare.MovedPermanently, declare.MovedTemporarily} {
		if uri, err := w.movedTo(k); err != nil {
			return w.fail(err)
		} else if uri != "" {
			return decision.Yes
		}
	}
	return decision.No
}

// hasMoved asks where a missing resource is now.
func hasMoved(k declare.Kind) row {
	return row{
		known: func(p *plan.Method) known { return unknownIf(len(p.Gates[k]) > 0, no) },
		ask: func(w *Walk) decision.Answer {
			uri, err := w.movedTo(k)
			if err != nil {
				return w.fail(err)
			}
			w.verdict.Moved = uri
			return decision.Bool(uri != "")
		},
	}
}

// A move is what the Moved facts of one kind said.
type move struct {
	uri   string
	err   error
	asked bool
}

// movedTo is what the Moved facts say. They are asked once.
func (w *Walk) movedTo(k declare.Kind) (string, error) {
	if w.moves == nil {
		w.moves = new([2]move)
	}
	m := &w.moves[0]
	if k == declare.MovedTemporarily {
		m = &w.moves[1]
	}
	if !m.asked {
		m.uri, m.err = w.askMoved(k)
		m.asked = true
	}
	return m.uri, m.err
}

// askMoved is the first answer of the Moved facts. One that was given on a Group speaks of
// the Group's prefix: what follows it is kept, the query too.
func (w *Walk) askMoved(k declare.Kind) (string, error) {
	for _, g := range w.x.Plan.Gates[k] {
		if !w.x.AllExist(g.Needs.Required) {
			continue
		}
		uri, err := w.x.Text(g.Callback, nil)
		if err != nil {
			return "", err
		}
		if uri == "" {
			continue
		}
		if g.Fact.Place.Level == declare.OnGroup {
			uri = joined(uri, behindPrefix(w.x.Path(), g.Fact.Place.Path))
			if query := w.x.RawQuery(); query != "" {
				uri += "?" + query
			}
		}
		return uri, nil
	}
	return "", nil
}

// joined is rest, which is "" or begins with "/", behind uri. A path of the App stays one:
// with "//" in front, the client would choose the host.
func joined(uri, rest string) string {
	whole := strings.TrimSuffix(uri, "/") + rest
	if strings.HasPrefix(uri, "/") && !strings.HasPrefix(uri, "//") {
		whole = "/" + strings.TrimLeft(whole, "/")
	}
	return whole
}

// behindPrefix is what follows the segments of prefix in path.
func behindPrefix(path, prefix string) string {
	for i := 0; i < len(prefix); i++ {
		if prefix[i] != '/' {
			continue
		}
		next := 1
		for next < len(path) && path[next] != '/' {
			next++
		}
		if next > len(path) {
			return ""
		}
		path = path[next:]
	}
	return path
}
