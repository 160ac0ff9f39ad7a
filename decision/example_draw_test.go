// These examples draw a graph.

package decision_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
)

// One drawing serves many traces.
func ExampleGraph_Draw() {
	drawing, err := tea.Draw()
	if err != nil {
		panic(err)
	}
	p := brewery()
	for _, pot := range []bool{true, false} {
		var t decision.Trace
		p.Trace(decision.B13, kitchen{pot: pot}, &t, nil)
		var svg strings.Builder
		err := drawing.SVG(&svg, &t)
		fmt.Println(strings.Contains(svg.String(), `id="n-B11" class="node act lit"`), err)
	}
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleGraph_DOT() {
	tea.DOT(os.Stdout, nil)
	// Output:
	// digraph decision {
	// 	node [shape=box, style=filled, fillcolor="#ffffff", fontname=Helvetica]
	// 	edge [fontname=Helvetica, fontsize=10]
	// 	B13 [label="B13\nWater boils?", tooltip="B13 Water boils? yes: B12, no: 503", fillcolor="#e4e9ef"]
	// 	B12 [label="B12\nA teapot?", tooltip="B12 A teapot? yes: B11, no: 418", fillcolor="#e4e9ef"]
	// 	B11 [label="B11\nBrew!", tooltip="B11 Brew! yes: 200, no: 500", fillcolor="#e4e9ef"]
	// 	B13 -> B12 [label=yes]
	// 	B13_503 [label=503, shape=oval]
	// 	B13 -> B13_503 [label=no]
	// 	B12 -> B11 [label=yes]
	// 	B12_418 [label=418, shape=oval]
	// 	B12 -> B12_418 [label=no]
	// 	B11_200 [label=200, shape=oval]
	// 	B11 -> B11_200 [label=yes]
	// 	B11_500 [label=500, shape=oval]
	// 	B11 -> B11_500 [label=no]
	// }
}

func ExampleGraph_Mermaid() {
	tea.Mermaid(os.Stdout, nil)
	// Output:
	// flowchart TB
	// 	B13["B13 Water boils?"]
	// 	class B13 system
	// 	B12["B12 A teapot?"]
	// 	class B12 system
	// 	B11["B11 Brew!"]
	// 	class B11 system
	// 	B13 -->|yes| B12
	// 	B13 -->|no| B13_503([503])
	// 	B12 -->|yes| B11
	// 	B12 -->|no| B12_418([418])
	// 	B11 -->|yes| B11_200([200])
	// 	B11 -->|no| B11_500([500])
	// 	classDef system fill:#e4e9ef,color:#1f2933
	// 	classDef lit stroke:#0b5fff,stroke-width:4px
	// 	classDef dim stroke:#0b5fff,stroke-width:2px,stroke-dasharray:4 3
	// 	classDef last fill:#0b5fff,color:#fff
}

// A page finds a row, an edge and a status by their ids.
func ExampleDrawing_SVG() {
	drawing, err := tea.Draw()
	if err != nil {
		panic(err)
	}
	var svg strings.Builder
	err = drawing.SVG(&svg, &decision.Trace{
		Visits: []decision.Visit{{ID: decision.B12, Label: "A teapot?", Answer: decision.No, Why: "there is only a mug"}},
		Status: 418,
	})
	for _, element := range []string{`id="n-B12" class="node lit"`, `id="e-B12-418" class="edge lit"`, `id="s-B12-418" class="status s4 lit last"`} {
		fmt.Println(strings.Contains(svg.String(), element), err)
	}
	// Output:
	// true <nil>
	// true <nil>
	// true <nil>
}

// The policy of a page may permit the style of drawings by its hash.
func ExampleStyle() {
	hash := sha256.Sum256([]byte(decision.Style()))
	policy := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"
	fmt.Println(len(policy))
	// Output: 63
}
