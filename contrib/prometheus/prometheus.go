// Package prometheus counts the exchanges of an App for Prometheus: a histogram of how long
// they took, by route, method, status and decision; how many there were, their bytes, those
// that were cut; and gauges of the locks held and of the requests in flight.
//
//	metrics := prometheus.New(prometheus.Config{})
//	app := restmachine.New(metrics.Option())
//	metrics.Watch(app)
//	client.MustRegister(metrics)
//
// It is a package of a module of its own. What to ask of the metrics is in docs/metrics.md,
// and dashboard.json and alerts.yaml beside this file ask it.
package prometheus

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	client "github.com/prometheus/client_golang/prometheus"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the whole module. In come Outcomes. Out go metrics, where a registry collects
// them. The labels have few values, whatever clients send, so each set of them is looked up
// once, and then found in a map that is never changed, only replaced.

// Config says how Metrics measure. The zero Config is ready for use.
type Config struct {
	// Buckets are the upper bounds of the histogram, in seconds. Default: 12, from a
	// millisecond to ten seconds.
	Buckets []float64
	// Native adds a native histogram to the classic one: finer, and one series in place of 14.
	// A Prometheus that scrapes native histograms then leaves the classic one out, unless its
	// always_scrape_classic_histograms says otherwise.
	Native bool
	// Exemplar, where it is not nil, returns labels that lead from a bucket of the histogram to
	// one request, such as {"trace_id": "…"}. It returns nil for a request that has none. It
	// costs allocations, and only a scrape in the format OpenMetrics has exemplars.
	Exemplar func(ctx context.Context) client.Labels
}

// Metrics are those of one or more Apps. They are a Collector, to be registered once. They are
// safe for concurrent use.
type Metrics struct {
	requests, bytes, aborted *client.CounterVec
	duration                 *client.HistogramVec
	locks, inFlight          *client.Desc
	exemplar                 func(ctx context.Context) client.Labels

	known atomic.Pointer[map[labels]*series]

	mu     sync.Mutex // guards what replaces known, and:
	apps   []*restmachine.App
	counts bool // InFlight was called
	flying atomic.Int64
}

// labels are the values of the labels, of which clients cannot invent any.
type labels struct {
	route, method, decision string
	status                  int
}

// series are the metrics of one set of labels.
type series struct {
	requests, bytes client.Counter
	duration        client.Observer
}

var (
	labelNames     = []string{"route", "method", "status", "decision"}
	defaultBuckets = []float64{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
)

// What stands for a route and for a decision that an exchange does not have.
const (
	unknownRoute = "unknown"
	noDecision   = "none"
)

// New returns Metrics that have seen nothing.
func New(c Config) *Metrics {
	if c.Buckets == nil {
		c.Buckets = defaultBuckets
	}
	histogram := client.HistogramOpts{
		Name:    "restmachine_request_duration_seconds",
		Help:    "How long exchanges took, from the arrival of the request at the App to the end of sending.",
		Buckets: c.Buckets,
	}
	if c.Native {
		histogram.NativeHistogramBucketFactor = 1.1
		histogram.NativeHistogramMaxBucketNumber = 160
	}
	counter := func(name, help string) *client.CounterVec {
		return client.NewCounterVec(client.CounterOpts{Name: name, Help: help}, labelNames)
	}
	m := &Metrics{
		requests: counter("restmachine_requests_total", "How many exchanges ended, by the last decision of the graph."),
		bytes:    counter("restmachine_response_bytes_total", "Bytes of content that were written to clients, after encoding."),
		aborted:  counter("restmachine_aborted_responses_total", "How many responses were cut: the client went away, a stream failed, or a callback aborted."),
		duration: client.NewHistogramVec(histogram, labelNames),
		locks:    client.NewDesc("restmachine_locks_held", "How many resources are locked by requests that are under way.", nil, nil),
		inFlight: client.NewDesc("restmachine_requests_in_flight", "How many requests are under way.", nil, nil),
		exemplar: c.Exemplar,
	}
	m.known.Store(&map[labels]*series{})
	return m
}

// Option makes an App tell the Metrics how each exchange ended.
func (m *Metrics) Option() restmachine.Option { return restmachine.WithObserver(m.observe) }

// Watch adds the locks that an App holds to restmachine_locks_held.
func (m *Metrics) Watch(app *restmachine.App) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.Contains(m.apps, app) {
		m.apps = append(m.apps, app)
	}
}

// InFlight counts the requests that are in next at the moment, event streams included, in
// restmachine_requests_in_flight. Only what passes it is counted: an Execute is not.
func (m *Metrics) InFlight(next http.Handler) http.Handler {
	m.mu.Lock()
	m.counts = true
	m.mu.Unlock()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.flying.Add(1)
		defer m.flying.Add(-1)
		next.ServeHTTP(w, r)
	})
}

// observe counts an exchange.
func (m *Metrics) observe(o restmachine.Outcome) {
	of := labels{o.Route, o.KnownMethod, o.Decision, o.Status}
	s := (*m.known.Load())[of]
	if s == nil {
		s = m.add(of)
	}
	s.requests.Inc()
	s.bytes.Add(float64(o.Bytes))
	m.took(s, &o)
	if o.Err != nil && o.Status < 400 { // 0, too; from 400 on, the error was answered
		m.aborted.WithLabelValues(of.values()...).Inc()
	}
}

// took notes how long an exchange took.
func (m *Metrics) took(s *series, o *restmachine.Outcome) {
	if m.exemplar != nil {
		if l := m.exemplar(o.Context); l != nil {
			s.duration.(client.ExemplarObserver).ObserveWithExemplar(o.Duration.Seconds(), l)
			return
		}
	}
	s.duration.Observe(o.Duration.Seconds())
}

// add makes the series of labels that are new.
func (m *Metrics) add(of labels) *series {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := *m.known.Load()
	if s := known[of]; s != nil {
		return s
	}
	values := of.values()
	s := &series{m.requests.WithLabelValues(values...), m.bytes.WithLabelValues(values...), m.duration.WithLabelValues(values...)}
	known = maps.Clone(known)
	known[of] = s
	m.known.Store(&known)
	return s
}

// values are the labels as Prometheus has them, in the order of labelNames.
func (l labels) values() []string {
	route, decision := strings.ToValidUTF8(l.route, "\uFFFD"), l.decision
	if route == "" {
		route = unknownRoute // no route is like it: each begins with a slash
	}
	if decision == "" {
		decision = noDecision
	}
	return []string{route, l.method, strconv.Itoa(l.status), decision}
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(to chan<- *client.Desc) {
	m.requests.Describe(to)
	m.bytes.Describe(to)
	m.aborted.Describe(to)
	m.duration.Describe(to)
	to <- m.locks
	to <- m.inFlight
}

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(to chan<- client.Metric) {
	m.requests.Collect(to)
	m.bytes.Collect(to)
	m.aborted.Collect(to)
	m.duration.Collect(to)
	m.mu.Lock()
	apps, counts := m.apps, m.counts
	m.mu.Unlock()
	if len(apps) > 0 {
		held := 0
		for _, app := range apps {
			held += app.LocksHeld()
		}
		to <- client.MustNewConstMetric(m.locks, client.GaugeValue, float64(held))
	}
	if counts {
		to <- client.MustNewConstMetric(m.inFlight, client.GaugeValue, float64(m.flying.Load()))
	}
}
