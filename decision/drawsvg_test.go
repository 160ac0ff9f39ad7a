// These tests check drawings as SVG: they are well-formed, a page finds their parts
// by id, and a trace is highlighted.

package decision

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite docs/graph.svg")

// An element is an element that a page can find by its id.
type element struct {
	class, title, text string
}

// elements reads a drawing. The drawing must be well-formed and have each id once.
func elements(t *testing.T, svg string) map[string]*element {
	found := map[string]*element{}
	var open []*element // one for each element that is not closed, nil without an id
	var in string
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			in = token.Name.Local
			e := &element{}
			if len(open) > 0 {
				e = open[len(open)-1]
			}
			attrs := map[string]string{}
			for _, a := range token.Attr {
				attrs[a.Name.Local] = a.Value
			}
			if id, ok := attrs["id"]; ok || in == "svg" {
				e = &element{class: attrs["class"]}
				assert.NotContains(t, found, id)
				found[id] = e
			}
			open = append(open, e)
		case xml.EndElement:
			open, in = open[:len(open)-1], ""
		case xml.CharData:
			switch in {
			case "title":
				open[len(open)-1].title += string(token)
			case "text":
				open[len(open)-1].text += string(token) + " "
			}
		}
	}
}

func draw(t *testing.T, g Graph, trace *Trace) string {
	d, err := g.Draw()
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, d.SVG(&b, trace))
	return b.String()
}

// docs/graph.svg is the file that go generate writes.
func TestGraphSVGIsFresh(t *testing.T) {
	const file = "../docs/graph.svg"
	fresh := draw(t, HTTP, nil)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(fresh), 0o644))
	}
	stored, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, fresh == string(stored), "%s is stale: go generate ./decision", file)
}

func TestSVGIsTheSameEachTime(t *testing.T) {
	trace := Trace{Visits: []Visit{{ID: B13, Label: "Available?"}}, Status: 503}
	first := draw(t, HTTP, &trace)
	assert.True(t, first == draw(t, HTTP, &trace))
	assert.True(t, first == draw(t, HTTP, &trace))
}

func TestSVGNamesEverything(t *testing.T) {
	found := elements(t, draw(t, HTTP, nil))
	for id, row := range HTTP {
		node := found[fmt.Sprintf("n-%v", id)]
		require.NotNil(t, node, "%v", id)
		assert.Contains(t, []string{"node", "node act"}, node.class)
		assert.Equal(t, strings.HasSuffix(row.Label, "!"), node.class == "node act", "%v", id)
		assert.Equal(t, fmt.Sprintf("%v %s ", id, row.Label), node.text)
		assert.Contains(t, node.title, row.Label)
		for answer, to := range map[string]ID{"yes": row.Yes, "no": row.No} {
			edge := found[fmt.Sprintf("e-%v-%v", id, to)]
			require.NotNil(t, edge, "%v-%v", id, to)
			assert.Equal(t, element{"edge", fmt.Sprintf("%v %s %v", id, answer, to), answer + " "}, *edge)
			if to.IsStatus() {
				status := found[fmt.Sprintf("s-%v-%v", id, to)]
				require.NotNil(t, status, "%v-%v", id, to)
				assert.Equal(t, element{fmt.Sprintf("status s%d", to/100), "", to.String() + " "}, *status)
			}
		}
	}
	assert.Equal(t, "start ", found["s-start-B13"].text)
	assert.Equal(t, element{class: "graph", title: "Decision graph"}.title, found[""].title)
}

