// This file takes those answers out of a graph that a state never gives. The graph of a route
// and a State come in. Out goes the graph of what the request alone decides.

package play

import (
	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// settle returns what is left of a graph when the state has answered what it answers. Without
// stars, no precondition is a *.
func (s State) settle(g decision.Graph, method string, stars bool) decision.Graph {
	settled := s.settled(method)
	if !stars {
		settled[decision.G9], settled[decision.I13] = decision.No, decision.No
	}
	return without(g, settled)
}

// without returns what is left of a graph when some rows have their answers.
func without(g decision.Graph, settled map[decision.ID]decision.Answer) decision.Graph {
	var first decision.ID
	for id := range g.All() {
		first = id
		break
	}
	asked := func(struct{}) decision.Answer { return decision.Yes }
	program, err := decision.Specialize(g, []decision.ID{first}, func(id decision.ID) (decision.Answer, decision.Question[struct{}]) {
		if a, ok := settled[id]; ok {
			return a, nil
		}
		return decision.No, asked
	})
	if err != nil {
		return nil
	}
	return program.Graph()
}

// settled returns the answers that only the state gives. What is not in the map, a request
// decides.
func (s State) settled(method string) map[decision.ID]decision.Answer {
	is := decision.Bool
	isRead := method == "GET" || method == "HEAD"
	isWrite := !restmachine.Method(method).Safe()
	a := map[decision.ID]decision.Answer{
		decision.B13:  is(s.Available == "yes"),
		decision.B12:  is(method != "BREW"),
		decision.B10:  is(s.handles(method)),
		decision.B6:   decision.Yes,
		decision.B7:   is(s.Forbidden == "all" || s.Forbidden == "writes" && isWrite),
		decision.G5:   decision.Yes,
		decision.G6:   decision.Yes,
		decision.G7a:  is(s.Forbidden == "note"),
		decision.G7b:  decision.Yes,
		decision.G7c:  is(s.Choices == "yes" && isRead),
		decision.G10b: is(isRead),
		decision.J13b: is(isRead),
	}
	switch s.Auth {
	case "open":
		a[decision.B8] = decision.Yes
	case "no":
		a[decision.B8] = decision.No
	}
	if s.Limit != "1000" {
		a[decision.B4] = decision.Yes
	}
	if !has(s.Types, "text") {
		a[decision.P19] = decision.No
	}
	s.settleValidators(a)
	s.settleMissing(a)
	s.settleMethods(a, method)
	return a
}

// settleMissing settles what is asked of a note that is missing.
func (s State) settleMissing(a map[decision.ID]decision.Answer) {
	is := decision.Bool
	if s.Exists != "yes" {
		a[decision.G7] = decision.No
	}
	a[decision.I4], a[decision.K5] = is(s.Exists == "moved"), is(s.Exists == "moved")
	a[decision.L5] = is(s.Exists == "away")
	a[decision.K7] = is(s.Exists == "gone" || s.Exists == "moved" || s.Exists == "away")
	a[decision.M7], a[decision.N5] = is(s.Missing == "yes"), is(s.Missing == "yes")
	a[decision.H6] = is(s.Forbidden == "note" && s.creates())
}

// settleMethods settles what handlers do, and what becomes of it.
func (s State) settleMethods(a map[decision.ID]decision.Answer, method string) {
	is := decision.Bool
	for _, act := range []decision.ID{decision.P4, decision.O15, decision.M20, decision.N11} {
		a[act] = is(s.Store == "ok")
	}
	for _, act := range []decision.ID{decision.O18, decision.O19, decision.P12} {
		a[act] = decision.Yes
	}
	a[decision.O14], a[decision.P3] = is(s.Conflict == "yes"), is(s.Conflict == "yes")
	a[decision.M20b] = is(s.Delete == "done")
	a[decision.P11] = is(s.Post == "created")
	a[decision.O20] = is(s.hasContent(method))
}

// settleValidators settles the comparisons that the validators of the note rule out.
func (s State) settleValidators(a map[decision.ID]decision.Answer) {
	if s.Tag != "strong" {
		a[decision.G11] = decision.No
	}
	if s.Tag == "none" {
		a[decision.K13] = decision.No
	}
	if s.Date == "" {
		a[decision.H11], a[decision.L14], a[decision.J19] = decision.No, decision.No, decision.No
	}
	if s.Negotiation != "strict" {
		a[decision.D5], a[decision.E6] = decision.Yes, decision.Yes
	}
}

// handles reports whether the App has a handler for the method.
func (s State) handles(method string) bool {
	if method == "HEAD" {
		method = "GET"
	}
	return method == "OPTIONS" || has(s.Methods, method)
}

// hasContent reports whether the answer to a method that did its work has content.
func (s State) hasContent(method string) bool {
	switch method {
	case "PUT", "PATCH":
		return s.Put == "note"
	case "DELETE":
		return false
	case "POST":
		return s.Post != "nothing"
	}
	return true
}
