// This file holds the figures of a run.

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// figures is what a run has counted.
type figures struct {
	apps, refused int
	requests      int
	changes       int // made by others in the middle of requests
	statuses      map[int]int
}

func newFigures() figures { return figures{statuses: map[int]int{}} }

// add adds the figures of one App.
func (f *figures) add(g figures) {
	f.apps += g.apps
	f.refused += g.refused
	f.requests += g.requests
	f.changes += g.changes
	for status, n := range g.statuses {
		f.statuses[status] += n
	}
}

func (f figures) String() string {
	var statuses []string
	for _, status := range slices.Sorted(maps.Keys(f.statuses)) {
		statuses = append(statuses, fmt.Sprintf("%d: %d", status, f.statuses[status]))
	}
	return fmt.Sprintf("Apps: %d, and %d that Validate refused\nrequests: %d, with %d changes in the middle\n%s",
		f.apps, f.refused, f.requests, f.changes, strings.Join(statuses, ", "))
}
