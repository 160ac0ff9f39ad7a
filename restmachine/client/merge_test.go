// These tests check that members which a type does not know stay, wherever they are.

package client_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/client"
)

// refused stands for ErrWouldLose.
const refused = "refused"

func TestCarry(t *testing.T) {
	tests := []struct{ name, document, was, now, want, reason string }{
		{"a member", `{"a":1,"x":2}`, `{"a":1}`, `{"a":3}`, `{"a":3,"x":2}`, "x is not known"},
		{"deep", `{"o":{"a":1,"x":2},"y":3}`, `{"o":{"a":1}}`, `{"o":{"a":4}}`, `{"o":{"a":4,"x":2},"y":3}`, ""},
		{"added", `{"x":1}`, `{}`, `{"a":2}`, `{"a":2,"x":1}`, "omitempty, or a key of a map"},
		{"removed", `{"a":1,"x":2}`, `{"a":1}`, `{}`, `{"x":2}`, "omitempty, or a key of a map"},
		{"null at first", `{"x":1}`, `{"a":null}`, `{"a":null}`, `{"x":1}`, "what did not change is not sent"},
		{"null at last", `{"a":1}`, `{"a":1}`, `{"a":null}`, `{"a":null}`, ""},
		{"another name", `{"Title":"a","x":1}`, `{"title":"a"}`, `{"title":"b"}`, `{"Title":"b","x":1}`, "encoding/json reads names in any case"},
		{"names of a map", `{"A":0,"B":0}`, `{"A":0,"B":0}`, `{"a":0}`, `{"a":0}`, "a map tells cases apart"},
		{"another name, removed", `{"Title":"a","x":1}`, `{"title":"a"}`, `{}`, `{"x":1}`, ""},
		{"numbers", `{"a":1,"big":12345678901234567890,"f":1.0}`, `{"a":1,"f":1}`, `{"a":2,"f":1}`, `{"a":2,"big":12345678901234567890,"f":1.0}`, "as they are written"},
		{"an object instead of a text", `{"a":"t","x":1}`, `{"a":"t"}`, `{"a":{"b":1}}`, `{"a":{"b":1},"x":1}`, ""},

		{"array of scalars", `{"a":[1,2],"x":1}`, `{"a":[1,2]}`, `{"a":[2,3,4]}`, `{"a":[2,3,4],"x":1}`, "nothing to lose"},
		{"element changed", `[{"id":1,"n":1,"x":1},{"id":2,"n":1,"x":2}]`, `[{"id":1,"n":1},{"id":2,"n":1}]`, `[{"id":1,"n":1},{"id":2,"n":5}]`, `[{"id":1,"n":1,"x":1},{"id":2,"n":5,"x":2}]`, ""},
		{"all changed", `[{"id":1,"n":1,"x":1},{"id":2,"n":1,"x":2}]`, `[{"id":1,"n":1},{"id":2,"n":1}]`, `[{"id":1,"n":2},{"id":2,"n":2}]`, `[{"id":1,"n":2,"x":1},{"id":2,"n":2,"x":2}]`, "the id tells"},
		{"appended", `[{"id":1,"x":1}]`, `[{"id":1}]`, `[{"id":1},{"id":2}]`, `[{"id":1,"x":1},{"id":2}]`, ""},
		{"inserted in front", `[{"id":1,"x":1}]`, `[{"id":1}]`, `[{"id":2},{"id":1}]`, `[{"id":2},{"id":1,"x":1}]`, "members move with their element"},
		{"removed in front", `[{"id":1,"x":1},{"id":2,"x":2}]`, `[{"id":1},{"id":2}]`, `[{"id":2}]`, `[{"id":2,"x":2}]`, ""},
		{"swapped", `[{"id":1,"x":1},{"id":2,"x":2}]`, `[{"id":1},{"id":2}]`, `[{"id":2},{"id":1}]`, `[{"id":2,"x":2},{"id":1,"x":1}]`, ""},
		{"changed and appended", `[{"id":1,"n":1,"x":1}]`, `[{"id":1,"n":1}]`, `[{"id":1,"n":2},{"id":2,"n":1}]`, `[{"id":1,"n":2,"x":1},{"id":2,"n":1}]`, ""},
		{"swapped and both changed", `[{"id":1,"n":1,"x":1},{"id":2,"n":2,"x":2}]`, `[{"id":1,"n":1},{"id":2,"n":2}]`, `[{"id":2,"n":3},{"id":1,"n":4}]`, refused, "by index, each would get the members of the other"},
		{"removed and changed", `[{"id":1,"n":1,"x":1},{"id":2,"n":1,"x":2}]`, `[{"id":1,"n":1},{"id":2,"n":1}]`, `[{"id":2,"n":5}]`, refused, "which one is left?"},
		{"removed and changed, nothing hidden", `[{"id":1},{"id":2}]`, `[{"id":1},{"id":2}]`, `[{"id":5}]`, `[{"id":5}]`, "nothing to lose"},
		{"one of two that look the same", `[{"n":1,"x":1},{"n":1,"x":2}]`, `[{"n":1},{"n":1}]`, `[{"n":1}]`, refused, "which one is left?"},
		{"one of two that are the same", `[{"n":1,"x":1},{"n":1,"x":1}]`, `[{"n":1},{"n":1}]`, `[{"n":1}]`, `[{"n":1,"x":1}]`, "it does not matter"},
		{"the only known member", `[{"n":1,"x":1},{"n":2,"x":2}]`, `[{"n":1},{"n":2}]`, `[{"n":1},{"n":9}]`, `[{"n":1,"x":1},{"n":9,"x":2}]`, "all others are as they were"},
		{"the only known members", `[{"n":1,"x":1},{"n":2,"x":2}]`, `[{"n":1},{"n":2}]`, `[{"n":2},{"n":3}]`, refused, "one was removed, or both grew"},
		{"replaced", `[{"id":1,"n":1,"x":1}]`, `[{"id":1,"n":1}]`, `[{"id":2,"n":2}]`, refused, "it has nothing in common with the old one"},
		{"emptied", `[{"id":1,"x":1}]`, `[{"id":1}]`, `[]`, `[]`, "as was wanted"},
		{"a set that T reads in its own way", `["b","a","b"]`, `["a","b"]`, `["a","b","c"]`, `["a","b","c"]`, "nothing to lose"},
		{"a set of objects", `[{"id":1,"x":1},{"id":1,"x":2}]`, `[{"id":1}]`, `[{"id":2}]`, refused, "T reads it in its own way"},
		{"arrays in arrays", `[[{"id":1,"x":1}],[1]]`, `[[{"id":1}],[1]]`, `[[{"id":1},{"id":2}],[1]]`, `[[{"id":1,"x":1},{"id":2}],[1]]`, ""},
		{"a scalar", `1`, `1`, `2`, `2`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := client.Carry(tt.document, tt.was, tt.now)
			if tt.want == refused {
				require.ErrorIs(t, err, client.ErrWouldLose, tt.reason)
				return
			}
			require.NoError(t, err, tt.reason)
			assert.JSONEq(t, tt.want, got, tt.reason)
			if strings.Contains(tt.want, "1.0") {
				assert.Contains(t, got, "1.0")
				assert.Contains(t, got, "12345678901234567890")
			}
		})
	}
}

