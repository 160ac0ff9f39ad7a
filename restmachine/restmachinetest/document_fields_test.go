// Documents with fields of the header, cookies and defaults are held to the App.

package restmachinetest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// newFielded has parameters of each form in each place.
func newFielded() *restmachine.App {
	type fields struct {
		Tenant string     `header:"X-Tenant" default:"nobody"`
		Depth  *uint8     `header:"x-depth"`
		Since  *time.Time `header:"X-Since"`
		Dry    bool       `header:"X-Dry"`
		Color  color      `header:"X-Color" default:"red"`
		Tags   []string   `header:"X-Tags"`
		Sizes  []int8     `header:"X-Sizes" default:"1, 2"`
		Token  string     `header:"Authorization"`
	}
	type cookies struct {
		Session string `cookie:"session"`
		Visits  uint16 `cookie:"visits" default:"1"`
	}
	type query struct {
		Limit int      `query:"limit" default:"20"`
		Sort  []string `query:"sort" default:"new, \"a, b\""`
	}
	app := restmachine.New(quiet)
	app.Get("/", func(in restmachine.Header[fields], c restmachine.Cookie[cookies], q restmachine.Query[query]) string {
		return fmt.Sprint(in.Value.Tenant, c.Value, q.Value)
	})
	app.Post("/", func(in restmachine.Header[fields]) {})
	return app
}

// manyDraws are enough for each kind of misfit.
var manyDraws = restmachinetest.Document{Requests: 800, Values: map[string][]string{"X-Tenant": {"acme"}, "session": {"s 1"}}}

func TestADocumentOfFields(t *testing.T) { restmachinetest.CheckDocument(t, newFielded(), manyDraws) }

func TestAFalsifiedDocumentOfFields(t *testing.T) {
	text, err := openapi.Of(newFielded(), openapi.Info{})
	require.NoError(t, err)
	for _, row := range []struct {
		name, parameter, fault string
		schema                 map[string]any
	}{
		{"a field that takes less", "X-Tenant", "the App reads what the document does not allow: X-Tenant in the header", map[string]any{"type": "integer"}},
		{"a field that takes more", "x-depth", "the document allows the request, and the App does not read it", map[string]any{"type": "string"}},
		{"an element that takes more", "X-Sizes", "the document allows the request, and the App does not read it", map[string]any{"type": "array", "items": map[string]any{"type": "string"}}},
		{"a cookie that takes less", "session", "the App reads what the document does not allow: session in the cookie", map[string]any{"type": "integer"}},
		{"a cookie that takes more", "visits", "the document allows the request, and the App does not read it", map[string]any{"type": "boolean"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var d documentTree
			require.NoError(t, json.Unmarshal(text, &d))
			changed := false
			for _, p := range d.at("paths / get")["parameters"].([]any) {
				if p := p.(map[string]any); p["name"] == row.parameter {
					p["schema"], changed = row.schema, true
				}
			}
			require.True(t, changed)
			how := manyDraws
			how.JSON, err = json.Marshal(d)
			require.NoError(t, err)
			found := reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, newFielded(), how) })
			assert.Contains(t, strings.Join(found, "\n"), row.fault)
		})
	}
}

// A cursor is a text that its schema describes by a pattern. Nothing that is drawn by chance fits.
type cursor string

func (cursor) JSONSchema() []byte {
	return []byte(`{"type":"string","pattern":"^bj[0-9A-Za-z_-]+$"}`)
}

func (c *cursor) UnmarshalText(text []byte) error {
	if len(text) < 3 || !strings.HasPrefix(string(text), "bj") {
		return fmt.Errorf("%q is not a cursor", text)
	}
	*c = cursor(text)
	return nil
}

// TestADocumentOfPatterns: no request is said to be allowed that a pattern forbids.
func TestADocumentOfPatterns(t *testing.T) {
	type query struct {
		Cursor *cursor `query:"cursor"`
		Limit  int     `query:"limit" default:"7"`
	}
	type fields struct {
		Cursor *cursor `header:"X-Cursor"`
	}
	type cookies struct {
		Cursor *cursor `cookie:"at"`
	}
	newApp := func(refuses *atomic.Int64, read *atomic.Int64) *restmachine.App {
		app := restmachine.New(quiet)
		app.Get("/pages", func(q restmachine.Query[query], h restmachine.Header[fields], c restmachine.Cookie[cookies]) (string, error) {
			for _, at := range []*cursor{q.Value.Cursor, h.Value.Cursor, c.Value.Cursor} {
				if at != nil {
					read.Add(1)
					if refuses != nil {
						refuses.Add(1)
						return "", &restmachine.Problem{Status: 400, Detail: "The cursor is too old."}
					}
				}
			}
			return "", nil
		})
		return app
	}
	var read, refused atomic.Int64
	many := restmachinetest.Document{Requests: 250}
	restmachinetest.CheckDocument(t, newApp(nil, &read), many)
	assert.Zero(t, read.Load(), "no cursor can be drawn")

	many.Values = map[string][]string{"cursor": {"bj7"}, "X-Cursor": {"x", "bj8"}, "at": {"bj9"}}
	restmachinetest.CheckDocument(t, newApp(nil, &read), many)
	assert.NotZero(t, read.Load(), "the values that were given are sent")

	found := reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, newApp(&refused, &read), many) })
	assert.NotZero(t, refused.Load())
	assert.Contains(t, strings.Join(found, "\n"), "the document allows the request, and the App does not read it", "a value that fits is claimed")
}
