// Figures as JSON, for the report.

package main

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/restmachine/restmachine-go/bench/report"
)

// mostFunctions is how many functions of a figure the report is told.
const mostFunctions = 12

// writeJSON writes figures as the report reads them. Those of restmachine are divided among its
// functions.
func writeJSON(out io.Writer, figures []figure) error {
	counts := make([]report.Count, 0, len(figures))
	for _, f := range figures {
		c := report.Count{Contestant: f.contestant, Case: f.name, Instructions: f.instructions, Allocations: f.allocations}
		if f.contestant == contest.Ours {
			for _, s := range byFunction(f.at) {
				c.Lines += len(s.lines)
				if len(c.Functions) < mostFunctions {
					c.Functions = append(c.Functions, report.Spent{Function: shortName(s.name), Instructions: s.instructions})
				}
			}
		}
		counts = append(counts, c)
	}
	return json.NewEncoder(out).Encode(counts)
}

// shortName is the name of a function without the path of its package and the types of its
// instance.
func shortName(name string) string {
	if i := strings.IndexByte(name, '['); i >= 0 {
		j := strings.LastIndexByte(name, ']')
		name = name[:i] + name[max(i, j)+1:]
	}
	return name[strings.LastIndexByte(name, '/')+1:]
}
