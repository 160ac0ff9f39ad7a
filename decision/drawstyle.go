// This file holds the style sheet of drawings, for light and for dark colour schemes.
// Nothing comes in. CSS goes out, and every SVG embeds it.

package decision

import (
	"fmt"
	"strings"
)

// Style returns the style sheet that [Drawing.SVG] embeds. A page can include a
// drawing although its Content-Security-Policy forbids style elements: the policy
// permits this style by its hash.
func Style() string {
	var light, dark strings.Builder
	for _, k := range kinds {
		fmt.Fprintf(&light, ".graph .%s{fill:%s}\n", k.class, k.tint)
		fmt.Fprintf(&dark, ".graph .%s{fill:%s}\n", k.class, k.dark)
	}
	return lightStyle + light.String() + "@media (prefers-color-scheme:dark){\n" + darkStyle + dark.String() + "}\n"
}

const lightStyle = `
.graph text{font:12px "Helvetica Neue",Helvetica,Arial,sans-serif;fill:#1f2933}
.graph .ground{fill:#fff}
.graph .heading{font-size:22px;font-weight:bold}
.graph .ruler{fill:#8894a3;text-anchor:middle}
.graph .box{stroke:#9aa5b1;fill:#fff}
.graph .act .box{stroke:#1f2933;stroke-width:2.5}
.graph .id{font-weight:bold}
.graph .edge path{fill:none;stroke:#7b8794;stroke-width:1.4}
.graph .edge .head{fill:#7b8794;stroke:none}
.graph .edge text{font-size:11px;text-anchor:middle;stroke:#fff;stroke-width:3px;paint-order:stroke}
.graph .status rect{fill:#fff;stroke:#52606d}
.graph .status text{font-size:11px;font-weight:bold;text-anchor:middle;fill:#52606d}
.graph .s2 rect{stroke:#18794e}
.graph .s2 text{fill:#18794e}
.graph .s3 rect{stroke:#0b68a0}
.graph .s3 text{fill:#0b68a0}
.graph .s4 rect{stroke:#b54708}
.graph .s4 text{fill:#b54708}
.graph .s5 rect{stroke:#b42318}
.graph .s5 text{fill:#b42318}
.graph.traced .node,.graph.traced .status{opacity:.45}
.graph.traced .edge path{stroke:#cbd2d9}
.graph.traced .edge .head{fill:#cbd2d9}
.graph.traced .edge text{fill:#9aa5b1}
.graph.traced .lit,.graph.traced .dim{opacity:1}
.graph .node.lit .box{stroke:#0b5fff;stroke-width:3.5}
.graph .node.dim .box{stroke:#0b5fff;stroke-width:1.5;stroke-dasharray:4 3}
.graph.traced .edge.lit path{stroke:#0b5fff;stroke-width:3.5}
.graph.traced .edge.dim path{stroke:#0b5fff;stroke-width:2;stroke-dasharray:5 3}
.graph.traced .edge.lit .head,.graph.traced .edge.dim .head{fill:#0b5fff;stroke:none}
.graph.traced .edge.lit text,.graph.traced .edge.dim text{fill:#1f2933}
.graph .edge.lit text{font-weight:bold}
.graph .status.last rect{fill:#0b5fff;stroke:#0b5fff}
.graph .status.last text{fill:#fff}
`

const darkStyle = `.graph text{fill:#e6eaf0}
.graph .ground{fill:#12161c}
.graph .ruler{fill:#76828f}
.graph .box{stroke:#5b6876;fill:#12161c}
.graph .act .box{stroke:#e6eaf0}
.graph .edge path{stroke:#8793a1}
.graph .edge .head{fill:#8793a1}
.graph .edge text{stroke:#12161c}
.graph.traced .edge path{stroke:#3e4853}
.graph.traced .edge .head{fill:#3e4853}
.graph.traced .edge text{fill:#5b6876}
.graph.traced .edge.lit text,.graph.traced .edge.dim text{fill:#e6eaf0}
.graph .status rect{fill:#12161c;stroke:#9aa5b1}
.graph .status text{fill:#9aa5b1}
.graph .s2 rect{stroke:#5fd3a0}
.graph .s2 text{fill:#5fd3a0}
.graph .s3 rect{stroke:#74c0f0}
.graph .s3 text{fill:#74c0f0}
.graph .s4 rect{stroke:#f5a25d}
.graph .s4 text{fill:#f5a25d}
.graph .s5 rect{stroke:#ff8a80}
.graph .s5 text{fill:#ff8a80}
.graph .node.lit .box,.graph .node.dim .box,.graph.traced .edge.lit path,.graph.traced .edge.dim path{stroke:#6ea8ff}
.graph.traced .edge.lit .head,.graph.traced .edge.dim .head{fill:#6ea8ff;stroke:none}
.graph .status.last rect{fill:#6ea8ff;stroke:#6ea8ff}
.graph .status.last text{fill:#12161c}
`
