// Tags that nobody reads: which of them are told, with what to do, and which are read somewhere.

package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

type (
	ordered struct {
		Title string `json:"title" default:"untitled"`
		Lines []orderedLine
	}
	orderedLine struct {
		Count int `json:"count" default:"1"`
	}
	listed struct {
		Page int `query:"page" default:"1"`
		Size int `default:"20"`
	}
	mixed struct {
		ID   string `path:"id" json:"-"`
		Name string
	}
	shared struct {
		Page int `json:"page" query:"page" default:"1"`
	}
	ruled struct {
		Name string `json:"name" validate:"required"`
	}
	bound struct {
		Name string `json:"name" binding:"required"`
	}
	required struct {
		//lint:ignore SA5008 this is the mistake that is to be told
		Name string `json:"name,required"`
	}
	checkedByItself struct {
		Name string `json:"name" validate:"required"`
	}
	readByItself struct {
		Name string `json:"name" default:"x"`
	}
	described struct {
		Name string     `json:"name,omitempty" doc:"The name." validate:"-"`
		Kind string     `json:"kind,omitzero,case:ignore" xml:"kind"`
		Next *described // it is made of itself
	}
)

func (checkedByItself) Validate() error            { return nil }
func (*readByItself) UnmarshalJSON(_ []byte) error { return nil }

func TestTagsThatNobodyReads(t *testing.T) {
	for name, c := range map[string]struct {
		declare func(app *restmachine.App)
		says    []string // nil: there is nothing to say
	}{
		"a default in JSON, deep": {func(app *restmachine.App) {
			app.Post("/x", func(restmachine.Body[ordered]) {})
		}, []string{"reads plan_test.ordered, and nobody reads `default:\"untitled\"` of Title", "reads plan_test.orderedLine, and nobody reads `default:\"1\"` of Count", "set the value in an UnmarshalJSON of plan_test.ordered, or in the handler"}},
		"a default in a patch": {func(app *restmachine.App) {
			app.Patch("/x", func(restmachine.Body[restmachine.MergePatch[ordered]]) {})
		}, []string{"`default:\"untitled\"` of Title"}},
		"a default without a name": {func(app *restmachine.App) {
			app.Get("/x", func(restmachine.Query[listed]) string { return "" })
		}, []string{"nobody reads `default:\"20\"` of Size: a field is read by a tag path, query, header or cookie"}},
		"a place that nobody reads": {func(app *restmachine.App) {
			app.Put("/x/{id}", func(restmachine.Body[[]*mixed]) {})
		}, []string{"nobody reads `path:\"id\"` of ID: no callback takes plan_test.mixed as the Path, Query, Header or Cookie"}},
		"a place that another callback reads": {func(app *restmachine.App) {
			app.Put("/x/{id}", func(restmachine.Body[mixed], restmachine.Path[mixed]) {})
		}, nil},
		"a default for the query, in content too": {func(app *restmachine.App) {
			app.Post("/x", func(restmachine.Body[shared], restmachine.Query[shared]) {})
		}, nil},
		"a rule without a validator": {func(app *restmachine.App) {
			app.Post("/x", func(restmachine.Body[ruled]) {}).Put(func(restmachine.Body[[]ruled]) {})
		}, []string{"nobody reads `validate:\"required\"` of Name: the App does not have a validator of tags"}},
		"a rule of gin": {func(app *restmachine.App) {
			app.Post("/x", func(restmachine.Body[bound]) {})
		}, []string{"`binding:\"required\"` of Name"}},
		"a rule beside a Validate": {func(app *restmachine.App) {
			app.Post("/x", func(restmachine.Body[checkedByItself]) {})
		}, nil},
		"an option that JSON does not have": {func(app *restmachine.App) {
			app.Post("/x", func(restmachine.Body[required]) {})
		}, []string{"`json:\"name,required\"` of Name: JSON does not know"}},
		"a type that reads itself": {func(app *restmachine.App) { app.Post("/x", func(restmachine.Body[readByItself]) {}) }, nil},
		"a parser that reads the tags": {func(app *restmachine.App) {
			app.Post("/x", func(restmachine.Body[ordered]) {}).Accepts("text/plain", func([]byte) ordered { return ordered{} })
		}, nil},
		"tags that say something, and of others": {func(app *restmachine.App) { app.Post("/x", func(restmachine.Body[described]) {}) }, nil},
		"what is sent":                           {func(app *restmachine.App) { app.Get("/x", func() ordered { return ordered{} }) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			app := restmachine.New(harness.Quiet)
			c.declare(app)
			reports, err := app.Reports()
			require.NoError(t, err)
			var all []string
			for _, r := range reports {
				all = append(all, r.Text)
				assert.Equal(t, strings.Contains(r.Text, "JSON does not know"), r.Severity == restmachine.Notice, r.Text)
			}
			if c.says == nil {
				assert.Empty(t, all)
			}
			for _, says := range c.says {
				assert.Equal(t, 1, strings.Count(strings.Join(all, "\n"), says), "%s: %q", says, all)
			}
		})
	}
	app := restmachine.New(restmachine.WithValidator(func(any) error { return nil }))
	app.Post("/x", func(restmachine.Body[ruled]) {})
	reports, err := app.Reports()
	require.NoError(t, err)
	assert.Empty(t, reports, "there is a validator")
}
