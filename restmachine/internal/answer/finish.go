package answer

import (
	"bytes"
	"errors"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file runs the FinishRequest facts. In comes the response as it was built. Out comes
// the response with the fields that they left.

// RunHooks runs the FinishRequest facts on the response. again says that they ran before, on
// another answer, and that everything made for the request is undone since: only those that
// need nothing of it run. All run, also those behind one that fails: the App's, which run last,
// then see the problem that it made.
func (a *Answer) RunHooks(again bool) {
	for _, g := range a.x.Plan.Gates[declare.FinishRequest] {
		if !a.x.AllLoaded(g.Needs.Required) || again && !g.NeedsNothingMade() {
			continue
		}
		a.Protect(func() {
			if err := a.runHook(g); err != nil {
				a.Refuse(err)
			}
		})
	}
}

func (a *Answer) runHook(g *plan.Gate) error {
	a.finished = true
	before := a.header()
	seen := &plan.Response{StatusCode: a.status, Header: before.Clone()}
	if a.content != nil {
		seen.Body = bytes.Clone(a.content.Bytes)
	}
	if err := a.x.Do(g.Callback, a.x.Words.ResponseOf(seen)); err != nil {
		return err
	}
	h := header.Canonical(seen.Header)
	a.mountURIs(h, before)
	a.Fields.reset()
	a.merge(h)
	if a.status >= 400 {
		a.remove(isValidator)
	}
	return errors.Join(a.bad, a.quoteTag())
}
