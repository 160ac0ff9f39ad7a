// Package report makes the page and the chart from what was measured.
package report

import (
	"slices"
	"time"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// Data is everything that the page shows.
type Data struct {
	Date     time.Time
	Took     time.Duration
	Passes   int
	Turn     time.Duration // of each contestant, in each pass
	Machine  Machine
	Versions []Version

	Cases    []string // the columns of Rows
	Counts   []Count  // instructions; nil: not counted
	Rows     []Row    // by time; the first is the floor
	Routes   Growth
	Starts   StartUp
	Lock     Cell      // PUT 200 with the lock; the ratio is to the same without
	Loopback *Loopback // nil: not measured
}

// A Machine is what the figures were measured on.
type Machine struct {
	Cores           int
	CPU, System, Go string
	Load, LoadAfter string // averages of the minute before each
}

// A Count is the instructions and allocations of one contestant in one case.
type Count struct {
	Contestant, Case          string
	Instructions, Allocations int
	Functions                 []Spent // of restmachine alone: those that take most
	Lines                     int     // of restmachine alone: the cache lines of the code that ran, 64 bytes each
}

// A Spent is what one function takes, without those that it calls.
type Spent struct {
	Function     string
	Instructions int
}

// A Version is the version of a module in the binary.
type Version struct{ Module, Version string }

// A Row is a contestant's line of a table.
type Row struct {
	Name  string
	Peer  bool // restmachine wants to be faster than it
	Cells []Cell
}

// A Cell is one contestant in one case.
type Cell struct {
	Ratio         float64 // to the floor of the same pass, median of the passes
	Spread        float64 // of the middle half of the ratios, as a part of the median
	NS            float64 // median of the passes
	Bytes, Allocs int     // of one request
}

// Growth is the cost of a request by the number of routes; ratios are to the
// first count.
type Growth struct {
	Counts []int
	Rows   []Row
}

// StartUp is the cost of a start by the number of resources.
type StartUp struct {
	Counts []int
	Rows   []StartRow
}

// A StartRow is a contestant's starts.
type StartRow struct {
	Name   string
	Starts []Start
}

// A Start is how long one took of a processor, and what stays in memory.
type Start struct {
	Took  time.Duration
	Bytes int
}

// Loopback is what requests cost over sockets.
type Loopback struct {
	Connections int
	Time        time.Duration // of each server, in each pass
	Cases       []string
	Rows        []LoadRow // the first is the floor
}

// A LoadRow is what a request to a contestant costs in each case.
type LoadRow struct {
	Name  string
	Loads []Load
}

// A Load is the processor's time of one request, beside the floor's of the same pass.
type Load struct {
	Ratio, Low, High float64
	Took             time.Duration
}

// cell is what that contestant did in that case; false if it was not measured.
func (d *Data) cell(name, column string) (Cell, bool) {
	for _, r := range d.Rows {
		for i, c := range r.Cells {
			if r.Name == name && d.Cases[i] == column {
				return c, true
			}
		}
	}
	return Cell{}, false
}

// count is what was counted of that contestant in that case; false if nothing was.
func (d *Data) count(name, column string) (Count, bool) {
	for _, c := range d.Counts {
		if c.Contestant == name && c.Case == column {
			return c, true
		}
	}
	return Count{}, false
}

// steps are the instructions of that contestant in that case, as a ratio to the floor's; 0 if
// they were not counted.
func (d *Data) steps(name, column string) float64 {
	c, counted := d.count(name, column)
	floor, known := d.count(contest.Floor, column)
	if !counted || !known {
		return 0
	}
	return float64(c.Instructions) / float64(floor.Instructions)
}

// peers are the contestants that restmachine wants to be faster than.
func (d *Data) peers() []Row {
	return slices.DeleteFunc(slices.Clone(d.Rows), func(r Row) bool { return !r.Peer })
}

// start is the start of that contestant with so many resources; false if it was not measured.
func (d *Data) start(name string, resources int) (Start, bool) {
	for _, row := range d.Starts.Rows {
		if i := slices.Index(d.Starts.Counts, resources); row.Name == name && i >= 0 {
			return row.Starts[i], true
		}
	}
	return Start{}, false
}

// load is what that contestant costs over sockets in that case; false if it was not measured.
func (d *Data) load(name, column string) (Load, bool) {
	if d.Loopback != nil {
		for _, row := range d.Loopback.Rows {
			if i := slices.Index(d.Loopback.Cases, column); row.Name == name && i >= 0 {
				return row.Loads[i], true
			}
		}
	}
	return Load{}, false
}
