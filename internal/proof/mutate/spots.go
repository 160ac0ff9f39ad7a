// Where in a place a change is made. In comes a name that the change says; out
// goes the one node that is meant, with the nodes around it, and the text of the
// change with its placeholders filled in.

package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A spot is a node, the nodes above it from the outermost on, and the name or
// literal in it that it was found by.
type spot struct {
	node, mention ast.Node
	above         []ast.Node
}

// A seeker returns the index of the node that is meant, of the nodes from the
// outermost down to a mention: -1 where the mention is in none.
type seeker func(path []ast.Node) int

func mentions(path []ast.Node) int { return len(path) - 1 }

// calls seeks the call of what is mentioned.
func calls(path []ast.Node) int {
	return lastIndex(path, func(i int) bool {
		c, ok := path[i].(*ast.CallExpr)
		return ok && ast.Node(lastIdent(c.Fun)) == path[len(path)-1]
	})
}

// operands seeks the operand in which the mention stands.
func operands(path []ast.Node) int {
	return lastIndex(path, func(i int) bool {
		e, ok := path[i].(ast.Expr)
		if !ok || i == 0 || isChain(e) {
			return false
		}
		if _, ok := e.(*ast.ParenExpr); ok {
			return false
		}
		switch up := unparenthesized(path[:i]).(type) {
		case *ast.BinaryExpr:
			return isChain(up)
		case *ast.IfStmt:
			return within(up.Cond, e)
		case *ast.ForStmt:
			return up.Cond != nil && within(up.Cond, e)
		case *ast.CaseClause: // a switch has a block, and that has the clauses
			tagless, ok := path[max(lastClause(path[:i])-2, 0)].(*ast.SwitchStmt)
			return ok && tagless.Tag == nil
		}
		return false
	})
}

// lastClause is the index of the last case of nodes.
func lastClause(nodes []ast.Node) int {
	return lastIndex(nodes, func(i int) bool { _, is := nodes[i].(*ast.CaseClause); return is })
}

// statements seeks the statement of a block in which the mention stands.
func statements(path []ast.Node) int {
	return lastIndex(path, func(i int) bool {
		if _, ok := path[i].(ast.Stmt); !ok || i == 0 {
			return false
		}
		switch path[i-1].(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return true
		}
		return false
	})
}

// branches seeks the if or the case in whose head the mention stands.
func branches(path []ast.Node) int {
	mention := path[len(path)-1]
	return lastIndex(path, func(i int) bool {
		switch b := path[i].(type) {
		case *ast.IfStmt:
			return mention.End() <= b.Body.Pos()
		case *ast.CaseClause:
			return mention.End() <= b.Colon
		}
		return false
	})
}

// chain is the whole && or || that the operand s belongs to, nil where there is none.
func (s spot) chain() (top *ast.BinaryExpr) {
	for i := len(s.above) - 1; i >= 0; i-- {
		switch n := s.above[i].(type) {
		case *ast.ParenExpr:
			if top != nil {
				return top
			}
		case *ast.BinaryExpr:
			if !isChain(n) || top != nil && n.Op != top.Op {
				return top
			}
			top = n
		default:
			return top
		}
	}
	return top
}

// likewise is other, which begins as what is mentioned does: exported or not.
func (s spot) likewise(other string) string {
	name, ok := s.mention.(*ast.Ident)
	switch {
	case !ok || other == "":
		return other
	case name.IsExported():
		return strings.ToUpper(other[:1]) + other[1:]
	}
	return strings.ToLower(other[:1]) + other[1:]
}

