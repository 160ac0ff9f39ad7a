// What a user wants to know, in a few sentences that the figures fill.

package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// say writes a paragraph for each sentence whose figures were measured.
func say(w io.Writer, d *Data, sentences ...func(*Data) string) {
	for _, sentence := range sentences {
		if said := sentence(d); said != "" {
			fmt.Fprintf(w, "%s\n\n", said)
		}
	}
}

// besideTheFloor compares instructions with those of the floor.
func besideTheFloor(d *Data) string {
	var less, more []string
	for _, c := range d.Cases {
		switch ratio := rounded(d.steps(contest.Ours, c)); {
		case ratio == 0:
			return ""
		case ratio <= 1:
			less = append(less, fmt.Sprintf("%s (%.2f)", c, ratio))
		default:
			more = append(more, fmt.Sprintf("%s (%.2f)", c, ratio))
		}
	}
	said := "**A request costs about what it costs by hand.** The handler by hand does less: it compares one tag as a string, and it has neither a lock nor problem details."
	if len(less) > 0 {
		said += fmt.Sprintf(" restmachine takes fewer instructions for %s.", list(less))
	}
	if len(more) > 0 {
		said += fmt.Sprintf(" It takes more for %s.", list(more))
	}
	return said
}

// besidePeers counts the cases in which restmachine is ahead of each peer.
func besidePeers(d *Data) string {
	var names []string
	fewer, faster, all := 0, 0, 0
	var behind []string
	for _, peer := range d.peers() {
		names = append(names, short(peer.Name))
		for i, c := range d.Cases {
			all++
			if ours, theirs := d.steps(contest.Ours, c), d.steps(peer.Name, c); ours > 0 && ours < theirs {
				fewer++
			}
			if ours, ok := d.cell(contest.Ours, c); ok && rounded(ours.Ratio) < rounded(peer.Cells[i].Ratio) {
				faster++
			} else {
				behind = append(behind, short(peer.Name)+" in "+c)
			}
		}
	}
	if all == 0 {
		return ""
	}
	said := fmt.Sprintf("**restmachine is faster than its peers in most cases.** The peers are %s. In %d of %d comparisons restmachine takes less time", list(names), faster, all)
	if d.Counts != nil {
		said += fmt.Sprintf(", and in %d it takes fewer instructions", fewer)
	}
	if said += "."; len(behind) > 0 {
		said += " It does not take less time than " + list(behind) + "."
	}
	return said
}

// short is a contestant's name without how it is used.
func short(name string) string {
	name, _, _ = strings.Cut(name, ",")
	return name
}

// besideTheNetwork says how little of a request the handler is.
func besideTheNetwork(d *Data) string {
	load, ok := d.load(contest.Ours, contest.Get200)
	cell, known := d.cell(contest.Ours, contest.Get200)
	if !ok || !known {
		return ""
	}
	return fmt.Sprintf("**Over a socket you will hardly notice any handler.** A GET takes %.0f µs of a processor there. The client, the kernel and net/http take most of it. The part of restmachine is about %.1f µs.",
		float64(load.Took.Nanoseconds())/1e3, cell.NS/1e3)
}

// atTheStart says what many resources and an idle App cost.
func atTheStart(d *Data) string {
	most := slices.Max(append(slices.Clone(d.Starts.Counts), 0))
	many, ok := d.start(contest.Ours, most)
	one, known := d.start(contest.Ours, 1)
	if !ok || !known {
		return ""
	}
	return fmt.Sprintf("**An App starts quickly and stays small.** A loop that registers %s resources is ready after %s of one core, and the App keeps %.1f MB. An idle App of one resource keeps %.0f kB.",
		grouped(most), milliseconds(many.Took), float64(many.Bytes)/1e6, float64(one.Bytes)/1e3)
}

// withSignatures says what the generated file gains.
func withSignatures(d *Data) string {
	low, high := 0.0, 0.0
	for _, c := range d.Cases {
		ours, plain := d.steps(contest.Ours, c), d.steps(contest.Plain, c)
		if ours == 0 {
			return ""
		}
		if ratio := plain / ours; low == 0 || ratio < low {
			low = ratio
		}
		high = max(high, plain/ours)
	}
	return fmt.Sprintf("**Let a test write your signatures.** `restmachinetest.Signatures` writes a file with the types of your functions. Without that file the App calls them by reflection, and a request takes %.1f to %.1f times as many instructions.", low, high)
}

// list is a list in words.
func list(items []string) string {
	if n := len(items) - 1; n > 0 {
		return strings.Join(items[:n], ", ") + " and " + items[n]
	}
	return strings.Join(items, "")
}
