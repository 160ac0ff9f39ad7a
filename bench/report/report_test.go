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
		Machine:  Machine{Cores: 2, CPU: "A & B", System: "linux/amd64", Go: "go1.26", Load: "0.10"},
		Versions: []Version{{"example.com/peer", "v1.2.3"}},
		Cases:    []string{contest.Get200, contest.Get304Tag},
		Rows: []Row{
			{Name: contest.Floor, Cells: []Cell{{Ratio: 1, NS: 1000, Bytes: 176, Allocs: 8}, {Ratio: 1, NS: 300, Bytes: 64, Allocs: 4}}},
			{Name: "peer", Peer: true, Cells: []Cell{{Ratio: 4, NS: 4000, Allocs: 17, Spread: 0.1}, {Ratio: 0.6, NS: 180, Allocs: 3}}},
			{Name: contest.Ours, Cells: []Cell{{Ratio: 0.7049, NS: 705, Allocs: 2}, {Ratio: 0.62, NS: 186, Allocs: 2}}},
		},
		Routes: Growth{Counts: []int{10, 10_000}, Rows: []Row{{Name: contest.Ours, Cells: []Cell{{Ratio: 1, NS: 100}, {Ratio: 1.3, NS: 130}}}}},
		Starts: StartUp{Counts: []int{10_000}, Rows: []StartRow{{contest.Ours, []Start{{107 * time.Millisecond, 21_600_000}}}}},
		Lock:   Cell{Ratio: 1.25, NS: 1000},
		Loopback: &Loopback{Connections: 16, Time: time.Second, Cases: []string{contest.Get200},
			Rows: []LoadRow{{contest.Floor, []Load{{1, 1, 1, 80_000}}}, {contest.Plain, []Load{{0.96, 0.9, 1, 76_800}}}, {contest.Ours, []Load{{0.98, 0.9, 1.1, 78_400}}}}},
	}
}

func TestPageHasTheFigures(t *testing.T) {
	page := string(Page(canned(), "chart.svg"))
	for _, line := range []string{
		"](chart.svg)",
		"| | GET 200 | 304 by tag |\n|---|---|---|\n",
		"| by hand (floor) | **1.00** 1000 ns 176 B 8 a | **1.00** 300 ns 64 B 4 a |",
		"| restmachine | 107 ms, 21.60 MB |",
		"| restmachine | **1.00** 100 ns 0 a | **1.30** 130 ns 0 a |",
		"| restmachine | **0.98** (0.90 to 1.10) 78,400/s |",
		"costs 1.25 of what it costs without: +200 ns",
		"2 cores (A & B), linux/amd64, go1.26, 2026-03-14. The run took 5m0s; the load average before it was 0.10.",
		"- example.com/peer v1.2.3",
	} {
		assert.Contains(t, page, line)
	}
}

// Where nothing was loaded, the page has no heading without a table.
func TestPageWithoutLoopback(t *testing.T) {
	d := canned()
	d.Loopback = nil
	page := string(Page(d, "chart.svg"))
	assert.NotContains(t, page, "## Over sockets")
	assert.NotContains(t, page, "throughput")
}

// Each line is a target of one kind, met or not for the reason in its name.
func TestVerdicts(t *testing.T) {
	got := map[string]bool{}
	for _, v := range verdicts(canned()) {
		got[v.where+": "+v.who+" "+v.wanted] = v.met
	}
	assert.Equal(t, map[string]bool{
		"GET 200: restmachine ≤ 0.70, ≤ 2 allocs":                 true,  // 0.7049 is shown as 0.70
		"304 by tag: restmachine ≤ 0.65, ≤ 1 alloc":               false, // one allocation too many
		"GET 200: restmachine < 4.00 (peer, the fastest peer)":    true,
		"304 by tag: restmachine < 0.60 (peer, the fastest peer)": false, // the peer is faster
		"throughput, GET 200: restmachine ≥ 1.00":                 false,
		"throughput, GET 200: restmachine, by reflection ≥ 0.95":  true,
		"10 to 10,000 routes: restmachine ≤ 1.20":                 false,
	}, got)
	assert.Contains(t, string(Page(canned(), "")), "3 of 7 are met.")
}

// A target that names nobody would never be judged, and nobody would notice.
func TestEveryTargetIsAboutAContestant(t *testing.T) {
	names, cases := map[string]bool{}, map[string]bool{}
	for _, c := range contest.All() {
		names[c.Name] = true
	}
	for _, c := range contest.Cases() {
		cases[c.Name] = true
	}
	for _, target := range targets {
		assert.True(t, names[target.who], target.who)
		assert.True(t, cases[target.where], target.where)
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
	assert.Equal(t, 1+2*2, bars, "the back, and two contestants beside the floor in two cases")
	assert.Contains(t, string(chart), "prefers-color-scheme:dark")
}

// Twice as fast and twice as slow are as long, and nothing leaves the plot.
func TestScale(t *testing.T) {
	d := canned()
	d.Rows[1].Cells[0].Ratio = 27.9
	s := scaleOf(d)
	assert.InDelta(t, s.x(1)-s.x(0.5), s.x(2)-s.x(1), 1e-9)
	for _, ratio := range []float64{0.5, 1, 27.9} {
		assert.False(t, s.x(ratio) < plotLeft || s.x(ratio) > plotRight, "%v", ratio)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1_234_567: "1,234,567"} {
		assert.Equal(t, want, grouped(n))
	}
}
