// The page for users: what a request costs, how that compares, and how to measure a service.

package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// usage says what a reader can do. No measurement says it.
//
//go:embed usage.txt
var usage string

// writtenBy tells whoever edits a page that it is made.
const writtenBy = "<!-- Written by bench: cd bench && go run . -->"

// Page is what users want to know, as Markdown; chart is the name of the chart's file.
func Page(d *Data, chart string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Performance\n\n%s\n\nAfter this page you know what a request costs, how that compares with other libraries, and how to measure your own service. [The page with all figures](internals/performance.md) says how they were measured, and why they are so.\n\n", writtenBy)
	fmt.Fprintf(&b, "## What does a request cost?\n\n")
	if d.Counts != nil {
		writeCosts(&b, d)
	}
	say(&b, d, besideTheFloor, besideTheNetwork, atTheStart)
	fmt.Fprintf(&b, "## How does that compare?\n\n")
	if d.Counts != nil {
		fmt.Fprintf(&b, "![Work for one request in six cases, as a ratio to a handler written by hand](%s)\n\n", chart)
	}
	say(&b, d, besidePeers)
	fmt.Fprintf(&b, "## How do I make it faster?\n\n")
	say(&b, d, withSignatures)
	b.WriteString(usage)
	return b.Bytes()
}

// writeCosts is one line for each case of restmachine.
func writeCosts(w io.Writer, d *Data) {
	fmt.Fprintf(w, "These are requests inside one process, without a socket. The document has about 300 bytes of JSON. The last column compares the instructions with a handler that is written by hand on httprouter.\n\n")
	header(w, []string{"time", "allocations", "instructions", "by hand = 1"})
	for _, name := range d.Cases {
		count, _ := d.count(contest.Ours, name)
		cell, _ := d.cell(contest.Ours, name)
		fmt.Fprintf(w, "| %s | %.1f µs | %d | %s | %.2f |\n", name, cell.NS/1e3, count.Allocations, grouped(count.Instructions), d.steps(contest.Ours, name))
	}
	fmt.Fprintln(w)
}
