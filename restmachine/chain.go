package restmachine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// A chain is who asks whom, for messages, and to find who needs itself.
type chain []link

// A link is a function that is there as what says, such as "GET /posts".
type link struct {
	what string
	fn   *wire.Func
}

func (l link) String() string { return l.what + " " + l.fn.String() }

func (c chain) String() string {
	var all []string
	for _, l := range c {
		all = append(all, l.String())
	}
	return strings.Join(all, " -> ")
}

// meets reports whether fn is on the chain already, which is a fault: it needs
// itself.
func (c chain) meets(fs *faults, fn *wire.Func) bool {
	i := slices.IndexFunc(c, func(l link) bool { return l.fn == fn })
	if i < 0 {
		return false
	}
	// A circle is one fault, wherever it was entered: it begins with what was
	// registered first, in one file that with the lowest line.
	first := slices.MinFunc(c[i:], func(a, b link) int {
		return cmp.Or(cmp.Compare(len(a.fn.Site), len(b.fn.Site)), cmp.Compare(a.fn.Site, b.fn.Site), cmp.Compare(a.fn.Name, b.fn.Name))
	})
	at := slices.Index(c, first)
	circle := slices.Concat(c[at:], c[i:at], chain{first})
	var makes []string
	for _, l := range circle {
		makes = append(makes, l.fn.Returns().String()+" by "+l.String())
	}
	fs.add(first.fn.Site, "circular providers: %s needs itself: %s; break the circle with a type that neither needs",
		first.fn.Returns(), strings.Join(makes, " -> "))
	return true
}
