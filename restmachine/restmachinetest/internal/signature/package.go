package signature

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// This file reads packages. In comes a folder, or the path of an import. Out comes which types
// a file can name there. Reflection does not tell a type of a package from one that is declared
// in a function: the source does.

// A Package is the package in which the file is to stand.
type Package struct {
	Path, Name string
	Tests      bool // the file is a test file

	dir      string
	declared map[string]bool            // what the package declares at its top
	types    map[string]bool            // the types among that
	others   map[string]map[string]bool // the types of other packages, by their paths
}

// Open reads the package of the folder in which file is to stand. caller is the name of a
// function of that package, or of its external tests, as package runtime writes it.
func Open(file, caller string) (*Package, error) {
	dir := filepath.Dir(file)
	found, err := build.ImportDir(dir, 0)
	if none := (*build.NoGoError)(nil); err != nil && !errors.As(err, &none) {
		return nil, err
	}
	p := &Package{Path: pathOf(caller), Tests: strings.HasSuffix(file, "_test.go"), dir: dir, others: map[string]map[string]bool{}}
	files := append(found.GoFiles, found.CgoFiles...)
	external := strings.HasSuffix(p.Path, "_test")
	switch {
	case p.Tests && external:
		files = found.XTestGoFiles
	case p.Tests:
		files = append(files, found.TestGoFiles...)
	default:
		p.Path = strings.TrimSuffix(p.Path, "_test")
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: the folder has only test files; name this file as one, too, such as signatures_gen_test.go", file)
	}
	p.Name, p.declared, p.types, err = read(dir, files, filepath.Base(file))
	return p, err
}

// pathOf is the path of the package of a function that package runtime names.
func pathOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	name, _, _ := strings.Cut(function[slash:], ".")
	return function[:slash] + strings.ReplaceAll(name, "%2e", ".")
}

// read reads what the files of a folder declare at their tops. It does not read the file
// besides.
func read(dir string, files []string, besides string) (name string, declared, types map[string]bool, err error) {
	declared, types = map[string]bool{}, map[string]bool{}
	for _, f := range files {
		if f == besides {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, f), nil, parser.SkipObjectResolution)
		if err != nil {
			return "", nil, nil, err
		}
		name = parsed.Name.Name
		for _, d := range parsed.Decls {
			note(d, declared, types)
		}
	}
	return name, declared, types, nil
}

// note notes what a declaration declares.
func note(d ast.Decl, declared, types map[string]bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			declared[d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				declared[s.Name.Name], types[s.Name.Name] = true, true
			case *ast.ValueSpec:
				for _, name := range s.Names {
					declared[name.Name] = true
				}
			}
		}
	}
}

// is reports whether pkg is p. A program is "main" in some builds.
func (p *Package) is(pkg string) bool { return pkg == p.Path || pkg == "main" && p.Name == "main" }

// declares is nil where p declares the type at its top.
func (p *Package) declares(name string) error {
	if p.types[name] {
		return nil
	}
	return fmt.Errorf("%s is declared in a function, or in another file than the package's own", name)
}

// mayName is nil where a file of p can name the type of another package.
func (p *Package) mayName(pkg, name string) error {
	if !ast.IsExported(name) {
		return fmt.Errorf("%s.%s is not exported", pkg, name)
	}
	if pkg == "main" || strings.HasSuffix(pkg, "_test") {
		return fmt.Errorf("%s.%s is of a package that cannot be imported", pkg, name)
	}
	if parent, _, internal := cutInternal(pkg); internal && p.Path != parent && !strings.HasPrefix(p.Path, parent+"/") {
		return fmt.Errorf("%s.%s is of an internal package", pkg, name)
	}
	if isStandard(pkg) {
		return nil
	}
	types, ok := p.others[pkg]
	if !ok {
		types = p.typesOf(pkg)
		p.others[pkg] = types
	}
	if types != nil && !types[name] {
		return fmt.Errorf("%s.%s is declared in a function", pkg, name)
	}
	return nil
}

// typesOf are the types of another package; nil where its source is not found.
func (p *Package) typesOf(pkg string) map[string]bool {
	found, err := build.Import(pkg, p.dir, 0)
	if err != nil {
		return nil
	}
	_, _, types, err := read(found.Dir, append(found.GoFiles, found.CgoFiles...), "")
	if err != nil {
		return nil
	}
	return types
}

// cutInternal cuts the path of an internal package behind the one that may import it.
func cutInternal(pkg string) (parent, rest string, internal bool) {
	if strings.HasPrefix(pkg, "internal/") {
		return "", pkg, true
	}
	i := strings.LastIndex(pkg+"/", "/internal/")
	if i < 0 {
		return pkg, "", false
	}
	return pkg[:i], pkg[i:], true
}
