package cors_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

// quiet is a ResponseWriter that keeps nothing.
type quiet http.Header

func (w quiet) Header() http.Header             { return http.Header(w) }
func (w quiet) Write(piece []byte) (int, error) { return len(piece), nil }
func (w quiet) WriteHeader(int)                 {}

// BenchmarkPolicy is a 304 to a page of another origin: without a policy, to an origin that is
// named, and to one that a pattern takes.
func BenchmarkPolicy(b *testing.B) {
	for name, policy := range map[string]*cors.Policy{
		"none":    nil,
		"named":   {Origins: []string{ours}},
		"pattern": {Origins: []string{"https://*.example.com"}},
		"any":     {Origins: []string{"*"}},
	} {
		b.Run(name, func(b *testing.B) {
			app := restmachine.New()
			app.ResourceExists(func() *note { return &note{"1", "hello"} })
			app.GenerateETag(func(n *note) string { return n.Text })
			app.Get("/", func(n *note) *note { return n })
			if policy != nil {
				cors.Allow(app, *policy)
			}
			require.NoError(b, app.Start(b.Context()))
			r := httptest.NewRequest("GET", "/", nil)
			r.Header = http.Header{"Origin": {ours}, "If-None-Match": {`"hello"`}}
			w := quiet{}
			b.ReportAllocs()
			for b.Loop() {
				clear(w)
				app.ServeHTTP(w, r)
			}
		})
	}
}
