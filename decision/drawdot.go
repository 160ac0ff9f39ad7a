// This file writes a graph in the languages of other tools: DOT for Graphviz, and
// Mermaid. A graph and perhaps a trace come in, text goes out. The tools do the
// layout.

package decision

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// An arrow is an edge of the graph. It can also lead to a status with which the
// answer of a row itself ended a walk.
type arrow struct {
	from, to           ID
	answer, class, end string // end is the class of the status
}

// arrows returns all arrows in diagram order, with the classes that the trace gives
// them.
func (l *light) arrows() (arrows []arrow) {
	for id, row := range l.graph.All() {
		for _, to := range row.targets() {
			arrows = append(arrows, arrow{id, to, row.answer(to), l.edge(id, to), l.end(id, to)})
		}
		for _, status := range l.replies(id) {
			arrows = append(arrows, arrow{id, status, "reply", l.edge(id, status), l.end(id, status)})
		}
	}
	return arrows
}

// DOT writes the graph in the language of Graphviz. With a trace, its path is
// highlighted as in [Drawing.SVG]. Text is escaped. A graph that [Graph.Draw] refuses
// is an error here, too.
func (g Graph) DOT(w io.Writer, t *Trace) error {
	if _, faults := g.order(); len(faults) > 0 {
		return errors.Join(faults...)
	}
	l := g.light(t)
	var b bytes.Buffer
	b.WriteString("digraph decision {\n")
	b.WriteString("\tnode [shape=box, style=filled, fillcolor=\"#ffffff\", fontname=Helvetica]\n")
	b.WriteString("\tedge [fontname=Helvetica, fontsize=10]\n")
	for id, row := range g.All() {
		fmt.Fprintf(&b, "\t%v [label=\"%v\\n%s\", tooltip=\"%s\"", id, id, dotText(row.Label), dotText(l.title(id)))
		if tint := id.kind().tint; tint != "" {
			fmt.Fprintf(&b, ", fillcolor=%q", tint)
		}
		fmt.Fprintf(&b, "%s]\n", dotLight[l.row(id)])
	}
	for _, a := range l.arrows() {
		to := a.to.String()
		if a.to.IsStatus() {
			to = fmt.Sprintf("%v_%v", a.from, a.to)
			fmt.Fprintf(&b, "\t%s [label=%v, shape=oval%s]\n", to, a.to, dotLight[a.end])
		}
		fmt.Fprintf(&b, "\t%v -> %s [label=%s%s]\n", a.from, to, a.answer, dotLight[a.class])
	}
	b.WriteString("}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// dotLight holds the DOT attributes that each class adds.
var dotLight = map[string]string{
	"lit":      `, color="#0b5fff", penwidth=3`,
	"dim":      `, color="#0b5fff", penwidth=1.5`,
	"lit last": `, color="#0b5fff", penwidth=3, peripheries=2`,
	"dim last": `, color="#0b5fff", penwidth=1.5, peripheries=2`,
}

func dotText(s string) string { return dotEscaper.Replace(legible(s)) }

// Graphviz also reads entities in strings, so & is escaped.
var dotEscaper = strings.NewReplacer("&", "&amp;", `\`, `\\`, `"`, `\"`, "\n", `\n`)

// mermaidLight holds the Mermaid styles that each class adds.
var mermaidLight = map[string]string{
	"lit": "stroke:#0b5fff,stroke-width:4px",
	"dim": "stroke:#0b5fff,stroke-width:2px,stroke-dasharray:4 3",
}

// In Mermaid, a backtick begins a markdown string and a hash begins an entity.
var mermaidEscaper = strings.NewReplacer("#", "#35;", `"`, "#quot;", "&", "#amp;", "<", "#lt;", ">", "#gt;", "`", "#96;", "\n", " ")

// Mermaid writes the graph as a flowchart in the language of Mermaid. With a trace,
// its path is highlighted; reasons are left out. Text is escaped. A graph that
// [Graph.Draw] refuses is an error here, too.
func (g Graph) Mermaid(w io.Writer, t *Trace) error {
	if _, faults := g.order(); len(faults) > 0 {
		return errors.Join(faults...)
	}
	l := g.light(t)
	var b bytes.Buffer
	b.WriteString("flowchart TB\n")
	for id, row := range g.All() {
		fmt.Fprintf(&b, "\t%v[\"%v %s\"]\n", id, id, mermaidEscaper.Replace(legible(row.Label)))
		for _, class := range []string{id.kind().class, l.row(id)} {
			if class != "" {
				fmt.Fprintf(&b, "\tclass %v %s\n", id, class)
			}
		}
	}
	for i, a := range l.arrows() {
		to := a.to.String()
		if a.to.IsStatus() {
			to = fmt.Sprintf("%v_%v([%v])", a.from, a.to, a.to)
		}
		fmt.Fprintf(&b, "\t%v -->|%s| %s\n", a.from, a.answer, to)
		if a.class != "" {
			fmt.Fprintf(&b, "\tlinkStyle %d %s\n", i, mermaidLight[a.class])
		}
		if a.end != a.class {
			fmt.Fprintf(&b, "\tclass %v_%v last\n", a.from, a.to)
		}
	}
	for _, k := range g.legend() {
		fmt.Fprintf(&b, "\tclassDef %s fill:%s,color:#1f2933\n", k.class, k.tint)
	}
	fmt.Fprintf(&b, "\tclassDef lit %s\n\tclassDef dim %s\n\tclassDef last fill:#0b5fff,color:#fff\n",
		mermaidLight["lit"], mermaidLight["dim"])
	_, err := w.Write(b.Bytes())
	return err
}
