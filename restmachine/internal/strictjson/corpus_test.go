// What the tests of reading and writing share: types of every shape, and contents that are
// changed at random.

package strictjson

import (
	"encoding/json"
	"errors"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strings"
	"time"
)

// Embedded is exported because it must be embedded. Its name must not reach a client.
type Embedded struct {
	Inner string `json:"inner"`
}

// Level is a text with its own rules.
type level int8

func (l level) MarshalText() ([]byte, error) { return []byte("level " + string('a'+rune(l))), nil }

func (l *level) UnmarshalText(text []byte) error {
	if _, err := errors.New("no level"), 0; len(text) != 7 || string(text[:6]) != "level " || err != 0 {
		return errors.New("no level")
	}
	*l = level(text[6] - 'a')
	return nil
}

// span reads and writes itself, as an array.
type span struct{ from, to int }

func (s span) MarshalJSON() ([]byte, error) { return json.Marshal([2]int{s.from, s.to}) }

func (s *span) UnmarshalJSON(data []byte) error {
	var both []int
	if err := json.Unmarshal(data, &both); err != nil || len(both) < 2 {
		return errors.Join(errors.New("no span"), err)
	}
	s.from, s.to = both[0], both[1]
	return nil
}

// byPointer writes itself only where its address can be taken.
type byPointer struct{ N int }

func (p *byPointer) MarshalJSON() ([]byte, error) { return []byte(`"pointer"`), nil }

type color string

type (
	page[T any] struct {
		Items []T    `json:"items"`
		Next  *T     `json:"next,omitempty"`
		Of    string `json:"of"`
	}
	node struct {
		Name  string  `json:"name"`
		Left  *node   `json:"left,omitempty"`
		Right *node   `json:"right"`
		Many  []*node `json:"many"`
	}
	deepest   struct{ Deep, Same string }
	middle    struct{ deepest }
	otherSide struct {
		Same string
		Side int `json:"side"`
	}
	ambiguous struct {
		middle
		*Embedded
		otherSide
		Own int
	}
	folded struct {
		Lower int `json:"id"`
		Upper int `json:"ID"`
		Other int
	}
	scalars struct {
		Bool    bool
		Int     int
		Int8    int8
		Int16   int16
		Int32   int32
		Int64   int64
		Uint    uint
		Uint8   uint8
		Uint16  uint16
		Uint32  uint32
		Uint64  uint64
		Float32 float32
		Float64 float64
		String  string
		Color   color
		Took    time.Duration
		When    time.Time
		Pointer **int
	}
	options struct {
		Title   string             `json:"title,omitempty"`
		Count   int                `json:"count,omitempty,omitzero"`
		Since   time.Time          `json:"since,omitzero"`
		Empty   *Embedded          `json:"empty,omitempty"`
		List    []int              `json:"list,omitempty"`
		Dash    int                `json:"-x,omitzero"`
		Hidden  int                `json:"-"`
		Odd     int                `json:"a/b~c é,string"`
		Text    string             `json:"text,string"`
		Flag    *bool              `json:"flag,string"`
		Ratio   float64            `json:"ratio,string"`
		Big     *uint64            `json:"big,string,omitempty"`
		Anon    struct{ X, Y int } `json:"anon"`
		Unnamed string
		_       int
	}
	holders struct {
		Bytes   []byte           `json:"bytes"`
		Fixed   [4]byte          `json:"fixed"`
		Pair    [2]int           `json:"pair"`
		Matrix  [2][2]float64    `json:"matrix"`
		Levels  []level          `json:"levels"`
		Level   *level           `json:"level"`
		Addr    netip.Addr       `json:"addr"`
		Span    span             `json:"span"`
		Spans   []*span          `json:"spans"`
		Pointer byPointer        `json:"pointer"`
		Huge    *big.Int         `json:"huge"`
		Number  json.Number      `json:"number"`
		Numbers []json.Number    `json:"numbers"`
		Raw     json.RawMessage  `json:"raw"`
		RawPtr  *json.RawMessage `json:"raw_ptr"`
		Any     any              `json:"any"`
		Error   error            `json:"error"`
		Colors  []color          `json:"colors"`
		Nested  [][]string       `json:"nested"`
	}
	maps struct {
		ByName   map[string]int         `json:"by_name"`
		ByColor  map[color]string       `json:"by_color"`
		ByInt    map[int]string         `json:"by_int"`
		ByUint8  map[uint8]bool         `json:"by_uint8"`
		ByLevel  map[level]int          `json:"by_level"`
		ByAddr   map[netip.Addr]int     `json:"by_addr"`
		ByNumber map[json.Number]int    `json:"by_number"`
		Any      map[string]any         `json:"any"`
		Structs  map[string]*Embedded   `json:"structs"`
		Maps     map[string]map[int]int `json:"maps"`
	}
	numbered struct {
		N     json.Number  `json:"n"`
		P     *json.Number `json:"p"`
		Q     json.Number  `json:"q,string"`
		Plain string       `json:"plain"`
	}
	hidden struct{ Seen int }
	ident  int64
	tiny   uint8
	odd    struct {
		*hidden
		ID     ident                `json:"id,string"`
		Tiny   []tiny               `json:"tiny"`
		Tinies [3]tiny              `json:"tinies"`
		Bits   [2]bool              `json:"bits"`
		Blobs  map[string][]byte    `json:"blobs"`
		Lists  *[]*int              `json:"lists"`
		Times  map[string]time.Time `json:"times"`
		At     *time.Time           `json:"at"`
		Bytes  [][]byte             `json:"bytes"`
		Any    []any                `json:"any"`
		Spans  map[string]span      `json:"spans"`
		Anon   []struct {
			A int
			B struct{ C *string }
		}
		Stringer interface{ String() string } `json:"stringer"`
		Words    map[string]level
		Float    map[string]float32
		Ünicode  int `json:"k"`
		Straße   string
	}
	both struct {
		ByInt  map[int]int `json:"by_int"`
		Quoted int         `json:"quoted,string"`
	}
)

