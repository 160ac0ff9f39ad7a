package walk_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestATraceSaysWhyNothingIsThere: the answers are the same, byte for byte, and the trace alone
// tells which it was.
func TestATraceSaysWhyNothingIsThere(t *testing.T) {
	type byID struct {
		ID int `path:"id"`
	}
	type note struct{ ID int }
	p := harness.NewPort(t)
	p.ResourceExists(func(at restmachine.Path[byID]) *note {
		if at.Value.ID > 5 {
			return nil
		}
		return &note{at.Value.ID}
	})
	p.Get("/notes/{id}", func(n *note) *note { return n })
	p.Resource("/lost").Get(func() string { return "" })
	p.Resource("/lost").ResourceExists(func() bool { return false })
	p.Resource("/hidden").Get(func() string { return "" })
	p.Resource("/hidden").Authorized(func() (bool, error) { return false, restmachine.ErrNotFound })
	p.Valid()
	content := ""
	for path, why := range map[string][]string{
		"/nowhere":  {"settled: no route has this path"},
		"/notes/9":  {"there is no *walk_test.note: ResourceExists walk_test.TestATraceSaysWhyNothingIsThere.func1 (" + harness.InThisFile(), "returned nil"},
		"/notes/no": {"a parameter of the path does not fit the Path[T]"},
		"/lost":     {"a ResourceExists says that there is nothing", "func"},
		"/hidden":   {"a gate returned ErrNotFound", "func"},
	} {
		resp, trace := p.Explain(restmachine.Request{Method: "GET", Path: path})
		assert.Equal(t, 404, resp.StatusCode, path)
		if content == "" {
			content = string(resp.Body)
		}
		assert.Equal(t, content, string(resp.Body), "%s: a client cannot tell", path)
		for _, says := range why {
			assert.Contains(t, trace.Table(), says, path)
		}
	}
}
