// The page for those who change the library: how it was measured, every figure, and why it is so.

package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// What no measurement can say stands in two files.
var (
	//go:embed method.md
	method string
	//go:embed reasons.md
	reasons string
)

// Figures is the page with all figures as Markdown.
func Figures(d *Data) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Performance: the figures\n\n%s\n\nThis page has all figures, how they were measured, and why they are so. [The guide](../performance.md) says what they mean for a service.\n\n", writtenBy)
	fmt.Fprintf(&b, "%s\n\n", strings.TrimSpace(method))
	if d.Counts != nil {
		writeCounts(&b, d)
	}
	writeTargets(&b, d)
	writeCases(&b, d)
	writeLoopback(&b, d)
	writeStarts(&b, d)
	writeGrowth(&b, d)
	fmt.Fprintf(&b, "\n## The lock\n\nA PUT 200 locks its resource. Where nobody else wants the lock, it costs %.2f of a PUT 200 without a lock: %+.0f ns.\n",
		d.Lock.Ratio, d.Lock.NS-d.Lock.NS/d.Lock.Ratio)
	fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(reasons))
	writeMachine(&b, d)
	return b.Bytes()
}

// header is the head of a table whose columns are named, behind the names of its rows.
func header(w io.Writer, columns []string) {
	fmt.Fprintf(w, "| | %s |\n|---|%s\n", strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
}

func writeCounts(w io.Writer, d *Data) {
	fmt.Fprintf(w, "## Instructions\n\nRatio to the floor, instructions, allocations (a) of one request. Smaller is better. These figures do not depend on what else the machine does.\n\n")
	header(w, d.Cases)
	for _, row := range d.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, c := range d.Cases {
			count, _ := d.count(row.Name, c)
			fmt.Fprintf(w, " **%.2f** %s, %d a |", d.steps(row.Name, c), grouped(count.Instructions), count.Allocations)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "\nThe code that runs for one request of restmachine's")
	for i, c := range d.Cases {
		count, _ := d.count(contest.Ours, c)
		fmt.Fprintf(w, "%s %.0f kB for %s", map[bool]string{true: ":", false: ","}[i == 0], float64(count.Lines)*64/1e3, c)
	}
	fmt.Fprintf(w, ". A first-level cache holds 32 kB or more.\n\n")
}

func writeCases(w io.Writer, d *Data) {
	fmt.Fprintf(w, "\n## Time\n\nRatio to the floor, nanoseconds of processor time, bytes of one request, all in one run. Smaller is better.\n\n")
	header(w, d.Cases)
	var spreads []float64
	for _, row := range d.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, c := range row.Cells {
			fmt.Fprintf(w, " **%.2f** %.0f ns %d B |", c.Ratio, c.NS, c.Bytes)
			spreads = append(spreads, c.Spread)
		}
		fmt.Fprintln(w)
	}
	slices.Sort(spreads)
	fmt.Fprintf(w, "\nThe ratios are medians of %d passes of %v each. In each pass each contestant is timed, and divided by the floor of the same pass. The middle half of the ratios lies within %.0f %% of the median in half the figures, and within %.0f %% in the worst: do not believe a smaller difference.\n",
		d.Passes, d.Turn, 100*spreads[len(spreads)/2], 100*spreads[len(spreads)-1])
}

func writeLoopback(w io.Writer, d *Data) {
	l := d.Loopback
	if l == nil {
		return
	}
	fmt.Fprintf(w, "\n## Over sockets\n\nProcessor time of one request, client, kernel and server together: ratio to the floor's (median, and middle half of the passes), and microseconds. Smaller is better. One server is loaded at a time, by a client of our own, over %d connections, %v in each pass.\n\n", l.Connections, l.Time)
	header(w, l.Cases)
	for _, row := range l.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, v := range row.Loads {
			fmt.Fprintf(w, " **%.2f** (%.2f to %.2f) %.1f µs |", v.Ratio, v.Low, v.High, float64(v.Took.Nanoseconds())/1e3)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\nThe network, the kernel and net/http cost far more than any handler here. For this reason most of these differences are noise. fiber is on fasthttp, without net/http.\n")
}

func writeGrowth(w io.Writer, d *Data) {
	fmt.Fprintf(w, "\n## Number of routes\n\n304 by tag, over a sample of 30 paths (a third static, a third with one parameter, a third with two): ratio to the same router with %s routes, and nanoseconds.\n\n", grouped(d.Routes.Counts[0]))
	header(w, groupedAll(d.Routes.Counts))
	for _, row := range d.Routes.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, c := range row.Cells {
			fmt.Fprintf(w, " **%.2f** %.0f ns %d a |", c.Ratio, c.NS, c.Allocs)
		}
		fmt.Fprintln(w)
	}
}

func writeStarts(w io.Writer, d *Data) {
	fmt.Fprintf(w, "\n## Start-up and memory\n\nProcessor time from nothing to ready, and the bytes that stay, by the number of resources, each with GET and PUT: the least of a few starts.\n\n")
	header(w, groupedAll(d.Starts.Counts))
	for _, row := range d.Starts.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, s := range row.Starts {
			fmt.Fprintf(w, " %s, %s |", milliseconds(s.Took), kilobytes(s.Bytes))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\nResources that one line registers with the same functions share a plan. A Resource with facts of its own, or with a closure as a handler, has a plan of its own, which keeps some 7 kB. Several Apps in one process share the programs of the graph, so each further App keeps some 6 kB less. TestMemory in package restmachine holds all of this.\n")
}

func groupedAll(counts []int) (all []string) {
	for _, n := range counts {
		all = append(all, grouped(n))
	}
	return all
}

func kilobytes(n int) string {
	if n < 1e6 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

func writeMachine(w io.Writer, d *Data) {
	m := d.Machine
	fmt.Fprintf(w, "\n## Machine and versions\n\n%d cores (%s), %s, %s, %s. The run took %s. Other programs ran meanwhile: the load average was %s before it and %s at its end, where the run itself makes about 1.\n\n",
		m.Cores, m.CPU, m.System, m.Go, d.Date.UTC().Format(time.DateOnly), d.Took.Round(time.Second), m.Load, m.LoadAfter)
	for _, v := range d.Versions {
		fmt.Fprintf(w, "- %s %s\n", v.Module, v.Version)
	}
	fmt.Fprintf(w, "- restmachine as it stands in the repository with this page\n")
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond))
}

// grouped is n with commas between its thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
