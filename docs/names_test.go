// No page names what does not exist. In come the names in backticks on every page: `store.ListTag`,
// `App.Drain`, `app.Get`, `WithObserver`; and the commands in its blocks: `go run ./blog`. Each must be
// in the code of the repository.

package docs_test

import (
	"go/ast"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/internal/policy"
)

// names are what the code of the repository declares and uses.
type names struct {
	packages map[string]map[string]bool // by name of the package: what it exports
	members  map[string]map[string]bool // by name of an exported type: its fields, methods and embedded types
	words    map[string]bool            // every exported identifier that occurs, those of other modules included
}

// codeNames reads them. Pages for those who change the code name types of inner packages, too.
func codeNames(t *testing.T, inner bool) names {
	t.Helper()
	n := names{map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]bool{}}
	for _, f := range policy.GoFiles(t) {
		ast.Inspect(f.Syntax, func(node ast.Node) bool {
			if id, ok := node.(*ast.Ident); ok && id.IsExported() {
				n.words[id.Name] = true
			}
			return true
		})
		if f.IsTest() || f.Syntax.Name.Name == "main" || strings.Contains(f.Dir, "internal") && !inner {
			continue
		}
		for _, d := range f.Syntax.Decls {
			n.declare(f.Syntax.Name.Name, d)
		}
	}
	return n
}

func (n names) declare(pkg string, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(n.packages, pkg, d.Name.Name)
			return
		}
		add(n.members, typeName(d.Recv.List[0].Type), d.Name.Name)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					add(n.packages, pkg, id.Name)
				}
			case *ast.TypeSpec:
				add(n.packages, pkg, spec.Name.Name)
				n.declareMembers(spec)
			}
		}
	}
}

// embeds stands before the name of an embedded type among the members.
const embeds = "embeds "

// declareMembers adds the fields of a struct, or the methods of an interface, and what is embedded.
func (n names) declareMembers(spec *ast.TypeSpec) {
	var fields *ast.FieldList
	switch of := spec.Type.(type) {
	case *ast.StructType:
		fields = of.Fields
	case *ast.InterfaceType:
		fields = of.Methods
	default:
		add(n.members, spec.Name.Name, "")
		return
	}
	for _, f := range fields.List {
		for _, id := range f.Names {
			add(n.members, spec.Name.Name, id.Name)
		}
		if len(f.Names) == 0 {
			add(n.members, spec.Name.Name, typeName(f.Type))
			add(n.members, spec.Name.Name, embeds+typeName(f.Type))
		}
	}
}

func add(to map[string]map[string]bool, key, name string) {
	if to[key] == nil {
		to[key] = map[string]bool{}
	}
	to[key][name] = true
}

// typeName is the name of a type without pointer, package and arguments.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// has reports whether a type has a member, by itself or by something that it embeds.
func (n names) has(of, member string) bool {
	if n.members[of][member] {
		return true
	}
	for name := range n.members[of] {
		if embedded, ok := strings.CutPrefix(name, embeds); ok && n.has(embedded, member) {
			return true
		}
	}
	return false
}

// others are names that other people gave.
var others = []string{
	"TypeError", "Infinity", "EventSource", // JavaScript
	"WriteTimeout", "SetTextMapPropagator", "PurgeDeletes", // net/http, OpenTelemetry, NATS
	"ProxyTimeout", "TimeoutStopSec", // Apache httpd, systemd
	"PostInput", // a schema that an OpenAPI document makes up
	"Direct1",   // docs/internals/choices.md: what was given up
}

// variables are the types behind names that the guide uses without saying what they are.
var variables = map[string]string{"app": "App"}

