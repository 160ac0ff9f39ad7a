// This test checks fields that may occur more than once. If the middleware has already
// set one, the application adds to it. An answer that varies by Cookie, by Origin and by
// Accept says all three.

package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func TestVaryIsAddedTo(t *testing.T) {
	for router, under := range map[string]func(http.Handler, trace.TracerProvider) http.Handler{"ServeMux": underServeMux, "chi": underChi} {
		app := New()
		require.NoError(t, app.Start(t.Context()))
		varying := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Vary", "Cookie")
			app.ServeHTTP(w, r)
		})
		refused := httptest.NewRecorder()
		put := httptest.NewRequest("PUT", "/api/lamps/hall", strings.NewReader(`{"on": false}`))
		put.Header.Set("If-Match", `"7"`)
		under(varying, sdk.NewTracerProvider()).ServeHTTP(refused, put)
		assert.Equal(t, 412, refused.Code)
		vary := strings.Join(refused.Header().Values("Vary"), ", ")
		assert.Contains(t, vary, "Origin", "%s: a cache must not give it to another origin", router)
		assert.Contains(t, vary, "Accept")
		assert.Contains(t, vary, "Cookie")
	}
}
