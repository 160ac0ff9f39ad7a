// The vocabulary of changes. In comes a place in the syntax tree; out go the
// edits of its text that make the change, or an error where what the change
// names is not there, or is there more than once.
//
// A change names what it is about by few names that mean something: of a function
// that is called, of a field, or a literal. Two names that differ in the case of
// their first letter are the same, and the package in front of a name does not
// count, so that code may move to another package.
//
// The names of a receiver and of parameters are not said. $recv is the receiver of the
// method, and $1 is the first parameter of the innermost function around the spot:
// in what a change puts in, and in the name that it looks for. In what it puts in, $0
// is the text that it replaces.

package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// An edit replaces what stands from one position to another.
type edit struct {
	from, to token.Pos
	text     string
}

// A change finds what it is about within a place.
type change func(p place) ([]edit, error)

// yesTo and noTo lead an answer of the graph's row elsewhere.
func yesTo(edge string) change { return part(0, edge) }
func noTo(edge string) change  { return part(1, edge) }

func part(i int, text string) change {
	return func(p place) ([]edit, error) {
		var row *ast.CompositeLit
		ast.Inspect(p.decl, func(n ast.Node) bool {
			if l, ok := n.(*ast.CompositeLit); ok && l.Pos() == p.from && l.End() == p.to {
				row = l
			}
			return true
		})
		if row == nil || len(row.Elts) <= i {
			return nil, fmt.Errorf("it is not a row of the graph")
		}
		return []edit{{row.Elts[i].Pos(), row.Elts[i].End(), text}}, nil
	}
}

// arg replaces the n-th argument, from 1, in the call of a function.
func arg(function string, n int, code string) change {
	return func(p place) ([]edit, error) {
		s, err := p.spot(function, "the call of", calls)
		if err != nil {
			return nil, err
		}
		args := s.node.(*ast.CallExpr).Args
		if n > len(args) {
			return nil, fmt.Errorf("%s is called with %d arguments", function, len(args))
		}
		return p.replace(s, args[n-1].Pos(), args[n-1].End(), code)
	}
}

// call replaces the whole call of a function. $arg1 is its first argument.
func call(function, code string) change {
	return func(p place) ([]edit, error) {
		s, err := p.spot(function, "the call of", calls)
		if err != nil {
			return nil, err
		}
		for i, a := range s.node.(*ast.CallExpr).Args {
			code = strings.ReplaceAll(code, fmt.Sprintf("$arg%d", i+1), p.text(a.Pos(), a.End()))
		}
		return p.replace(s, s.node.Pos(), s.node.End(), code)
	}
}

// operand replaces the operand of && and || in which a name stands, or the whole
// condition of an if, a for or a case where that has only one operand.
func operand(name, code string) change {
	return func(p place) ([]edit, error) {
		s, err := p.spot(name, "the operand with", operands)
		if err != nil {
			return nil, err
		}
		return p.replace(s, s.node.Pos(), s.node.End(), "("+code+")")
	}
}

// alike puts a second operand, with another name, beside the one in which a name
// stands. The other name is exported where the name is.
func alike(name, other string) change {
	return func(p place) ([]edit, error) {
		s, err := p.spot(name, "the operand with", operands)
		if err != nil {
			return nil, err
		}
		code := "$0 && " + p.text(s.node.Pos(), s.mention.Pos()) + s.likewise(other) + p.text(s.mention.End(), s.node.End())
		return p.replace(s, s.node.Pos(), s.node.End(), "("+code+")")
	}
}

// only drops all operands but the one in which a name stands.
func only(name string) change {
	return func(p place) ([]edit, error) {
		s, err := p.spot(name, "the operand with", operands)
		if err != nil {
			return nil, err
		}
		chain := s.chain()
		if chain == nil {
			return nil, fmt.Errorf("the operand with %s is alone", name)
		}
		return p.replace(s, chain.Pos(), chain.End(), p.text(s.node.Pos(), s.node.End()))
	}
}

// swap puts another name or literal in the place of one. The other name is exported
// where the name is.
func swap(name, other string) change {
	return func(p place) ([]edit, error) {
		s, err := p.spot(name, "the name", mentions)
		if err != nil {
			return nil, err
		}
		return p.replace(s, s.node.Pos(), s.node.End(), s.likewise(other))
	}
}

// operator puts another binary operator in the place of one.
func operator(sign, other string) change {
	return func(p place) ([]edit, error) {
		var found []edit
		p.inspect(func(n ast.Node, _ []ast.Node) {
			if b, ok := n.(*ast.BinaryExpr); ok && b.Op.String() == sign {
				found = append(found, edit{b.OpPos, b.OpPos + token.Pos(len(sign)), other})
			}
		})
		if len(found) != 1 {
			return nil, fmt.Errorf("the operator %s is there %d times, and must be there once", sign, len(found))
		}
		return found, nil
	}
}

// result replaces the n-th result, from 1, in every return.
func result(n int, code string) change {
	return func(p place) (edits []edit, err error) {
		p.inspect(func(node ast.Node, above []ast.Node) {
			r, ok := node.(*ast.ReturnStmt)
			if !ok || err != nil || innermost(above) != p.decl {
				return
			}
			if n > len(r.Results) {
				err = fmt.Errorf("%d results are returned", len(r.Results))
				return
			}
			var made []edit
			made, err = p.replace(spot{node: r, above: above}, r.Results[n-1].Pos(), r.Results[n-1].End(), code)
			edits = append(edits, made...)
		})
		if err == nil && len(edits) == 0 {
			err = fmt.Errorf("it does not return")
		}
		return edits, err
	}
}

// first puts a statement at the beginning of a function.
func first(code string) change {
	return func(p place) ([]edit, error) {
		f, ok := p.decl.(*ast.FuncDecl)
		if !ok {
			return nil, fmt.Errorf("it is not a function")
		}
		at := f.Body.Lbrace + 1
		return p.replace(spot{node: f.Body, above: []ast.Node{f}}, at, at, "\n"+code+"\n")
	}
}

// before puts a statement before the one in which a name stands.
func before(name, code string) change {
	return func(p place) ([]edit, error) {
		s, err := p.spot(name, "the statement with", statements)
		if err != nil {
			return nil, err
		}
		return p.replace(s, s.node.Pos(), s.node.Pos(), code+"\n")
	}
}

// branch makes a change within one branch: the body of the if or of the case in whose
// head a name stands.
func branch(name string, c change) change {
	return func(p place) ([]edit, error) {
		s, err := p.spot(name, "the branch of", branches)
		if err != nil {
			return nil, err
		}
		switch b := s.node.(type) {
		case *ast.IfStmt:
			p.from, p.to = b.Body.Pos(), b.Body.End()
		case *ast.CaseClause:
			p.from, p.to = b.Colon, b.End()
		}
		return c(p)
	}
}
