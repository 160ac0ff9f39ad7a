// Many routes, and what it costs to start with many resources.

package main

import (
	"math"
	"runtime"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/restmachine/restmachine-go/bench/report"
)

// measureRoutes measures 304 by tag at each number of routes; the floor of a
// figure is the same router with the fewest.
func measureRoutes(p plan) report.Growth {
	g := report.Growth{Counts: p.routes}
	for _, router := range contest.Routers() {
		turns := make([]func(), len(p.routes))
		for i, n := range p.routes {
			turns[i] = contest.RouteTurn(router.Build(n), n)
		}
		times := paired(turns, p.passes, p.turn)
		row := report.Row{Name: router.Name}
		for i := range turns {
			row.Cells = append(row.Cells, cell(turns[i], times[i], times[0]))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// measureStarts measures how much of a processor a service takes until it can answer,
// and what it keeps in memory then: the least of a few starts, since nothing but the
// rest of the machine makes one dearer than another.
func measureStarts(p plan) report.StartUp {
	s := report.StartUp{Counts: p.resources}
	for _, start := range contest.Starts() {
		row := report.StartRow{Name: start.Name}
		for _, n := range p.resources {
			row.Starts = append(row.Starts, startOf(start, n, min(p.passes, 5)))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func startOf(start contest.Start, resources, times int) report.Start {
	least := report.Start{Took: math.MaxInt64, Bytes: math.MaxInt}
	for range times {
		before := heap()
		begun := processorTime()
		h := start.Build(resources)
		took := processorTime() - begun
		least.Took, least.Bytes = min(least.Took, took), min(least.Bytes, int(heap())-int(before))
		runtime.KeepAlive(h)
	}
	return least
}

// heap is how many bytes are alive.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // once more for what pools kept through the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
