// This file makes a program of a graph for one route, and walks it. A graph and the
// questions of the route come in. Rows whose answer is settled are folded into jumps.
// The rows that are left form a flat table. Leaps answer several rows at once. A walk
// returns a status.

package decision

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// A Question asks x, or acts on it. A walk calls it at most once.
type Question[X any] func(x X) Answer

// A Program is a [Graph] specialised by [Specialize]. It is immutable. It is safe for
// concurrent use if its questions are.
type Program[X any] struct {
	graph   Graph // for labels
	steps   []step[X]
	settled []fold // by row; only Trace reads it
	entries []entry
	reached []ID // rows, folded ones included, and statuses; sorted
}

// A step is a row that is asked when a walk arrives at it.
type step[X any] struct {
	ask  Question[X]
	leap *leap[X] // nil if the row has none
	next [2]exit  // by answer
	id   ID
}

// A leap is a [Leap] of a program.
type leap[X any] struct {
	take  func(X) int
	exits []exit // by what take returns; the zero exit: row by row
}

// An exit is where a walk goes on. next is the index of a step or, if negative, a
// status. end is the last row before it. The zero exit means that there is none.
type exit struct {
	next int16
	end  ID
}

// An entry is a row where a walk may begin.
type entry struct {
	id ID
	exit
}

// A fold is a settled row and its answer.
type fold struct {
	id     ID
	answer Answer
}

// A Leap answers several rows at once, in the usual case. A walk calls Take at the row
// From, before it asks this row. Take returns an index in To, and the walk goes on along
// this edge. A negative number means that the walk goes on row by row. The edge must be
// the one that the walk would have taken row by row. A [Trace] does not leap.
type Leap[X any] struct {
	From ID
	To   []Edge
	Take func(x X) int
}

// An Edge is a row and its answer, [Yes] or [No].
type Edge struct {
	ID     ID
	Answer Answer
}

