// These tests check what a schema allows, that what is drawn by it is allowed, and that most of
// what is changed is not.

package contract

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// schemas are those that package openapi writes, each with values that it allows and values
// that it does not.
var schemas = []struct{ schema, good, bad string }{
	{`{}`, `null 1 "x" [] {}`, ``},
	{`{"type": "string"}`, `"" "x"`, `1 null [] {} true`},
	{`{"type": ["string", "null"]}`, `"x" null`, `1 {}`},
	{`{"type": "integer"}`, `1 -1 0`, `1.5 1.0 1e2 "1"`},
	{`{"type": "integer", "format": "int64"}`, `9223372036854775807`, `9223372036854775808`},
	{`{"type": "integer", "format": "int32"}`, `-2147483648`, `2147483648`},
	{`{"type": "integer", "minimum": 0, "maximum": 255}`, `0 255`, `-1 256`},
	{`{"type": "integer", "minimum": 0, "maximum": 18446744073709551615}`, `18446744073709551615`, `18446744073709551616`},
	{`{"type": "number", "format": "double"}`, `1 1.5 -2e3`, `"1" null`},
	{`{"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 3}`, `2`, `1 3`},
	{`{"type": "boolean"}`, `true false`, `"true" 1`},
	{`{"enum": ["a", 1]}`, `"a" 1`, `"b" 2`},
	{`{"const": "bytes"}`, `"bytes"`, `"none"`},
	{`{"type": "string", "pattern": "^[0-9]+$"}`, `"17"`, `"" "x"`},
	{`{"type": "string", "minLength": 2, "maxLength": 3}`, `"ab" "日本語"`, `"a" "abcd"`},
	{`{"type": "string", "format": "date-time"}`, `"2024-01-15T10:00:00Z" "2024-01-15T10:00:00.5+01:00"`, `"2024-01-15" "x"`},
	{`{"type": "string", "contentEncoding": "base64"}`, `"" "aGk="`, `"a" "?"`},
	{`{"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2}`, `[1] [1,2]`, `[] [1,2,3] ["x"] {}`},
	{`{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}`, `{"a":1}`, `{} {"a":"x"} {"a":1,"b":2} []`},
	{`{"type": "object", "properties": {"a": {}}, "additionalProperties": false}`, `{} {"a":1}`, `{"b":1}`},
	{`{"type": "object", "properties": {"a": {}}, "additionalProperties": true}`, `{"b":1}`, ``},
	{`{"type": "object", "additionalProperties": {"type": "integer"}, "propertyNames": {"pattern": "^[0-9]+$"}}`, `{} {"1":1}`, `{"x":1} {"1":"x"}`},
	{`{"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": {}}`, `{"a":1}`, `{} {"a":1,"b":2}`},
	{`{"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]}`, `null {"left":null} {"left":{"left":null}}`, `{} {"left":1} 5`},
	{`{"allOf": [{"type": "integer"}], "description": "x"}`, `1`, `"x"`},
}

func newDocument(t testing.TB) *Document {
	text := `{"openapi": "3.1.1", "components": {"schemas": {"Tree": {"type": "object", "required": ["left"],
		"properties": {"left": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]}}}}}}`
	d, err := Parse([]byte(text))
	require.NoError(t, err)
	return d
}

func decoded(t testing.TB, text string) any {
	value, err := Decode([]byte(text))
	require.NoError(t, err, text)
	return value
}

func TestCheck(t *testing.T) {
	d := newDocument(t)
	for _, row := range schemas {
		schema := decoded(t, row.schema)
		for text := range strings.FieldsSeq(row.good) {
			assert.Empty(t, d.Check(schema, decoded(t, text), true), "%s: %s", row.schema, text)
		}
		for text := range strings.FieldsSeq(row.bad) {
			assert.NotEmpty(t, d.Check(schema, decoded(t, text), true), "%s: %s", row.schema, text)
		}
	}
}

func TestAMemberMoreCountsOnlyExactly(t *testing.T) {
	d, schema := newDocument(t), decoded(t, `{"type": "object", "properties": {"a": {}}}`)
	assert.Empty(t, d.Check(schema, decoded(t, `{"b":1}`), false))
	assert.Equal(t, []string{`"/b" is not in the schema`}, d.Check(schema, decoded(t, `{"b":1}`), true))
}

func TestDrawAndMutate(t *testing.T) {
	d := &Drawer{Rand: rand.New(rand.NewPCG(1, 2)), Document: newDocument(t)}
	for _, row := range schemas {
		schema, refused := decoded(t, row.schema), 0
		for range 300 {
			text, err := json.Marshal(d.Draw(schema))
			require.NoError(t, err)
			value := decoded(t, string(text))
			require.Empty(t, d.Check(schema, value, true), "%s: %s", row.schema, text)
			changed, err := json.Marshal(d.Mutate(value))
			require.NoError(t, err)
			if len(d.Check(schema, decoded(t, string(changed)), true)) > 0 {
				refused++
			}
		}
		if row.bad != "" {
			assert.Greater(t, refused, 100, row.schema)
		}
	}
}