// lit returns the ids of rows, statuses and edges with a class, in any order.
func lit(found map[string]*element, class string) (ids []string) {
	for id, e := range found {
		for _, c := range strings.Fields(e.class) {
			if c == class {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func TestSVGLightsTheTrace(t *testing.T) {
	settled := Visit{ID: B12, Answer: Yes, Folded: true}
	for _, tt := range []struct {
		name, reason   string
		trace          Trace
		lit, dim, last []string
	}{
		{"to a status", "a settled row is dim, and so is its edge",
			Trace{[]Visit{{ID: B13, Answer: Yes}, settled, {ID: G7}}, 404},
			[]string{"e-start-B13", "s-start-B13", "n-B13", "e-B13-B12", "n-G7", "e-G7-404", "s-G7-404"},
			[]string{"n-B12", "e-B12-G7"}, []string{"s-G7-404"}},
		{"ends at a settled row", "the end is dim, but the end it is",
			Trace{[]Visit{{ID: O15, Answer: Yes, Folded: true}}, 204},
			nil, []string{"n-O15", "e-O15-204", "s-O15-204"}, []string{"s-O15-204"}},
		{"two turns", "both are lit, the last status is the end",
			Trace{[]Visit{{ID: G7, Answer: Yes}, {ID: O15, Answer: 409}, {ID: G7, Answer: Yes}, {ID: O15, Answer: Yes}}, 204},
			[]string{"n-G7", "e-G7-O15", "n-O15", "s-O15-409", "e-O15-204", "s-O15-204"}, nil, []string{"s-O15-204"}},
		{"settled in one turn", "a row that was asked once is lit",
			Trace{[]Visit{settled, {ID: G7, Answer: Yes}, {ID: B12, Answer: Yes}}, 0},
			[]string{"n-B12", "n-G7", "e-G7-O15"}, []string{"e-B12-G7"}, nil},
		{"a reply", "no edge leads to it",
			Trace{[]Visit{{ID: O15, Answer: 303}}, 303},
			[]string{"n-O15", "s-O15-303"}, nil, []string{"s-O15-303"}},
		{"a reply by an edge's status", "it is drawn already",
			Trace{[]Visit{{ID: G7, Answer: 404}}, 404},
			[]string{"n-G7", "e-G7-404", "s-G7-404"}, nil, []string{"s-G7-404"}},
		{"a panic", "the last row has no answer",
			Trace{[]Visit{{ID: G7, Answer: Yes}, {ID: O15}}, 0},
			[]string{"n-G7", "e-G7-O15", "n-O15"}, nil, nil},
		{"rows of another graph", "they are dark",
			Trace{[]Visit{{ID: C3, Answer: Yes}, {ID: 7}, {ID: 404}}, 200}, nil, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := elements(t, draw(t, small, &tt.trace))
			assert.ElementsMatch(t, tt.lit, lit(found, "lit"), tt.reason)
			assert.ElementsMatch(t, tt.dim, lit(found, "dim"), tt.reason)
			assert.ElementsMatch(t, tt.last, lit(found, "last"), tt.reason)
			assert.Equal(t, "graph traced", found[""].class)
		})
	}
}

// Each visit has a line of its own.
func TestSVGTellsWhy(t *testing.T) {
	found := elements(t, draw(t, small, &Trace{Visits: []Visit{
		{ID: B12, Label: "Known method?", Answer: Yes, Folded: true},
		{ID: O15, Label: "Write!", Answer: 409, Why: "stale", Callback: "Update (store.go:7)", Took: 1_234_567},
		{ID: O15, Label: "Write!", Answer: Yes},
	}, Status: 204}))
	assert.Equal(t, "Decision graph: the path to 204", found[""].title)
	assert.Equal(t, "B12 Known method?\nyes, settled", found["n-B12"].title)
	assert.Equal(t, "O15 Write!\n409, stale, Update (store.go:7), 1.2346ms\nyes", found["n-O15"].title)
	assert.Equal(t, "G7 Exists? yes: O15, no: 404", found["n-G7"].title)
}

// With every label, reason and callback, the drawing is well-formed, and they stay
// text. The decoder refuses characters that XML does not permit.
func FuzzSVGEscapes(f *testing.F) {
	for _, s := range []string{
		"", "plain", `<script>alert("1")</script>`, "]]>", "&amp;", "a\x00b\x1bc", "\xff\xfe", "\ufffe\uffff", "\u2028\r\n\t",
		`'"><rect/>`, strings.Repeat("long ", 50), strings.Repeat("ä", 90), "<!--", "</title></svg>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g := Graph{B13: {200, 503, s + "?"}}
		trace := &Trace{Visits: []Visit{{ID: B13, Label: s, Answer: Yes, Why: s, Callback: s}}, Status: 200}
		svg := draw(t, g, trace)
		found := elements(t, svg)
		assert.Len(t, found, 8, "svg, row, start, its edge, two statuses and theirs")
		assert.Contains(t, found["n-B13"].title, legible(s))
		assert.NotContains(t, svg, "<script")
		var b bytes.Buffer
		require.NoError(t, g.DOT(&b, trace))
		require.NoError(t, g.Mermaid(&b, trace))
	})
}

func TestStyleIsTheOneEmbedded(t *testing.T) {
	svg := draw(t, Graph{}, nil)
	assert.Contains(t, svg, "<style>"+Style()+"</style>", "a policy may name its hash")
	assert.Equal(t, strings.Count(Style(), "{"), strings.Count(Style(), "}"))
	assert.NotContains(t, Style(), "<")
	assert.NotContains(t, Style(), "&")
	assert.NotContains(t, svg, " style=", "which no hash permits")
}

// A broken is a writer that always fails.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestDrawingsReportFailedWrites(t *testing.T) {
	d, err := small.Draw()
	require.NoError(t, err)
	assert.ErrorIs(t, d.SVG(broken{}, nil), io.ErrClosedPipe)
	assert.ErrorIs(t, small.DOT(broken{}, nil), io.ErrClosedPipe)
	assert.ErrorIs(t, small.Mermaid(broken{}, nil), io.ErrClosedPipe)
}
