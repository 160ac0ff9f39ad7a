package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// canned is a small report whose figures are easy to follow.
func canned() *Data {
	return &Data{
		Date: time.Date(2026, time.March, 14, 0, 0, 0, 0, time.UTC), Took: 5 * time.Minute, Passes: 8, Turn: 100 * time.Millisecond,
		Machine:  Machine{Cores: 2, CPU: "A & B", System: "linux/amd64", Go: "go1.26", Load: "0.10", LoadAfter: "1.20"},
		Versions: []Version{{"example.com/peer", "v1.2.3"}},
		Cases:    []string{contest.Get200, contest.Get304Tag},
		Counts: []Count{
			{Contestant: contest.Floor, Case: contest.Get200, Instructions: 10_000, Allocations: 8},
			{Contestant: contest.Floor, Case: contest.Get304Tag, Instructions: 3_000, Allocations: 4},
			{Contestant: "peer", Case: contest.Get200, Instructions: 40_000, Allocations: 9},
			{Contestant: "peer", Case: contest.Get304Tag, Instructions: 2_000, Allocations: 3},
			{Contestant: contest.Plain, Case: contest.Get200, Instructions: 14_098, Allocations: 8},
			{Contestant: contest.Plain, Case: contest.Get304Tag, Instructions: 9_000, Allocations: 4},
			{Contestant: contest.Ours, Case: contest.Get200, Instructions: 7_049, Allocations: 2, Lines: 500},
			{Contestant: contest.Ours, Case: contest.Get304Tag, Instructions: 3_600, Allocations: 2, Lines: 400,
				Functions: []Spent{{"walk.(*Walk).Decide", 900}, {"route.(*Table).Find", 300}}},
		},
		Rows: []Row{
			{Name: contest.Floor, Cells: []Cell{{Ratio: 1, NS: 1000, Bytes: 176, Allocs: 8}, {Ratio: 1, NS: 300, Bytes: 64, Allocs: 4}}},
			{Name: "peer", Peer: true, Cells: []Cell{{Ratio: 4, NS: 4000, Allocs: 17, Spread: 0.1}, {Ratio: 0.6, NS: 180, Allocs: 3}}},
			{Name: contest.Ours, Cells: []Cell{{Ratio: 0.7049, NS: 705, Bytes: 20, Allocs: 2}, {Ratio: 0.62, NS: 186, Allocs: 2}}},
		},
		Routes: Growth{Counts: []int{10, 10_000}, Rows: []Row{{Name: contest.Ours, Cells: []Cell{{Ratio: 1, NS: 100}, {Ratio: 1.3, NS: 130}}}}},
		Starts: StartUp{Counts: []int{1, 10_000}, Rows: []StartRow{{contest.Ours, []Start{{time.Millisecond, 19_000}, {107 * time.Millisecond, 13_600_000}}}}},
		Lock:   Cell{Ratio: 1.25, NS: 1000},
		Loopback: &Loopback{Connections: 16, Time: time.Second, Cases: []string{contest.Get200},
			Rows: []LoadRow{{contest.Floor, []Load{{1, 1, 1, 20 * time.Microsecond}}}, {contest.Ours, []Load{{1.06, 0.9, 1.1, 21_200}}}}},
	}
}

func TestPageHasTheFigures(t *testing.T) {
	page := string(Page(canned(), "chart.svg"))
	for _, line := range []string{
		"](chart.svg)",
		"| GET 200 | 0.7 µs | 2 | 7,049 | 0.70 |",
		"restmachine takes fewer instructions for GET 200 (0.70). It takes more for 304 by tag (1.20).",
		"The peers are peer. In 1 of 2 comparisons restmachine takes less time, and in 1 it takes fewer instructions. It does not take less time than peer in 304 by tag.",
		"A GET takes 21 µs of a processor there. The client, the kernel and net/http take most of it. The part of restmachine is about 0.7 µs.",
		"A loop that registers 10,000 resources is ready after 107 ms of one core, and the App keeps 13.6 MB. An idle App of one resource keeps 19 kB.",
		"a request takes 2.0 to 2.5 times as many instructions",
		"func BenchmarkNotModified",
	} {
		assert.Contains(t, page, line)
	}
}

func TestFiguresHasTheTables(t *testing.T) {
	page := string(Figures(canned()))
	for _, line := range []string{
		"| | GET 200 | 304 by tag |\n|---|---|---|\n",
		"| by hand (floor) | **1.00** 10,000, 8 a | **1.00** 3,000, 4 a |",
		"restmachine's: 32 kB for GET 200, 26 kB for 304 by tag.",
		"| by hand (floor) | **1.00** 1000 ns 176 B | **1.00** 300 ns 64 B |",
		"| 304 by tag | 1,200 of 3,600 | `walk.(*Walk).Decide` 900, `route.(*Table).Find` 300 |",
		"| restmachine | 1 ms, 19.0 kB | 107 ms, 13.6 MB |",
		"| restmachine | **1.00** 100 ns 0 a | **1.30** 130 ns 0 a |",
		"| restmachine | **1.06** (0.90 to 1.10) 21.2 µs |",
		"it costs 1.25 of a PUT 200 without a lock: +200 ns",
		"2 cores (A & B), linux/amd64, go1.26, 2026-03-14. The run took 5m0s. Other programs ran meanwhile: the load average was 0.10 before it and 1.20 at its end",
		"- example.com/peer v1.2.3",
	} {
		assert.Contains(t, page, line)
	}
}

