// All Go in the guide compiles. Each page is a package of its own:
//
//   - A block that begins with "package" is a file. Those of one name on one page
//     belong together.
//   - Every other block is a fragment: declarations, or statements, which stand in
//     a function of their own and share nothing with other blocks but declarations.
//   - What fragments need beside that stands in a comment on the page, which begins
//     with "<!-- go:" and ends with "-->", each on a line of its own.
//
// Fragments import what they use by the table below. Nothing has to be used.
//
// The pages of the cookbook and of the frameworks in docs/migrating are left out: they show excerpts of
// programs that compile, to which package examples/internal/recipe and module examples/migrating hold them.

package docs_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/internal/policy"
)

// importable is what fragments may use without saying where it comes from.
var importable = map[string]string{
	"cmp": "cmp", "context": "context", "rand": "crypto/rand", "tls": "crypto/tls", "embed": "embed", "errors": "errors", "fmt": "fmt", "fs": "io/fs", "http": "net/http",
	"httptest": "net/http/httptest", "hmac": "crypto/hmac", "io": "io", "iter": "iter", "json": "encoding/json", "log": "log", "math": "math", "net": "net", "pprof": "net/http/pprof", "os": "os", "signal": "os/signal", "slices": "slices", "slog": "log/slog",
	"sql": "database/sql", "strconv": "strconv", "strings": "strings", "sync": "sync", "atomic": "sync/atomic", "syscall": "syscall",
	"testing": "testing", "time": "time", "url": "net/url",
	"decision":        policy.Module + "/decision",
	"restmachine":     policy.Module + "/restmachine",
	"client":          policy.Module + "/restmachine/client",
	"conditional":     policy.Module + "/restmachine/conditional",
	"cors":            policy.Module + "/restmachine/cors",
	"debugger":        policy.Module + "/restmachine/debugger",
	"openapi":         policy.Module + "/restmachine/openapi",
	"restmachinetest": policy.Module + "/restmachine/restmachinetest",
	"store":           policy.Module + "/restmachine/store",
	"storetest":       policy.Module + "/restmachine/store/storetest",
}

// sources are the Go packages of a page, each as the texts of its files. Line
// directives make an error name the page and the line.
func (p page) sources() map[string][]string {
	packages := map[string][]string{}
	if p.showsExcerpts() {
		return packages
	}
	var fragments strings.Builder
	for _, b := range p.blocks {
		at := fmt.Sprintf("\n//line %s:%d\n", p.name, b.line)
		switch {
		case b.lang != "go" && b.lang != hidden:
		case strings.HasPrefix(b.text, "package "):
			clause, _, _ := strings.Cut(b.text, "\n")
			name := strings.TrimPrefix(clause, "package ")
			packages[name] = append(packages[name], at+b.text)
		case isDeclarations(b.text):
			fragments.WriteString(at + b.text)
		default:
			fragments.WriteString("\nfunc _() {" + at + b.text + "}\n")
		}
	}
	if fragments.Len() > 0 {
		packages["fragments"] = []string{"package fragments\n" + importsFor(fragments.String()) + fragments.String()}
	}
	return packages
}

// showsExcerpts reports whether the code of the page is held to programs elsewhere.
func (p page) showsExcerpts() bool {
	framework := strings.HasPrefix(p.name, "docs/migrating/") && p.name != "docs/migrating/README.md"
	return framework || strings.HasPrefix(p.name, "docs/cookbook/")
}

func isDeclarations(text string) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.SkipObjectResolution)
	return err == nil
}

// importsFor imports what stands in front of a dot and is in the table, unless
// the fragments declare it. A parameter that is called like a package makes an
// import that is not used, which does no harm.
func importsFor(fragments string) string {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+fragments, parser.ParseComments)
	if err != nil {
		return "" // reported where the page is checked
	}
	used := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && f.Scope.Lookup(x.Name) == nil && importable[x.Name] != "" {
				used[x.Name] = importable[x.Name]
			}
		}
		return true
	})
	var imports strings.Builder
	for _, name := range slices.Sorted(maps.Values(used)) {
		fmt.Fprintf(&imports, "import %q\n", name)
	}
	return imports.String()
}

// A program is a package of a page, parsed.
type program struct {
	name  string
	files []*ast.File
}

func TestTheGoOfTheGuideCompiles(t *testing.T) {
	set := token.NewFileSet()
	var programs []program
	imports := map[string]bool{}
	for _, p := range pages(t) {
		for name, texts := range p.sources() {
			prog := program{name: p.name + " " + name}
			for i, text := range texts {
				f, err := parser.ParseFile(set, fmt.Sprintf("%s %d", name, i), text, parser.ParseComments)
				require.NoError(t, err, "%s does not parse", p.name)
				for _, spec := range f.Imports {
					of, err := strconv.Unquote(spec.Path.Value)
					require.NoError(t, err)
					imports[of] = true
				}
				prog.files = append(prog.files, f)
			}
			programs = append(programs, prog)
		}
	}
	require.NotEmpty(t, programs)
	config := types.Config{
		Importer: importer.ForCompiler(set, "gc", exportData(t, slices.Sorted(maps.Keys(imports)))),
		Error: func(err error) {
			var fault types.Error
			if !errors.As(err, &fault) || !fault.Soft { // soft: something is not used
				t.Errorf("%v", err)
			}
		},
	}
	for _, prog := range programs {
		_, _ = config.Check(prog.name, set, prog.files, nil) // Error has reported
	}
}

// exportData opens what the compiler knows of packages. They are built where
// they have not been.
func exportData(t *testing.T, names []string) importer.Lookup {
	t.Helper()
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, names...)
	list := exec.Command("go", args...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	require.NoError(t, err, "go list; does the guide import what users of the library do not have?")
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[name] = file
	}
	return func(name string) (io.ReadCloser, error) { return os.Open(files[name]) }
}

func TestTheProgramOfTheReadmeIsHello(t *testing.T) {
	_, program, found := strings.Cut(policy.Read(t, "examples/hello/main.go"), "\npackage main\n")
	require.True(t, found, "examples/hello/main.go begins with a comment and package main")
	_, shown, _ := strings.Cut(policy.Read(t, "README.md"), "```go\n")
	shown, _, _ = strings.Cut(shown, "```")
	assert.Equal(t, "package main\n"+program, shown, "copy examples/hello/main.go, without its comment, into the first block of README.md")
}
