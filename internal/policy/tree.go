// Package policy keeps the house. Its tests say what a reviewer would otherwise
// have to remember: who may import whom, how long files and functions are, what
// has a comment and an Example, what users have to download, and how the English
// is. A failure says what to do.
//
// This file reads the tree for these tests and for those of the guide, in docs:
// the name of a file comes in, its text or its syntax goes out. All names are
// below the root of the repository and have slashes: "restmachine/app.go".
package policy

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Module is the path of the module at the root.
const Module = "github.com/restmachine/restmachine-go"

// root is the folder of the module: the first one with a go.mod, upwards from the
// folder of the test.
var root = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("none of the folders above the test has a go.mod")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
})

// Path is where a file of the tree is on the disk.
func Path(t testing.TB, name string) string {
	t.Helper()
	dir, err := root()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, filepath.FromSlash(name))
}

// Read returns the text of a file of the tree.
func Read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Walk calls visit with the name of every file of the tree. It leaves out hidden
// folders.
func Walk(t testing.TB, visit func(name string)) {
	t.Helper()
	top := Path(t, ".")
	err := filepath.WalkDir(top, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != top && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		name, err := filepath.Rel(top, file)
		if err == nil {
			visit(filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A GoFile is one Go file of the tree, parsed.
type GoFile struct {
	Name, Dir string
	Set       *token.FileSet
	Syntax    *ast.File
	InLibrary bool // belongs to the module at the root
}

// GoFiles returns all Go files of the tree, those of other modules included. They
// are parsed once for all tests: do not change them.
func GoFiles(t testing.TB) []GoFile {
	t.Helper()
	parseOnce.Do(func() { parsed = parse(t) })
	if len(parsed) == 0 {
		t.Fatal("the Go files of the tree could not be read")
	}
	return parsed
}

var (
	parseOnce sync.Once
	parsed    []GoFile
)

func parse(t testing.TB) []GoFile {
	t.Helper()
	var all []GoFile
	var modules []string // the folders of other modules
	Walk(t, func(name string) {
		if dir := path.Dir(name); path.Base(name) == "go.mod" && dir != "." {
			modules = append(modules, dir+"/")
		}
		if path.Ext(name) != ".go" {
			return
		}
		set := token.NewFileSet()
		syntax, err := parser.ParseFile(set, Path(t, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, GoFile{Name: name, Dir: path.Dir(name), Set: set, Syntax: syntax})
	})
	for i := range all {
		elsewhere := func(module string) bool { return strings.HasPrefix(all[i].Name, module) }
		all[i].InLibrary = !slices.ContainsFunc(modules, elsewhere)
	}
	return all
}

// IsTest reports whether the file has tests.
func (f GoFile) IsTest() bool { return strings.HasSuffix(f.Name, "_test.go") }

// IsCommand reports whether the file belongs to a program.
func (f GoFile) IsCommand() bool { return f.Syntax.Name.Name == "main" }

// InInternal reports whether users cannot import the package of the file.
func (f GoFile) InInternal() bool { return slices.Contains(strings.Split(f.Dir, "/"), "internal") }

// Imports are the paths that the file imports.
func (f GoFile) Imports() []string {
	var all []string
	for _, spec := range f.Syntax.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil { // the parser has read it
			all = append(all, name)
		}
	}
	return all
}

// Line is the line of a place in the file.
func (f GoFile) Line(p token.Pos) int { return f.Set.Position(p).Line }
