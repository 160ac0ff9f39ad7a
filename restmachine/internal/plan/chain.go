package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file remembers which callback asks for which provider. It is there for the text of
// faults, and to find a provider that needs itself.

// A chain is the callbacks that are being bound: each asks for what the next one provides.
type chain []link

// A link is a callback, and what it was registered as, such as "GET /posts".
type link struct {
	what     string
	function *wire.Func
}

// String is the link for messages: "GET /posts main.list (main.go:12)".
func (l link) String() string { return l.what + " " + l.function.String() }

// String is the chain for messages, the first caller first.
func (c chain) String() string {
	var all []string
	for _, l := range c {
		all = append(all, l.String())
	}
	return strings.Join(all, " -> ")
}

// closesCircle reports whether fn is on the chain already. That is a fault: it needs itself.
func (c chain) closesCircle(fs *declare.Faults, fn *wire.Func) bool {
	i := slices.IndexFunc(c, func(l link) bool { return l.function == fn })
	if i < 0 {
		return false
	}
	// A circle is one fault, wherever it was entered. So its text always begins with the same
	// function: in one file, the one on the lowest line.
	first := slices.MinFunc(c[i:], func(a, b link) int {
		return cmp.Or(cmp.Compare(len(a.function.Site), len(b.function.Site)), cmp.Compare(a.function.Site, b.function.Site), cmp.Compare(a.function.Name, b.function.Name))
	})
	at := slices.Index(c, first)
	circle := slices.Concat(c[at:], c[i:at], chain{first})
	var makes []string
	for _, l := range circle {
		makes = append(makes, l.function.Returns().String()+" by "+l.String())
	}
	fs.Add(first.function.Site, "circular providers: %s needs itself: %s; break the circle with another type that needs none of these",
		first.function.Returns(), strings.Join(makes, " -> "))
	return true
}