// missing says what is wrong with a name in backticks, or "".
func (n names) missing(code string, onThePage map[string]bool) string {
	code = strings.TrimLeft(code, "*&[]")
	if strings.ContainsAny(code, " …/-:\"") && !strings.ContainsAny(code, "([") {
		return ""
	}
	if i := strings.IndexAny(code, "([{"); i >= 0 {
		code = code[:i]
	}
	parts := strings.Split(code, ".")
	if last := parts[len(parts)-1]; !isName(last) || slices.Contains(others, last) {
		return ""
	}
	first := parts[0]
	if of := variables[first]; of != "" {
		first = of
	}
	switch exported := n.packages[first]; {
	case len(parts) == 1 && isExported(first):
		if !n.words[first] && !onThePage[first] {
			return "no Go file has this name"
		}
	case len(parts) == 2 && exported != nil && isExported(parts[1]):
		variable := strings.ToUpper(first[:1]) + first[1:] // client may be a Client
		if !exported[parts[1]] && !n.has(variable, parts[1]) {
			return "package " + first + " does not export it"
		}
	case len(parts) == 2 && isExported(first) && n.members[first] != nil && isExported(parts[1]):
		if !n.has(first, parts[1]) && !onThePage[first] {
			return first + " does not have it"
		}
	}
	return ""
}

func isName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// isExported reports whether a word looks like an exported name of Go, and not like the name of a field
// or a status of HTTP: it has an upper-case letter and a lower-case one behind it.
func isExported(s string) bool {
	return isName(s) && unicode.IsUpper(rune(s[0])) && strings.ContainsFunc(s, unicode.IsLower)
}

func TestNamesExist(t *testing.T) {
	users, makers := codeNames(t, false), codeNames(t, true)
	for _, p := range pages(t) {
		n := users
		if p.isAboutTheCode() {
			n = makers
		}
		onThePage := map[string]bool{}
		for _, b := range p.blocks {
			for _, word := range strings.FieldsFunc(b.text, func(r rune) bool { return !isName(string(r)) }) {
				onThePage[word] = true
			}
		}
		for i, line := range p.prose {
			for _, code := range between(line, "`", "`") {
				if strings.HasPrefix(p.name, "docs/migrating") && !strings.Contains(code, ".") {
					continue // the names of other libraries
				}
				if fault := n.missing(code, onThePage); fault != "" {
					assert.Fail(t, "a page names what does not exist", "%s:%d: `%s`: %s", p.name, i+1, code, fault)
				}
			}
		}
	}
}

// TestTheNamesTestCanFail: the test above finds what was never there.
func TestTheNamesTestCanFail(t *testing.T) {
	n := codeNames(t, false)
	for _, code := range []string{"restmachine.Nope", "app.Nope", "App.Nope", "store.Nope[T]", "NopeNope", "*restmachine.Nope", "Reply.Nope"} {
		assert.NotEmpty(t, n.missing(code, nil), code)
	}
	for _, code := range []string{"restmachine.New", "app.Get", "App.GenerateETag", "store.ListTag", "Body[T]", "*Reply[T]",
		"app.Execute(Request)", "conditional.FormatDate", "WithObserver(f)", "If-Match", "ETag", "application/json"} {
		assert.Empty(t, n.missing(code, nil), code)
	}
}

// TestCommandsExist: what a block runs by "go run", "go test" and "cd" is there.
func TestCommandsExist(t *testing.T) {
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.lang != "sh" && b.lang != "console" {
				continue
			}
			for line := range strings.Lines(b.text) {
				checkCommand(t, p, strings.Fields(strings.NewReplacer("(", " ", ")", " ", ";", " ", "&&", " ").Replace(line)))
			}
		}
	}
}

// checkCommand follows "cd", and looks for the folder of each "go run ./x". A page about a folder of the
// reader's own, such as start.md, changes to none of ours and names none.
func checkCommand(t *testing.T, p page, words []string) {
	t.Helper()
	roots := []string{"", path.Dir(p.name), "examples", "bench"}
	at := ""
	isFolder := func(name string) bool { i, err := os.Stat(policy.Path(t, name)); return err == nil && i.IsDir() }
	for i, word := range words {
		if i > 0 && words[i-1] == "cd" && isFolder(path.Join(at, word)) {
			at = path.Join(at, word)
		}
		if rest, ok := strings.CutPrefix(word, "./"); ok && slices.Contains(words[:i], "go") && slices.Contains([]string{"run", "test", "vet"}, words[slices.Index(words, "go")+1]) {
			rest = strings.TrimSuffix(strings.TrimSuffix(rest, "..."), "/")
			there := func(root string) bool { return isFolder(path.Join(root, rest)) }
			assert.True(t, there(at) || at == "" && slices.ContainsFunc(roots, there), "%s runs %s, which is not there", p.name, strings.Join(words, " "))
		}
	}
}