// Specialize makes a program of the graph, for walks from the given entries. It calls
// bind once for each row that the program can still reach, in order. bind returns the
// question to ask there. If the question is nil, it returns the settled answer, [Yes]
// or [No]. Rows that a settled answer cuts off are not bound. A leap from a row that
// is not asked is left out. A leap to an edge that the program cannot take goes on
// row by row.
//
// It is an error if an entry or a row of a leap is not a row of the graph, if a key is
// not a coordinate, if an edge leads nowhere, if the graph has a cycle, or if a
// settled answer is a status. All faults are joined. The graph must not be changed
// afterwards.
func Specialize[X any](g Graph, entries []ID, bind func(ID) (settled Answer, ask Question[X]), leaps ...Leap[X]) (*Program[X], error) {
	order, faults := g.order()
	if len(entries) == 0 {
		faults = append(faults, errors.New("decision: a program needs an entry"))
	}
	reached := make(map[ID]bool, len(g))
	for _, id := range entries {
		reached[id] = true
		if _, ok := g[id]; !ok {
			faults = append(faults, fmt.Errorf("decision: entry %v is not a row", id))
		}
	}
	for _, l := range leaps {
		for _, to := range append([]Edge{{ID: l.From}}, l.To...) {
			if _, ok := g[to.ID]; !ok || to.Answer != Yes && to.Answer != No {
				faults = append(faults, fmt.Errorf("decision: a leap from %v: %v %v is not an edge", l.From, to.ID, to.Answer))
			}
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}

	p := &Program[X]{graph: g}
	index := make(map[ID]int16, len(g)) // in p.steps
	settled := make(map[ID]Answer, len(g))
	// Each row comes after the rows that lead to it, so one pass reaches them all.
	for _, id := range order {
		if !reached[id] {
			continue
		}
		row := g[id]
		answer, ask := bind(id)
		switch {
		case ask != nil:
			index[id] = int16(len(p.steps))
			p.steps = append(p.steps, step[X]{ask: ask, id: id})
			reached[row.Yes], reached[row.No] = true, true
		case answer == Yes || answer == No:
			settled[id] = answer
			reached[row.next(answer)] = true
		default:
			faults = append(faults, fmt.Errorf("decision: the settled answer of %v is %v, not yes or no", id, answer))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	p.steps, p.reached, p.settled = shrunk(p.steps), shrunk(slices.Sorted(maps.Keys(reached))), folds(settled)
	p.jump(index, settled, entries, leaps)
	return p, nil
}

// jump fills in the targets of answers, entries and leaps, across the settled rows.
func (p *Program[X]) jump(index map[ID]int16, settled map[ID]Answer, entries []ID, leaps []Leap[X]) {
	follow := func(from, id ID) exit {
		for !id.IsStatus() {
			if i, ok := index[id]; ok {
				return exit{i, from}
			}
			from, id = id, p.graph[id].next(settled[id])
		}
		return exit{-int16(id), from}
	}
	for i := range p.steps {
		s := &p.steps[i]
		row := p.graph[s.id]
		s.next[No], s.next[Yes] = follow(s.id, row.No), follow(s.id, row.Yes)
	}
	for _, id := range entries {
		p.entries = append(p.entries, entry{id, follow(0, id)})
	}
	for _, l := range leaps {
		i, asked := index[l.From]
		if !asked {
			continue
		}
		exits := make([]exit, len(l.To))
		for k, edge := range l.To {
			if known, folded := settled[edge.ID]; !p.Reaches(edge.ID) || folded && known != edge.Answer {
				continue
			}
			to := follow(edge.ID, p.graph[edge.ID].next(edge.Answer))
			if to.next < 0 || to.next > i { // only forward, so that a walk ends
				exits[k] = to
			}
		}
		p.steps[i].leap = &leap[X]{l.Take, exits}
	}
}

// folds are settled rows with their answers, by row.
func folds(settled map[ID]Answer) []fold {
	all := make([]fold, 0, len(settled))
	for _, id := range slices.Sorted(maps.Keys(settled)) {
		all = append(all, fold{id, settled[id]})
	}
	return all
}

// shrunk is s without room for more. A program is kept for long.
func shrunk[T any](s []T) []T { return append(make([]T, 0, len(s)), s...) }

// Run walks from the first entry and returns the status at which the walk ends. It
// does not allocate.
func (p *Program[X]) Run(x X) int {
	status, _ := p.walk(&p.entries[0], x)
	return status
}

// Walk is like [Program.Run], but begins at one of the entries. It panics if the row
// is not an entry. It also returns the last row that the walk passed. A settled row
// counts.
func (p *Program[X]) Walk(entry ID, x X) (status int, last ID) {
	return p.walk(p.entry(entry), x)
}

func (p *Program[X]) walk(e *entry, x X) (status int, last ID) {
	at := e.exit
	for at.next >= 0 {
		s := &p.steps[at.next]
		if s.leap != nil {
			if k := s.leap.take(x); k >= 0 && s.leap.exits[k].end != 0 {
				at = s.leap.exits[k]
				continue
			}
		}
		a := s.ask(x)
		if a != Yes && a != No {
			return int(Status(int(a))), s.id
		}
		at = s.next[a]
	}
	return -int(at.next), at.end
}

func (p *Program[X]) entry(id ID) *entry {
	for i := range p.entries {
		if p.entries[i].id == id {
			return &p.entries[i]
		}
	}
	panic(fmt.Sprintf("decision: %v is not an entry of the program", id))
}

// Reaches reports whether a walk can reach the ID. A row counts if it can be asked or
// folded. A status counts if an edge leads to it. In addition, a question that answers
// with a status may end the walk with any status.
func (p *Program[X]) Reaches(id ID) bool {
	_, found := slices.BinarySearch(p.reached, id)
	return found
}

// Steps returns the rows that are asked, in diagram order. Folded rows are left out.
func (p *Program[X]) Steps() []ID {
	ids := make([]ID, len(p.steps))
	for i, s := range p.steps {
		ids[i] = s.id
	}
	return ids
}

// Graph returns what is left of the graph: the rows that are asked. Their edges jump
// across the settled rows.
func (p *Program[X]) Graph() Graph {
	g := make(Graph, len(p.steps))
	target := func(to exit) ID {
		if to.next < 0 {
			return ID(-to.next)
		}
		return p.steps[to.next].id
	}
	for _, s := range p.steps {
		g[s.id] = Row{Yes: target(s.next[Yes]), No: target(s.next[No]), Label: p.graph[s.id].Label}
	}
	return g
}
