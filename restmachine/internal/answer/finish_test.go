// FinishRequest: it runs at every end, and may set fields of the answer.

package answer_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestFinishRequest runs at every end, sees the status, and may set fields.
func TestFinishRequest(t *testing.T) {
	for i, place := range []string{"App", "Group", "Resource"} {
		t.Run(place, func(t *testing.T) {
			var seen []int
			p := harness.NewProbe(t, harness.Leaves(func(app, group, resource *restmachine.Facts) {
				app.GenerateETag(func(*harness.Leaf) string { return "1" })
				[]*restmachine.Facts{app, group, resource}[i].FinishRequest(func(r *restmachine.Response, c *harness.Clock, m restmachine.Method) {
					seen = append(seen, r.StatusCode)
					r.Header.Set("x-finished", fmt.Sprint(c.Year, m))
				})
			}))
			ends := []struct {
				want         int
				method, path string
				fields       []string
			}{
				{200, "GET", "here", nil}, {200, "HEAD", "here", nil}, {304, "GET", "here", []string{"If-None-Match", `"1"`}},
				{412, "GET", "here", []string{"If-Match", `"2"`}}, {404, "GET", "away", nil}, {204, "DELETE", "here", nil},
				{415, "PUT", "here", []string{"Content-Type", "text/csv"}}, {501, "FROB", "here", nil}, {200, "OPTIONS", "here", nil},
			}
			var want []int
			for _, end := range ends {
				resp := p.Want(end.want, end.method, "/g/leaves/"+end.path, "", end.fields...)
				assert.Equal(t, []string{fmt.Sprint(2015, end.method)}, resp.Header["X-Finished"])
				want = append(want, end.want)
			}
			assert.Equal(t, want, seen)
		})
	}
	for name, finish := range map[string]restmachine.Func{
		"an error":      func() error { return harness.ErrSecret },
		"a panic":       func() { panic(harness.ErrSecret) },
		"a broken line": func(r *restmachine.Response) { r.Header.Set("X-A", "a\r\nSecret: secret") },
	} {
		p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) { app.FinishRequest(finish) }))
		assert.NotContains(t, string(p.Want(500, "GET", "/g/leaves/here", "").Body), "secret", name)
	}
	p := harness.NewProbe(t, harness.Leaves(func(_, _, r *restmachine.Facts) {
		r.FinishRequest(func(l *harness.Leaf, r *restmachine.Response) { r.Header.Set("X-Leaf", l.ID) })
	}))
	assert.Equal(t, "here", p.Want(200, "GET", "/g/leaves/here", "").Header.Get("X-Leaf"))
	assert.Empty(t, p.Want(404, "GET", "/g/leaves/away", "").Header.Get("X-Leaf"), "what it takes is missing")
}

// A nearer FinishRequest does not stand in for one further out: what the App sets stands on
// every answer, also where a nearer one fails or panics.
func TestFinishRequestsAllRun(t *testing.T) {
	for name, near := range map[string]struct {
		hook   restmachine.Func
		status int
	}{
		"a hook":            {func(r *restmachine.Response) { r.Header.Set("X-Frame-Options", "SAMEORIGIN") }, 200},
		"one that fails":    {func() error { return fmt.Errorf("no ink") }, 500},
		"one with a status": {func() error { return &restmachine.Problem{Status: 451} }, 451},
		"one that panics":   {func() { panic("no paper") }, 500},
	} {
		t.Run(name, func(t *testing.T) {
			p := harness.NewProbe(t, harness.Leaves(func(app, group, resource *restmachine.Facts) {
				resource.FinishRequest(near.hook)
				group.FinishRequest(func(r *restmachine.Response) { r.Header.Add("X-Order", "group") })
				app.FinishRequest(func(r *restmachine.Response) { r.Header.Add("X-Order", "app") })
				app.FinishRequest(func(r *restmachine.Response) {
					r.Header.Add("X-Order", "app again")
					r.Header.Set("X-Frame-Options", "DENY")
				})
			}))
			resp := p.Want(near.status, "GET", "/g/leaves/here", "")
			assert.Equal(t, []string{"group", "app", "app again"}, resp.Header["X-Order"])
			assert.Equal(t, "DENY", resp.Header.Get("X-Frame-Options"))
		})
	}
}
