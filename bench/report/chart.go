// The chart: one panel for each case, a bar for each contestant, to the left of
// the floor's line where it is faster and to the right where it is slower. The
// scale is logarithmic, so that twice as fast and twice as slow are as long.

package report

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// The chart's measures, in pixels.
const (
	chartWidth  = 980
	panelWidth  = chartWidth / 2
	barHeight   = 18
	panelHead   = 34 // the case's name
	panelFoot   = 30 // the scale
	chartHead   = 56
	chartFoot   = 12
	nameWidth   = 196
	plotLeft    = nameWidth + 44 // the widest figure fits between name and bar
	plotRight   = panelWidth - 56
	figureSpace = 5
)

// style has both palettes; the chart takes that of who looks at it.
const style = `
.back{fill:#ffffff}.text{fill:#1f2328}.faint{fill:#59636e}.grid{stroke:#d1d9e0}.floor{stroke:#1f2328}
.ours{fill:#0969da}.other{fill:#9aa4af}
text{font:12px system-ui,sans-serif}.title{font-size:16px;font-weight:600}.case{font-weight:600}.own{font-weight:600}
@media (prefers-color-scheme:dark){
.back{fill:#0d1117}.text{fill:#f0f6fc}.faint{fill:#9198a1}.grid{stroke:#3d444d}.floor{stroke:#f0f6fc}
.ours{fill:#4493f8}.other{fill:#656c76}}
`

// Chart is the figures of Rows as SVG.
func Chart(d *Data) []byte {
	var b bytes.Buffer
	panels := (len(d.Cases) + 1) / 2
	panelHeight := panelHead + barHeight*(len(d.Rows)-1) + panelFoot
	height := chartHead + panels*panelHeight + chartFoot
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img" aria-labelledby="t">`+"\n", chartWidth, height)
	fmt.Fprintf(&b, "<title id=\"t\">Cost of a request as a ratio to a handler written by hand</title>\n<style>%s</style>\n", style)
	fmt.Fprintf(&b, `<rect class="back" width="%d" height="%d"/>`+"\n", chartWidth, height)
	text(&b, 16, 26, "text title", "start", "Cost of a request, beside a handler written by hand (1.00)")
	text(&b, 16, 44, "faint", "start", "Bars to the left are faster, to the right slower; the scale is logarithmic.")
	s := scaleOf(d)
	for i, c := range d.Cases {
		fmt.Fprintf(&b, `<g transform="translate(%d,%d)">`+"\n", i%2*panelWidth, chartHead+i/2*panelHeight)
		s.panel(&b, d, i, c)
		fmt.Fprintln(&b, "</g>")
	}
	fmt.Fprintln(&b, "</svg>")
	return b.Bytes()
}

// A scale places ratios between two powers of two.
type scale struct{ low, high float64 } // as exponents

// scaleOf holds every ratio of d, and the floor with room on both sides.
func scaleOf(d *Data) scale {
	s := scale{-1, 1}
	for _, row := range d.Rows {
		for _, c := range row.Cells {
			s.low = min(s.low, math.Floor(math.Log2(c.Ratio)))
			s.high = max(s.high, math.Ceil(math.Log2(c.Ratio)))
		}
	}
	return s
}

func (s scale) x(ratio float64) float64 {
	return plotLeft + (math.Log2(ratio)-s.low)/(s.high-s.low)*(plotRight-plotLeft)
}

// panel draws one case: the grid, and the bars upon it.
func (s scale) panel(w io.Writer, d *Data, column int, name string) {
	text(w, 16, 18, "text case", "start", name)
	bottom := panelHead + barHeight*(len(d.Rows)-1)
	for e := s.low; e <= s.high; e++ {
		class := "grid"
		if e == 0 {
			class = "floor"
		}
		x := s.x(math.Exp2(e))
		fmt.Fprintf(w, `<line class="%s" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`+"\n", class, x, x, panelHead-6, bottom+2)
		text(w, x, float64(bottom+16), "faint", "middle", strings.TrimSuffix(fmt.Sprintf("%g", math.Exp2(e)), ".0"))
	}
	for i, row := range d.Rows[1:] {
		s.bar(w, row, row.Cells[column].Ratio, panelHead+i*barHeight)
	}
}

// bar draws one contestant, from the floor's line to its ratio.
func (s scale) bar(w io.Writer, row Row, ratio float64, y int) {
	class, nameClass := "other", "text"
	if strings.HasPrefix(row.Name, "restmachine") {
		class, nameClass = "ours", "text own"
	}
	from, to := s.x(1), s.x(ratio)
	at, anchor := to+figureSpace, "start"
	if to < from {
		at, anchor = to-figureSpace, "end"
	}
	base := float64(y + barHeight - 5)
	text(w, 16, base, nameClass, "start", row.Name)
	fmt.Fprintf(w, `<rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d" rx="2"/>`+"\n",
		class, min(from, to), y+2, max(1, math.Abs(to-from)), barHeight-4)
	text(w, at, base, nameClass, anchor, fmt.Sprintf("%.2f", ratio))
}

func text(w io.Writer, x, y float64, class, anchor, s string) {
	fmt.Fprintf(w, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", class, x, y, anchor, html.EscapeString(s))
}
