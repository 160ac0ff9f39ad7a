// The tables of docs/json.md: each row is tried, by encoding/json and by two Apps.

package docs_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/internal/policy"
	"github.com/restmachine/restmachine-go/restmachine"
)

// The types of the page.
type (
	Named struct{ Name string }
	Twins struct {
		Lower int `json:"id"`
		Upper int `json:"ID"`
	}
	Quoted struct {
		N int `json:",string"`
	}
	Pair  struct{ P [2]int }
	Fixed struct{ B [2]byte }
	Lists struct {
		List  []int
		Map   map[string]int
		Bytes []byte
	}
	Omitted struct {
		N int `json:",omitempty"`
	}
)

// A reading reads a content into a T by encoding/json, and by an App. It returns what was
// read, as encoding/json writes it, or a status.
type reading func(t *testing.T, content string, options ...restmachine.Option) (byJSON, byApp string)

func readAs[T any](t *testing.T, content string, options ...restmachine.Option) (byJSON, byApp string) {
	var want, got T
	require.NoError(t, json.Unmarshal([]byte(content), &want))
	app := restmachine.New(options...)
	app.Post("/", func(in restmachine.Body[T]) { got = in.Value })
	resp := app.Execute(restmachine.Request{Method: "POST", Path: "/", Body: []byte(content)})
	if resp.StatusCode != 204 {
		return asText(t, want), strconv.Itoa(resp.StatusCode)
	}
	return asText(t, want), asText(t, got)
}

func asText(t *testing.T, v any) string {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

var readings = map[string]reading{
	"Named": readAs[Named], "Twins": readAs[Twins], "Quoted": readAs[Quoted], "Pair": readAs[Pair], "Fixed": readAs[Fixed],
	"map[string]int": readAs[map[string]int], "map[int]int": readAs[map[int]int], "json.RawMessage": readAs[json.RawMessage],
}

var written = map[string]any{
	"Lists{}": Lists{}, `[]string{"<"}`: []string{"<"}, `[]string{"\xff"}`: []string{"\xff"},
	"Omitted{}": Omitted{}, "Fixed{[2]byte{104, 105}}": Fixed{[2]byte{104, 105}},
}

// write returns what an App sends of a value, or a status.
func write(v any, options ...restmachine.Option) string {
	app := restmachine.New(options...)
	app.Get("/", func() any { return v })
	resp := app.Execute(restmachine.Request{Path: "/"})
	if resp.StatusCode != 200 {
		return strconv.Itoa(resp.StatusCode)
	}
	return string(resp.Body)
}

// cells are the rows of the page's table with this head, without the backquotes.
func cells(t *testing.T, head string) (rows [][]string) {
	t.Helper()
	_, rest, found := strings.Cut(policy.Read(t, "docs/json.md"), head+"\n")
	require.True(t, found, head)
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		if strings.HasPrefix(line, "|---") {
			continue
		}
		row := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range row {
			row[i] = strings.Trim(strings.TrimSpace(row[i]), "`")
		}
		rows = append(rows, row)
	}
	return rows
}

func TestTableOfJSONRead(t *testing.T) {
	rows := cells(t, "| T | content | encoding/json | here | `WithJSONv2` | why |")
	require.Greater(t, len(rows), 10)
	for _, row := range rows {
		read, known := readings[row[0]]
		require.True(t, known, row[0])
		byJSON, here := read(t, row[1])
		_, v2 := read(t, row[1], restmachine.WithJSONv2())
		assert.Equal(t, []string{row[2], row[3], row[4]}, []string{byJSON, here, v2}, "%s of %s", row[1], row[0])
		assert.True(t, row[2] != row[3] || row[3] != row[4], "%s of %s: nothing differs", row[1], row[0])
	}
}

func TestTableOfJSONWritten(t *testing.T) {
	rows := cells(t, "| value | encoding/json | here | `WithJSONv2` | why |")
	require.Len(t, rows, len(written))
	for _, row := range rows {
		v, known := written[row[0]]
		require.True(t, known, row[0])
		byJSON := asText(t, v)
		assert.Equal(t, []string{row[1], row[2], row[3]}, []string{byJSON, write(v), write(v, restmachine.WithJSONv2())}, row[0])
	}
}

// The types of the page are those of this file.
func TestTypesOfJSON(t *testing.T) {
	page := policy.Read(t, "docs/json.md")
	for _, v := range []any{Named{}, Twins{}, Quoted{}, Pair{}, Fixed{}, Lists{}, Omitted{}} {
		typ := reflect.TypeOf(v)
		_, rest, found := strings.Cut(page, "type "+typ.Name()+" struct")
		require.True(t, found, typ.Name())
		text, _, _ := strings.Cut(rest, "}\n")
		for i := range typ.NumField() {
			f := typ.Field(i)
			assert.Contains(t, text, f.Name)
			assert.Contains(t, text, strings.ReplaceAll(f.Type.String(), "uint8", "byte"))
			assert.True(t, bytes.Contains([]byte(text), []byte(f.Tag)), f.Name)
		}
	}
}
