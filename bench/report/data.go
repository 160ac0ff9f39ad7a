// Package report makes the page and the chart from what was measured.
package report

import "time"

// Data is everything that the page shows.
type Data struct {
	Date     time.Time
	Took     time.Duration
	Passes   int
	Turn     time.Duration // of each contestant, in each pass
	Machine  Machine
	Versions []Version

	Cases    []string // the columns of Rows
	Rows     []Row    // the first is the floor
	Routes   Growth
	Starts   StartUp
	Lock     Cell      // PUT 200 with the lock; the ratio is to the same without
	Loopback *Loopback // nil: not measured
}

// A Machine is what the figures were measured on.
type Machine struct {
	Cores           int
	CPU, System, Go string
	Load            string // average of the minute before
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

// A Start is how long one took, and what stays in memory.
type Start struct {
	Took  time.Duration
	Bytes int
}

// Loopback is throughput over sockets.
type Loopback struct {
	Connections int
	Time        time.Duration // of each server, in each pass
	Cases       []string
	Rows        []LoadRow // the first is the floor
}

// A LoadRow is a contestant's throughput in each case.
type LoadRow struct {
	Name  string
	Loads []Load
}

// A Load is throughput beside the floor's of the same pass: more is better.
type Load struct{ Ratio, Low, High, PerSecond float64 }

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
