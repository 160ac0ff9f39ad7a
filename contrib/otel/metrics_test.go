// Metrics by the conventions: names, units, buckets, attributes, of which clients make no more.
// What an observation costs is here, too.
//
//	go test -run xxx -bench . -benchmem

package otel_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/restmachine/restmachine-go/contrib/otel"
	"github.com/restmachine/restmachine-go/restmachine"
)

const patience, tick = 10 * time.Second, time.Millisecond

// collect finds a metric; nil: there is none.
func collect(t testing.TB, reader *sdkmetric.ManualReader, name string) *metricdata.Metrics {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(context.Background(), &all))
	for _, s := range all.ScopeMetrics {
		for _, m := range s.Metrics {
			if m.Name == name {
				return &m
			}
		}
	}
	return nil
}

// points are the values of a metric by its attributes; of a histogram, their number.
func points(t testing.TB, reader *sdkmetric.ManualReader, name string) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	text := func(set attribute.Set) string { return set.Encoded(attribute.DefaultEncoder()) }
	m := collect(t, reader, name)
	if m == nil {
		return all
	}
	switch data := m.Data.(type) {
	case metricdata.Histogram[float64]:
		for _, p := range data.DataPoints {
			all[text(p.Attributes)] = int64(p.Count)
		}
	case metricdata.Histogram[int64]:
		for _, p := range data.DataPoints {
			all[text(p.Attributes)] = int64(p.Count)
		}
	case metricdata.Sum[int64]:
		for _, p := range data.DataPoints {
			all[text(p.Attributes)] = p.Value
		}
	}
	return all
}

const wire = ",network.protocol.version=1.1,url.scheme=http"

func TestMetrics(t *testing.T) {
	k := newKit(otel.Config{})
	server := serve(t, k.Handler(newApp(k.Option())))
	for _, r := range requests {
		send(t, r.method, server.URL+r.path, r.header)
	}
	want := map[string]int64{
		"http.request.method=GET,http.response.status_code=200,http.route=/things/{id}" + wire:                        1,
		"http.request.method=HEAD,http.response.status_code=200,http.route=/things/{id}" + wire:                       1,
		"http.request.method=GET,http.response.status_code=304,http.route=/things/{id}" + wire:                        1,
		"http.request.method=PUT,http.response.status_code=412,http.route=/things/{id}" + wire:                        1,
		"http.request.method=GET,http.response.status_code=404,http.route=/things/{id}" + wire:                        1,
		"error.type=500,http.request.method=GET,http.response.status_code=500,http.route=/things/{id}" + wire:         2,
		"http.request.method=GET,http.response.status_code=423,http.route=/locked" + wire:                             1,
		"error.type=canceled,http.request.method=GET,http.response.status_code=200,http.route=/gone" + wire:           1,
		"error.type=deadline_exceeded,http.request.method=GET,http.response.status_code=200,http.route=/late" + wire:  1,
		"http.request.method=DELETE,http.response.status_code=405,http.route=/things/{id}" + wire:                     1,
		"http.request.method=PURGE,http.response.status_code=204,http.route=/purge" + wire:                            1,
		"error.type=501,http.request.method=_OTHER,http.response.status_code=501,http.route=/things/{id}" + wire:      2,
		"http.request.method=GET,http.response.status_code=404" + wire:                                                1,
		"error.type=501,http.request.method=_OTHER,http.response.status_code=501" + wire:                              1,
		"error.type=aborted,http.request.method=GET,http.route=/aborts" + wire:                                        1,
		"error.type=*errors.errorString,http.request.method=GET,http.response.status_code=200,http.route=/cut" + wire: 1,
	}
	require.Eventually(t, func() bool { return len(k.spans.Ended()) == len(requests) }, patience, tick)
	assert.Equal(t, want, points(t, k.reader, "http.server.request.duration"))
	assert.Equal(t, want, points(t, k.reader, "http.server.response.body.size"))
	for set, n := range points(t, k.reader, "http.server.active_requests") {
		assert.Zero(t, n, set)
	}
	m := collect(t, k.reader, "http.server.request.duration")
	assert.Equal(t, "s", m.Unit)
	point := m.Data.(metricdata.Histogram[float64]).DataPoints[0]
	assert.Equal(t, []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}, point.Bounds)
	assert.Positive(t, point.Sum)
	m = collect(t, k.reader, "http.server.response.body.size")
	assert.Equal(t, "By", m.Unit)
}

// TestMetricsInProcess have no scheme and no version; with Decisions, they have that.
func TestMetricsInProcess(t *testing.T) {
	k := newKit(otel.Config{Decisions: true})
	app := newApp(k.Option())
	app.Execute(restmachine.Request{Path: "/things/1"})
	k.Execute(t.Context(), app, restmachine.Request{Path: "/things/1"})
	assert.Equal(t, map[string]int64{"http.request.method=GET,http.response.status_code=200,http.route=/things/{id},restmachine.decision=P19": 2},
		points(t, k.reader, "http.server.request.duration"))
}

