// These tests check the sentences that clients read about values of a wrong type.

package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type hue struct{}

var errHue = errors.New("db: hue table at 10.0.0.7 is gone")

func (*hue) UnmarshalJSON([]byte) error { return errHue }

// wrapped counts its offsets from the start of its own value.
type wrapped struct{ Deep struct{ N []bool } }

func (w *wrapped) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &w.Deep) }

type post struct {
	Embedded
	Title  string         `json:"title"`
	Stars  int            `json:"stars"`
	Level  int8           `json:"level"`
	Count  uint16         `json:"count"`
	Big    uint64         `json:"big"`
	Score  float32        `json:"score"`
	Draft  *bool          `json:"draft"`
	Tags   []string       `json:"tags"`
	Pair   [2]int         `json:"pair"`
	Data   []byte         `json:"data"`
	By     map[string]int `json:"by"`
	ByID   map[int]int    `json:"by_id"`
	Posts  []post         `json:"posts"`
	Date   time.Time      `json:"date"`
	Addr   netip.Addr     `json:"addr"`
	Number json.Number    `json:"number"`
	Color  hue            `json:"color"`
	Quoted int            `json:"quoted,string"`
	Error  error          `json:"error"`
	Own    wrapped        `json:"own"`
	Any    any            `json:"any"`
}

var explained = []struct{ text, msg string }{
	{`{"title":1}`, `"title" must be a string, not a number`},
	{`{"TITLE":1}`, `"TITLE" must be a string, not a number`},
	{` { "title" : {} }`, `"title" must be a string, not an object`},
	{`{"title":[]}`, `"title" must be a string, not an array`},
	{`{"title":true}`, `"title" must be a string, not true or false`},
	{`{"stars":"5"}`, `"stars" must be a whole number, not a string`},
	{`{"stars":1.5}`, `"stars" must be a whole number, not 1.5`},
	{`{"level":128}`, `"level" must be a whole number from -128 to 127, not 128`},
	{`{"count":-1}`, `"count" must be a whole number from 0 to 65535, not -1`},
	{`{"count":` + strings.Repeat("9", 999) + `}`, `"count" must be a whole number from 0 to 65535, not such a long number`},
	{`{"big":-1}`, `"big" must be a whole number from 0 to 18446744073709551615, not -1`},
	{`{"score":1e99}`, `"score" must be a smaller number, not 1e99`},
	{`{"score":"1"}`, `"score" must be a number, not a string`},
	{`{"any":1e400}`, `"any" must be a smaller number, not 1e400`},
	{`{"any":[1e400,2]}`, `"any[0]" must be a smaller number, not 1e400`},
	{`{"draft":"yes"}`, `"draft" must be true or false, not a string`},
	{`{"tags":"a"}`, `"tags" must be an array, not a string`},
	{`{"tags":["a",["b"]]}`, `"tags[1]" must be a string, not an array`},
	{`{"pair":{}}`, `"pair" must be an array, not an object`},
	{`{"data":5}`, `"data" must be a string, not a number`},
	{`{"by":[]}`, `"by" must be an object, not an array`},
	{`{"by":{"ada":1,"bob":"2"}}`, `"by.bob" must be a whole number, not a string`},
	{`{"by_id":{"1":5,"x":6}}`, `"by_id.x" must be a whole number, not "x"`},
	{`{"posts":[{},{"posts":[{"title":null},{"title":0}]}]}`, `"posts[1].posts[1].title" must be a string, not a number`},
	{`{"inner":1}`, `"inner" must be a string, not a number`},
	{`{"addr":1}`, `"addr" must be a string, not a number`},
	{`{"addr":"x"}`, `the content has a value that is not acceptable`},
	{`{"date":"tomorrow"}`, `"tomorrow" is not a date and time like 2006-01-02T15:04:05Z`},
	{`{"date":1}`, `"date" must be a string, not a number`},
	{`{"number":true}`, `"number" must be a number, not true or false`},
	{`{"number":"x"}`, `"number" must be a number, not "x"`},
	{`{"quoted":1}`, `"quoted" must be a whole number in quotes, not a number`},
	{`{"quoted":"+1"}`, `"quoted" must be a whole number, not "+1"`},
	{`{"color":"red"}`, `the content has a value that is not acceptable`},
	{`{"error":"x"}`, `"error" cannot be a string`},
	{`{"own":{"n":[1]}}`, `a value must be true or false, not a number`},
	{`[]`, `the content must be an object, not an array`},
	{` "x" `, `the content must be an object, not a string`},
	{`{"tit\u006ce":1}`, `"title" must be a string, not a number`},
	{`{"by":{"a\"\n":true}}`, `"by.a\"\n" must be a whole number, not true or false`},
	{`{"by":{"` + strings.Repeat("x", 500) + `":true}}`, `"by.` + strings.Repeat("x", 64) + `…" must be a whole number, not true or false`},
	{strings.Repeat(`{"posts":[`, 5) + `{"title":0}` + strings.Repeat(`]}`, 5),
		`"…[0].posts[0].posts[0].posts[0].title" must be a string, not a number`},
}

