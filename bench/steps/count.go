// Figures: contestants and cases come in, and what one turn of each costs goes out.

package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// steps are the instructions of one turn, in all and by address.
type steps struct {
	total int
	at    map[uint64]int
}

// figure is what one turn costs.
type figure struct {
	contestant, name string
	instructions     int
	allocations      int
	at               map[uint64]int // the instructions by address
}

var errStuck = errors.New("the child was stuck, and was killed")

const (
	mostTurns = 6 // of one child
	retries   = 3 // of a child that got stuck
)

// count counts a turn of one contestant in one case. The program is this command,
// which it starts as a child.
//
// The figure is the count of the cheapest turn, less what an empty turn takes. Now and
// then a turn finds a span of the heap full, or all random numbers used, and pays
// for the turns after it. Turns are taken until the two cheapest agree.
func count(processor int, program, contestant, name string) (figure, error) {
	f := figure{contestant: contestant, name: name}
	args := []string{"-turn", contestant, name}
	empty, turns, said, err := trace(processor, program, args, enough)
	for range retries {
		if !errors.Is(err, errStuck) {
			break
		}
		empty, turns, said, err = trace(processor, program, args, enough)
	}
	if err == nil {
		f.allocations, err = strconv.Atoi(strings.TrimSpace(said))
	}
	if err != nil {
		return f, fmt.Errorf("%s, %s: %w", contestant, name, err)
	}
	best := cheapest(turns)
	f.instructions, f.at = best.total-empty.total, best.at
	for at, n := range empty.at {
		f.at[at] -= n
	}
	return f, nil
}

// cheapest is the turn of the fewest instructions.
func cheapest(turns []steps) steps {
	best := turns[0]
	for _, turn := range turns[1:] {
		if turn.total < best.total {
			best = turn
		}
	}
	return best
}

// enough reports whether no further turn is needed: the two cheapest are within half
// a percent of each other, or as many as are worth it have been taken.
func enough(turns []steps) bool {
	if len(turns) < 2 || len(turns) == mostTurns {
		return len(turns) == mostTurns
	}
	var totals []int
	for _, turn := range turns {
		totals = append(totals, turn.total)
	}
	slices.Sort(totals)
	return (totals[1]-totals[0])*200 <= totals[0]
}

// countAll counts every contestant in every case, on as many processors as there
// are. The figures are in the order of the contestants, and of the cases of each.
func countAll(program string, contestants []contest.Contestant, cases []contest.Case) ([]figure, error) {
	type cell struct {
		contestant, name string
		at               int
	}
	cells := make(chan cell, len(contestants)*len(cases))
	for _, one := range contestants {
		for _, c := range cases {
			cells <- cell{one.Name, c.Name, len(cells)}
		}
	}
	close(cells)
	figures, errs := make([]figure, cap(cells)), make([]error, cap(cells))
	var all sync.WaitGroup
	for _, processor := range processorsOrOne() {
		all.Go(func() {
			for c := range cells {
				figures[c.at], errs[c.at] = count(processor, program, c.contestant, c.name)
			}
		})
	}
	all.Wait()
	return figures, errors.Join(errs...)
}

// processorsOrOne is never empty, so that trace can say why it does not trace.
func processorsOrOne() []int {
	if all := processors(); len(all) > 0 {
		return all
	}
	return []int{0}
}
