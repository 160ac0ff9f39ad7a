// A program is a graph made fit for one route: rows whose answer is settled are
// folded into the jumps across them, and what is left is a flat table.

package decision

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// A Question asks x, or acts on it. It is called at most once in a walk.
type Question[X any] func(x X) Answer

// A Program is a [Graph] specialised by [Specialize]. It is immutable and safe
// for concurrent use, as far as its questions are.
type Program[X any] struct {
	graph   Graph // for labels
	steps   []step[X]
	via     [][2][]fold // for each step, by answer, what the jump folds; only Trace looks
	entries []entry
	reached []ID // rows, folded ones included, and statuses; sorted
}

// A step is a row that is asked. Where an answer leads is the index of a step
// or, below zero, a status.
type step[X any] struct {
	ask  Question[X]
	next [2]int16 // by answer
	id   ID
}

// An entry is a row where a walk may begin.
type entry struct {
	id   ID
	next int16
	via  []fold
}

// A fold is a settled row, and its answer.
type fold struct {
	id     ID
	answer Answer
}

// Specialize makes a program of the graph, for walks from the given entries.
// It calls bind once for each row that the program can still arrive at, in
// order: bind returns the question to ask there or, with a nil question, the
// settled answer, [Yes] or [No]. What a settled answer cuts off is not bound.
//
// It is an error if an entry is no row, a key no coordinate, an edge leads
// nowhere, the graph has a cycle or a settled answer is a status; all faults are
// joined. The graph must
// not be changed afterwards.
func Specialize[X any](g Graph, entries []ID, bind func(ID) (settled Answer, ask Question[X])) (*Program[X], error) {
	order, faults := g.order()
	if len(entries) == 0 {
		faults = append(faults, errors.New("decision: a program needs an entry"))
	}
	reached := make(map[ID]bool, len(g))
	for _, id := range entries {
		reached[id] = true
		if _, ok := g[id]; !ok {
			faults = append(faults, fmt.Errorf("decision: entry %v is no row", id))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}

	p := &Program[X]{graph: g}
	index := make(map[ID]int16, len(g)) // of the steps
	settled := make(map[ID]Answer, len(g))
	// Each row comes after those that lead to it, so one pass finds them all.
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
			faults = append(faults, fmt.Errorf("decision: the settled answer of %v is %v, neither yes nor no", id, answer))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	p.reached = slices.Sorted(maps.Keys(reached))
	p.jump(index, settled, entries)
	return p, nil
}

// jump fills in where answers and entries lead, across the settled rows.
func (p *Program[X]) jump(index map[ID]int16, settled map[ID]Answer, entries []ID) {
	follow := func(id ID) (next int16, via []fold) {
		for {
			if id.IsStatus() {
				return -int16(id), via
			}
			if i, ok := index[id]; ok {
				return i, via
			}
			answer := settled[id]
			via = append(via, fold{id, answer})
			id = p.graph[id].next(answer)
		}
	}
	p.via = make([][2][]fold, len(p.steps))
	for i := range p.steps {
		s := &p.steps[i]
		row := p.graph[s.id]
		s.next[No], p.via[i][No] = follow(row.No)
		s.next[Yes], p.via[i][Yes] = follow(row.Yes)
	}
	for _, id := range entries {
		next, via := follow(id)
		p.entries = append(p.entries, entry{id, next, via})
	}
}

// Run walks from the first entry and returns the status at which it ends. It
// allocates nothing.
func (p *Program[X]) Run(x X) int { return p.run(p.entries[0].next, x) }

// RunFrom is [Program.Run] from one of the entries; it panics if it is none.
func (p *Program[X]) RunFrom(entry ID, x X) int { return p.run(p.entry(entry).next, x) }

func (p *Program[X]) run(i int16, x X) int {
	for i >= 0 {
		s := &p.steps[i]
		a := s.ask(x)
		if a != Yes && a != No {
			return int(Status(int(a)))
		}
		i = s.next[a]
	}
	return -int(i)
}

func (p *Program[X]) entry(id ID) entry {
	for _, e := range p.entries {
		if e.id == id {
			return e
		}
	}
	panic(fmt.Sprintf("decision: %v is no entry of the program", id))
}

// Reaches reports whether a walk can arrive at the row, be it asked or folded,
// or be led by an edge to the status. A question that answers with a status of
// its own may end the walk with any.
func (p *Program[X]) Reaches(id ID) bool {
	_, found := slices.BinarySearch(p.reached, id)
	return found
}

// Steps returns the rows that are really asked, in diagram order.
func (p *Program[X]) Steps() []ID {
	ids := make([]ID, len(p.steps))
	for i, s := range p.steps {
		ids[i] = s.id
	}
	return ids
}

// Graph returns what is left of the graph: the rows that are asked, joined by
// the jumps across those that are settled.
func (p *Program[X]) Graph() Graph {
	g := make(Graph, len(p.steps))
	target := func(next int16) ID {
		if next < 0 {
			return ID(-next)
		}
		return p.steps[next].id
	}
	for _, s := range p.steps {
		g[s.id] = Row{Yes: target(s.next[Yes]), No: target(s.next[No]), Label: p.graph[s.id].Label}
	}
	return g
}
