// A source file comes in, and the same with a call at the beginning of each function
// goes out. Lines stay where they are, since restmachine tells users in which line
// something was declared.

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

const (
	recorder = proof + "trip/way"
	alias    = "trip_" // what no source calls anything else
)

// An insertion is text to be put in at an offset of a file.
type insertion struct {
	at   int
	text string
}

// instrument adds the calls to a file, which steps name where.
func instrument(where string, text []byte) ([]byte, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, where, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	offset := func(p token.Pos) int { return set.Position(p).Offset }
	var all []insertion
	pass := func(body *ast.BlockStmt, name string) {
		all = append(all, insertion{offset(body.Lbrace) + 1, fmt.Sprintf(" %s.Pass(%q, %q);", alias, where, name)})
	}
	for _, d := range file.Decls {
		name := nameOf(d)
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && !isAccessor(f) {
			pass(f.Body, name)
		}
		closures := 0
		ast.Inspect(d, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncLit); ok {
				closures++
				pass(f.Body, fmt.Sprintf("%s.func%d", name, closures))
			}
			return true
		})
	}
	if len(all) == 0 {
		return text, nil
	}
	all = append(all, insertion{offset(file.Name.End()), fmt.Sprintf("; import %s %q", alias, recorder)})
	slices.SortFunc(all, func(a, b insertion) int { return cmp.Compare(a.at, b.at) })
	var out bytes.Buffer
	done := 0
	for _, i := range all {
		out.Write(text[done:i.at])
		out.WriteString(i.text)
		done = i.at
	}
	out.Write(text[done:])
	return out.Bytes(), nil
}

// isAccessor reports whether f is a method that only tells what its receiver holds: one
// return without a call, but for len. Nobody has to open its file to follow the way.
func isAccessor(f *ast.FuncDecl) bool {
	if f.Recv == nil || len(f.Body.List) != 1 {
		return false
	}
	result, ok := f.Body.List[0].(*ast.ReturnStmt)
	if !ok {
		return false
	}
	ast.Inspect(result, func(n ast.Node) bool {
		call, isCall := n.(*ast.CallExpr)
		if isCall {
			name, isName := call.Fun.(*ast.Ident)
			ok = ok && isName && name.Name == "len"
		}
		return ok
	})
	return ok
}

// nameOf is the name of a function, with its receiver's type before it, or of the
// first of variables that are declared together.
func nameOf(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return d.Name.Name
		}
		return typeName(d.Recv.List[0].Type) + "." + d.Name.Name
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if s, ok := spec.(*ast.ValueSpec); ok {
				return s.Names[0].Name
			}
		}
	}
	return ""
}

// typeName is the name of a receiver's type, without star and type parameters.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	case *ast.ParenExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