// spot is the one spot in p that a name means.
func (p place) spot(name, what string, seek seeker) (spot, error) {
	var exact, all []spot
	p.inspect(func(n ast.Node, above []ast.Node) {
		said := name
		if strings.HasPrefix(name, "$") {
			said, _ = fill(name, p.decl, above, "")
		}
		have := spelled(n)
		if have == "" || !same(have, said) {
			return
		}
		path := append(slices.Clone(above), n)
		i := seek(path)
		if i < 0 || path[i].Pos() < p.from || path[i].End() > p.to {
			return
		}
		s := spot{path[i], n, path[:i]}
		if !holds(all, s) {
			all = append(all, s)
		}
		if have == said && !holds(exact, s) {
			exact = append(exact, s)
		}
	})
	if len(exact) > 0 {
		all = exact
	}
	if len(all) != 1 {
		return spot{}, fmt.Errorf("%s %s is there %d times, and must be there once", what, name, len(all))
	}
	return all[0], nil
}

// spelled is the text of a name or a literal.
func spelled(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.BasicLit:
		return n.Value
	}
	return ""
}

func holds(spots []spot, s spot) bool {
	return slices.ContainsFunc(spots, func(have spot) bool { return have.node == s.node })
}

// inspect visits the nodes in p, each with those above it.
func (p place) inspect(visit func(n ast.Node, above []ast.Node)) {
	ast.PreorderStack(p.decl, nil, func(n ast.Node, above []ast.Node) bool {
		if n.Pos() >= p.from && n.End() <= p.to {
			visit(n, above)
		}
		return true
	})
}

// replace is the edit that puts code in the place of a text at s.
func (p place) replace(s spot, from, to token.Pos, code string) ([]edit, error) {
	text, err := fill(code, p.decl, append(slices.Clone(s.above), s.node), p.text(from, to))
	return []edit{{from, to, text}}, err
}

func (p place) text(from, to token.Pos) string {
	return p.source.text[p.tree.set.Position(from).Offset:p.tree.set.Position(to).Offset]
}

var placeholder = regexp.MustCompile(`\$\w+`)

// fill puts names and the text that was in the place of the placeholders.
func fill(code string, decl ast.Node, above []ast.Node, text string) (filled string, err error) {
	var receiver, params []string
	if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil {
		receiver = fieldNames(f.Recv)
	}
	switch f := innermost(above).(type) {
	case *ast.FuncDecl:
		params = fieldNames(f.Type.Params)
	case *ast.FuncLit:
		params = fieldNames(f.Type.Params)
	}
	filled = placeholder.ReplaceAllStringFunc(code, func(said string) string {
		if said == "$0" {
			return text
		}
		names := params
		n, _ := strconv.Atoi(said[1:])
		if said == "$recv" {
			names, n = receiver, 1
		}
		if n < 1 || n > len(names) || names[n-1] == "_" {
			err = fmt.Errorf("%s cannot be named there", said)
			return said
		}
		return names[n-1]
	})
	return filled, err
}

// innermost is the last function of nodes: a declaration or a literal.
func innermost(nodes []ast.Node) ast.Node {
	i := lastIndex(nodes, func(i int) bool {
		switch nodes[i].(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return true
		}
		return false
	})
	if i < 0 {
		return nil
	}
	return nodes[i]
}

// fieldNames are the names of parameters, "_" for each that is unnamed.
func fieldNames(fields *ast.FieldList) (names []string) {
	for _, f := range fields.List {
		for _, name := range f.Names {
			names = append(names, name.Name)
		}
		if len(f.Names) == 0 {
			names = append(names, "_")
		}
	}
	return names
}

func isChain(e ast.Expr) bool {
	b, ok := e.(*ast.BinaryExpr)
	return ok && (b.Op == token.LAND || b.Op == token.LOR)
}

// unparenthesized is the last of nodes that is not a parenthesis.
func unparenthesized(nodes []ast.Node) ast.Node {
	i := lastIndex(nodes, func(i int) bool { _, is := nodes[i].(*ast.ParenExpr); return !is })
	if i < 0 {
		return nil
	}
	return nodes[i]
}

func within(outer, inner ast.Node) bool {
	return outer.Pos() <= inner.Pos() && inner.End() <= outer.End()
}

func lastIndex(nodes []ast.Node, is func(i int) bool) int {
	for i := len(nodes) - 1; i >= 0; i-- {
		if is(i) {
			return i
		}
	}
	return -1
}
