// The pages for those who change the code are true: the drawing of the house is that of
// the imports, the names in backticks are those of the code, and the walkthrough shows
// what an App does.

package docs_test

import (
	"go/ast"
	"maps"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/internal/policy"
	"github.com/restmachine/restmachine-go/restmachine"
)

// rooms are the packages of ours that the façade is built of, with the façade itself, by
// name. Each has the names of those that it imports.
func rooms(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{} // by folder
	for _, f := range policy.GoFiles(t) {
		for _, name := range f.Imports() {
			if ours, ok := strings.CutPrefix(name, policy.Module+"/"); ok && !f.IsTest() {
				imports[f.Dir] = append(imports[f.Dir], ours)
			}
		}
	}
	found := map[string][]string{}
	next := []string{"restmachine"}
	for len(next) > 0 {
		dir := next[0]
		next = next[1:]
		name := path.Base(dir)
		if _, again := found[name]; again {
			continue
		}
		found[name] = []string{}
		for _, ours := range imports[dir] {
			found[name] = append(found[name], path.Base(ours))
			next = append(next, ours)
		}
	}
	require.Greater(t, len(found), 15)
	return found
}

// TestTheHouseIsDrawn: in the drawing of the house each package stands once, and imports
// only what stands on a lower line. The table below it has a row for each.
func TestTheHouseIsDrawn(t *testing.T) {
	p := readPage(t, "docs/internals/README.md")
	line := map[string]int{}
	for i, text := range strings.Split(p.blocks[0].text, "\n") {
		names, _, _ := strings.Cut(text, "—")
		for name := range strings.FieldsSeq(strings.NewReplacer("|", " ", "/", " ", `\`, " ").Replace(names)) {
			assert.NotContains(t, line, name, "the drawing has it twice")
			line[name] = i
		}
	}
	all := rooms(t)
	assert.ElementsMatch(t, slices.Collect(maps.Keys(all)), slices.Collect(maps.Keys(line)), "the packages of the drawing")
	for name, imports := range all {
		for _, other := range imports {
			assert.Less(t, line[name], line[other], "the drawing has %s above %s, and %s imports it", other, name, name)
		}
		row := func(text string) bool { return strings.HasPrefix(text, "| `"+name+"` |") }
		assert.True(t, slices.ContainsFunc(p.prose, row), "the table of packages has no row for %s", name)
	}
}

// namesOfTheCode are the names that the library declares, as pages write them: a name of
// a package behind the package's ("walk.Compile"), a method or a field behind its type's
// ("Walk.Decide"). Each package and type stands there, too, by itself. Each has the files
// that declare it.
func namesOfTheCode(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, f := range policy.GoFiles(t) {
		if !f.InLibrary || f.IsTest() {
			continue
		}
		declare := func(owner, name string) {
			all[owner] = append(all[owner], f.Name)
			all[owner+"."+name] = append(all[owner+"."+name], f.Name)
		}
		pkg := f.Syntax.Name.Name
		for name := range f.Syntax.Scope.Objects {
			declare(pkg, name)
		}
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil {
					declare(receiver(n.Recv.List[0].Type), n.Name.Name)
				}
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						for _, name := range field.Names {
							declare(n.Name.Name, name.Name)
						}
					}
				}
			}
			return true
		})
	}
	return all
}

// receiver is the name of a receiver's type.
func receiver(typ ast.Expr) string {
	switch typ := typ.(type) {
	case *ast.StarExpr:
		return receiver(typ.X)
	case *ast.IndexExpr:
		return receiver(typ.X)
	case *ast.Ident:
		return typ.Name
	}
	return ""
}

// owners are the types and packages that may declare what stands behind a dot: a variable is called
// like its type, and what an App has may be promoted from what it embeds.
func owners(name string) []string {
	variable := strings.ToUpper(name[:1]) + name[1:]
	switch variable {
	case "App", "Group", "Resource", "Scope":
		return []string{name, variable, "Scope", "Facts"}
	}
	return []string{name, variable}
}

var dotted = regexp.MustCompile(`^([A-Za-z]\w*)\.([A-Za-z]\w*)$`)

// TestNamesOfTheCode: `Walk.Decide` and `walk.Compile` are in the code. What has a
// package or a type of others in front of its dot is not ours to check.
func TestNamesOfTheCode(t *testing.T) {
	all := namesOfTheCode(t)
	require.Subset(t, slices.Collect(maps.Keys(all)), []string{"Walk.Decide", "walk.Compile", "job.find"})
	for _, p := range pages(t) {
		for _, line := range p.prose {
			for _, code := range between(line, "`", "`") {
				name := dotted.FindStringSubmatch(bare(code))
				if name == nil || name[2] == "go" || name[2] == "md" || slices.Contains(others, name[2]) {
					continue
				}
				isType := p.isAboutTheCode() && 'A' <= name[1][0] && name[1][0] <= 'Z'
				if all[name[1]] != nil || isType || name[1] == "app" {
					is := func(owner string) bool { return all[owner+"."+name[2]] != nil }
					assert.True(t, slices.ContainsFunc(owners(name[1]), is), "%s names `%s`, which the code does not have", p.name, code)
				}
			}
		}
	}
}

// TestTheWalkthroughNamesFiles: a function in the tables of the walkthrough is in the file
// that stands in front of it.
func TestTheWalkthroughNamesFiles(t *testing.T) {
	all, checked := namesOfTheCode(t), 0
	p := readPage(t, "docs/internals/walkthrough.md")
	for _, line := range p.prose {
		cells := strings.Split(line, " | ")
		if len(cells) != 3 {
			continue
		}
		for _, file := range between(cells[0], "`", "`") {
			for _, function := range between(cells[1], "`", "`") {
				isIn := func(name string) bool { return slices.Contains(p.places(file), name) }
				assert.True(t, slices.ContainsFunc(all[function], isIn), "%s is not in %s, but in %v", function, file, all[function])
				checked++
			}
		}
	}
	assert.Greater(t, checked, 30)
}

// TestDocumentsInComments: a page of docs that Go code names is there.
func TestDocumentsInComments(t *testing.T) {
	named := regexp.MustCompile(`\bdocs/[a-z0-9/]+\.md\b`)
	for _, f := range policy.GoFiles(t) {
		for _, name := range named.FindAllString(policy.Read(t, f.Name), -1) {
			_, err := os.Stat(policy.Path(t, name))
			assert.NoError(t, err, "%s names %s", f.Name, name)
		}
	}
}

type document struct {
	Version int
	Changed time.Time
}

// TestTheWalkthrough plays the two requests of the walkthrough. The rows that are asked,
// the traces and the problem are those of the page.
func TestTheWalkthrough(t *testing.T) {
	app := restmachine.New()
	app.ResourceExists(func(restmachine.PathParams) *document { return &document{1042, time.Unix(1700000000, 0)} })
	app.GenerateETag(func(d *document) string { return strconv.Itoa(d.Version) })
	app.LastModified(func(d *document) time.Time { return d.Changed })
	app.Get("/documents/{id}", func(d *document) *document { return d })
	app.Put("/documents/{id}", func(d *document, _ restmachine.Body[document]) *document { return d })

	lines := strings.Split(policy.Read(t, "docs/internals/walkthrough.md"), "\n")
	shows := func(line string) {
		assert.True(t, slices.Contains(lines, line), "docs/internals/walkthrough.md lacks this line: %s", line)
	}
	routes, err := app.Routes()
	require.NoError(t, err)
	for _, r := range routes {
		if r.Method == http.MethodGet || r.Method == http.MethodPut {
			asked := r.Method + ":"
			for id := range r.Graph.All() {
				asked += " " + id.String()
			}
			shows(asked)
		}
	}
	_, trace := app.Explain(restmachine.Request{Path: "/documents/7", Header: http.Header{"If-None-Match": {`"1042"`}}})
	shows(trace.String())
	refused, trace := app.Explain(restmachine.Request{Method: "PUT", Path: "/documents/7", Body: []byte("{}"),
		Header: http.Header{"If-Match": {`"1041"`}, "Content-Type": {"application/json"}}})
	shows(trace.String())
	shows(string(refused.Body))
}