// shapes are types to read into and to write, with a content that fits each.
var shapes = []struct {
	name    string
	typ     reflect.Type
	content []string
}{
	{"scalars", reflect.TypeFor[scalars](), []string{
		`{"Bool":true,"Int":-1,"Int8":-128,"Int16":32767,"Int32":5,"Int64":-9223372036854775808,"Uint":1,"Uint8":255,"Uint16":9,"Uint32":4294967295,"Uint64":18446744073709551615}`,
		`{"Float32":1.5e3,"float64":-0,"STRING":"a\u00e9\ud83d\ude00\"\n","Color":"red","Took":1500,"When":"2024-01-02T03:04:05.678+01:00","Pointer":7}`,
		`{"Float64":1e308,"Float32":3.4e38,"Int":null,"String":null,"When":null,"Pointer":null,"unknown":{"a":[1,{"b":null}]}}`}},
	{"options", reflect.TypeFor[options](), []string{
		`{"title":"x","count":3,"since":"2024-01-02T03:04:05Z","empty":{"inner":"i"},"list":[1,2],"-x":4}`,
		`{"a/b~c é":"5","text":"\"quoted\"","flag":"true","ratio":"1.5","big":"18446744073709551615","anon":{"X":1,"y":2},"Unnamed":"u"}`,
		`{"flag":"null","text":"null","ratio":"null","big":"null","a/b~c é":"null"}`, `{"flag":null,"big":null,"anon":null}`}},
	{"holders", reflect.TypeFor[holders](), []string{
		`{"bytes":"aGk=","fixed":[1,2,3,4],"pair":[1,2],"matrix":[[1,2],[3,4]],"levels":["level a","level b"],"level":"level c","addr":"::1"}`,
		`{"bytes":[1,2,3],"pair":[1,2,3],"fixed":[1],"matrix":[[1]],"span":[3,4],"spans":[[1,2],null],"pointer":{"N":3},"huge":123456789012345678901234567890}`,
		`{"number":1e3,"numbers":["12",-0.5,null],"raw":{"a":[1, 2],"b":"<"},"raw_ptr":[null],"any":{"k":[1,"x",null,true]},"error":null,"colors":["a"],"nested":[["a"],null,[]]}`,
		`{"bytes":null,"raw":null,"raw_ptr":null,"any":null,"huge":null,"span":null,"level":null,"addr":null,"number":null}`}},
	{"maps", reflect.TypeFor[maps](), []string{
		`{"by_name":{"a":1,"b":2},"by_color":{"red":"x"},"by_int":{"1":"a","-2":"b"},"by_uint8":{"255":true},"by_level":{"level a":1},"by_addr":{"::1":1,"127.0.0.1":2}}`,
		`{"by_number":{"1":1,"x":2},"any":{"a":{"b":[{}]}},"structs":{"x":{"inner":"i"},"y":null},"maps":{"m":{"1":1,"2":2}}}`,
		`{"by_name":null,"by_int":{},"by_uint8":{"1":null}}`}},
	{"embedded", reflect.TypeFor[ambiguous](), []string{`{"Deep":"d","Same":"s","side":3,"inner":"i","Own":4,"deepest":1}`, `{"own":1,"INNER":"x","same":"y"}`}},
	{"folded", reflect.TypeFor[folded](), []string{`{"id":1,"other":2}`, `{"ID":1}`, `{"Id":1}`}},
	{"recursive", reflect.TypeFor[node](), []string{`{"name":"a","left":{"name":"b","right":null},"right":{"name":"c"},"many":[{"name":"d"},null,{"many":[]}]}`}},
	{"generic", reflect.TypeFor[page[Embedded]](), []string{`{"items":[{"inner":"a"},{"inner":"b"}],"next":{"inner":"c"},"of":"3"}`}},
	{"generic of pointers", reflect.TypeFor[page[*node]](), []string{`{"items":[{"name":"a"},null],"next":null,"of":"x"}`}},
	{"numbers", reflect.TypeFor[numbered](), []string{`{"n":1e400,"p":"5","q":"7","plain":"12"}`, `{"n":12,"p":null,"q":"0.5"}`}},
	{"maps beside strings", reflect.TypeFor[both](), []string{`{"by_int":{"1":2},"quoted":"5"}`}},
	{"odd", reflect.TypeFor[odd](), []string{
		`{"id":"5","tiny":"aGk=","tinies":[1,2,3],"bits":[true,false],"blobs":{"a":"aGk=","b":null},"lists":[1,null,2],"times":{"t":"2024-01-02T03:04:05Z"},"at":null,"bytes":["aGk=",null]}`,
		`{"any":[1,{"a":2}],"spans":{"s":[1,2]},"Anon":[{"A":1,"B":{"C":"c"}},{}],"stringer":null,"Words":{"w":"level a"},"Float":{"f":1.5},"k":1,"straße":"s"}`,
		`{"Seen":1}`, `{"tiny":[1,2],"at":"2024-01-02T03:04:05Z","anon":null}`}},
	{"any", reflect.TypeFor[any](), []string{`{"a":[1,2.5,"x",null,true,{"b":{}}]}`, `"x"`, `[[],{}]`}},
	{"a map", reflect.TypeFor[map[string]any](), []string{`{"a":1,"b":{"c":[{}]}}`}},
	{"a raw message", reflect.TypeFor[json.RawMessage](), []string{`{"a":1, "b":[2]}`, `"x"`}},
	{"a slice", reflect.TypeFor[[]Embedded](), []string{`[{"inner":"a"},{},null]`, `[]`}},
	{"an array", reflect.TypeFor[[3]int](), []string{`[1,2,3]`, `[1]`, `[1,2,3,4]`}},
	{"a map of int", reflect.TypeFor[map[int]string](), []string{`{"1":"a","2":"b"}`}},
	{"a pointer", reflect.TypeFor[**Embedded](), []string{`{"inner":"a"}`}},
	{"a number", reflect.TypeFor[float64](), []string{`1.5e10`, `-0`}},
	{"a string", reflect.TypeFor[string](), []string{`"text é \n"`}},
	{"a level", reflect.TypeFor[level](), []string{`"level q"`}},
	{"a time", reflect.TypeFor[time.Time](), []string{`"2024-01-02T03:04:05Z"`}},
}

