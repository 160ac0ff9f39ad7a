// Lists of a field: commas, quotes, and what is empty.

package textfield

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

var lists = []struct {
	name  string
	lines []string
	want  []string // nil: it is not a list
}{
	{"one", []string{"a"}, []string{"a"}},
	{"two, and white space", []string{"a ,\t b\t"}, []string{"a", "b"}},
	{"lines are joined", []string{"a, b", "c"}, []string{"a", "b", "c"}},
	{"empty elements do not count", []string{",a,, b ,", "", " ", ","}, []string{"a", "b"}},
	{"nothing", []string{""}, []string{}},
	{"no lines", nil, []string{}},
	{"a comma in quotes", []string{`"a, b", c`}, []string{"a, b", "c"}},
	{"an escape", []string{`"a\", \\b"`}, []string{`a", \b`}},
	{"quotes around nothing are an element", []string{`"", a`}, []string{"", "a"}},
	{"white space in quotes stays", []string{`" a "`}, []string{" a "}},
	{"quotes inside of an element stay", []string{`a;b="c, d", W/"x,y"`}, []string{`a;b="c, d"`, `W/"x,y"`}},
	{"two quoted-strings are not one", []string{`"a""b"`, `"a" "b"`}, []string{`"a""b"`, `"a" "b"`}},
	{"a quote that does not end", []string{`a, "b`}, nil},
	{"an escape that does not end", []string{`"b\"`}, nil},
	{"a quote does not go on in the next line", []string{`"a`, `b"`}, nil},
	{"a backslash outside of quotes is itself", []string{`a\,b`}, []string{`a\`, "b"}},
}

func TestList(t *testing.T) {
	for _, row := range lists {
		got, ok := List(row.lines...)
		assert.Equal(t, row.want != nil, ok, row.name)
		assert.Equal(t, row.want, got, row.name)
	}
}

// quoteAll is the list of elements, each as a quoted-string.
func quoteAll(elements []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	all := make([]string, len(elements))
	for i, element := range elements {
		all[i] = `"` + escape.Replace(element) + `"`
	}
	return strings.Join(all, ", ")
}

// FuzzList: any elements come back from their list, whatever stands in them. A list on two lines
// is the list on one, where each is a list (RFC 9110, 5.3).
func FuzzList(f *testing.F) {
	for _, row := range lists {
		f.Add(strings.Join(row.lines, "\n"), "")
		f.Add("x", strings.Join(row.lines, "\n"))
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		back, ok := List(quoteAll([]string{a, b}))
		assert.True(t, ok)
		assert.Equal(t, []string{a, b}, back)

		one, ok1 := List(a)
		two, ok2 := List(b)
		both, ok := List(a, b)
		assert.Equal(t, ok1 && ok2, ok)
		if ok {
			assert.Equal(t, append(append([]string{}, one...), two...), both)
			joined, ok := List(a + "," + b)
			assert.True(t, ok)
			assert.Equal(t, both, joined)
			again, ok := List(quoteAll(both))
			assert.True(t, ok)
			assert.Equal(t, both, again)
		}
	})
}
