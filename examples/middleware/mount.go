// What stands around the application, and where it is mounted.

package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/rs/cors"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/trace"
)

// prefix is where the application is mounted, in both routers.
const prefix = "/api"

// underServeMux mounts the application under net/http's own router.
func underServeMux(app http.Handler, tracing trace.TracerProvider) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(prefix+"/", mount(app))
	mux.HandleFunc("GET /{$}", home)
	return traced(tracing)(shared(mux))
}

// underChi mounts it under chi. The middleware stands inside the router, which
// makes a request of its own: what it is told of the route, nobody outside sees.
func underChi(app http.Handler, tracing trace.TracerProvider) http.Handler {
	router := chi.NewRouter()
	router.Use(traced(tracing), shared)
	router.Mount(prefix, mount(app))
	router.Get("/", home)
	return router
}

// mount strips the prefix, and tells what stands around it the whole route:
// http.StripPrefix makes a request of its own, too.
func mount(app http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.StripPrefix(prefix, http.HandlerFunc(func(w http.ResponseWriter, inner *http.Request) {
			defer func() { r.Pattern = prefix + inner.Pattern }() // also where a stream is cut
			app.ServeHTTP(w, inner)
		})).ServeHTTP(w, r)
	})
}

// traced makes a span of each request. It takes its name from the route when the
// answer is there.
func traced(provider trace.TracerProvider) func(http.Handler) http.Handler {
	return otelhttp.NewMiddleware("lamps", otelhttp.WithTracerProvider(provider))
}

// shared lets the pages of another origin use the application. Without the fields
// named here they could neither see an entity-tag nor send one back.
func shared(next http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowedOrigins: []string{"https://example.com"},
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut},
		AllowedHeaders: []string{"Content-Type", "If-Match", "If-None-Match"},
		ExposedHeaders: []string{"ETag", "Location"},
	}).Handler(next)
}

func home(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte("The lamps are at " + prefix))
}