// pieces are put into contents at random.
var pieces = []string{
	`null`, `"`, `1`, `-0`, `0`, `01`, `+1`, `1e400`, `-1e-400`, `1.5`, `1E+2`, `123456789012345678901234567890`, `[`, `]`, `{`, `}`, `,`, `:`, `\`, `/`,
	`true`, `false`, `\u0041`, `\u0061`, `\ud800`, `\udc00`, `\ud83d\ude00`, `\u0000`, `"5"`, `"null"`, `"-0"`, `"01"`, ` `, "\t", "\r\n", "\n", "\v", "\f", "\u00a0", "\u2028",
	"\ufeff", "\x00", "\x7f", "\xff", "\xed\xa0\x80", "\xc3", "é", "\u212a", "ſ", "İ", `[]`, `{}`, `{"a":1,"a":2}`, `{"x":1,"X":2}`, `{"\u0061":1,"a":2}`, `"a":1,`, `"A":1,`, `"ID":1,`, `"id":1,`,
	`"unknown":1,`, `"Unknown":2,`, `"inner":"x",`, `"INNER":"y",`, `NaN`, `Infinity`, `//`, `/**/`, `'`, `,"title":1`, `"by_int":{"null":"a"},`, `"2024-01-02T3:04:05Z"`, `"2024-01-02T03:04:05,5Z"`,
	`"aGk"`, `"aGl="`, `"a\nGk="`, `[1,2,3,4,5]`, `"level a"`, strings.Repeat("[", 99), strings.Repeat("[", 100), strings.Repeat("]", 100), strings.Repeat(`{"a":`, 99),
}

// mutate changes a content at random, and says what came out.
func mutate(r *rand.Rand, content string) string {
	for range 1 + r.IntN(3) {
		switch at := r.IntN(len(content) + 1); r.IntN(6) {
		case 0, 1, 2: // a piece in place of some bytes
			end := min(len(content), at+r.IntN(6))
			content = content[:at] + pieces[r.IntN(len(pieces))] + content[end:]
		case 3: // a whole value becomes a piece
			if from := strings.IndexByte(content[at:], ':'); from >= 0 {
				from += at + 1
				end := from
				for end < len(content) && content[end] != ',' && content[end] != '}' {
					end++
				}
				content = content[:from] + pieces[r.IntN(len(pieces))] + content[end:]
			}
		case 4: // a part comes twice
			end := min(len(content), at+r.IntN(20))
			content = content[:end] + content[at:]
		case 5: // a part in another case
			end := min(len(content), at+1+r.IntN(4))
			part := strings.ToUpper(content[at:end])
			if r.IntN(2) == 0 {
				part = strings.ToLower(content[at:end])
			}
			content = content[:at] + part + content[end:]
		}
	}
	return content
}
