// These tests check the text of DOT and Mermaid: its escapes, and what a trace
// highlights in it.

package decision

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostile is a graph whose label and reason would end the text around them. Its trace
// has everything that is highlighted: a settled row, a reply and the end.
var hostile = Graph{
	B13: {B12, 503, `A "b" \ <c> & #d;` + "\ne?"},
	B12: {O15, O15, "Same?"},
	O15: {204, 500, "Write!"},
}

var hostileTrace = Trace{Visits: []Visit{
	{ID: B13, Answer: Yes, Why: `"x" \N`},
	{ID: B12, Answer: No, Folded: true},
	{ID: O15, Answer: 303},
	{ID: O15, Answer: Yes},
}, Status: 204}

func TestDOT(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, hostile.DOT(&b, &hostileTrace))
	assert.Equal(t, `digraph decision {
	node [shape=box, style=filled, fillcolor="#ffffff", fontname=Helvetica]
	edge [fontname=Helvetica, fontsize=10]
	B13 [label="B13\nA \"b\" \\ <c> &amp; #d;\ne?", tooltip="B13 A \"b\" \\ <c> &amp; #d;\ne?\nyes, \"x\" \\N", fillcolor="#e4e9ef", color="#0b5fff", penwidth=3]
	B12 [label="B12\nSame?", tooltip="B12 Same?\nno, settled", fillcolor="#e4e9ef", color="#0b5fff", penwidth=1.5]
	O15 [label="O15\nWrite!", tooltip="O15 Write!\n303\nyes", fillcolor="#fcf1bf", color="#0b5fff", penwidth=3]
	B13 -> B12 [label=yes, color="#0b5fff", penwidth=3]
	B13_503 [label=503, shape=oval]
	B13 -> B13_503 [label=no]
	B12 -> O15 [label=any, color="#0b5fff", penwidth=1.5]
	O15_204 [label=204, shape=oval, color="#0b5fff", penwidth=3, peripheries=2]
	O15 -> O15_204 [label=yes, color="#0b5fff", penwidth=3]
	O15_500 [label=500, shape=oval]
	O15 -> O15_500 [label=no]
	O15_303 [label=303, shape=oval, color="#0b5fff", penwidth=3]
	O15 -> O15_303 [label=reply, color="#0b5fff", penwidth=3]
}
`, b.String())
}

// A markdown string would begin with a backtick.
func TestMermaidBacktick(t *testing.T) {
	assert.Equal(t, "#96;e#96;", mermaidEscaper.Replace("`e`"))
}

func TestMermaid(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, hostile.Mermaid(&b, &hostileTrace))
	assert.Equal(t, `flowchart TB
	B13["B13 A #quot;b#quot; \ #lt;c#gt; #amp; #35;d; e?"]
	class B13 system
	class B13 lit
	B12["B12 Same?"]
	class B12 system
	class B12 dim
	O15["O15 Write!"]
	class O15 method
	class O15 lit
	B13 -->|yes| B12
	linkStyle 0 stroke:#0b5fff,stroke-width:4px
	B13 -->|no| B13_503([503])
	B12 -->|any| O15
	linkStyle 2 stroke:#0b5fff,stroke-width:2px,stroke-dasharray:4 3
	O15 -->|yes| O15_204([204])
	linkStyle 3 stroke:#0b5fff,stroke-width:4px
	class O15_204 last
	O15 -->|no| O15_500([500])
	O15 -->|reply| O15_303([303])
	linkStyle 5 stroke:#0b5fff,stroke-width:4px
	classDef system fill:#e4e9ef,color:#1f2933
	classDef method fill:#fcf1bf,color:#1f2933
	classDef lit stroke:#0b5fff,stroke-width:4px
	classDef dim stroke:#0b5fff,stroke-width:2px,stroke-dasharray:4 3
	classDef last fill:#0b5fff,color:#fff
`, b.String())
}
