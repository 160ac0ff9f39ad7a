package prometheus_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	client "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/restmachine/restmachine-go/contrib/prometheus"
	"github.com/restmachine/restmachine-go/restmachine"
)

// The metrics of an App stand beside it, on a path that only the scraper should reach.
func Example() {
	metrics := prometheus.New(prometheus.Config{})
	app := restmachine.New(metrics.Option())
	app.GenerateETag(func() string { return "1" })
	app.Get("/mottos/{id}", func() string { return "Say what is true." })
	metrics.Watch(app)

	registry := client.NewRegistry()
	registry.MustRegister(metrics)
	mux := http.NewServeMux()
	mux.Handle("/", metrics.InFlight(app))
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))

	for _, tag := range []string{"", `"1"`} {
		r := httptest.NewRequest("GET", "/mottos/1", nil)
		r.Header.Set("If-None-Match", tag)
		mux.ServeHTTP(httptest.NewRecorder(), r)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if strings.Contains(line, "requests_total{") || strings.HasPrefix(line, "restmachine_locks_held") {
			fmt.Print(line)
		}
	}
	// Output:
	// restmachine_locks_held 0
	// restmachine_requests_total{decision="J19",method="GET",route="/mottos/{id}",status="304"} 1
	// restmachine_requests_total{decision="P19",method="GET",route="/mottos/{id}",status="200"} 1
}

// Metrics count what ran in process, too.
func ExampleMetrics_Option() {
	metrics := prometheus.New(prometheus.Config{})
	app := restmachine.New(metrics.Option())
	app.Execute(restmachine.Request{Method: "BREW", Path: "/coffee"})
	print(metrics, "restmachine_requests_total")
	// Output:
	// restmachine_requests_total{decision="B12",method="OTHER",route="unknown",status="501"} 1
}

// A write that is under way holds a lock.
func ExampleMetrics_Watch() {
	metrics := prometheus.New(prometheus.Config{})
	app := restmachine.New(metrics.Option())
	metrics.Watch(app)
	app.ResourceExists(func() *motto { return &motto{"Say what is true."} })
	app.Put("/mottos/{id}", func(*motto) { print(metrics, "restmachine_locks_held") })
	app.Execute(restmachine.Request{Method: "PUT", Path: "/mottos/1"})
	// Output:
	// restmachine_locks_held 1
}

// A request that is being served is in flight.
func ExampleMetrics_InFlight() {
	metrics := prometheus.New(prometheus.Config{})
	app := restmachine.New()
	app.Get("/", func() { print(metrics, "restmachine_requests_in_flight") })
	metrics.InFlight(app).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	// Output:
	// restmachine_requests_in_flight 1
}

// Buckets that fit an App whose answers are all fast.
func ExampleConfig() {
	metrics := prometheus.New(prometheus.Config{Buckets: []float64{0.0001, 0.001, 60}})
	app := restmachine.New(metrics.Option())
	app.Get("/", func() string { return "" })
	app.Execute(restmachine.Request{Path: "/"})
	print(metrics, `restmachine_request_duration_seconds_bucket{decision="P19",method="GET",route="/",status="200",le="60"`)
	// Output:
	// restmachine_request_duration_seconds_bucket{decision="P19",method="GET",route="/",status="200",le="60"} 1
}

// Metrics may stand beside those of others in one registry, with a label that tells them apart.
func ExampleNew() {
	registry := client.NewRegistry()
	for _, name := range []string{"public", "internal"} {
		metrics := prometheus.New(prometheus.Config{})
		client.WrapRegistererWith(client.Labels{"app": name}, registry).MustRegister(metrics)
		app := restmachine.New(metrics.Option())
		app.Execute(restmachine.Request{Path: "/" + name})
	}
	families, err := registry.Gather()
	fmt.Println(len(families[len(families)-1].GetMetric()), err)
	// Output:
	// 2 <nil>
}

// A Collector is registered; nobody else calls Describe and Collect.
func ExampleMetrics_Collect() {
	fmt.Println(client.NewRegistry().Register(prometheus.New(prometheus.Config{})))
	// Output:
	// <nil>
}

func ExampleMetrics_Describe() {
	descriptions := make(chan *client.Desc, 10)
	prometheus.New(prometheus.Config{}).Describe(descriptions)
	fmt.Println(len(descriptions), "metrics")
	// Output:
	// 6 metrics
}

type motto struct{ Text string }

// print prints the lines of a scrape that begin with a text.
func print(metrics *prometheus.Metrics, prefix string) {
	registry := client.NewRegistry()
	registry.MustRegister(metrics)
	w := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, prefix) {
			_, _ = io.WriteString(os.Stdout, line)
		}
	}
}