func TestWithoutMetrics(t *testing.T) {
	k := newKit(otel.Config{WithoutMetrics: true})
	k.Execute(t.Context(), newApp(k.Option()), restmachine.Request{Path: "/things/1"})
	assert.Empty(t, points(t, k.reader, "http.server.request.duration"))
	assert.Empty(t, points(t, k.reader, "http.server.active_requests"))
}

// TestClientsMakeNoSeries: whatever they send, the attributes are those of the App.
func TestClientsMakeNoSeries(t *testing.T) {
	k := newKit(otel.Config{Decisions: true}, neverSampled)
	app := newApp(k.Option())
	for i := range 500 {
		for _, method := range []string{"GET", fmt.Sprint("X", i)} {
			for _, path := range []string{"/nowhere/", "/things/"} {
				k.Execute(t.Context(), app, restmachine.Request{Method: method, Path: fmt.Sprint(path, i), Header: http.Header{"Host": {fmt.Sprint(i)}}})
			}
		}
	}
	assert.Len(t, points(t, k.reader, "http.server.request.duration"), 4)
	assert.Len(t, points(t, k.reader, "http.server.active_requests"), 2)
}

func TestWhatIsUnderWay(t *testing.T) {
	k := newKit(otel.Config{})
	app := restmachine.New(k.Option())
	require.NoError(t, k.Watch(app))
	under, release := make(chan struct{}), make(chan struct{})
	app.ResourceExists(func(path restmachine.PathParams) *thing { return &thing{path.Get("id")} })
	app.Put("/things/{id}", func(*thing) { under <- struct{}{}; <-release })
	server := serve(t, k.Handler(app))
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() { send(t, "PUT", fmt.Sprint(server.URL, "/things/", i), nil) })
	}
	for range 3 {
		<-under
	}
	active := "http.request.method=PUT,url.scheme=http"
	assert.Equal(t, map[string]int64{active: 3}, points(t, k.reader, "http.server.active_requests"))
	assert.Equal(t, map[string]int64{"": 3}, points(t, k.reader, "restmachine.locks.held"))
	close(release)
	all.Wait()
	require.Eventually(t, func() bool {
		return points(t, k.reader, "http.server.active_requests")[active]+points(t, k.reader, "restmachine.locks.held")[""] == 0
	}, patience, tick)
}

// TestManyAtOnce: nothing is lost where exchanges end, and new attributes come, in many goroutines.
func TestManyAtOnce(t *testing.T) {
	k := newKit(otel.Config{})
	app := newApp(k.Option())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				for _, r := range requests {
					k.Execute(t.Context(), app, restmachine.Request{Method: r.method, Path: r.path, Header: r.header})
				}
			}
		})
	}
	all.Wait()
	sum := int64(0)
	for _, n := range points(t, k.reader, "http.server.request.duration") {
		sum += n
	}
	assert.EqualValues(t, 8*20*len(requests), sum)
	assert.Len(t, k.spans.Ended(), 8*20*len(requests))
}

var notModified = restmachine.Request{Path: "/things/1", Header: http.Header{"If-None-Match": {`"1"`}}}

// TestWhatASpanCosts: one that is not sampled does no work for the trace, and metrics allocate
// nothing.
func TestWhatASpanCosts(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector empties pools")
	}
	count := func(f func()) float64 { f(); return testing.AllocsPerRun(200, f) }
	bare, k := newApp(), newKit(otel.Config{}, neverSampled)
	app := newApp(k.Option())
	nothing := count(func() { bare.Execute(notModified) })
	metrics := count(func() { app.Execute(notModified) })
	unsampled := count(func() { k.Execute(t.Context(), app, notModified) })
	s := newKit(otel.Config{})
	observed := newApp(s.Option())
	sampled := count(func() { s.Execute(t.Context(), observed, notModified) })
	t.Logf("allocations of a 304: %v bare, %v with metrics, %v with a span that is not sampled, %v with one that is", nothing, metrics, unsampled, sampled)
	assert.Equal(t, nothing, metrics)
	assert.LessOrEqual(t, unsampled-nothing, 12.0)
	assert.Greater(t, sampled-unsampled, 30.0, "the trace is what costs")
}

func BenchmarkNotModified(b *testing.B) {
	unsampled, sampled := newKit(otel.Config{}, neverSampled), newKit(otel.Config{})
	sampled.provider.UnregisterSpanProcessor(sampled.spans) // which keeps all
	bare, observed, spanned := newApp(), newApp(unsampled.Option()), newApp(sampled.Option())
	for _, c := range []struct {
		name string
		run  func()
	}{
		{"bare", func() { bare.Execute(notModified) }},
		{"metrics", func() { observed.Execute(notModified) }},
		{"unsampled", func() { unsampled.Execute(b.Context(), observed, notModified) }},
		{"sampled", func() { sampled.Execute(b.Context(), spanned, notModified) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.run()
			}
		})
	}
}
