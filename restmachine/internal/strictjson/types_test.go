// These tests check which Go types are refused at start, and the words of the reason.

package strictjson

import (
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

type (
	textChannel chan int
	selfRead    struct{ Done chan int }
	Listed      []int
	loop        struct {
		Next *loop
		More []loop
		By   map[string]loop
	}
)

func (textChannel) MarshalText() ([]byte, error) { return nil, nil }

func (*selfRead) UnmarshalJSON([]byte) error { return nil }

func TestTypesThatJSONCannotHold(t *testing.T) {
	type (
		inner struct{ Stop func() }
		outer struct{ In []map[string]*inner }
	)
	for _, row := range []struct {
		name           string
		typ            reflect.Type
		reads, writes  string // what is said, "" where it can
		v2Reads, v2Out string // by the rules of v2, "=" for the same
	}{
		{"scalars", reflect.TypeFor[struct {
			A int
			B float32
			C *string
			D any
			E error
		}](), "", "", "=", "="},
		{"a channel", reflect.TypeFor[chan int](), "a chan int cannot be read as JSON", "a chan int cannot be written as JSON", "=", "="},
		{"a function, deep inside", reflect.TypeFor[outer](), "strictjson.outer.In: strictjson.inner.Stop: a func() cannot be read as JSON",
			"strictjson.outer.In: strictjson.inner.Stop: a func() cannot be written as JSON", "=", "="},
		{"a complex number", reflect.TypeFor[[]complex64](), "a complex64 cannot be read as JSON", "a complex64 cannot be written as JSON", "=", "="},
		{"an unsafe pointer", reflect.TypeFor[unsafe.Pointer](), "a unsafe.Pointer cannot be read as JSON", "a unsafe.Pointer cannot be written as JSON", "=", "="},
		{"a field that is left out", reflect.TypeFor[struct {
			A int
			B chan int `json:"-"`
			c chan int
		}](), "", "", "=", "="},
		{"what writes itself", reflect.TypeFor[textChannel](), "a strictjson.textChannel cannot be read as JSON", "", "=", "="},
		{"what reads itself", reflect.TypeFor[selfRead](), "", "strictjson.selfRead.Done: a chan int cannot be written as JSON", "=", "="},
		{"recursive", reflect.TypeFor[loop](), "", "", "=", "="},
		{"times", reflect.TypeFor[struct {
			At   time.Time
			Took time.Duration
		}](), "", "", "struct { At time.Time; Took time.Duration }.Took: encoding/json/v2 does not say how a time.Duration is written; use a type with methods of its own", "="},
		{"names", reflect.TypeFor[struct {
			A map[string]int
			B map[int8]int
			C map[float64]int
			D map[netip.Addr]int
		}](), "", "", "=", "="},
		{"a bool as a name", reflect.TypeFor[map[bool]int](), "a bool cannot be the name of a JSON member", "=", "=", "="},
		{"an any as a name", reflect.TypeFor[map[any]int](), "a interface {} cannot be the name of a JSON member", "=", "", ""},
		{"an option in another case", miswritten, miswritten.String() + ": Go struct field A has invalid appearance of `omitEmpty` tag option; specify `omitempty` instead", "=", "=", "="},
		{"a comma at the end", structOf(reflect.TypeFor[int](), `json:"a,"`), "struct { A int \"json:\\\"a,\\\"\" }: Go struct field A has malformed `json` tag: invalid trailing ',' character", "=", "=", "="},
		{"an embedded slice", reflect.TypeFor[struct{ Listed }](), "struct { strictjson.Listed }: embedded Go struct field Listed of non-struct type must be explicitly given a JSON name", "=", "=", "="},
		{"two of one name", twins, twins.String() + ": Go struct fields A and B conflict over JSON object name \"x\"", "=", "=", "="},
		{"nothing to see", reflect.TypeFor[sync.Mutex](), "sync.Mutex: Go struct has no exported fields", "=", "=", "="},
		{"an empty struct", reflect.TypeFor[struct{}](), "", "", "=", "="},
		{"a slice in quotes", listed, listed.String() + ".A: the option string is not for a []int", "=", "=", "="},
		{"a time in quotes", timed, timed.String() + ".A: the option string is not for a time.Time", "=", "=", "="},
		{"a string in quotes", quotedText, "", "", quotedText.String() + ".A: the option string is not for a *string", "="},
		{"a number in quotes", reflect.TypeFor[struct {
			A *int64  `json:",string"`
			B float32 `json:",string"`
		}](), "", "", "=", "="},
	} {
		said := func(err error) string {
			if err == nil {
				return ""
			}
			return err.Error()
		}
		same := func(s *string, as string) {
			if *s == "=" {
				*s = as
			}
		}
		same(&row.writes, row.reads)
		if same(&row.v2Reads, row.reads); row.v2Reads == row.reads {
			same(&row.v2Out, row.writes)
		}
		same(&row.v2Out, row.v2Reads)
		assert.Equal(t, row.reads, said(Rules{}.Unreadable(row.typ)), "%s is read", row.name)
		assert.Equal(t, row.writes, said(Rules{}.Unwritable(row.typ)), "%s is written", row.name)
		assert.Equal(t, row.v2Reads, said(Rules{V2: true}.Unreadable(row.typ)), "%s is read by v2", row.name)
		assert.Equal(t, row.v2Out, said(Rules{V2: true}.Unwritable(row.typ)), "%s is written by v2", row.name)
	}
}

// These are made here, since go vet and staticcheck would find their mistakes.
var (
	twins = reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: reflect.TypeFor[int](), Tag: `json:"x"`},
		{Name: "B", Type: reflect.TypeFor[int](), Tag: `json:"x"`},
	})
	miswritten = structOf(reflect.TypeFor[int](), `json:"a,omitEmpty"`)
	listed     = structOf(reflect.TypeFor[[]int](), `json:",string"`)
	timed      = structOf(reflect.TypeFor[time.Time](), `json:",string"`)
	quotedText = structOf(reflect.TypeFor[*string](), `json:",string"`)
)

// structOf is a struct with one field, A.
func structOf(t reflect.Type, tag reflect.StructTag) reflect.Type {
	return reflect.StructOf([]reflect.StructField{{Name: "A", Type: t, Tag: tag}})
}

// The shapes of the other tests can be read and written.
func TestShapesAreFine(t *testing.T) {
	for _, s := range shapes {
		assert.NoError(t, Rules{}.Unreadable(s.typ), s.name)
		assert.NoError(t, Rules{}.Unwritable(s.typ), s.name)
	}
}

// Content nests at most MaxDepth levels, also where the type does not bound it, and where it is not
// of the type.
func TestDepthIsBoundedForEveryType(t *testing.T) {
	type list []list
	for _, row := range []struct {
		typ         reflect.Type
		open, close string
	}{
		{reflect.TypeFor[node](), `{"left":`, `}`},
		{reflect.TypeFor[list](), `[`, `]`},
		{reflect.TypeFor[Embedded](), `{"unknown":`, `}`},
		{reflect.TypeFor[struct{ A, B Embedded }](), `{"a":`, `}`},
	} {
		innermost := "{}"
		if row.open == "[" {
			innermost = "[]"
		}
		content := strings.Repeat(row.open, MaxDepth) + innermost + strings.Repeat(row.close, MaxDepth)
		err := Rules{}.For(row.typ).Read([]byte(content), reflect.New(row.typ).Interface())
		assert.ErrorContains(t, err, "more than 100 levels deep", "%s", row.typ)
	}
}
