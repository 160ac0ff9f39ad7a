// The targets, whether they are met, and what stands in the way where they are not.

package report

import (
	"fmt"
	"io"
	"math"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// A target bounds what restmachine may cost in one case: instructions as a ratio to the floor's,
// and allocations.
type target struct {
	where  string
	ratio  float64
	allocs int
}

var targets = []target{
	{contest.Get200, 0.70, 2},
	{contest.Get304Tag, 0.80, 1},
	{contest.Get304, 0.65, 2},
	{contest.Get404, 0.65, 0},
	{contest.Put412, 1.05, 1},
	{contest.Put200, 0.60, 5},
}

const (
	mostResources = 10_000
	mostStart     = 100.0 // ms of a processor, for so many resources
	mostMemory    = 20.0  // MB, likewise
	mostIdle      = 20.0  // kB, for an App of one resource
	noise         = 1.05  // of the floor, by which a GET may be above it over sockets
)

// notAhead are the cases in which a peer may be ahead by time: fiber does not have the header
// map of net/http.
var notAhead = map[string]string{"fiber, etag middleware": contest.Get304}

// A verdict is one line of the table of targets.
type verdict struct {
	what, wanted, got string
	met               bool
	where             string // the case, of a target of instructions
	noisy             bool   // the figures lie on both sides of the target
}

// word says how a verdict ended.
func (v verdict) word() string {
	switch {
	case v.noisy:
		return "lost in noise"
	case v.met:
		return "met"
	}
	return "**not met**"
}

// verdicts judges everything that was measured. Figures are judged as they are
// shown, rounded.
func verdicts(d *Data) []verdict {
	var all []verdict
	for _, t := range targets {
		if c, ok := d.count(contest.Ours, t.where); ok {
			ratio := d.steps(contest.Ours, t.where)
			all = append(all,
				verdict{what: "instructions, " + t.where, wanted: fmt.Sprintf("≤ %.2f of the floor", t.ratio), got: fmt.Sprintf("%.2f", ratio), met: rounded(ratio) <= t.ratio, where: t.where},
				verdict{what: "allocations, " + t.where, wanted: fmt.Sprintf("≤ %d", t.allocs), got: fmt.Sprint(c.Allocations), met: c.Allocations <= t.allocs})
		}
	}
	for _, judge := range []func(*Data) []verdict{executes, peers, loads, starts} {
		all = append(all, judge(d)...)
	}
	return all
}

// executes compares Execute with what it replaces in a test.
func executes(d *Data) []verdict {
	var all []verdict
	for _, c := range d.Cases {
		ours, theirs := d.steps(contest.Execute, c), d.steps(contest.Recorded, c)
		if ours > 0 && theirs > 0 {
			all = append(all, verdict{what: "instructions of Execute, " + c, wanted: fmt.Sprintf("< %.2f (the floor in a ResponseRecorder)", theirs),
				got: fmt.Sprintf("%.2f", ours), met: rounded(ours) < rounded(theirs)})
		}
	}
	return all
}

// peers compares times with those of each peer.
func peers(d *Data) []verdict {
	var all []verdict
	for _, peer := range d.peers() {
		ahead, wanted := 0, len(d.Cases)
		but := ""
		for i, c := range d.Cases {
			ours, ok := d.cell(contest.Ours, c)
			switch isAhead := ok && rounded(ours.Ratio) < rounded(peer.Cells[i].Ratio); {
			case notAhead[peer.Name] == c:
				wanted--
				but = " (all but " + c + ")"
			case isAhead:
				ahead++
			}
		}
		all = append(all, verdict{what: "time, ahead of " + short(peer.Name), wanted: fmt.Sprintf("in %d cases%s", wanted, but), got: fmt.Sprintf("in %d", ahead), met: ahead == wanted})
	}
	return all
}

// loads compares what requests cost over sockets.
func loads(d *Data) []verdict {
	var all []verdict
	for _, c := range d.Cases {
		l, ok := d.load(contest.Ours, c)
		if !ok {
			continue
		}
		most := noise
		if c == contest.Put200 {
			most = 0.99
		}
		all = append(all, verdict{what: "processor over sockets, " + c, wanted: fmt.Sprintf("≤ %.2f of the floor", most),
			got: fmt.Sprintf("%.2f (%.2f to %.2f)", l.Ratio, l.Low, l.High), met: rounded(l.Ratio) <= most, noisy: l.Low < most && most < l.High})
	}
	return all
}

// starts judges the start and the memory of many resources, and of one.
func starts(d *Data) []verdict {
	var all []verdict
	if s, ok := d.start(contest.Ours, mostResources); ok {
		took, kept := float64(s.Took.Microseconds())/1e3, float64(s.Bytes)/1e6
		floor, _ := d.start(contest.Floor, mostResources)
		all = append(all,
			verdict{what: "start of 10,000 resources", wanted: fmt.Sprintf("≤ %.0f ms of a quiet core", mostStart),
				got: fmt.Sprintf("%.0f ms at a load of %s, where the floor takes %s", took, d.Machine.Load, milliseconds(floor.Took)), met: took <= mostStart},
			verdict{what: "memory of 10,000 resources", wanted: fmt.Sprintf("≤ %.0f MB", mostMemory), got: fmt.Sprintf("%.1f MB", kept), met: kept <= mostMemory})
	}
	if s, ok := d.start(contest.Ours, 1); ok {
		kept := float64(s.Bytes) / 1e3
		all = append(all, verdict{what: "memory of an idle App", wanted: fmt.Sprintf("< %.0f kB", mostIdle), got: fmt.Sprintf("%.1f kB", kept), met: kept < mostIdle})
	}
	return all
}

func rounded(ratio float64) float64 { return math.Round(ratio*100) / 100 }

func writeTargets(w io.Writer, d *Data) {
	all := verdicts(d)
	met := 0
	for _, v := range all {
		if v.met && !v.noisy {
			met++
		}
	}
	fmt.Fprintf(w, "## Targets\n\n%d of %d are met.\n\n| what | target | measured | |\n|---|---|---|---|\n", met, len(all))
	for _, v := range all {
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", v.what, v.wanted, v.got, v.word())
	}
	writeInTheWay(w, d, all)
}

// writeInTheWay lists, for each target of instructions that is not met, how many are too many,
// and which functions take most.
func writeInTheWay(w io.Writer, d *Data, all []verdict) {
	begun := false
	for _, v := range all {
		if v.met || v.where == "" {
			continue
		}
		if !begun {
			begun = true
			fmt.Fprintf(w, "\n### What stands in the way\n\nFor each target of instructions that is not met: by how many it is missed, and the functions that take most, without those that they call.\n\n| case | too many | where they go |\n|---|---|---|\n")
		}
		count, _ := d.count(contest.Ours, v.where)
		floor, _ := d.count(contest.Floor, v.where)
		fmt.Fprintf(w, "| %s | %s of %s |", v.where, grouped(count.Instructions-int(bound(v.where)*float64(floor.Instructions))), grouped(count.Instructions))
		for i, f := range count.Functions {
			if i > 0 {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, " `%s` %s", f.Function, grouped(f.Instructions))
		}
		fmt.Fprintln(w, " |")
	}
}

// bound is the ratio that a case may have.
func bound(where string) float64 {
	for _, t := range targets {
		if t.where == where {
			return t.ratio
		}
	}
	return 0
}
