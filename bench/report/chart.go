// The chart: a group of bars for each case, a bar for each contestant that a user may
// have in mind. A line marks the handler written by hand. It is one column, which a phone
// shows without making the text smaller than it can be read.

package report

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/restmachine/restmachine-go/bench/contest"
)

// The chart's measures, in pixels.
const (
	chartWidth  = 440
	barHeight   = 18
	groupHead   = 24 // the case's name
	groupFoot   = 12
	chartHead   = 66
	plotLeft    = 122
	plotRight   = chartWidth - 58 // the widest figure fits behind the bar
	figureSpace = 5
)

// mostShown is the ratio at which bars end. Those that are longer end in an arrow.
const mostShown = 2.5

// style has both palettes; the chart takes that of who looks at it.
const style = `
.back{fill:#ffffff}.text{fill:#1f2328}.faint{fill:#59636e}.floor{stroke:#1f2328;stroke-dasharray:3 2}
.ours{fill:#0969da}.other{fill:#9aa4af}
.figure{paint-order:stroke;stroke:#ffffff;stroke-width:4px}
text{font:13px system-ui,sans-serif}.title{font-size:17px;font-weight:600}.case{font-weight:600}.own{font-weight:600}
@media (prefers-color-scheme:dark){
.back{fill:#0d1117}.text{fill:#f0f6fc}.faint{fill:#9198a1}.floor{stroke:#f0f6fc}
.ours{fill:#4493f8}.other{fill:#656c76}.figure{stroke:#0d1117}}
`

// charted are the contestants of the chart, and their names there. The floor is its line.
func charted(d *Data) (names, labels []string) {
	names, labels = []string{contest.Ours, contest.Tuned}, []string{"restmachine", "by hand, tuned"}
	for _, peer := range d.peers() {
		label, _, _ := strings.Cut(short(peer.Name), " + ")
		names, labels = append(names, peer.Name), append(labels, label)
	}
	return names, labels
}

// Chart is the instructions of the contestants as SVG.
func Chart(d *Data) []byte {
	var b bytes.Buffer
	names, labels := charted(d)
	groupHeight := groupHead + barHeight*len(names) + groupFoot
	height := chartHead + len(d.Cases)*groupHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img" aria-labelledby="t">`+"\n", chartWidth, height)
	fmt.Fprintf(&b, "<title id=\"t\">Work for one request as a ratio to a handler written by hand</title>\n<style>%s</style>\n", style)
	fmt.Fprintf(&b, `<rect class="back" width="%d" height="%d"/>`+"\n", chartWidth, height)
	text(&b, 12, 26, "text title", "start", "Work for one request")
	text(&b, 12, 46, "faint", "start", "Shorter is better. The dashed line is a handler")
	text(&b, 12, 62, "faint", "start", "by hand (1.00). Counted in instructions.")
	for i, c := range d.Cases {
		fmt.Fprintf(&b, `<g transform="translate(0,%d)">`+"\n", chartHead+i*groupHeight)
		text(&b, 12, 18, "text case", "start", c)
		for k, name := range names {
			bar(&b, d.steps(name, c), name == contest.Ours, groupHead+k*barHeight)
		}
		fmt.Fprintf(&b, `<line class="floor" x1="%.1f" x2="%[1]f" y1="%d" y2="%d"/>`+"\n", x(1), groupHead-2, groupHead+barHeight*len(names))
		for k, name := range names {
			words(&b, labels[k], d.steps(name, c), name == contest.Ours, groupHead+(k+1)*barHeight-5)
		}
		fmt.Fprintln(&b, "</g>")
	}
	fmt.Fprintln(&b, "</svg>")
	return b.Bytes()
}

// x is where a ratio lies.
func x(ratio float64) float64 {
	return plotLeft + min(ratio, mostShown)/mostShown*(plotRight-plotLeft)
}

// bar draws the bar of one contestant.
func bar(w io.Writer, ratio float64, ours bool, y int) {
	class := "other"
	if ours {
		class = "ours"
	}
	fmt.Fprintf(w, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`+"\n", class, plotLeft, y+2, max(1, x(ratio)-plotLeft), barHeight-4)
}

// words writes the name of a contestant in front of its bar, and its ratio behind it.
func words(w io.Writer, label string, ratio float64, ours bool, base int) {
	class := "text"
	if ours {
		class = "text own"
	}
	figure := fmt.Sprintf("%.2f", ratio)
	if ratio > mostShown {
		figure = fmt.Sprintf("→ %.1f", ratio)
	}
	text(w, plotLeft-figureSpace, float64(base), class, "end", label)
	text(w, x(ratio)+figureSpace, float64(base), class+" figure", "start", figure)
}

func text(w io.Writer, x, y float64, class, anchor, s string) {
	fmt.Fprintf(w, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", class, x, y, anchor, html.EscapeString(s))
}