// What was not measured does not get a heading or a sentence.
func TestPagesWithoutLoopbackAndCounts(t *testing.T) {
	d := canned()
	d.Loopback, d.Counts = nil, nil
	page := string(Page(d, "chart.svg")) + string(Figures(d))
	assert.NotContains(t, page, "## Over sockets")
	assert.NotContains(t, page, "Over a socket")
	assert.NotContains(t, page, "## Instructions")
	assert.NotContains(t, page, "inside one process")
	assert.NotContains(t, page, "chart.svg")
	assert.NotContains(t, page, "What stands in the way")
	assert.NotContains(t, page, "NaN")
}

// Each line is a target of one kind, met or not for the reason in its name.
func TestVerdicts(t *testing.T) {
	got := map[string]bool{}
	for _, v := range verdicts(canned()) {
		got[v.what+" "+v.wanted] = v.met
	}
	assert.Equal(t, map[string]bool{
		"instructions, GET 200 ≤ 0.70 of the floor":           true, // 0.7049 is shown as 0.70
		"allocations, GET 200 ≤ 2":                            true,
		"instructions, 304 by tag ≤ 0.80 of the floor":        false,
		"allocations, 304 by tag ≤ 1":                         false,
		"time, ahead of peer in 2 cases":                      false, // the peer is faster in one
		"processor over sockets, GET 200 ≤ 1.05 of the floor": false,
		"start of 10,000 resources ≤ 100 ms of a quiet core":  false,
		"memory of 10,000 resources ≤ 20 MB":                  true,
		"memory of an idle App < 20 kB":                       true,
	}, got)
	assert.Contains(t, string(Figures(canned())), "4 of 9 are met.")
}

// Where the middle half of the figures lies on both sides of a target, nobody can tell.
func TestNoiseIsNotAVerdict(t *testing.T) {
	for _, row := range []struct {
		load Load
		want string
	}{
		{Load{Ratio: 1.02, Low: 0.9, High: 1.04}, "met"},
		{Load{Ratio: 1.02, Low: 0.9, High: 1.2}, "lost in noise"},
		{Load{Ratio: 1.2, Low: 0.9, High: 1.4}, "lost in noise"},
		{Load{Ratio: 1.2, Low: 1.1, High: 1.4}, "**not met**"},
	} {
		d := canned()
		d.Loopback.Rows[1].Loads[0] = row.load
		assert.Equal(t, row.want, loads(d)[0].word(), "%+v", row.load)
	}
}

// fiber may be ahead in the one case where it does not do what net/http does.
func TestFiberMayBeAheadInOneCase(t *testing.T) {
	d := canned()
	d.Cases[1], d.Rows[1].Name = contest.Get304, "fiber, etag middleware"
	assert.Equal(t, []verdict{{what: "time, ahead of fiber", wanted: "in 1 cases (all but 304 by date)", got: "in 1", met: true}}, peers(d))
}

// A target that names nobody would never be judged, and nobody would notice.
func TestEveryTargetIsAboutACase(t *testing.T) {
	names, cases := map[string]bool{}, map[string]bool{}
	for _, c := range contest.All() {
		names[c.Name] = true
	}
	for _, c := range contest.Cases() {
		cases[c.Name] = true
	}
	for _, target := range targets {
		assert.True(t, cases[target.where], target.where)
	}
	for peer, where := range notAhead {
		assert.True(t, names[peer] && cases[where], peer)
	}
}

func TestChartIsXMLWithABarForEach(t *testing.T) {
	chart := Chart(canned())
	bars := 0
	for dec := xml.NewDecoder(bytes.NewReader(chart)); ; {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "rect" {
			bars++
		}
	}
	assert.Equal(t, 1+2*3, bars, "the back, and restmachine, the tuned handler and the peer in two cases")
	assert.Contains(t, string(chart), "prefers-color-scheme:dark")
	assert.Contains(t, string(chart), "→ 4.0", "a bar that is too long says so")
}

// A bar is as long as its ratio says, up to where bars end.
func TestScale(t *testing.T) {
	assert.InDelta(t, 2*(x(0.5)-plotLeft), x(1)-plotLeft, 1e-9)
	assert.InDelta(t, plotRight, x(27.9), 1e-9)
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1_234_567: "1,234,567"} {
		assert.Equal(t, want, grouped(n))
	}
}
