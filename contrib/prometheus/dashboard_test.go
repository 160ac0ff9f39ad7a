// The dashboard and the alerts: each metric and each label that they name is in a scrape, and
// the list of metrics in docs/metrics.md is whole.

package prometheus_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/restmachine/restmachine-go/contrib/prometheus"
)

// Of the labels, the scraper adds two, and a histogram has one.
var labelNames = []string{"route", "method", "status", "decision", "job", "instance", "le"}

// scraped are the names of all series, and of their metrics.
func scraped(t *testing.T) (series, metrics map[string]bool) {
	m := prometheus.New(prometheus.Config{})
	app := newApp(m)
	m.Watch(app)
	url := serve(t, m, m.InFlight(app))
	send(t, "GET", url+"/aborts")
	series, metrics = map[string]bool{}, map[string]bool{}
	for name, family := range scrapeOf(t, url, 1) {
		series[name], metrics[name] = true, true
		if family.GetType().String() == "HISTOGRAM" {
			series[name+"_bucket"], series[name+"_sum"], series[name+"_count"] = true, true, true
		}
	}
	return series, metrics
}

var (
	metricName = regexp.MustCompile(`restmachine_[a-z_]+`)
	quoted     = regexp.MustCompile(`"[^"]*"`)
	matched    = regexp.MustCompile(`([a-z]+) *[=!]~?`) // a label in braces
	grouped    = regexp.MustCompile(`by \(([a-z, ]+)\)`)
)

// checkQuery checks a query of Prometheus, as far as that goes without it.
func checkQuery(t *testing.T, series map[string]bool, query string) {
	t.Helper()
	names := metricName.FindAllString(query, -1)
	assert.NotEmpty(t, names, query)
	for _, name := range names {
		assert.True(t, series[name], "no scrape has %s, of %s", name, query)
	}
	bare := quoted.ReplaceAllString(query, "")
	for _, pair := range []string{"()", "{}", "[]"} {
		assert.Equal(t, strings.Count(bare, pair[:1]), strings.Count(bare, pair[1:]), query)
	}
	var labels []string
	for _, m := range matched.FindAllStringSubmatch(bare, -1) {
		labels = append(labels, m[1])
	}
	for _, m := range grouped.FindAllStringSubmatch(bare, -1) {
		labels = append(labels, strings.Split(m[1], ", ")...)
	}
	for _, label := range labels {
		assert.Contains(t, labelNames, label, query)
	}
}

type place struct{ H, W, X, Y int }

func (p place) overlaps(q place) bool {
	return p.X < q.X+q.W && q.X < p.X+p.W && p.Y < q.Y+q.H && q.Y < p.Y+p.H
}

// A dashboard has what Grafana reads of one.
type dashboard struct {
	Title, UID    string
	SchemaVersion int
	Templating    struct {
		List []struct{ Name, Type, Definition string }
	}
	Panels []struct {
		ID                       int
		Type, Title, Description string
		Datasource               struct{ Type, UID string }
		GridPos                  place
		Targets                  []struct{ RefID, Expr, LegendFormat string }
	}
}

func TestTheDashboard(t *testing.T) {
	text, err := os.ReadFile("dashboard.json")
	require.NoError(t, err)
	var d dashboard
	require.NoError(t, json.Unmarshal(text, &d))
	assert.NotEmpty(t, d.Title)
	assert.NotEmpty(t, d.UID)
	assert.GreaterOrEqual(t, d.SchemaVersion, 30)
	assert.NotContains(t, string(text), `"__inputs"`, "the data source is a variable, so nothing is asked at import")
	series, metrics := scraped(t)
	variables := map[string]bool{"__rate_interval": true}
	for _, v := range d.Templating.List {
		variables[v.Name] = true
		if v.Type == "query" {
			checkQuery(t, series, v.Definition)
		}
	}
	ids := map[int]bool{}
	for i, p := range d.Panels {
		assert.False(t, ids[p.ID], "two panels have the id %d", p.ID)
		ids[p.ID] = true
		assert.NotEmpty(t, p.Title)
		assert.NotEmpty(t, p.Description, p.Title)
		assert.Equal(t, "${datasource}", p.Datasource.UID, p.Title)
		assert.LessOrEqual(t, p.GridPos.X+p.GridPos.W, 24, p.Title)
		for _, q := range d.Panels[:i] {
			assert.False(t, p.GridPos.overlaps(q.GridPos), "%s lies over %s", p.Title, q.Title)
		}
		require.NotEmpty(t, p.Targets, p.Title)
		for _, target := range p.Targets {
			assert.NotEmpty(t, target.RefID, p.Title)
			checkQuery(t, series, target.Expr)
		}
	}
	for _, m := range regexp.MustCompile(`\$\{?([a-z_]+)`).FindAllStringSubmatch(string(text), -1) {
		if m[1] != "__all" {
			assert.True(t, variables[m[1]], "no variable is called %s", m[1])
		}
	}
	for name := range metrics {
		assert.Contains(t, string(text), name, "no panel shows it")
	}
}

func TestTheAlerts(t *testing.T) {
	text, err := os.ReadFile("alerts.yaml")
	require.NoError(t, err)
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	series, _ := scraped(t)
	require.Len(t, file.Groups, 1)
	for _, rule := range file.Groups[0].Rules {
		assert.True(t, strings.HasPrefix(rule.Alert, "Restmachine"), rule.Alert)
		assert.NotEmpty(t, rule.For, rule.Alert)
		assert.NotEmpty(t, rule.Labels["severity"], rule.Alert)
		assert.NotEmpty(t, rule.Annotations["summary"], rule.Alert)
		checkQuery(t, series, rule.Expr)
	}
}

// TestTheGuide has each metric in its table, and queries only of what is there.
func TestTheGuide(t *testing.T) {
	page, err := os.ReadFile("../../docs/metrics.md")
	require.NoError(t, err)
	series, metrics := scraped(t)
	var listed []string
	for line := range strings.Lines(string(page)) {
		if name, ok := strings.CutPrefix(line, "| `restmachine_"); ok {
			name, _, _ = strings.Cut(name, "`")
			listed = append(listed, "restmachine_"+name)
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(metrics)), listed)
	blocks := strings.Split(string(page), "```promql\n")
	require.Len(t, blocks, 2)
	queries, _, _ := strings.Cut(blocks[1], "```")
	n := 0
	for query := range strings.SplitSeq(queries, "\n\n") {
		checkQuery(t, series, query)
		n++
	}
	assert.Equal(t, 5, n)
}
