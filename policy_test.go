// The policy of the tree as tests: what a reviewer would otherwise have to
// remember. Each failure says what to do.

package restmachine_test

import (
	"encoding/json"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/restmachine/restmachine-go"

// A goFile is one Go file of the tree, as it was parsed.
type goFile struct {
	name, dir string // below the root, with slashes
	set       *token.FileSet
	syntax    *ast.File
}

func (f goFile) test() bool { return strings.HasSuffix(f.name, "_test.go") }

// library reports whether the file belongs to the module at the root.
func (f goFile) library() bool {
	first, _, _ := strings.Cut(f.name, "/")
	return first != "examples" && first != "bench"
}

// inInternal reports whether users cannot import the package of the file.
func (f goFile) inInternal() bool { return slices.Contains(strings.Split(f.dir, "/"), "internal") }

func (f goFile) imports(t *testing.T) []string {
	var all []string
	for _, spec := range f.syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		all = append(all, name)
	}
	return all
}

func (f goFile) line(p token.Pos) int { return f.set.Position(p).Line }

// walkTree calls visit for every file of the tree but hidden ones.
func walkTree(t *testing.T, visit func(name string)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case !d.IsDir():
			visit(filepath.ToSlash(name))
		}
		return nil
	}))
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var all []goFile
	walkTree(t, func(name string) {
		if path.Ext(name) != ".go" {
			return
		}
		set := token.NewFileSet()
		syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		require.NoError(t, err)
		all = append(all, goFile{name: name, dir: path.Dir(name), set: set, syntax: syntax})
	})
	require.NotEmpty(t, all)
	return all
}

// A shown is something that go doc shows of a package.
type shown struct {
	name, doc string
	example   bool // has an Example, or needs none
}

// publicPackages are the packages that users can import.
func publicPackages(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, f := range goFiles(t) {
		if f.library() && !f.inInternal() && !f.test() && f.syntax.Name.Name != "main" && !slices.Contains(dirs, f.dir) {
			dirs = append(dirs, f.dir)
		}
	}
	return dirs
}

// everythingIn is what go doc shows of the package in dir, tests included.
func everythingIn(t *testing.T, dir string) []shown {
	t.Helper()
	set := token.NewFileSet()
	names, err := filepath.Glob(path.Join(dir, "*.go"))
	require.NoError(t, err)
	var files []*ast.File
	for _, name := range names {
		syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, syntax)
	}
	p, err := doc.NewFromFiles(set, files, module+"/"+dir)
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
	for _, f := range goFiles(t) {
		if f.test() {
			continue
		}
		if comments[f.dir] += 0; f.syntax.Doc != nil {
			comments[f.dir]++
		}
	}
	for dir, n := range comments {
		assert.Equal(t, 1, n, "the package in %s has %d package comments; write one, in doc.go or at the head of its main file", dir, n)
	}
}

// onlyImporter is the one file that may know the router.
const onlyImporter = "restmachine/internal/route/router.go"

func TestOneFileImportsTheRouter(t *testing.T) {
	var importers []string
	for _, f := range goFiles(t) {
		if f.library() && slices.ContainsFunc(f.imports(t), func(name string) bool { return strings.HasSuffix(name, "/httprouter") }) {
			importers = append(importers, f.name)
		}
	}
	assert.Equal(t, []string{onlyImporter}, importers, "ask package route for what the router knows")
}

// groundFloor are the packages that stand on nothing of ours, beside the
// internal ones, with what each may import all the same.
var groundFloor = map[string][]string{
	"decision":                nil,
	"restmachine/conditional": nil,
	"restmachine/store":       {"restmachine/conditional"}, // what a store checks is a precondition
	// The harness is for tests only, and asks the library as its users do.
	"restmachine/internal/harness": {"decision", "restmachine", "restmachine/restmachinetest"},
}

func TestTheGroundFloorStandsOnNothingOfOurs(t *testing.T) {
	for _, f := range goFiles(t) {
		allowed, ground := groundFloor[f.dir]
		// A command below internal may use what it is there for: nobody imports it.
		ground = ground || f.library() && f.inInternal() && f.syntax.Name.Name != "main"
		if !ground || f.test() {
			continue
		}
		for _, name := range f.imports(t) {
			if ours, found := strings.CutPrefix(name, module+"/"); found {
				assert.Contains(t, allowed, ours, "%s imports %s; move what it needs into a package of its own, or hand it in", f.name, name)
			}
		}
	}
}

func TestTheGraphKnowsNoHTTP(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.dir == "decision" && !f.test() {
			for _, name := range []string{"net/http", "reflect"} {
				assert.NotContains(t, f.imports(t), name, "%s: the graph knows numbers and labels; what it walks is a type parameter", f.name)
			}
		}
	}
}

const (
	maxFileLines = 400
	maxFuncLines = 60
)

func TestFilesAndFunctionsAreShort(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test() {
			continue
		}
		assert.LessOrEqual(t, f.line(f.syntax.FileEnd), maxFileLines+1, "%s is too long; split it where its subject changes", f.name)
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				lines := f.line(fn.End()) - f.line(fn.Pos()) + 1
				assert.LessOrEqual(t, lines, maxFuncLines, "%s: %s is too long; name its steps", f.name, fn.Name.Name)
			}
		}
	}
}

func TestWhatUsersAreMadeToDownload(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json", "go.mod").Output()
	require.NoError(t, err)
	var mod struct {
		Module  struct{ Path string }
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace []any
	}
	require.NoError(t, json.Unmarshal(out, &mod))
	var direct []string
	for _, r := range mod.Require {
		if !r.Indirect {
			direct = append(direct, r.Path)
		}
	}
	assert.Equal(t, module, mod.Module.Path)
	assert.Empty(t, mod.Replace, "a replace in go.mod does not reach users; require the version that works")
	assert.Equal(t, []string{"github.com/julienschmidt/httprouter", "github.com/stretchr/testify", "golang.org/x/text"}, direct,
		"each further dependency needs a reason that users would accept: put it into examples or bench, or say why here")
}

func TestTheProgramOfTheReadmeIsHello(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	hello, err := os.ReadFile("examples/hello/main.go")
	require.NoError(t, err)
	_, program, found := strings.Cut(string(hello), "\npackage main\n")
	require.True(t, found, "examples/hello/main.go begins with a comment and package main")
	_, shown, _ := strings.Cut(string(readme), "```go\n")
	shown, _, _ = strings.Cut(shown, "```")
	assert.Equal(t, "package main\n"+program, shown, "copy examples/hello/main.go, without its comment, into the first block of README.md")
}

func TestNothingIsLeftForLater(t *testing.T) {
	marks := []string{"TO" + "DO", "FIX" + "ME"}
	walkTree(t, func(name string) {
		if !slices.Contains([]string{".go", ".md", ".mod", ".sh"}, path.Ext(name)) {
			return
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, mark := range marks {
			assert.NotContains(t, string(text), mark, "%s has a %s; do it, or say in docs/design.md why it is not done", name, mark)
		}
	})
}
