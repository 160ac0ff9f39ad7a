// How figures are shown: as a table, and one of them by function.

package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// printTable prints a row for each contestant and a column for each case: the
// instructions, their ratio to the floor where that was counted, the allocations.
func printTable(out io.Writer, figures []figure, cases []contest.Case) error {
	floor := map[string]int{}
	for _, f := range figures {
		if f.contestant == contest.Floor {
			floor[f.name] = f.instructions
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprint(w, "instructions (ratio to the floor), allocations")
	for _, c := range cases {
		fmt.Fprint(w, "\t", c.Name)
	}
	for i, f := range figures {
		if i%len(cases) == 0 {
			fmt.Fprint(w, "\n", f.contestant)
		}
		fmt.Fprint(w, "\t", thousands(f.instructions))
		if of := floor[f.name]; of > 0 {
			fmt.Fprintf(w, " (%.2f)", float64(f.instructions)/float64(of))
		}
		fmt.Fprintf(w, ", %d a", f.allocations)
	}
	fmt.Fprintln(w)
	return w.Flush()
}

// thousands is n with a comma before the last three digits.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// A spent is what one function took, without those that it called.
type spent struct {
	name         string
	instructions int
	lines        map[uint64]bool // the lines of the instruction cache, 64 bytes each
}

// byFunction divides a figure among the functions, those that took most first.
// Inlined functions belong to the one that they are inlined into. Addresses are
// looked up in this process, whose program the child ran, too.
func byFunction(at map[uint64]int) []*spent {
	all := map[string]*spent{}
	for address, n := range at {
		if n == 0 {
			continue
		}
		name := "outside of the program"
		if f := runtime.FuncForPC(uintptr(address)); f != nil {
			entry := runtime.FuncForPC(f.Entry())
			name = entry.Name()
		}
		if all[name] == nil {
			all[name] = &spent{name: name, lines: map[uint64]bool{}}
		}
		all[name].instructions += n
		all[name].lines[address/64] = true
	}
	return slices.SortedFunc(maps.Values(all), func(a, b *spent) int {
		return cmp.Or(b.instructions-a.instructions, cmp.Compare(a.name, b.name))
	})
}

func printProfile(out io.Writer, f figure) {
	functions := byFunction(f.at)
	lines := 0
	for _, s := range functions {
		lines += len(s.lines)
	}
	fmt.Fprintf(out, "%s, %s: %s instructions in %d functions, %d cache lines of code\n\n",
		f.contestant, f.name, thousands(f.instructions), len(functions), lines)
	fmt.Fprintln(out, "instructions  cache lines  function")
	for _, s := range functions {
		fmt.Fprintf(out, "%12d  %11d  %s\n", s.instructions, len(s.lines), s.name)
	}
}
