// How a time is taken. It is the processor's time of this process, in which other
// programs do not count. But they take its caches, so that it still varies from minute
// to minute, and nothing is said about a time alone: in each pass each contestant has
// its turn, and it is compared with the floor of the same pass.

package main

import (
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/restmachine/restmachine-go/bench/report"
)

// between is how many turns are taken between two looks at the clock, so that
// looking costs a few nanoseconds a turn, the same for all.
const between = 128

// nanoseconds takes turns for as long as d and returns what one took.
func nanoseconds(turn func(), d time.Duration) float64 {
	runtime.GC()
	turns, begun := 0, processorTime()
	for {
		for range between {
			turn()
		}
		turns += between
		if took := processorTime() - begun; took >= d {
			return float64(took.Nanoseconds()) / float64(turns)
		}
	}
}

// paired measures all turns once in each pass: [turn][pass] nanoseconds. Each
// pass begins with another one, so that nobody is always behind the same
// neighbour.
func paired(turns []func(), passes int, d time.Duration) [][]float64 {
	times := make([][]float64, len(turns))
	for i, turn := range turns {
		times[i] = make([]float64, passes)
		nanoseconds(turn, d/10) // fill the pools and the caches
	}
	for pass := range passes {
		for k := range turns {
			i := (pass + k) % len(turns)
			times[i][pass] = nanoseconds(turns[i], d)
		}
	}
	return times
}

// ratios divides pass by pass.
func ratios(times, floor []float64) []float64 {
	r := make([]float64, len(times))
	for i := range times {
		r[i] = times[i] / floor[i]
	}
	return r
}

// quantile is the q-th quantile of v: 0.5 is the median.
func quantile(v []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(v))
	at := q * float64(len(s)-1)
	low := int(at)
	high := min(low+1, len(s)-1)
	return s[low] + (at-float64(low))*(s[high]-s[low])
}

func median(v []float64) float64 { return quantile(v, 0.5) }

// spread is how far apart the middle half of v is, as a part of its median.
func spread(v []float64) float64 { return (quantile(v, 0.75) - quantile(v, 0.25)) / median(v) }

// memory is what one turn allocates: bytes and allocations, exactly, since the
// collector cannot empty a pool meanwhile.
func memory(turn func()) (bytes, allocs int) {
	const turns = 100 * contest.Sample // whole rounds of turns that take one path after another
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for range between {
		turn()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range turns {
		turn()
	}
	runtime.ReadMemStats(&after)
	return int((after.TotalAlloc - before.TotalAlloc) / turns), int((after.Mallocs - before.Mallocs) / turns)
}

// cell is one figure of a table.
func cell(turn func(), times, floor []float64) report.Cell {
	r := ratios(times, floor)
	c := report.Cell{Ratio: median(r), Spread: spread(r), NS: median(times)}
	if turn != nil {
		c.Bytes, c.Allocs = memory(turn)
	}
	return c
}

// measureCases measures every contestant in every case; the first is the floor.
func measureCases(p plan, contestants []contest.Contestant, cases []contest.Case) []report.Row {
	rows := make([]report.Row, len(contestants))
	for i, one := range contestants {
		rows[i] = report.Row{Name: one.Name, Peer: one.Peer}
	}
	for _, c := range cases {
		turns := make([]func(), len(contestants))
		for i, one := range contestants {
			turns[i] = one.Turn(c)
		}
		times := paired(turns, p.passes, p.turn)
		for i := range contestants {
			rows[i].Cells = append(rows[i].Cells, cell(turns[i], times[i], times[0]))
		}
	}
	return rows
}

// measureLock measures PUT 200 with the lock on the resource, to itself without.
func measureLock(p plan) report.Cell {
	with, without := contest.Locks()
	times := paired([]func(){with, without}, p.passes, p.turn)
	return cell(nil, times[0], times[1])
}
