// These tests hold what is written to the bytes of encoding/json.

package strictjson

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func write(t testing.TB, rules Rules, v any) string {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, rules.Writer().Append(&text, v))
	return text.String()
}

// byEncodingJSON is v as encoding/json writes it, without HTML escapes.
func byEncodingJSON(v any) (string, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// What is written is what encoding/json writes, if nil slices and maps are empty, and text
// is UTF-8.
func TestWritesAsEncodingJSON(t *testing.T) {
	const each = 600
	r := rand.New(rand.NewPCG(16, 1))
	failed := 0
	for _, shape := range append(shapes, writtenShapes...) {
		for range each {
			v := reflect.New(shape.typ).Elem()
			fill(r, v, 4)
			var got bytes.Buffer
			gotErr := Rules{}.Writer().Append(&got, v.Interface())
			want, wantErr := byEncodingJSON(emptied(v).Interface())
			want = strings.NewReplacer(`\\ufffd`, "\ufffd", `\ufffd`, "\ufffd", // quoted once or twice
				"\u2028", `\u2028`).Replace(want) // in a RawMessage
			require.Equal(t, wantErr == nil, gotErr == nil, "%s: %+v: %v, %v", shape.name, v.Interface(), wantErr, gotErr)
			if wantErr != nil {
				failed++
				continue
			}
			require.Equal(t, want, got.String(), shape.name)
		}
	}
	assert.Positive(t, failed, "some values cannot be written: NaN, a json.Number that is no number")
}

// writtenShapes are shapes that cannot be read.
var writtenShapes = []struct {
	name    string
	typ     reflect.Type
	content []string
}{
	{"interfaces", reflect.TypeFor[struct {
		A any
		B []any
		C map[string]any
		D error
	}](), nil},
	{"values that write themselves", reflect.TypeFor[struct {
		P  *byPointer
		V  byPointer
		M  map[string]byPointer
		S  []byPointer
		I  any
		L  map[level]level
		Sp map[string]span
	}](), nil},
}

// texts are strings that are hard to write.
var texts = []string{
	"", "plain", "<a href='x'>&amp;</a>", "\u2028\u2029", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "é日本😀", "\xff", "a\xc3", "\xed\xa0\x80", "\ufffd", strings.Repeat("long ", 50), "12", "null",
}

// fill sets v to a random value, of which some cannot be written.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(r.Int64N(1<<33), r.Int64N(2)*r.Int64N(1e9)).In(time.FixedZone("", 60*r.IntN(800)))))
		return
	case netip.Addr:
		v.Set(reflect.ValueOf(netip.AddrFrom4([4]byte{127, 0, 0, byte(r.IntN(256))})))
		return
	case *big.Int:
		v.Set(reflect.ValueOf(big.NewInt(r.Int64())))
		return
	case json.RawMessage:
		v.SetBytes([]byte([]string{`{"b" : [1, "<"],"a":1e5}`, "\"\u2028\"", `null`, `"\u00e9\/"`, `[ ]`, `{`, ``}[r.IntN(6)]))
		return
	case json.Number:
		v.SetString([]string{"0", "-1.50", "1e400", "", "12345678901234567890", "x"}[min(5, r.IntN(40))%6])
		return
	case level, span:
		if v.Kind() == reflect.Int8 {
			v.SetInt(int64(r.IntN(20)))
		}
		return
	}
	switch kind := v.Kind(); kind {
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> r.IntN(64))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(r.Uint64() >> r.IntN(64))
	case reflect.Float32, reflect.Float64:
		fillFloat(r, v)
	case reflect.String:
		v.SetString(texts[r.IntN(len(texts))])
	case reflect.Array:
		for i := range v.Len() {
			fill(r, v.Index(i), depth-1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(r, v.Field(i), depth-1)
			}
		}
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface:
		if depth > 0 && r.IntN(4) > 0 {
			fillReference(r, v, depth)
		}
	}
}

func fillFloat(r *rand.Rand, v reflect.Value) {
	all := []float64{0, math.Copysign(0, -1), 1, -1.5, 1e20, 1e21, 1e-6, 1e-7, math.MaxFloat32, math.SmallestNonzeroFloat32, r.NormFloat64(), float64(r.Int64())}
	if v.SetFloat(all[r.IntN(len(all))]); r.IntN(50) == 0 {
		v.SetFloat(math.NaN())
	}
}

