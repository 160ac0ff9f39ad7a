// These tests check the sentences that clients read about values of a wrong type.

package strictjson

import (
	"encoding/json"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Embedded is exported because it must be embedded. Its name must not reach a client.
type Embedded struct {
	Inner string `json:"inner"`
}

type color struct{}

var errColor = errors.New("db: color table at 10.0.0.7 is gone")

func (*color) UnmarshalJSON([]byte) error { return errColor }

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
	Color  color          `json:"color"`
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
	{`{"by_id":{"1":5,"x":6}}`, `a value must be a whole number, not x`},
	{`{"posts":[{},{"posts":[{"title":null},{"title":0}]}]}`, `"posts[1].posts[1].title" must be a string, not a number`},
	{`{"inner":1}`, `"inner" must be a string, not a number`},
	{`{"addr":1}`, `"addr" must be a string, not a number`},
	{`{"addr":"x"}`, `the content has a value that is not acceptable`},
	{`{"date":"tomorrow"}`, `"tomorrow" is not a date and time like 2006-01-02T15:04:05Z`},
	{`{"date":1}`, `the content has a value that is not acceptable`},
	{`{"number":true}`, `"number" must be a number, not true or false`},
	{`{"number":"x"}`, `the content has a value that is not acceptable`},
	{`{"quoted":1}`, `the content has a value that is not acceptable`},
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
			for _, unmarshal := range []func([]byte, any, int) error{Unmarshal, UnmarshalStrict} {
				var v post
				var err *Error
				require.ErrorAs(t, unmarshal([]byte(row.text), &v, 20), &err)
				assert.Equal(t, row.msg, err.Error())
				assert.Error(t, errors.Unwrap(err), "the cause is kept for the log")
			}
		})
	}
}

func TestCauseIsKeptButNotShown(t *testing.T) {
	var v post
	err := Unmarshal([]byte(`{"color":"red"}`), &v, 20)
	assert.ErrorIs(t, err, errColor)
	assert.NotContains(t, err.Error(), "10.0.0.7")
}

func TestUnknownNames(t *testing.T) {
	for text, want := range map[string]string{
		`{"colour":"red"}`:                       `the name "colour" is not known here`,
		`{"posts":[{"a\"\u0007":1}]}`:            `the name "a\"\a" is not known here`,
		`{"é":1}`:                                `the name "é" is not known here`,
		`{"` + strings.Repeat("x", 500) + `":1}`: `the name "` + strings.Repeat("x", 64) + `…" is not known here`,
	} {
		var v post
		assert.NoError(t, Unmarshal([]byte(text), &v, 20), "known only to the strict one")
		var err *Error
		require.ErrorAs(t, UnmarshalStrict([]byte(text), &v, 20), &err)
		assert.Equal(t, want, err.Msg)
	}
}

// A target that cannot be filled is the fault of the program, not of the client.
func TestBadTarget(t *testing.T) {
	for _, target := range []any{nil, post{}, (*post)(nil)} {
		err := Unmarshal([]byte(`{}`), target, 20)
		var fault *Error
		assert.Error(t, err)
		assert.NotErrorAs(t, err, &fault)
	}
}

func TestMismatchWithoutType(t *testing.T) {
	err := explain(&json.UnmarshalTypeError{Value: "string"}, []byte(`"x"`))
	assert.EqualError(t, err, "a value cannot be a string")
}

// Go names never reach a client, for any content and any field.
func FuzzExplain(f *testing.F) {
	for _, row := range explained {
		f.Add([]byte(row.text))
	}
	words := []string{"Go ", "json:", "strictjson", "struct", "Embedded", "int8", "uint16", "float", "netip", "10.0.0.7"}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, word := range words {
			if strings.Contains(string(data), word) {
				t.Skip("the client said it first")
			}
		}
		v := reflect.New(reflect.TypeFor[post]()).Interface()
		err := UnmarshalStrict(data, v, 20)
		if err == nil {
			return
		}
		var fault *Error
		require.ErrorAs(t, err, &fault)
		require.Less(t, len(fault.Msg), 1000)
		for _, word := range words {
			require.NotContains(t, fault.Msg, word)
		}
	})
}
