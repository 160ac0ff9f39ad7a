// What a mutation changes, found by its name. In comes the library's code as it
// stands in its folders; out goes the one declaration that a name means, in
// whatever package and file it is.

package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// searched are the folders of the library.
var searched = []string{"decision", "restmachine"}

// A source is one parsed file.
type source struct {
	dir, name string // with slashes; the name is without the folder
	text      string
	syntax    *ast.File
}

// A tree is the code of the library, without its tests.
type tree struct {
	set     *token.FileSet
	sources []*source
}

// readTree reads the folders that are searched, below root.
func readTree(root string) (*tree, error) {
	t := &tree{set: token.NewFileSet()}
	for _, dir := range searched {
		err := fs.WalkDir(os.DirFS(root), dir, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "testdata":
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
				return nil
			}
			if built, err := build.Default.MatchFile(filepath.Join(root, path.Dir(file)), path.Base(file)); !built || err != nil {
				return err
			}
			text, err := os.ReadFile(filepath.Join(root, file))
			if err != nil {
				return err
			}
			return t.add(file, string(text))
		})
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

// add parses a file, and makes it part of the tree.
func (t *tree) add(file, text string) error {
	s, err := t.parse(path.Dir(file), path.Base(file), text)
	if err == nil {
		t.sources = append(t.sources, s)
	}
	return err
}

func (t *tree) parse(dir, name, text string) (*source, error) {
	syntax, err := parser.ParseFile(t.set, path.Join(dir, name), text, parser.SkipObjectResolution)
	return &source{dir, name, text, syntax}, err
}

// A place is where a change is made: a declaration, or a part of it.
type place struct {
	tree     *tree
	source   *source
	decl     ast.Node // a *ast.FuncDecl or a *ast.ValueSpec
	from, to token.Pos
}

// find returns the place that a name means: a function, a method, or a variable of a
// package. Its parts are joined by dots, and those in front that
// are not needed are left out: of the method "walk" of the type "exchange" in
// restmachine, "walk", "exchange.walk" and "restmachine.exchange.walk" are names.
// A key in brackets is that of an element: "HTTP[K13]".
func (t *tree) find(name string) (place, error) {
	declared, key, keyed := strings.Cut(name, "[")
	var found []place
	var names []string
	for _, s := range t.sources {
		for _, d := range s.syntax.Decls {
			for full, decl := range declarations(s, d) {
				if endsIn(full, declared) {
					found = append(found, place{t, s, decl, decl.Pos(), decl.End()})
					names = append(names, full)
				}
			}
		}
	}
	i, err := theOne(declared, names, func(full string) bool { return strings.HasSuffix("."+dotted(full), "."+dotted(declared)) })
	switch {
	case err != nil:
		return place{}, err
	case keyed:
		return found[i].element(strings.TrimSuffix(key, "]"))
	}
	return found[i], nil
}

// declarations are the functions and the variables that a declaration makes, by
// their full names.
func declarations(s *source, d ast.Decl) map[string]ast.Node {
	all := map[string]ast.Node{}
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			name = lastName(d.Recv.List[0].Type) + "." + name
		}
		all[s.dir+"."+name] = d
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR {
				for _, name := range v.Names {
					all[s.dir+"."+name.Name] = v
				}
			}
		}
	}
	return all
}

// element is the part of p that stands behind a key.
func (p place) element(key string) (place, error) {
	var found []place
	ast.Inspect(p.decl, func(n ast.Node) bool {
		if e, ok := n.(*ast.KeyValueExpr); ok && same(lastName(e.Key), key) {
			found = append(found, place{p.tree, p.source, p.decl, e.Value.Pos(), e.Value.End()})
		}
		return true
	})
	if len(found) != 1 {
		return place{}, fmt.Errorf("the key %s is there %d times, and must be there once", key, len(found))
	}
	return found[0], nil
}

// theOne returns which of names is the one that was asked for: the only one, or
// the only one that is spelled exactly so.
func theOne(asked string, names []string, exactly func(name string) bool) (int, error) {
	var exact []int
	for i, name := range names {
		if exactly(name) {
			exact = append(exact, i)
		}
	}
	switch {
	case len(names) == 0:
		return 0, fmt.Errorf("%s is not found", asked)
	case len(names) == 1:
		return 0, nil
	case len(exact) == 1:
		return exact[0], nil
	}
	slices.Sort(names)
	return 0, fmt.Errorf("%s is found %d times: %s", asked, len(names), strings.Join(names, ", "))
}

// endsIn reports whether the last parts of a full name are those of name.
func endsIn(full, name string) bool {
	have, want := strings.Split(dotted(full), "."), strings.Split(dotted(name), ".")
	return len(have) >= len(want) && slices.EqualFunc(have[len(have)-len(want):], want, same)
}

func dotted(name string) string { return strings.ReplaceAll(name, "/", ".") }

// same compares two names. A name that is exported on its way to another package
// stays the same.
func same(a, b string) bool {
	return a == b || a != "" && b != "" && strings.EqualFold(a[:1], b[:1]) && a[1:] == b[1:]
}

// lastName is the name at the end of an expression, without what it is selected
// from, what is passed to it and what it is instantiated with: "reads" is the last name
// of `x.plan.reads()`.
func lastName(e ast.Expr) string {
	if id := lastIdent(e); id != nil {
		return id.Name
	}
	return ""
}

func lastIdent(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.CallExpr:
		return lastIdent(e.Fun)
	case *ast.StarExpr:
		return lastIdent(e.X)
	case *ast.ParenExpr:
		return lastIdent(e.X)
	case *ast.IndexExpr:
		return lastIdent(e.X)
	case *ast.IndexListExpr:
		return lastIdent(e.X)
	}
	return nil
}
