// Metrics: what a scrape says of exchanges that ended in every way, and what clients cannot make
// of it. The scrapes are real: by promhttp over net/http, read by Prometheus' own parser.

package prometheus_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	client "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/prometheus"
	"github.com/restmachine/restmachine-go/restmachine"
)

var errDisk = errors.New("the disk is full")

type thing struct {
	ID string `json:"id"`
}

// newApp returns an App whose exchanges end in many ways.
func newApp(metrics *prometheus.Metrics) *restmachine.App {
	app := restmachine.New(metrics.Option(), restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	app.ResourceExists(func(path restmachine.PathParams) (*thing, error) {
		switch id := path.Get("id"); id {
		case "none":
			return nil, nil
		case "fails":
			return nil, errDisk
		case "panics":
			panic("x")
		default:
			return &thing{id}, nil
		}
	})
	app.GenerateETag(func(*thing) string { return "1" })
	things := app.Resource("/things/{id}")
	things.Get(func(t *thing) *thing { return t })
	things.Put(func(t *thing) *thing { return t })
	app.Get("/aborts", func() { panic(http.ErrAbortHandler) })
	app.Get("/cut", func() io.Reader { return io.MultiReader(strings.NewReader("piece"), broken{}) })
	return app
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errDisk }

// serve serves an App with its metrics at /metrics.
func serve(t *testing.T, metrics *prometheus.Metrics, app http.Handler) (url string) {
	registry := client.NewPedanticRegistry()
	registry.MustRegister(metrics)
	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// send sends a request, and reads its answer, or what there is of it.
func send(t *testing.T, method, url string, fields ...string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	r.Close = true // a connection that was cut is tried again, if others used it
	resp, err := http.DefaultClient.Do(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		require.NoError(t, resp.Body.Close())
	}
}

// scrape reads the metrics.
func scrape(t *testing.T, url string) map[string]*dto.MetricFamily {
	t.Helper()
	resp, err := http.Get(url + "/metrics")
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	require.Equal(t, 200, resp.StatusCode)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(resp.Body)
	require.NoError(t, err)
	return families
}

// scrapeOf scrapes until n exchanges were counted: a client may have its answer before that.
func scrapeOf(t *testing.T, url string, n int) (families map[string]*dto.MetricFamily) {
	t.Helper()
	require.Eventually(t, func() bool {
		families = scrape(t, url)
		sum := 0.0
		for _, m := range families["restmachine_requests_total"].GetMetric() {
			sum += m.GetCounter().GetValue()
		}
		return int(sum) == n
	}, 10*time.Second, time.Millisecond)
	return families
}

// valuesOf are the values of a family by labels, such as "/things/{id} GET 200 P19".
func valuesOf(family *dto.MetricFamily, value func(*dto.Metric) float64) map[string]float64 {
	all := map[string]float64{}
	for _, m := range family.GetMetric() {
		by := map[string]string{}
		for _, l := range m.GetLabel() {
			by[l.GetName()] = l.GetValue()
		}
		all[strings.Join([]string{by["route"], by["method"], by["status"], by["decision"]}, " ")] = value(m)
	}
	return all
}

func counter(m *dto.Metric) float64 { return m.GetCounter().GetValue() }

// requests end in these ways. bytes is -1 where only the service knows.
var requests = []struct {
	method, path string
	fields       []string
	labels       string
	bytes        float64
}{
	{"GET", "/things/1", nil, "/things/{id} GET 200 P19", 10},
	{"HEAD", "/things/1", nil, "/things/{id} HEAD 200 P19", 0},
	{"GET", "/things/2", []string{"If-None-Match", `"1"`}, "/things/{id} GET 304 J19", 0},
	{"PUT", "/things/2", []string{"If-Match", `"2"`}, "/things/{id} PUT 412 G11", -1},
	{"GET", "/things/none", nil, "/things/{id} GET 404 L7", -1},
	{"GET", "/things/fails", nil, "/things/{id} GET 500 G7", -1},
	{"GET", "/things/panics", nil, "/things/{id} GET 500 none", -1},
	{"DELETE", "/things/1", nil, "/things/{id} DELETE 405 B10", -1},
	{"BREW", "/things/1", nil, "/things/{id} OTHER 501 B12", -1},
	{"GET", "/nowhere", nil, "unknown GET 404 L7", -1},
	{"BREW", "/nowhere", nil, "unknown OTHER 501 B12", -1},
	{"GET", "/aborts", nil, "/aborts GET 0 none", -1},
	{"GET", "/cut", nil, "/cut GET 200 P19", 5},
}

func TestAScrape(t *testing.T) {
	metrics := prometheus.New(prometheus.Config{})
	app := newApp(metrics)
	metrics.Watch(app)
	url := serve(t, metrics, metrics.InFlight(app))
	want := map[string]float64{}
	for _, r := range requests {
		for range 3 {
			send(t, r.method, url+r.path, r.fields...)
		}
		want[r.labels] = 3
	}
	families := scrapeOf(t, url, 3*len(requests))
	assert.Equal(t, want, valuesOf(families["restmachine_requests_total"], counter))
	took := families["restmachine_request_duration_seconds"]
	assert.Equal(t, want, valuesOf(took, func(m *dto.Metric) float64 { return float64(m.GetHistogram().GetSampleCount()) }))
	for labels, sum := range valuesOf(took, func(m *dto.Metric) float64 { return m.GetHistogram().GetSampleSum() }) {
		assert.Positive(t, sum, labels)
		assert.Less(t, sum, 10.0, labels)
	}
	bytes := valuesOf(families["restmachine_response_bytes_total"], counter)
	for _, r := range requests {
		if r.bytes >= 0 {
			assert.Equal(t, 3*r.bytes, bytes[r.labels], r.labels)
		}
	}
	assert.Equal(t, map[string]float64{"/aborts GET 0 none": 3, "/cut GET 200 P19": 3},
		valuesOf(families["restmachine_aborted_responses_total"], counter))
	assert.Len(t, families, 6)
}

// TestExecuteIsCounted as the wire is.
func TestExecuteIsCounted(t *testing.T) {
	metrics := prometheus.New(prometheus.Config{})
	app := newApp(metrics)
	for _, r := range requests {
		header := http.Header{}
		for i := 0; i < len(r.fields); i += 2 {
			header.Set(r.fields[i], r.fields[i+1])
		}
		app.Execute(restmachine.Request{Method: r.method, Path: r.path, Header: header})
	}
	got := valuesOf(scrape(t, serve(t, metrics, app))["restmachine_requests_total"], counter)
	for _, r := range requests {
		if r.path != "/aborts" && r.path != "/cut" { // which the wire cannot answer
			assert.Equal(t, 1.0, got[r.labels], r.labels)
		}
	}
	assert.Len(t, got, len(requests))
}

// TestThePromLint: names, units and help texts are as Prometheus wants them.
func TestThePromLint(t *testing.T) {
	for _, native := range []bool{false, true} {
		metrics := prometheus.New(prometheus.Config{Native: native})
		app := newApp(metrics)
		metrics.Watch(app)
		for _, r := range requests {
			app.Execute(restmachine.Request{Method: r.method, Path: r.path})
		}
		registry := client.NewPedanticRegistry()
		require.NoError(t, registry.Register(metrics))
		problems, err := testutil.GatherAndLint(registry)
		require.NoError(t, err)
		assert.Empty(t, problems)
	}
}

// TestClientsMakeNoSeries: whatever they send, the labels are those of the App.
func TestClientsMakeNoSeries(t *testing.T) {
	metrics := prometheus.New(prometheus.Config{})
	app := newApp(metrics)
	for i := range 1000 {
		for _, method := range []string{"GET", fmt.Sprint("X", i), fmt.Sprint("é", i)} {
			app.Execute(restmachine.Request{Method: method, Path: fmt.Sprint("/nowhere/", i)})
			app.Execute(restmachine.Request{Method: method, Path: fmt.Sprint("/things/", i)})
		}
	}
	assert.Len(t, scrape(t, serve(t, metrics, app))["restmachine_requests_total"].GetMetric(), 4)
}

func TestLocksAndFlights(t *testing.T) {
	metrics := prometheus.New(prometheus.Config{})
	app := restmachine.New(metrics.Option())
	under, release := make(chan struct{}), make(chan struct{})
	app.ResourceExists(func(path restmachine.PathParams) *thing { return &thing{path.Get("id")} })
	app.Put("/things/{id}", func(*thing) { under <- struct{}{}; <-release })
	metrics.Watch(app)
	metrics.Watch(app) // counts once
	url := serve(t, metrics, metrics.InFlight(app))
	gauges := func() (locks, flights float64) {
		families := scrape(t, url)
		return families["restmachine_locks_held"].GetMetric()[0].GetGauge().GetValue(),
			families["restmachine_requests_in_flight"].GetMetric()[0].GetGauge().GetValue()
	}
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() { send(t, "PUT", fmt.Sprint(url, "/things/", i)) })
	}
	for range 3 {
		<-under
	}
	locks, flights := gauges()
	assert.Equal(t, 3.0, locks)
	assert.Equal(t, 3.0, flights)
	close(release)
	all.Wait()
	require.Eventually(t, func() bool { locks, flights := gauges(); return locks+flights == 0 }, 10*time.Second, time.Millisecond)
}

