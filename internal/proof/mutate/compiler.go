// Whether a mutated file compiles. In comes a file that replaces one of the tree; out
// goes what the compiler would say of its package. It asks the type
// checker alone, so that every go test can afford it.

package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A compiler checks one file of a package at a time.
type compiler struct {
	tree     *tree
	importer types.Importer
	outlines map[*source]*ast.File
}

// newCompiler has the go command compile what the packages below root import.
func newCompiler(root string, t *tree) (*compiler, error) {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	for _, dir := range searched {
		args = append(args, "./"+dir+"/...")
	}
	cmd := exec.Command("go", args...)
	var faults bytes.Buffer
	cmd.Dir, cmd.Stderr = root, &faults
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, &faults)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[name] = file
	}
	open := func(name string) (io.ReadCloser, error) { return os.Open(files[name]) }
	c := &compiler{t, importer.ForCompiler(t.set, "gc", open), map[*source]*ast.File{}}
	for _, s := range t.sources {
		c.outlines[s] = outline(s.syntax)
	}
	return c, nil
}

// outline is a file without the bodies of its functions: what other files see of it.
// A generic function and an init must have theirs.
func outline(file *ast.File) *ast.File {
	short := *file
	short.Decls = nil
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Type.TypeParams == nil && f.Name.Name != "init" {
			bodiless := *f
			bodiless.Body = nil
			d = &bodiless
		}
		short.Decls = append(short.Decls, d)
	}
	return &short
}

// check returns the first error in s, which stands in the place of the tree's file
// of that name. An outline does not use all that it imports: errors elsewhere do not
// count.
func (c *compiler) check(s *source) (first error) {
	files := []*ast.File{s.syntax}
	for _, other := range c.tree.sources {
		if other.dir == s.dir && other.name != s.name {
			files = append(files, c.outlines[other])
		}
	}
	note := func(err error) {
		at := err.(types.Error).Pos
		if first == nil && s.syntax.FileStart <= at && at <= s.syntax.FileEnd {
			first = err
		}
	}
	conf := types.Config{Importer: c.importer, Error: note}
	_, _ = conf.Check(s.dir, c.tree.set, files, nil) // note has been told
	return first
}
