// A program is a graph made fit for one route: rows whose answer is settled are
// folded into the jumps across them, what is left is a flat table, and leaps
// take several of its rows at once.

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
	ask   Question[X]
	leap  func(X) int // nil: none
	exits []int16     // of leap; noExit where the program does not arrive
	next  [2]int16    // by answer
	end   [2]ID       // by answer, the last row in front of a status
	id    ID
}

// noExit is where a leap cannot lead.
const noExit = -1

// An entry is a row where a walk may begin.
type entry struct {
	id   ID
	next int16
	end  ID
	via  []fold
}

// A fold is a settled row, and its answer.
type fold struct {
	id     ID
	answer Answer
}

// A Leap takes several rows in one look, in the case that is the usual one: at
// the row From, and before that is asked, Take returns the index in To of the row
// that the walk comes to, or a negative number to go on row by row. It must lead
// where the rows would have led. A [Trace] never leaps.
type Leap[X any] struct {
	From ID
	To   []ID
	Take func(x X) int
}

// Specialize makes a program of the graph, for walks from the given entries.
// It calls bind once for each row that the program can still arrive at, in
// order: bind returns the question to ask there or, with a nil question, the
// settled answer, [Yes] or [No]. What a settled answer cuts off is not bound. A
// leap from a row that is not asked is left out, and one to where the program
// cannot arrive, or has nothing left to ask, goes row by row.
//
// It is an error if an entry or an end of a leap is no row, a key no coordinate,
// an edge leads nowhere, the graph has a cycle or a settled answer is a status;
// all faults are joined. The graph must not be changed afterwards.
func Specialize[X any](g Graph, entries []ID, bind func(ID) (settled Answer, ask Question[X]), leaps ...Leap[X]) (*Program[X], error) {
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
	for _, l := range leaps {
		for _, id := range append([]ID{l.From}, l.To...) {
			if _, ok := g[id]; !ok {
				faults = append(faults, fmt.Errorf("decision: a leap from %v: %v is no row", l.From, id))
			}
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
	p.jump(index, settled, entries, leaps)
	return p, nil
}

// jump fills in where answers, entries and leaps lead, across the settled rows.
func (p *Program[X]) jump(index map[ID]int16, settled map[ID]Answer, entries []ID, leaps []Leap[X]) {
	follow := func(from, id ID) (next int16, end ID, via []fold) {
		for end = from; !id.IsStatus(); {
			if i, ok := index[id]; ok {
				return i, end, via
			}
			answer := settled[id]
			via = append(via, fold{id, answer})
			end, id = id, p.graph[id].next(answer)
		}
		return -int16(id), end, via
	}
	p.via = make([][2][]fold, len(p.steps))
	for i := range p.steps {
		s := &p.steps[i]
		row := p.graph[s.id]
		s.next[No], s.end[No], p.via[i][No] = follow(s.id, row.No)
		s.next[Yes], s.end[Yes], p.via[i][Yes] = follow(s.id, row.Yes)
	}
	for _, id := range entries {
		next, end, via := follow(0, id)
		p.entries = append(p.entries, entry{id, next, end, via})
	}
	for _, l := range leaps {
		i, asked := index[l.From]
		if !asked {
			continue
		}
		exits := make([]int16, len(l.To))
		for k, id := range l.To {
			exits[k] = noExit
			if !p.Reaches(id) {
				continue
			}
			if next, _, _ := follow(l.From, id); next > i { // forward, so that a walk ends
				exits[k] = next
			}
		}
		p.steps[i].leap, p.steps[i].exits = l.Take, exits
	}
}

// Run walks from the first entry and returns the status at which it ends. It
// allocates nothing.
func (p *Program[X]) Run(x X) int {
	status, _ := p.walk(&p.entries[0], x)
	return status
}

// Walk is [Program.Run] from one of the entries; it panics if it is none. It also
// returns the last row that was passed, settled ones included.
func (p *Program[X]) Walk(entry ID, x X) (status int, last ID) {
	return p.walk(p.entry(entry), x)
}

func (p *Program[X]) walk(e *entry, x X) (status int, last ID) {
	i, last := e.next, e.end
	for i >= 0 {
		s := &p.steps[i]
		if s.leap != nil {
			if k := s.leap(x); k >= 0 && s.exits[k] >= 0 {
				i = s.exits[k]
				continue
			}
		}
		a := s.ask(x)
		if a != Yes && a != No {
			return int(Status(int(a))), s.id
		}
		i, last = s.next[a], s.end[a]
	}
	return -int(i), last
}

func (p *Program[X]) entry(id ID) *entry {
	for i := range p.entries {
		if p.entries[i].id == id {
			return &p.entries[i]
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
