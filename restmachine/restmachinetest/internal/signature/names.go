package signature

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// This file writes a type as Go source. In comes a type as reflection has it. Out comes its
// name in the file, or why it cannot be named there.

// names are the names of one file.
type names struct {
	home    *Package
	aliases map[string]string // of the imports, by path
}

// name is the type as the file can write it.
func (n *names) name(t reflect.Type) (string, error) {
	if t.Name() != "" {
		return n.named(t.PkgPath(), t.Name())
	}
	switch t.Kind() {
	case reflect.Pointer:
		return n.around("*", t.Elem())
	case reflect.Slice:
		return n.around("[]", t.Elem())
	case reflect.Array:
		return n.around("["+strconv.Itoa(t.Len())+"]", t.Elem())
	case reflect.Chan:
		elem, err := n.name(t.Elem())
		switch t.ChanDir() {
		case reflect.RecvDir:
			return "<-chan (" + elem + ")", err
		case reflect.SendDir:
			return "chan<- (" + elem + ")", err
		}
		return "chan (" + elem + ")", err
	case reflect.Map:
		key, err := n.name(t.Key())
		if err != nil {
			return "", err
		}
		return n.around("map["+key+"]", t.Elem())
	case reflect.Func:
		return n.function(t)
	case reflect.Struct:
		return n.structure(t)
	case reflect.Interface:
		return n.behaviour(t)
	}
	return "", fmt.Errorf("%s cannot be written", t)
}

func (n *names) around(before string, elem reflect.Type) (string, error) {
	name, err := n.name(elem)
	return before + name, err
}

func (n *names) function(t reflect.Type) (string, error) {
	signature, err := n.signature(t)
	return "func" + signature, err
}

// signature is what follows the name in the declaration of a function.
func (n *names) signature(t reflect.Type) (string, error) {
	var in, out []string
	for p := range t.Ins() {
		name, err := n.name(p)
		if err != nil {
			return "", err
		}
		in = append(in, name)
	}
	if t.IsVariadic() {
		in[len(in)-1] = "..." + strings.TrimPrefix(in[len(in)-1], "[]")
	}
	for r := range t.Outs() {
		name, err := n.name(r)
		if err != nil {
			return "", err
		}
		out = append(out, name)
	}
	return "(" + strings.Join(in, ", ") + ") (" + strings.Join(out, ", ") + ")", nil
}

func (n *names) structure(t reflect.Type) (string, error) {
	var fields []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.PkgPath != "" && f.PkgPath != n.home.Path {
			return "", fmt.Errorf("%s has a field that package %s alone can name", t, f.PkgPath)
		}
		name, err := n.name(f.Type)
		if err != nil {
			return "", err
		}
		if !f.Anonymous {
			name = f.Name + " " + name
		}
		if f.Tag != "" {
			name += " " + strconv.Quote(string(f.Tag))
		}
		fields = append(fields, name)
	}
	return "struct{ " + strings.Join(fields, "; ") + " }", nil
}

func (n *names) behaviour(t reflect.Type) (string, error) {
	if t.NumMethod() == 0 {
		return "any", nil
	}
	var methods []string
	for m := range t.Methods() {
		if m.PkgPath != "" && m.PkgPath != n.home.Path {
			return "", fmt.Errorf("%s has a method that package %s alone can name", t, m.PkgPath)
		}
		signature, err := n.signature(m.Type)
		if err != nil {
			return "", err
		}
		methods = append(methods, m.Name+signature)
	}
	return "interface{ " + strings.Join(methods, "; ") + " }", nil
}

// named is a type that has a name: one of a package, or one that the language has. What
// reflection says of an instantiated type has its arguments in brackets, each with the whole
// path of its package: Body[github.com/you/blog.NewPost].
func (n *names) named(pkg, name string) (string, error) {
	base, args, instantiated := strings.Cut(name, "[")
	qualified, err := n.qualified(pkg, base)
	if err != nil || !instantiated {
		return qualified, err
	}
	written, err := n.rewritten("[" + args)
	return qualified + written, err
}

// rewritten is a text of reflection with each name of a package as the file writes it. What
// stands in quotes, the tag of a field, stays.
func (n *names) rewritten(text string) (string, error) {
	var b strings.Builder
	for text != "" {
		switch end := strings.IndexAny(text, "[](){}*, ;\""); {
		case end == 0 && text[0] == '"':
			quoted, err := strconv.QuotedPrefix(text)
			if err != nil {
				return "", err
			}
			b.WriteString(quoted)
			text = text[len(quoted):]
		case end == 0:
			b.WriteByte(text[0])
			text = text[1:]
		default:
			if end < 0 {
				end = len(text)
			}
			word, err := n.word(text[:end])
			if err != nil {
				return "", err
			}
			b.WriteString(word)
			text = text[end:]
		}
	}
	return b.String(), nil
}

// word is one word of such a text: path.Name, or a word without a package.
func (n *names) word(word string) (string, error) {
	dots := ""
	if strings.HasPrefix(word, "...") {
		dots, word = "...", word[3:]
	}
	last := strings.LastIndexByte(word, '.')
	if last < 0 {
		if strings.Contains(word, "·") {
			return "", fmt.Errorf("%s is declared in a function", word)
		}
		return dots + word, nil
	}
	qualified, err := n.qualified(strings.ReplaceAll(word[:last], "%2e", "."), word[last+1:])
	return dots + qualified, err
}

// qualified is a name of a package.
func (n *names) qualified(pkg, name string) (string, error) {
	if pkg == "" {
		return name, nil
	}
	name, _, numbered := strings.Cut(name, "·")
	if numbered {
		return "", fmt.Errorf("%s is declared in a function", name)
	}
	if n.home.is(pkg) {
		return name, n.home.declares(name)
	}
	if err := n.home.mayName(pkg, name); err != nil {
		return "", err
	}
	return n.alias(pkg) + "." + name, nil
}

// alias is the name of an import. It differs from every name that the package declares.
func (n *names) alias(pkg string) string {
	if alias, ok := n.aliases[pkg]; ok {
		return alias
	}
	base := nameFor(pkg)
	alias := base
	for i := 2; n.home.declared[alias] || slices.Contains(slices.Collect(maps.Values(n.aliases)), alias); i++ {
		alias = base + strconv.Itoa(i)
	}
	n.aliases[pkg] = alias
	return alias
}

// nameFor is a name for the import of a path: its last part, but a version.
func nameFor(pkg string) string {
	last := path.Base(pkg)
	if len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" && strings.Contains(pkg, "/") {
		last = path.Base(path.Dir(pkg))
	}
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, last)
	if unicode.IsDigit(rune(name[0])) {
		return "_" + name
	}
	return name
}

// line is the line of an import. The name is left out where it is sure to be the package's.
func (n *names) line(pkg string) string {
	alias := n.aliases[pkg]
	if alias == path.Base(pkg) && (isStandard(pkg) || pkg == fastPackage || pkg == path.Dir(fastPackage)) {
		return strconv.Quote(pkg)
	}
	return alias + " " + strconv.Quote(pkg)
}

// isStandard reports whether the package is one of the standard library.
func isStandard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return !strings.Contains(first, ".")
}