func fillReference(r *rand.Rand, v reflect.Value, depth int) {
	switch n := r.IntN(4); v.Kind() {
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(r, v.Index(i), depth-1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range n {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			if fill(r, key, depth-1); key.Kind() == reflect.String {
				key.SetString(strings.ToValidUTF8(key.String(), "?")) // or two names may be one
			}
			fill(r, value, depth-1)
			v.SetMapIndex(key, value)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem(), depth-1)
	case reflect.Interface:
		if v.NumMethod() > 0 {
			return
		}
		types := []reflect.Type{
			reflect.TypeFor[string](), reflect.TypeFor[float64](), reflect.TypeFor[[]any](), reflect.TypeFor[map[string]any](), reflect.TypeFor[json.Number](),
			reflect.TypeFor[*Embedded](), reflect.TypeFor[byPointer](), reflect.TypeFor[*byPointer](), reflect.TypeFor[level](), reflect.TypeFor[map[int]string](),
			reflect.TypeFor[time.Time](), reflect.TypeFor[numbered](), reflect.TypeFor[[]byte](), reflect.TypeFor[json.RawMessage](), reflect.TypeFor[uint8](),
		}
		inside := reflect.New(types[r.IntN(len(types))]).Elem()
		fill(r, inside, depth-1)
		v.Set(inside)
	}
}

// emptied is a copy of v in which no slice and no map is nil.
func emptied(v reflect.Value) reflect.Value {
	made := reflect.New(v.Type()).Elem()
	made.Set(v)
	switch v.Kind() {
	case reflect.Slice:
		if v.Type() != reflect.TypeFor[json.RawMessage]() {
			made.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				made.Index(i).Set(emptied(v.Index(i)))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			made.Index(i).Set(emptied(v.Index(i)))
		}
	case reflect.Map:
		made.Set(reflect.MakeMap(v.Type()))
		for key, value := range v.Seq2() {
			made.SetMapIndex(key, emptied(value))
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			break
		}
		if inside := emptied(v.Elem()); v.Kind() == reflect.Interface {
			made.Set(inside)
		} else {
			made.Set(reflect.New(v.Type().Elem()))
			made.Elem().Set(inside)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if made.Field(i).CanSet() {
				made.Field(i).Set(emptied(v.Field(i)))
			}
		}
	}
	return made
}

// What encoding/json writes otherwise.
func TestWritesDifferently(t *testing.T) {
	type lists struct {
		List  []int
		Map   map[string]int
		Bytes []byte
		Raw   json.RawMessage
		Any   any
	}
	for _, row := range []struct {
		name string
		v    any
		text string
	}{
		{"nil", lists{}, `{"List":[],"Map":{},"Bytes":"","Raw":null,"Any":null}`},
		{"nil inside", [][]int{nil, {1}}, `[[],[1]]`},
		{"nil in an any", []any{[]string(nil), map[string]any{"a": []any(nil)}}, `[[],{"a":[]}]`},
		{"not UTF-8", []string{"a\xff", "\xed\xa0\x80"}, "[\"a\ufffd\",\"\ufffd\ufffd\ufffd\"]"},
		{"no HTML escapes", "<a & b>\u2028", `"<a & b>\u2028"`},
		{"a raw U+2028", json.RawMessage("\"<\u2028\""), `"<\u2028"`},
	} {
		assert.Equal(t, row.text, write(t, Rules{}, row.v), row.name)
	}
}

func TestWritesV2(t *testing.T) {
	type record struct {
		Zero   int            `json:"zero,omitempty"`
		None   string         `json:"none,omitempty"`
		Fixed  [2]byte        `json:"fixed"`
		Number json.Number    `json:"number"`
		ByName map[string]int `json:"by_name"`
		Big    []int64        `json:"big"`
	}
	v := record{Fixed: [2]byte{'h', 'i'}, Number: "1e3", ByName: map[string]int{"c": 3, "a": 1, "b": 2}}
	for range 20 { // maps are in order
		assert.Equal(t, `{"zero":0,"fixed":"aGk=","number":1e3,"by_name":{"a":1,"b":2,"c":3},"big":[]}`, write(t, Rules{V2: true}, v))
	}
	assert.Equal(t, "[\"<\u2028\"]", write(t, Rules{V2: true}, []string{"<\u2028"}))
	var text bytes.Buffer
	assert.Error(t, Rules{V2: true}.Writer().Append(&text, "\xff"), "v2 does not repair text")
}

func TestWhatCannotBeWritten(t *testing.T) {
	cycle := map[string]any{}
	cycle["again"] = cycle
	for name, v := range map[string]any{
		"NaN": math.NaN(), "a channel": []any{make(chan int)}, "a function": func() {}, "a cycle": cycle, "no number": json.Number("x"), "no JSON": json.RawMessage("{"),
	} {
		var text bytes.Buffer
		assert.Error(t, Rules{}.Writer().Append(&text, v), name)
		assert.Error(t, Rules{V2: true}.Writer().Append(&text, v), name)
	}
}
