package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// A chain is who asks whom, for messages, and to find who needs itself.
type chain []link

// A link is a function that is there as what says, such as "GET /posts".
type link struct {
	what     string
	function *wire.Func
}

func (l link) String() string { return l.what + " " + l.function.String() }

func (c chain) String() string {
	var all []string
	for _, l := range c {
		all = append(all, l.String())
	}
	return strings.Join(all, " -> ")
}

// meets reports whether fn is on the chain already, which is a fault: it needs
// itself.
func (c chain) closesCircle(fs *declare.Faults, fn *wire.Func) bool {
	i := slices.IndexFunc(c, func(l link) bool { return l.function == fn })
	if i < 0 {
		return false
	}
	// A circle is one fault, wherever it was entered: it begins with what was
	// registered first, in one file that with the lowest line.
	first := slices.MinFunc(c[i:], func(a, b link) int {
		return cmp.Or(cmp.Compare(len(a.function.Site), len(b.function.Site)), cmp.Compare(a.function.Site, b.function.Site), cmp.Compare(a.function.Name, b.function.Name))
	})
	at := slices.Index(c, first)
	circle := slices.Concat(c[at:], c[i:at], chain{first})
	var makes []string
	for _, l := range circle {
		makes = append(makes, l.function.Returns().String()+" by "+l.String())
	}
	fs.Add(first.function.Site, "circular providers: %s needs itself: %s; break the circle with a type that neither needs",
		first.function.Returns(), strings.Join(makes, " -> "))
	return true
}
