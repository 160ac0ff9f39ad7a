// Names that Handle and HandleSafe refuse, each with what to do.

package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

func TestFaultsOfOtherMethods(t *testing.T) {
	rows := []struct{ method, says string }{
		{"GET", "use Get"}, {"HEAD", "use Get"}, {"POST", "use Post"}, {"PUT", "use Put"},
		{"PATCH", "use Patch"}, {"DELETE", "use Delete"}, {"delete", "use Delete"}, {"Get", "use Get"},
		{"OPTIONS", "answers OPTIONS by what is registered"}, {"CONNECT", "not a path"},
		{"", "is a token"}, {"PURGE /x", "is a token"}, {"A:B", "is a token"}, {"PÜRGE", "is a token"}, {"A\r\nB", "is a token"},
		{"PURGE", ""}, {"M-SEARCH", ""}, {"TRACE", ""}, {"purge", ""},
	}
	for _, row := range rows {
		for name, give := range map[string]func(r *restmachine.Resource){
			"Handle":     func(r *restmachine.Resource) { r.Handle(row.method, func() {}) },
			"HandleSafe": func(r *restmachine.Resource) { r.HandleSafe(row.method, func() {}) },
		} {
			app := restmachine.New()
			give(app.Resource("/x"))
			err := app.Validate()
			if row.says == "" {
				assert.NoError(t, err, row.method)
				continue
			}
			if assert.Error(t, err, "%s %q", name, row.method) {
				assert.Contains(t, err.Error(), row.says)
				assert.Contains(t, err.Error(), name+"(")
				assert.Contains(t, err.Error(), "faults_methods_test.go:")
			}
		}
	}
}

// TestFaultsOfOtherHandlers: their handlers are held to what all handlers are.
func TestFaultsOfOtherHandlers(t *testing.T) {
	rows := []struct {
		name string
		give func(r *restmachine.Resource)
		says string
	}{
		{"two handlers", func(r *restmachine.Resource) { r.Handle("LOCK", func() {}).HandleSafe("LOCK", func() {}) }, "LOCK /ship has two handlers"},
		{"not a function", func(r *restmachine.Resource) { r.Handle("LOCK", 7) }, "LOCK /ship"},
		{"an error by its type", func(r *restmachine.Resource) { r.HandleSafe("QUERY", func() *restmachine.Problem { return nil }) }, "as error"},
		{"a type that nobody provides", func(r *restmachine.Resource) { r.Handle("LOCK", func(harness.Crane) {}) }, "harness.Crane"},
		{"a target whose validators do not hold here", func(r *restmachine.Resource) {
			r.Get(viewShip).Handle("LOCK", func(*harness.Ship) {})
		}, "LOCK /ship: no client can guard the write, because the GET of this path returns harness.ShipView, and no validator of *harness.Ship"},
	}
	for _, row := range rows {
		p := harness.NewPort(t)
		p.ResourceExists(func() *harness.Ship { return nil })
		p.GenerateETag(harness.TagOfShip)
		p.Get("/used", harness.ShowShip)
		row.give(p.Resource("/ship"))
		if err := p.Validate(); assert.Error(t, err, row.name) {
			assert.Contains(t, err.Error(), row.says, row.name)
		}
	}
}
