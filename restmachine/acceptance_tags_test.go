// Acceptance: entity-tags that are weak, and those that come without quotes.

package restmachine_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/internal/proof/twin"
	"github.com/restmachine/restmachine-go/restmachine"
)

func TestWeakTags(t *testing.T) {
	for name, tag := range map[string]func(c *card) string{
		"written out": func(c *card) string { return fmt.Sprintf(`W/"%d"`, c.Version) },
		"by WeakETag": func(c *card) string { return restmachine.WeakETag(strconv.Itoa(c.Version)) },
		"of a quoted": func(c *card) string { return restmachine.WeakETag(fmt.Sprintf(`"%d"`, c.Version)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := twin.New(t, cardsWith(func(app *restmachine.App) { app.GenerateETag(tag) }))
			full := w.Expect(200, "GET", "/cards/1", "")
			assert.Equal(t, `W/"1"`, full.Header.Get("ETag"))
			w.Expect304(full, "/cards/1", "If-None-Match", `W/"1"`)
			w.Expect304(full, "/cards/1", "If-None-Match", `"1"`)
			w.Expect(412, "PUT", "/cards/1", `{}`, "If-Match", `W/"1"`)
			w.Expect(412, "PUT", "/cards/1", `{}`, "If-Match", `"1"`)
			w.Expect(200, "PUT", "/cards/1", `{}`, "If-Match", `*`)
		})
	}
}

// TestUnquotedTags: by default a tag without quotes matches, as some clients need.
// Under WithStrictTags it matches nothing, and a write that cannot be checked does
// not happen.
func TestUnquotedTags(t *testing.T) {
	const tag = "42e98b50d35eb07fc6d595d019cc91c7"
	tests := []struct {
		name      string
		options   []restmachine.Option
		read, put int
	}{
		{"lenient", nil, 304, 200},
		{"strict", []restmachine.Option{restmachine.WithStrictTags()}, 200, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := twin.New(t, cardsWith(func(app *restmachine.App) {
				app.GenerateETag(func(c *card) string { return tag + strings.Repeat("+", c.Version-1) })
			}, tt.options...))
			w.Expect(tt.read, "GET", "/cards/1", "", "If-None-Match", tag)
			w.Expect(tt.read, "GET", "/cards/1", "", "If-None-Match", "another, "+tag)
			w.Expect(304, "GET", "/cards/1", "", "If-None-Match", `"`+tag+`"`)
			w.Expect(200, "GET", "/cards/1", "", "If-None-Match", "42e98b50")
			w.Expect(tt.put, "PUT", "/cards/1", `{}`, "If-Match", tag)
		})
	}
}