// TestCarryIsLinear: a long array whose elements all move does not take long.
func TestCarryIsLinear(t *testing.T) {
	var was, document []string
	for i := range 20_000 {
		was = append(was, fmt.Sprintf(`{"id":%d}`, i))
		document = append(document, fmt.Sprintf(`{"id":%d,"x":%d}`, i, i))
	}
	list := func(elements ...string) string { return "[" + strings.Join(elements, ",") + "]" }
	start := time.Now()
	got, err := client.Carry(list(document...), list(was...), list(append([]string{`{"id":-1}`}, was...)...))
	require.NoError(t, err)
	assert.Equal(t, list(append([]string{`{"id":-1}`}, document...)...), got)
	assert.Less(t, time.Since(start), 20*time.Second)
}

// TestWhatIsSent: what a PUT and a PATCH send after a change, by the type of the caller.
func TestWhatIsSent(t *testing.T) {
	type item struct {
		SKU string `json:"sku"`
		N   int    `json:"n"`
	}
	type order struct {
		Note  string            `json:"note,omitempty"`
		Items []item            `json:"items"`
		Tags  map[string]string `json:"tags"`
	}
	const there = `{"id":9007199254740993,"note":"<a>","items":[{"sku":"a","n":1,"price":5},{"sku":"b","n":2,"price":7}],"tags":{"k":"v"},"owner":{"id":1}}`
	tests := []struct {
		name       string
		change     func(*order)
		put, patch string
	}{
		{"a scalar", func(o *order) { o.Note = "b" },
			strings.Replace(there, "<a>", "b", 1), `{"note":"b"}`},
		{"emptied", func(o *order) { o.Note = "" },
			strings.Replace(there, `"note":"<a>",`, "", 1), `{"note":null}`},
		{"an element", func(o *order) { o.Items[1].N = 3 },
			strings.Replace(there, `"n":2`, `"n":3`, 1), `{"items":[{"sku":"a","n":1,"price":5},{"sku":"b","n":3,"price":7}]}`},
		{"a map", func(o *order) { o.Tags["new"] = "w"; delete(o.Tags, "k") },
			strings.Replace(there, `{"k":"v"}`, `{"new":"w"}`, 1), `{"tags":{"k":null,"new":"w"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			change := func(o *order) error { tt.change(o); return nil }
			answers := []step{{200, there, []string{"ETag", `"1"`}}, done}
			c, script := play(t, answers...)
			_, err := client.Update(t.Context(), c, at, change)
			require.NoError(t, err)
			assert.JSONEq(t, tt.put, script.sent[1])
			assert.Contains(t, script.sent[1], "9007199254740993", "a float64 would have lost the last digit")

			c, script = play(t, answers...)
			_, err = client.Patch(t.Context(), c, at, change)
			require.NoError(t, err)
			assert.JSONEq(t, tt.patch, script.sent[1])
			assert.Equal(t, "PATCH", script.asked[1].Method)
			assert.Equal(t, `"1"`, script.asked[1].Header.Get("If-Match"))
			assert.Equal(t, "application/merge-patch+json", script.asked[1].Header.Get("Content-Type"))
		})
	}
	t.Run("refused", func(t *testing.T) {
		c, script := play(t, step{200, there, []string{"ETag", `"1"`}})
		_, err := client.Update(t.Context(), c, at, func(o *order) error {
			o.Items = []item{{SKU: "c"}}
			return nil
		})
		require.ErrorIs(t, err, client.ErrWouldLose)
		assert.ErrorContains(t, err, `"/items"`)
		script.done()
	})
	t.Run("a type that knows all", func(t *testing.T) {
		c, script := play(t, step{200, there, []string{"ETag", `"1"`}}, done)
		_, err := client.Update(t.Context(), c, at, func(o *map[string]any) error {
			(*o)["items"] = []any{}
			return nil
		})
		require.NoError(t, err)
		assert.JSONEq(t, strings.Replace(there, `[{"sku":"a","n":1,"price":5},{"sku":"b","n":2,"price":7}]`, "[]", 1), script.sent[1])
		assert.Contains(t, script.sent[1], "9007199254740993", "what is not touched stays to the digit")
	})
}

// FuzzCarry: a type that knows all gets all, and one that changes nothing changes nothing.
func FuzzCarry(f *testing.F) {
	f.Add(`{"a":[1,{"b":null}]}`, `{"a":[{"b":2},1]}`)
	f.Add(`[1,1,2]`, `[2,1]`)
	f.Add(`{"A":1,"a":2}`, `{"a":1}`)
	f.Fuzz(func(t *testing.T, before, after string) {
		if !json.Valid([]byte(before)) || !json.Valid([]byte(after)) {
			t.Skip()
		}
		got, err := client.Carry(before, before, after)
		require.NoError(t, err)
		assert.Equal(t, inOrder(t, after), got)
		got, err = client.Carry(before, after, after)
		require.NoError(t, err)
		assert.Equal(t, inOrder(t, before), got)
	})
}

// inOrder returns a JSON text with its members sorted, and its numbers as they are.
func inOrder(t *testing.T, text string) string {
	var tree any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&tree))
	sorted, err := json.Marshal(tree)
	require.NoError(t, err)
	return string(sorted)
}
