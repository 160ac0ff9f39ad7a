// An App that has faults: all are reported at once, and it serves nothing.

package plan_test

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// fiveFaults gives an App five different faults and returns, for each, where it
// was registered and what its message says.
func fiveFaults(app *restmachine.App) map[string]string {
	app.Get("/missing", harness.ShowCargo) // nothing provides it
	missing := harness.LineAbove()
	app.Dependency(func(*harness.Boss) *harness.Crane { return nil }) // a circle
	circle := harness.LineAbove()
	app.Dependency(func(*harness.Crane) *harness.Boss { return nil })
	app.OnStartup(harness.LoadHarbour)
	app.Dependency(harness.LoadHarbour) // two providers
	double := harness.LineAbove()
	app.ResourceExists(harness.LoadShip)
	app.Get("/ship", harness.ShowShip)
	app.Forbidden(func(*harness.Ship) bool { return false })
	app.Group("/empty").Authorized(func() bool { return false }) // holds on no path
	nowhere := harness.LineAbove()
	app.Get("/x/{a}", func() string { return "" })
	app.Get("/x/{b}", func() string { return "" }) // conflicts
	conflict := harness.LineAbove()
	return map[string]string{
		missing:  saysNoProvider + " *harness.Cargo; add an OnStartup, Dependency or ResourceExists",
		circle:   "break the circle",
		double:   "give one of them its own type",
		nowhere:  `register paths through Group "/empty"`,
		conflict: "/x/{a}",
	}
}

func TestFiveFaults(t *testing.T) {
	p := harness.NewPort(t)
	want := fiveFaults(p.App)
	faults := harness.FaultsOf(t, p.App)
	require.Len(t, faults, len(want), "%q", faults)
	for site, words := range want {
		var found string
		for _, fault := range faults {
			if strings.HasPrefix(fault, site+": ") {
				found = fault
			}
		}
		assert.Contains(t, found, words, "the fault at %s", site)
	}
	whole := p.Validate().Error()
	assert.Contains(t, whole, "5 wiring faults")
	assert.Equal(t, whole, p.Start(t.Context()).Error(), "Start returns what Validate does")
	assert.Equal(t, whole+"\n", p.Describe(), "a faulty App describes its faults")
}

func TestFaultyAppServesNothing(t *testing.T) {
	p := harness.NewPort(t)
	fiveFaults(p.App)

	resp := p.Expect(500, "GET", "/ship")
	assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"))
	assert.NotContains(t, string(resp.Body), "provide", "a client does not hear of the wiring")
	for _, words := range []string{"could not start", saysTwoProviders, "conflict", saysCircular} {
		assert.Contains(t, p.Log.String(), words)
	}

	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest("GET", "/ship", nil))
	assert.Equal(t, 500, w.Code)
	assert.NotContains(t, w.Body.String(), "provide")

	err := p.ListenAndServe(t.Context(), "127.0.0.1:0")
	require.Error(t, err)
	assert.Contains(t, err.Error(), "5 wiring faults")
	assert.NotContains(t, p.Log.String(), "listening")
}

// Validate and Describe change nothing: they may be asked at any time, and say
// the same each time.
func TestValidateIsRepeatable(t *testing.T) {
	p := harness.NewPort(t)
	r := p.Group("/ships").Get("/{ship}", func() string { return "" })
	r.ResourceExists(func() bool { return false })
	r.MovedPermanently(func() string { return "/new" })
	p.Group("/ships").Post("/{ship}", func() {})
	p.Valid().Valid()
	before := p.Describe()
	require.NoError(t, p.Start(t.Context()))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { p.Expect(301, "GET", "/ships/anna") })
		all.Go(func() { assert.Equal(t, before, p.Describe()); assert.NoError(t, p.Validate()) })
	}
	all.Wait()
}

// TestHeadOfABrokenApp has no content, like any other.
func TestHeadOfABrokenApp(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/", harness.ShowCargo)
	get := app.Execute(restmachine.Request{Path: "/"})
	head := app.Execute(restmachine.Request{Method: "HEAD", Path: "/"})
	assert.Equal(t, 500, head.StatusCode)
	assert.Empty(t, head.Body)
	assert.NotEmpty(t, get.Body)
	assert.Equal(t, get.Header, head.Header)
}
