// The targets that were set before anything was built, and whether they are met.

package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// A target bounds what one contestant may cost in one case: the ratio to the
// floor, and the allocations, where anyAllocs does not allow any number.
type target struct {
	who, where string
	ratio      float64
	allocs     int
}

const anyAllocs = -1

// The entity-tag's fact makes a string, which counts among the allocations: 0
// beside it are 1.
var targets = []target{
	{contest.Ours, contest.Get304Tag, 0.65, 1},
	{contest.Plain, contest.Get304Tag, 2.0, anyAllocs},
	{contest.Ours, contest.Get304, 0.5, 1},
	{contest.Plain, contest.Get304, 1.6, anyAllocs},
	{contest.Ours, contest.Get200, 0.7, 2},
	{contest.Goccy, contest.Get200, 0.4, anyAllocs},
	{contest.Plain, contest.Get200, 1.4, anyAllocs},
	{contest.Ours, contest.Get404, 0.5, 0},
	{contest.Plain, contest.Get404, 1.3, anyAllocs},
	{contest.Ours, contest.Put412, 1.5, 1},
	{contest.Plain, contest.Put412, 2.5, anyAllocs},
	{contest.Ours, contest.Put200, 0.85, anyAllocs},
	{contest.Plain, contest.Put200, 1.4, anyAllocs},
	{contest.Execute, contest.Get200, 0.9, anyAllocs},
	{contest.Execute, contest.Get304Tag, 1.5, anyAllocs},
}

const (
	mostGrowth       = 1.2  // from the fewest routes to the most
	leastDirectLoads = 1.0  // of the floor's throughput
	leastPlainLoads  = 0.95 // likewise
)

// A verdict is one line of the table of targets.
type verdict struct {
	where, who, wanted, got string
	met                     bool
}

// verdicts judges everything that was measured. Figures are judged as they are
// shown, rounded.
func verdicts(d *Data) []verdict {
	var all []verdict
	for _, t := range targets {
		if c, ok := d.cell(t.who, t.where); ok {
			all = append(all, t.judge(c))
		}
	}
	return slices.Concat(all, peers(d), loads(d), growths(d))
}

func (t target) judge(c Cell) verdict {
	v := verdict{where: t.where, who: t.who, met: rounded(c.Ratio) <= t.ratio,
		wanted: fmt.Sprintf("≤ %.2f", t.ratio), got: fmt.Sprintf("%.2f", c.Ratio)}
	if t.allocs != anyAllocs {
		v.met = v.met && c.Allocs <= t.allocs
		v.wanted += fmt.Sprintf(", ≤ %s", allocs(t.allocs))
		v.got += ", " + allocs(c.Allocs)
	}
	return v
}

func allocs(n int) string {
	if n == 1 {
		return "1 alloc"
	}
	return fmt.Sprintf("%d allocs", n)
}

func loads(d *Data) []verdict {
	if d.Loopback == nil {
		return nil
	}
	var all []verdict
	for _, row := range d.Loopback.Rows {
		least, ok := map[string]float64{contest.Ours: leastDirectLoads, contest.Plain: leastPlainLoads}[row.Name]
		for i, l := range row.Loads {
			if ok {
				all = append(all, verdict{"throughput, " + d.Loopback.Cases[i], row.Name,
					fmt.Sprintf("≥ %.2f", least), fmt.Sprintf("%.2f", l.Ratio), rounded(l.Ratio) >= least})
			}
		}
	}
	return all
}

func growths(d *Data) []verdict {
	var all []verdict
	for _, row := range d.Routes.Rows {
		if row.Name != contest.Ours && row.Name != contest.Plain {
			continue
		}
		worst := slices.MaxFunc(row.Cells, func(a, b Cell) int { return cmp.Compare(a.Ratio, b.Ratio) })
		counts := d.Routes.Counts
		all = append(all, verdict{fmt.Sprintf("%s to %s routes", grouped(counts[0]), grouped(counts[len(counts)-1])), row.Name,
			fmt.Sprintf("≤ %.2f", mostGrowth), fmt.Sprintf("%.2f at worst", worst.Ratio), rounded(worst.Ratio) <= mostGrowth})
	}
	return all
}

// peers compares ours with the fastest peer of each case.
func peers(d *Data) []verdict {
	var all []verdict
	for i, column := range d.Cases {
		ours, ok := d.cell(contest.Ours, column)
		best := Row{}
		for _, row := range d.Rows {
			if row.Peer && (best.Name == "" || row.Cells[i].Ratio < best.Cells[i].Ratio) {
				best = row
			}
		}
		if ok && best.Name != "" {
			ratio := best.Cells[i].Ratio
			all = append(all, verdict{column, contest.Ours, fmt.Sprintf("< %.2f (%s, the fastest peer)", ratio, best.Name),
				fmt.Sprintf("%.2f", ours.Ratio), rounded(ours.Ratio) < rounded(ratio)})
		}
	}
	return all
}

func rounded(ratio float64) float64 { return math.Round(ratio*100) / 100 }

func writeTargets(w io.Writer, d *Data) {
	all := verdicts(d)
	met := 0
	for _, v := range all {
		if v.met {
			met++
		}
	}
	fmt.Fprintf(w, "## Targets\n\n%d of %d are met. They were set before the work began.\n\n", met, len(all))
	fmt.Fprintf(w, "| case | contestant | target | measured | |\n|---|---|---|---|---|\n")
	for _, v := range all {
		word := "met"
		if !v.met {
			word = "**not met**"
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", v.where, v.who, v.wanted, v.got, word)
	}
	fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(reasons))
}