func TestParseFindsWhatIsWrong(t *testing.T) {
	const operation = `{"openapi": "3.1.1", "paths": {"/a/{id}": {"get": {"operationId": "x", "parameters": [%s], "responses": %s}}}}`
	const id, ok = `{"name": "id", "in": "path", "required": true, "schema": {}}`, `{"200": {"description": ""}}`
	for _, row := range []struct{ text, fault string }{
		{`{`, "is not JSON"},
		{`{"openapi": "3.1.1"} {}`, "something follows"},
		{`{"openapi": "3.0.0"}`, `OpenAPI "3.0.0"`},
		{`{"openapi": "3.1.1", "x": [{"$ref": "#/y"}]}`, "#/x/0 refers to #/y"},
		{fmt.Sprintf(operation, "", ok), "the parameter id of the path is not told"},
		{fmt.Sprintf(operation, id+","+id, ok), "told twice"},
		{fmt.Sprintf(operation, `{"name": "id", "in": "path"}`, ok), "not required"},
		{fmt.Sprintf(operation, id, "{}"), "responses are missing"},
		{fmt.Sprintf(operation, id, ok), ""},
	} {
		_, err := Parse([]byte(row.text))
		if row.fault == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, row.fault)
		}
	}
}

func TestCheckAnswer(t *testing.T) {
	d, err := Parse([]byte(`{"openapi": "3.1.1", "paths": {"/a": {"get": {"operationId": "x", "responses": {
		"200": {"headers": {"ETag": {"required": true, "schema": {"pattern": "^\""}}}, "content": {
			"application/json": {"schema": {"type": "integer"}}, "text/*": {"schema": {"type": "string"}}}},
		"default": {"content": {"application/problem+json": {}}}}}}}}`))
	require.NoError(t, err)
	header := func(fields ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(fields); i += 2 {
			h.Add(fields[i], fields[i+1])
		}
		return h
	}
	const tag, typ, isJSON = "ETag", "Content-Type", "application/json"
	for _, row := range []struct {
		answer Answer
		fault  string
	}{
		{Answer{200, header(tag, `"1"`, typ, isJSON), []byte(`1`), false}, ""},
		{Answer{200, header(tag, `"1"`, typ, "text/plain; charset=utf-8"), []byte(`x`), false}, ""},
		{Answer{200, header(tag, `"1"`, typ, isJSON), []byte(`"x"`), false}, "is of type string"},
		{Answer{200, header(tag, `"1"`, typ, isJSON), []byte(`{`), false}, "is not JSON"},
		{Answer{200, header(tag, `"1"`, typ, "image/png"), []byte(`x`), false}, `"image/png" is not listed`},
		{Answer{200, header(typ, isJSON), []byte(`1`), false}, "the field ETag is missing"},
		{Answer{200, header(tag, `1`, typ, isJSON), []byte(`1`), false}, "does not match"},
		{Answer{200, header(tag, `"1"`, "Location", "/", typ, isJSON), []byte(`1`), false}, "the field Location is not told; what tells it is Location"},
		{Answer{204, header(), nil, false}, "the status 204 is not listed"},
		{Answer{404, header(), nil, false}, "the status 404 is not listed"},
		{Answer{503, header(typ, "application/problem+json"), []byte(`{}`), false}, ""},
		{Answer{503, header(typ, "text/plain; charset=utf-8"), []byte(`503`), true}, ""},
		{Answer{503, header(typ, "text/plain; charset=utf-8"), []byte(`503`), false}, "is not listed"},
	} {
		faults := strings.Join(d.CheckAnswer(d.Operations[0], row.answer), "\n")
		if row.fault == "" {
			assert.Empty(t, faults, "%+v", row.answer)
		} else {
			assert.Contains(t, faults, row.fault, "%+v", row.answer)
		}
	}
}

func TestTexts(t *testing.T) {
	for value, text := range map[any]string{nil: "", "a b": "a b", 1.5: "1.5", true: "true"} {
		assert.Equal(t, text, PlainText(value))
	}
	assert.Equal(t, `a, "", " b", "c,d", "\\\""`, ListOf([]string{"a", "", "\n", " b", "c,d", `\"`}))
	d := newDocument(t)
	for _, row := range []struct {
		schema, text string
		fits         bool
	}{
		{`{"type": "string"}`, "1", true}, {`{"type": "integer"}`, "1", true}, {`{"type": "integer"}`, "x", false},
		{`{"type": "array", "items": {"type": "boolean"}}`, "true", true}, {`{"type": "string", "pattern": "^a"}`, "b", false},
	} {
		assert.Equal(t, row.fits, d.FitsText(decoded(t, row.schema), row.text), "%s: %s", row.schema, row.text)
	}
}
