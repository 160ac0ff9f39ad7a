// This file mounts the application under two routers. The application comes in, a handler
// with middleware around it goes out.

package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/trace"
)

// prefix is the path where the application is mounted, in both routers.
const prefix = "/api"

// underServeMux mounts the application under net/http's own router.
func underServeMux(app http.Handler, tracing trace.TracerProvider) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(prefix+"/", mount(app))
	mux.HandleFunc("GET /{$}", home)
	return traced(tracing)(mux)
}

// underChi mounts the application under chi. The middleware is inside the router, because
// chi makes a new request. Code outside the router does not see the route in that
// request.
func underChi(app http.Handler, tracing trace.TracerProvider) http.Handler {
	router := chi.NewRouter()
	router.Use(traced(tracing))
	router.Mount(prefix, mount(app))
	router.Get("/", home)
	return router
}

// mount strips the prefix and passes the whole route to the middleware around it. It must
// do so, because http.StripPrefix makes a new request.
func mount(app http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.StripPrefix(prefix, http.HandlerFunc(func(w http.ResponseWriter, inner *http.Request) {
			defer func() { r.Pattern = prefix + inner.Pattern }() // also if a stream is cut
			app.ServeHTTP(w, inner)
		})).ServeHTTP(w, r)
	})
}

// traced makes a span of each request. The span is named after the route when the answer
// is complete.
func traced(provider trace.TracerProvider) func(http.Handler) http.Handler {
	return otelhttp.NewMiddleware("lamps", otelhttp.WithTracerProvider(provider))
}

func home(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte("The lamps are at " + prefix))
}