// TestGaugesOfNothing are not shown: 0 would say that somebody looked.
func TestGaugesOfNothing(t *testing.T) {
	assert.Zero(t, testutil.CollectAndCount(prometheus.New(prometheus.Config{})))
}

func TestANativeHistogram(t *testing.T) {
	for _, native := range []bool{false, true} {
		metrics := prometheus.New(prometheus.Config{Native: native})
		app := newApp(metrics)
		app.Execute(restmachine.Request{Path: "/things/1"})
		registry := client.NewRegistry()
		registry.MustRegister(metrics)
		families, err := registry.Gather()
		require.NoError(t, err)
		for _, f := range families {
			if f.GetType() == dto.MetricType_HISTOGRAM {
				h := f.GetMetric()[0].GetHistogram()
				assert.Equal(t, native, len(h.GetPositiveSpan()) > 0)
				assert.Len(t, h.GetBucket(), 12, "the classic one is there in any case")
			}
		}
	}
}

type traceID struct{}

// TestExemplars lead from a bucket to a trace.
func TestExemplars(t *testing.T) {
	metrics := prometheus.New(prometheus.Config{Exemplar: func(ctx context.Context) client.Labels {
		if id, ok := ctx.Value(traceID{}).(string); ok {
			return client.Labels{"trace_id": id}
		}
		return nil
	}})
	app := newApp(metrics)
	app.Execute(restmachine.Request{Path: "/things/1"})
	app.ExecuteContext(context.WithValue(t.Context(), traceID{}, "4bf92f35"), restmachine.Request{Path: "/things/1"})
	r, err := http.NewRequestWithContext(t.Context(), "GET", serve(t, metrics, app)+"/metrics", nil)
	require.NoError(t, err)
	r.Header.Set("Accept", "application/openmetrics-text")
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Contains(t, string(text), `# {trace_id="4bf92f35"}`)
	assert.Contains(t, string(text), `restmachine_request_duration_seconds_count{decision="P19",method="GET",route="/things/{id}",status="200"} 2`)
}

// TestManyAtOnce: nothing is lost where exchanges end, and new labels come, while others scrape.
func TestManyAtOnce(t *testing.T) {
	metrics := prometheus.New(prometheus.Config{})
	app := newApp(metrics)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				for _, r := range requests {
					app.Execute(restmachine.Request{Method: r.method, Path: r.path})
				}
			}
		})
		all.Go(func() {
			for range 10 {
				testutil.CollectAndCount(metrics)
			}
		})
	}
	all.Wait()
	sum := 0.0
	for _, n := range valuesOf(scrape(t, serve(t, metrics, app))["restmachine_requests_total"], counter) {
		sum += n
	}
	assert.EqualValues(t, 8*50*len(requests), sum)
}
