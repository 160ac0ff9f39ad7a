// The page: what a reader wants first comes first.

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
)

// What no measurement can say stands in two files of its own.
var (
	//go:embed method.md
	method string
	//go:embed reasons.md
	reasons string
)

// Page is the report as Markdown; chart is the name of the chart's file.
func Page(d *Data, chart string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Performance\n\n<!-- Written by bench: cd bench && go run . -out ../docs/performance.md -->\n\n")
	fmt.Fprintf(&b, "What a request costs, beside a handler written by hand on httprouter (the floor, 1.00) and beside other ways to write the same service. Smaller is faster.\n\n")
	fmt.Fprintf(&b, "![Cost of a request in six cases, as a ratio to the handler written by hand](%s)\n\n", chart)
	writeCases(&b, d)
	writeTargets(&b, d)
	writeLoopback(&b, d)
	writeGrowth(&b, d)
	writeStarts(&b, d)
	fmt.Fprintf(&b, "\n## The lock\n\nPUT 200 with the lock on the resource, which nobody else wants, costs %.2f of what it costs without: %+.0f ns.\n",
		d.Lock.Ratio, d.Lock.NS-d.Lock.NS/d.Lock.Ratio)
	fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(method))
	writeMachine(&b, d)
	return b.Bytes()
}

func writeCases(w io.Writer, d *Data) {
	fmt.Fprintf(w, "## In process\n\nRatio to the floor, nanoseconds, bytes, allocations (a) of one request.\n\n| |")
	for _, c := range d.Cases {
		fmt.Fprintf(w, " %s |", c)
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("---|", len(d.Cases)))
	var spreads []float64
	for _, row := range d.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, c := range row.Cells {
			fmt.Fprintf(w, " **%.2f** %.0f ns %d B %d a |", c.Ratio, c.NS, c.Bytes, c.Allocs)
			spreads = append(spreads, c.Spread)
		}
		fmt.Fprintln(w)
	}
	slices.Sort(spreads)
	fmt.Fprintf(w, "\nThe ratios are medians of %d passes of %v each; the middle half of them lies within %.0f %% of the median in half the figures, and within %.0f %% in the worst.\n\n",
		d.Passes, d.Turn, 100*spreads[len(spreads)/2], 100*spreads[len(spreads)-1])
}

func writeLoopback(w io.Writer, d *Data) {
	l := d.Loopback
	if l == nil {
		return
	}
	fmt.Fprintf(w, "\n## Over sockets\n\nReplies a second as a ratio to the floor's, median and middle half of the passes. Larger is faster. One server is loaded at a time, by a client of our own on the same cores, over %d connections, %v in each pass.\n\n| |", l.Connections, l.Time)
	for _, c := range l.Cases {
		fmt.Fprintf(w, " %s |", c)
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("---|", len(l.Cases)))
	for _, row := range l.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, v := range row.Loads {
			fmt.Fprintf(w, " **%.2f** (%.2f to %.2f) %s/s |", v.Ratio, v.Low, v.High, grouped(int(v.PerSecond)))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\nThe network, the kernel and net/http cost far more than any handler here, so these differences are small. fiber is on fasthttp, without net/http.\n")
}

func writeGrowth(w io.Writer, d *Data) {
	fmt.Fprintf(w, "\n## Number of routes\n\n304 by tag, over a sample of 30 paths (a third static, a third with one parameter, a third with two): ratio to the same router with %s routes, and nanoseconds.\n\n| |", grouped(d.Routes.Counts[0]))
	for _, n := range d.Routes.Counts {
		fmt.Fprintf(w, " %s |", grouped(n))
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("---|", len(d.Routes.Counts)))
	for _, row := range d.Routes.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, c := range row.Cells {
			fmt.Fprintf(w, " **%.2f** %.0f ns %d a |", c.Ratio, c.NS, c.Allocs)
		}
		fmt.Fprintln(w)
	}
}

func writeStarts(w io.Writer, d *Data) {
	fmt.Fprintf(w, "\n## Start-up\n\nFrom nothing to ready, and the memory that stays, by the number of resources, each with GET and PUT.\n\n| |")
	for _, n := range d.Starts.Counts {
		fmt.Fprintf(w, " %s |", grouped(n))
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("---|", len(d.Starts.Counts)))
	for _, row := range d.Starts.Rows {
		fmt.Fprintf(w, "| %s |", row.Name)
		for _, s := range row.Starts {
			fmt.Fprintf(w, " %s, %.2f MB |", milliseconds(s.Took), float64(s.Bytes)/1e6)
		}
		fmt.Fprintln(w)
	}
}

func writeMachine(w io.Writer, d *Data) {
	m := d.Machine
	fmt.Fprintf(w, "\n## Machine and versions\n\n%d cores (%s), %s, %s, %s. The run took %s; the load average before it was %s.\n\n",
		m.Cores, m.CPU, m.System, m.Go, d.Date.UTC().Format(time.DateOnly), d.Took.Round(time.Second), m.Load)
	for _, v := range d.Versions {
		fmt.Fprintf(w, "- %s %s\n", v.Module, v.Version)
	}
	fmt.Fprintf(w, "- restmachine as it stands beside this page\n")
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