func TestExplain(t *testing.T) {
	for _, row := range explained {
		t.Run(row.text[:min(len(row.text), 40)], func(t *testing.T) {
			for _, rules := range []Rules{{}, {Strict: true}} {
				_, err := read[post](row.text, rules)
				require.IsType(t, &Error{}, err)
				assert.Equal(t, row.msg, err.Error())
				assert.Error(t, errors.Unwrap(err), "the cause is kept for the log")
			}
		})
	}
}

// What is wrong by the rules of v2 alone.
func TestExplainV2(t *testing.T) {
	for text, msg := range map[string]string{
		`{"pair":[1]}`:       `"pair" must have exactly 2 elements`,
		`{"pair":[1,2,3]}`:   `"pair" must have exactly 2 elements`,
		`{"data":[1]}`:       `"data" must be a string, not an array`,
		`{"quoted":5}`:       `"quoted" must be a whole number in quotes, not a number`,
		`{"posts":[{"a":1}]`: `the content ends before its JSON value does`,
	} {
		_, err := read[post](text, Rules{V2: true})
		assert.EqualError(t, err, msg)
	}
	_, err := read[post](`{"TITLE":1}`, Rules{V2: true})
	assert.NoError(t, err, "it is another name")
}

func TestCauseIsKeptButNotShown(t *testing.T) {
	_, err := read[post](`{"color":"red"}`, Rules{})
	assert.ErrorIs(t, err, errHue)
	assert.NotContains(t, err.Error(), "10.0.0.7")
}

func TestUnknownNames(t *testing.T) {
	for text, want := range map[string]string{
		`{"colour":"red"}`:                       `the name "colour" is not known here`,
		`{"posts":[{"a\"\u0007":1}]}`:            `the name "a\"\a" is not known here`,
		`{"é":1}`:                                `the name "é" is not known here`,
		`{"` + strings.Repeat("x", 500) + `":1}`: `the name "` + strings.Repeat("x", 64) + `…" is not known here`,
	} {
		_, err := read[post](text, Rules{})
		assert.NoError(t, err, "known only to the strict one")
		_, err = read[post](text, Rules{Strict: true})
		assert.EqualError(t, err, want)
	}
}

func TestAmbiguousName(t *testing.T) {
	got, err := read[folded](`{"ID":1}`, Rules{})
	require.NoError(t, err)
	assert.Equal(t, folded{Upper: 1}, got)
	_, err = read[folded](`{"Id":1}`, Rules{})
	assert.EqualError(t, err, `the name "Id" may mean several`)
}

// A number in quotes is written as JSON writes numbers, also beside a string that has the
// option string.
func TestNumbersInQuotes(t *testing.T) {
	for _, number := range []string{"Infinity", "+5", "0x1p-2", "01", "null", "NaN", "1_0", "", " 1"} {
		_, err := read[options](`{"ratio":"`+number+`"}`, Rules{})
		assert.EqualError(t, err, `"ratio" must be a number, not "`+number+`"`)
		_, err = read[options](`{"big":"`+number+`"}`, Rules{})
		assert.EqualError(t, err, `"big" must be a whole number, not "`+number+`"`)
		_, err = read[both](`{"by_int":{"`+number+`":1}}`, Rules{})
		assert.EqualError(t, err, `"by_int.`+number+`" must be a whole number, not "`+number+`"`)
	}
	got, err := read[options](`{"ratio":"-0.5e1","big":"7","text":"\"x\"","flag":"null"}`, Rules{})
	require.NoError(t, err)
	assert.Equal(t, -5.0, got.Ratio)
	assert.EqualValues(t, 7, *got.Big)
	assert.Equal(t, "x", got.Text)
}

func TestMismatchWithoutType(t *testing.T) {
	assert.Equal(t, "cannot be a string", mismatch(nil, "string", ""))
}

// resolve follows a JSON Pointer into content (RFC 6901, 4).
func resolve(t *testing.T, data []byte, pointer string) (found bool) {
	t.Helper()
	var at any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	require.NoError(t, d.Decode(&at), "what has a pointer is JSON")
	if pointer == "" {
		return true
	}
	for _, step := range strings.Split(pointer, "/")[1:] {
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		switch v := at.(type) {
		case map[string]any:
			if at, found = v[step]; !found {
				return false
			}
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return false
			}
			at = v[i]
		default:
			return false
		}
	}
	return true
}

// Go names never reach a client, for any content and any field. A pointer leads to a value of
// the content.
func FuzzExplain(f *testing.F) {
	for _, row := range explained {
		f.Add([]byte(row.text))
	}
	words := []string{"Go ", "json:", "jsontext", "strictjson", "struct", "Embedded", "int8", "uint16", "float", "netip", "10.0.0.7"}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, word := range words {
			if strings.Contains(string(data), word) {
				t.Skip("the client said it first")
			}
		}
		for _, rules := range allRules {
			if _, err := read[post](string(data), rules); err != nil {
				require.IsType(t, &Error{}, err)
				require.Less(t, len(err.Error()), 1000)
				clear := err.(*Error)
				require.Contains(t, clear.Msg, clear.Reason)
				if clear.Reason != "" {
					require.True(t, resolve(t, data, clear.Pointer), "%q does not lead into %s: %v", clear.Pointer, data, err)
				}
				for _, word := range words {
					require.NotContains(t, err.Error(), word)
				}
			}
		}
	})
}
