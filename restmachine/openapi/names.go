package openapi

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// This file makes names. In come paths, methods, functions and types. Out come operation IDs,
// summaries, and the names of components, which are the same as long as these are.

// templateOf is a path as OpenAPI writes it. It has nothing for {path...}.
func templateOf(path string) string { return strings.ReplaceAll(path, "...}", "}") }

// idOf is the operation ID of a method on a path: getPostsByPostId.
func idOf(method, path string) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(method))
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	for _, s := range segments {
		if name, isParameter := strings.CutPrefix(s, "{"); isParameter {
			s = "by " + strings.TrimSuffix(strings.TrimSuffix(name, "}"), "...")
		}
		for _, word := range wordsOf(s) {
			b.WriteString(capital(word))
		}
	}
	if len(segments) == 0 {
		b.WriteString("Root")
	}
	return b.String()
}

// wordsOf are the words of a name: createPost, post_id and starts-at have two each.
func wordsOf(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = nil
		}
	}
	last := rune(0)
	for _, r := range name {
		switch {
		case r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case unicode.IsUpper(r) && unicode.IsLower(last):
			end()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		last = r
	}
	end()
	return words
}

func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// summaryOf says what an operation does, by the name of its handler or, where that has none,
// by its ID: "Create post", "Get posts by post id".
func summaryOf(handler, id string) string {
	name := handler[strings.LastIndexByte(handler, '/')+1:]
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], "-fm")
	words := wordsOf(name)
	isClosure := strings.HasPrefix(name, "func") && strings.Trim(name[4:], "0123456789") == "" ||
		strings.Trim(name, "0123456789") == ""
	if len(words) == 0 || isClosure || strings.ContainsAny(handler, "[]") {
		words = wordsOf(id)
	}
	for i, w := range words {
		words[i] = strings.ToLower(w)
	}
	return capital(strings.Join(words, " "))
}

// A key is a type in one direction: as it is read, or as it is written.
type key struct {
	typ   reflect.Type
	input bool
}

// settle gives each type that was met its name. A type that is read and written gets two.
func (s *schemas) settle(names map[key]string) {
	keys := make([]key, 0, len(s.made))
	for k := range s.made {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(cleanName(a.typ), cleanName(b.typ)), cmp.Compare(a.typ.PkgPath(), b.typ.PkgPath()),
			cmp.Compare(a.typ.String(), b.typ.String()), cmp.Compare(strconv.FormatBool(a.input), strconv.FormatBool(b.input)))
	})
	clear(names)
	taken := map[string]string{"Problem": "ours"} // the package of each name
	for _, k := range keys {
		name := cleanName(k.typ)
		if _, both := s.made[key{k.typ, false}]; k.input && both {
			name = or(names[key{k.typ, false}], name) + "Input"
		}
		of := k.typ.PkgPath()
		if by := taken[name]; by != "" && by != of {
			name = capital(strings.Join(wordsOf(of[strings.LastIndexByte(of, '/')+1:]), "")) + name
		}
		for n, base := 2, name; taken[name] != ""; n++ {
			name = base + strconv.Itoa(n)
		}
		taken[name], names[k] = of, name
	}
}

// cleanName is the name of a type as a component may be called: PageOfPost for
// Page[example.com/blog.Post].
func cleanName(t reflect.Type) string {
	name, arguments, generic := strings.Cut(t.Name(), "[")
	name = or(capital(strings.Join(wordsOf(name), "")), "Type")
	if !generic {
		return name
	}
	for i, argument := range strings.FieldsFunc(arguments, func(r rune) bool { return strings.ContainsRune("[],", r) }) {
		joint := "And"
		if i == 0 {
			joint = "Of"
		}
		short := argument[strings.LastIndexByte(argument, '/')+1:]
		short = short[strings.LastIndexByte(short, '.')+1:]
		short, _, _ = strings.Cut(short, "·")
		name += joint + capital(strings.Join(wordsOf(short), ""))
	}
	return name
}
