// The child: the names of a contestant and a case come in. It warms up, writes the
// allocations of a turn, and then takes one turn after another, with a breakpoint
// behind each, until the tracer ends it.

package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/restmachine/restmachine-go/bench/contest"
)

const (
	warmUp = 100 // turns until pools, caches and the tables of encoders are filled
	sample = 100 // turns whose allocations are counted
)

// takeTurns is the whole life of a child. It writes the allocations of a turn to out.
// Then it takes turns, with a breakpoint before the first and behind each. The first
// turn is not counted, the second does nothing, and all others are counted. Without
// a tracer the first breakpoint ends the process.
func takeTurns(out *os.File, contestant, name string) error {
	runtime.LockOSThread() // the first thread, which is the one that is traced
	turn, err := turnOf(contestant, name)
	if err != nil {
		return err
	}
	for range warmUp {
		turn()
	}
	if _, err := fmt.Fprintln(out, allocations(turn)); err != nil {
		return err
	}
	runtime.UnlockOSThread() // else the scheduler would hand over to a thread that the tracer has stopped
	runtime.Breakpoint()
	turn()
	runtime.Breakpoint()
	for next := func() {}; ; next = turn {
		next()
		runtime.Breakpoint()
	}
}

// turnOf finds the turn of a contestant in a case, both by their full names.
func turnOf(contestant, name string) (func(), error) {
	for _, one := range contest.All() {
		for _, c := range contest.Cases() {
			if one.Name == contestant && c.Name == name {
				return one.Turn(c), nil
			}
		}
	}
	return nil, fmt.Errorf("no contestant %q in a case %q", contestant, name)
}

// allocations is how often one turn allocates. Nothing else allocates meanwhile.
func allocations(turn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range sample {
		turn()
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / sample
}
