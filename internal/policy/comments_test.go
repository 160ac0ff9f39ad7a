// What users read in the documentation: each exported name has a comment and an
// Example, and each package a comment.

package policy

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A shown is something that go doc shows of a package.
type shown struct {
	name, doc string
	example   bool // has an Example, or needs none
}

// publicPackages are the packages that users can import.
func publicPackages(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, f := range GoFiles(t) {
		if f.InLibrary && !f.InInternal() && !f.IsTest() && !f.IsCommand() && !slices.Contains(dirs, f.Dir) {
			dirs = append(dirs, f.Dir)
		}
	}
	return dirs
}

// everythingIn is what go doc shows of the package in dir, tests included.
func everythingIn(t *testing.T, dir string) []shown {
	t.Helper()
	set := token.NewFileSet()
	names, err := filepath.Glob(Path(t, path.Join(dir, "*.go")))
	require.NoError(t, err)
	var files []*ast.File
	for _, name := range names {
		syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, syntax)
	}
	p, err := doc.NewFromFiles(set, files, Module+"/"+dir)
	require.NoError(t, err)
	var all []shown
	showPackage(p, func(s shown) { all = append(all, s) })
	return all
}

func showPackage(p *doc.Package, show func(shown)) {
	showValues(slices.Concat(p.Consts, p.Vars), show)
	showFuncs(p.Funcs, show)
	for _, typ := range p.Types {
		showFields(typ, show)
		showValues(slices.Concat(typ.Consts, typ.Vars), show)
		showFuncs(typ.Funcs, show)
		example := showMethods(typ, show)
		show(shown{typ.Name, typ.Doc, example || len(typ.Examples) > 0})
	}
}

func showFuncs(funcs []*doc.Func, show func(shown)) {
	for _, f := range funcs {
		show(shown{f.Name, f.Doc, len(f.Examples) > 0})
	}
}

// calledByOthers are methods that an Example shows by printing.
var calledByOthers = []string{"String", "MarshalText", "UnmarshalText"}

// showMethods shows the methods of a type, and reports whether one of them has
// an Example. One that an Example of the type calls needs none of its own.
func showMethods(typ *doc.Type, show func(shown)) (example bool) {
	used := map[string]bool{}
	for _, e := range typ.Examples {
		ast.Inspect(e.Code, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				used[s.Sel.Name] = true
			}
			return true
		})
	}
	for _, m := range typ.Methods {
		own := len(m.Examples) > 0
		example = example || own
		show(shown{typ.Name + "." + m.Name, m.Doc, own || used[m.Name] || slices.Contains(calledByOthers, m.Name)})
	}
	return example
}

// showValues shows constants and variables; the comment of a group is that of
// its members.
func showValues(values []*doc.Value, show func(shown)) {
	for _, v := range values {
		for _, spec := range v.Decl.Specs {
			s := spec.(*ast.ValueSpec)
			for _, name := range s.Names {
				if name.IsExported() {
					show(shown{name.Name, v.Doc + s.Doc.Text() + s.Comment.Text(), true})
				}
			}
		}
	}
}

// obvious are fields that mean what they mean in net/http, or what anyone would
// guess.
var obvious = []string{"Body", "Header", "Method", "Status", "StatusCode", "Key", "Label", "Value"}

// showFields shows the exported fields of a struct that are not obvious: by
// their names, or by those of their types. A comment may stand at the field, or
// anywhere in the struct if it speaks of the field.
func showFields(typ *doc.Type, show func(shown)) {
	for _, spec := range typ.Decl.Specs {
		s, ok := spec.(*ast.TypeSpec).Type.(*ast.StructType)
		if !ok {
			continue
		}
		about := typ.Doc
		for _, field := range s.Fields.List {
			about += field.Doc.Text() + field.Comment.Text()
		}
		for _, field := range s.Fields.List {
			own := field.Doc.Text() + field.Comment.Text()
			typeName := types.ExprString(field.Type)
			for _, name := range field.Names {
				said := strings.Contains(letters(about), letters(name.Name))
				guessed := slices.Contains(obvious, name.Name) || strings.Contains(typeName, strings.TrimSuffix(name.Name, "s"))
				if name.IsExported() && !said && !guessed {
					show(shown{typ.Name + "." + name.Name, own, true})
				}
			}
		}
	}
}

// letters is text without spaces and hyphens: "If-Match" is IfMatch.
func letters(text string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "\n", "").Replace(text))
}

func TestEveryExportedNameHasAComment(t *testing.T) {
	dirs := publicPackages(t)
	require.Subset(t, dirs, []string{"decision", "restmachine", "restmachine/conditional", "restmachine/restmachinetest"})
	for _, dir := range dirs {
		for _, s := range everythingIn(t, dir) {
			assert.NotEmpty(t, s.doc, "%s: %s has no comment; say what it is, its units, its default, its errors", dir, s.name)
		}
	}
}

func TestEveryExportedNameHasAnExample(t *testing.T) {
	for _, dir := range []string{"decision", "restmachine", "restmachine/conditional"} {
		for _, s := range everythingIn(t, dir) {
			assert.True(t, s.example, "%s: %s has no Example; write Example%s in %s/example_*_test.go, with an Output",
				dir, s.name, strings.ReplaceAll(s.name, ".", "_"), dir)
		}
	}
}

func TestEveryPackageHasAComment(t *testing.T) {
	comments := map[string]int{}
	for _, f := range GoFiles(t) {
		if f.IsTest() {
			continue
		}
		if comments[f.Dir] += 0; f.Syntax.Doc != nil {
			comments[f.Dir]++
		}
	}
	for dir, n := range comments {
		assert.Equal(t, 1, n, "the package in %s has %d package comments; write one, in doc.go or at the head of its main file", dir, n)
	}
}
