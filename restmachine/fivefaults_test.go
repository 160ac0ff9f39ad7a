package restmachine_test

import (
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is about an App that has faults: all are reported at once, and it
// serves nothing.

// fiveFaults gives an App five different faults and returns, for each, where it
// was registered and what its message says.
func fiveFaults(app *restmachine.App) map[string]string {
	app.Get("/missing", showCargo) // nothing provides it
	missing := lineAbove()
	app.Dependency(func(*boss) *crane { return nil }) // a circle
	circle := lineAbove()
	app.Dependency(func(*crane) *boss { return nil })
	app.OnStartup(loadHarbour)
	app.Dependency(loadHarbour) // two providers
	double := lineAbove()
	app.ResourceExists(loadShip)
	app.Get("/ship", showShip)
	app.Forbidden(func(*ship) bool { return false })
	app.Group("/empty").Authorized(func() bool { return false }) // holds on no path
	nowhere := lineAbove()
	app.Get("/x/{a}", func() string { return "" })
	app.Get("/x/{b}", func() string { return "" }) // conflicts
	conflict := lineAbove()
	return map[string]string{
		missing:  "nothing provides it; add an OnStartup, Dependency or ResourceExists",
		circle:   "break the circle",
		double:   "give one of them a type of its own",
		nowhere:  `register paths below Group "/empty"`,
		conflict: "/x/{a}",
	}
}

func TestFiveFaults(t *testing.T) {
	p := newPort(t)
	want := fiveFaults(p.App)
	faults := faultsOf(t, p.App)
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
	p := newPort(t)
	fiveFaults(p.App)

	resp := p.expect(500, "GET", "/ship")
	assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"))
	assert.NotContains(t, string(resp.Body), "provide", "a client does not hear of the wiring")
	for _, words := range []string{"could not start", "two providers", "conflict", "circular"} {
		assert.Contains(t, p.log.String(), words)
	}

	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest("GET", "/ship", nil))
	assert.Equal(t, 500, w.Code)
	assert.NotContains(t, w.Body.String(), "provide")

	err := p.ListenAndServe(t.Context(), "127.0.0.1:0")
	require.Error(t, err)
	assert.Contains(t, err.Error(), "5 wiring faults")
	assert.NotContains(t, p.log.String(), "listening")
}

// An App without faults listens, and reports an address that is taken.
func TestListenReportsItsAddress(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	p := newPort(t)
	closed := false
	p.OnShutdown(func() { closed = true })
	p.Get("/", func() string { return "" })
	require.Error(t, p.ListenAndServe(t.Context(), taken.Addr().String()))
	assert.True(t, closed, "what had started is shut down")
}

// Validate and Describe change nothing: they may be asked at any time, and say
// the same each time.
func TestValidateIsRepeatable(t *testing.T) {
	p := newPort(t)
	r := p.Group("/ships").Get("/{ship}", func() string { return "" })
	r.ResourceExists(func() bool { return false })
	r.MovedPermanently(func() string { return "/new" })
	p.Group("/ships").Post("/{ship}", func() {})
	p.valid().valid()
	before := p.Describe()
	require.NoError(t, p.Start(t.Context()))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { p.expect(301, "GET", "/ships/anna") })
		all.Go(func() { assert.Equal(t, before, p.Describe()); assert.NoError(t, p.Validate()) })
	}
	all.Wait()
}
