package restmachine_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// mergePatch is RFC 7396, 2, line by line, on what encoding/json decodes.
func mergePatch(target, patch any) any {
	if patch, isObject := patch.(map[string]any); isObject {
		object, isObject := target.(map[string]any)
		if !isObject {
			object = map[string]any{} // ignore the contents and set it to an empty object
		}
		for name, value := range patch {
			if value == nil {
				delete(object, name)
			} else {
				object[name] = mergePatch(object[name], value)
			}
		}
		return object
	}
	return patch
}

// FuzzMergePatch: of any two documents Apply makes what RFC 7396 says, unless
// the result has two names that differ in case alone. On a struct it is the same
// where the result fits; there a patch applied twice does what it does once, and
// never touches what JSON does not show.
func FuzzMergePatch(f *testing.F) {
	for _, row := range appendixA {
		f.Add(row[0], row[1])
	}
	f.Add(`{"label":"a","from":{"city":"Oslo"}}`, `{"from":{"zip":"1"},"to":{"city":null},"by_day":{"mon":{"city":"x"}}}`)
	f.Add(`{"stops":[{"city":"a"}],"any":[1e2]}`, `{"stops":[],"any":{"a":{"b":null}},"gift":true}`)
	f.Fuzz(func(t *testing.T, original, patch string) {
		var target, wanted, by any
		var p restmachine.MergePatch[any]
		if json.Unmarshal([]byte(original), &target) != nil || json.Unmarshal([]byte(patch), &by) != nil {
			t.Skip("no JSON")
		}
		require.NoError(t, json.Unmarshal([]byte(original), &wanted))
		require.NoError(t, json.Unmarshal([]byte(patch), &p))
		got, err := p.Apply(target)
		if problem := (*restmachine.Problem)(nil); errors.As(err, &problem) {
			require.Contains(t, problem.Detail, "occurs twice")
			return
		}
		require.NoError(t, err)
		require.Equal(t, mergePatch(wanted, by), got)
		onStruct(t, original, patch)
	})
}

func onStruct(t *testing.T, original, patch string) {
	shown := parcel{}
	if json.Unmarshal([]byte(original), &shown) != nil {
		return
	}
	to := shown
	to.Owner, to.serial, to.From.Rowid, to.Value = "ann", 1, 2, 3
	once, err := apply(t, patch, to)
	if err != nil {
		isProblem(t, err, "")
		return
	}
	assert.Equal(t, []any{"ann", 1, 2, 3}, []any{once.Owner, once.serial, once.From.Rowid, once.Value})
	if twice, err := apply(t, patch, once); err != nil {
		isProblem(t, err, "occurs twice") // the first made a field that the patch names in another case
	} else {
		require.Equal(t, once, twice)
	}

	text, err := json.Marshal(shown)
	require.NoError(t, err)
	document := mergePatch(tree(t, string(text)), tree(t, patch))
	text, err = json.Marshal(document)
	require.NoError(t, err)
	var want parcel
	require.NoError(t, json.NewDecoder(strings.NewReader(string(text))).Decode(&want))
	once.Owner, once.serial, once.From.Rowid, once.Value = "", 0, 0, 0
	want.Any, once.Any = nil, nil // a number of more digits than a float64 has
	require.Equal(t, want, once)
}
