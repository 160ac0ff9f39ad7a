// A mutation as a file. In comes a mutation and the tree; out goes the text of the
// one file that it changes, which still imports what it uses and nothing else.

package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strconv"
)

// A mutation is a fault that servers have had: what it is called, where it is
// made, and the change that makes it.
type mutation struct {
	name, in string
	change   change
}

// A trial is a mutation, and the tests that have to kill it: "" where all tests are asked.
type trial struct {
	mutation
	killer string
}

// trials are the mutations of both tables.
func trials() []trial {
	var all []trial
	for _, m := range mutations {
		all = append(all, trial{m, ""})
	}
	for _, p := range promises {
		all = append(all, trial{mutation{p.name, p.in, p.change}, p.killer})
	}
	return all
}

// make returns the file that the mutation changes, as it becomes.
func (m mutation) make(t *tree) (*source, error) {
	p, err := t.find(m.in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	edits, err := m.change(p)
	var changed *source
	if err == nil {
		changed, err = t.apply(p.source, edits)
	}
	if err == nil {
		changed, err = t.fitImports(p.source, changed)
	}
	if err == nil {
		return changed, nil
	}
	return nil, fmt.Errorf("%s: in %s, which is in %s: %w", m.name, m.in, path.Join(p.source.dir, p.source.name), err)
}

// makeAll makes all mutations of the tree below root. It joins what is wrong with
// them: what is not there, and what does not compile.
func makeAll(root string) ([]*source, error) {
	t, err := readTree(root)
	if err != nil {
		return nil, err
	}
	c, err := newCompiler(root, t)
	if err != nil {
		return nil, err
	}
	var mutants []*source
	var faults []error
	for _, m := range trials() {
		s, err := m.make(t)
		if err == nil {
			if err = c.check(s); err != nil {
				err = fmt.Errorf("%s: in %s: %w", m.name, m.in, err)
			}
		}
		mutants, faults = append(mutants, s), append(faults, err)
	}
	return mutants, errors.Join(faults...)
}

// apply makes the edits in the text of s, and returns what it becomes.
func (t *tree) apply(s *source, edits []edit) (*source, error) {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.from, a.from) }) // the last first
	text := s.text
	for _, e := range edits {
		from, to := t.set.Position(e.from).Offset, t.set.Position(e.to).Offset
		text = text[:from] + e.text + text[to:]
	}
	return t.parse(s.dir, s.name, text)
}

// fitImports imports what is used in a file only since it was changed, and imports
// for nothing what was used before.
func (t *tree) fitImports(before, after *source) (*source, error) {
	used, uses := selected(before), selected(after)
	imported := map[string]bool{}
	var edits []edit
	for _, spec := range after.syntax.Imports {
		name := importedName(spec)
		imported[name] = true
		if used[name] && !uses[name] {
			from := spec.Path.Pos()
			if spec.Name != nil {
				from = spec.Name.Pos()
			}
			edits = append(edits, edit{from, spec.Path.Pos(), "_ "})
		}
	}
	paths := t.imports()
	for name := range uses {
		if !used[name] && !imported[name] && len(paths[name]) == 1 {
			at := after.syntax.Name.End()
			edits = append(edits, edit{at, at, "; import " + paths[name][0]})
		}
	}
	if len(edits) == 0 {
		return after, nil
	}
	return t.apply(after, edits)
}

// selected are the names in front of a dot.
func selected(s *source) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok {
				names[x.Name] = true
			}
		}
		return true
	})
	return names
}

// imports are the paths, in quotes, that the files of the tree import, by name.
func (t *tree) imports() map[string][]string {
	paths := map[string][]string{}
	for _, s := range t.sources {
		for _, spec := range s.syntax.Imports {
			if name := importedName(spec); spec.Name == nil && !slices.Contains(paths[name], spec.Path.Value) {
				paths[name] = append(paths[name], spec.Path.Value)
			}
		}
	}
	return paths
}

var majorVersion = regexp.MustCompile(`^v\d+$`)

// importedName is the name by which a file uses an import.
func importedName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	full, _ := strconv.Unquote(spec.Path.Value)
	dir, last := path.Split(full)
	if majorVersion.MatchString(last) {
		last = path.Base(dir)
	}
	return last
}
