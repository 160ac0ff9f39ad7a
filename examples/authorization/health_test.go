// Set-up 5: the health check answers while all else is refused, and nothing else does.

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

func health(t *testing.T) (siege, *Maintenance) {
	app, m := Health(), new(Maintenance)
	restmachine.Override(app, m)
	return besiege(t, app, func() string { return "" }, "secret"), m
}

func TestTheHealthCheckIsForEverybody(t *testing.T) {
	s, maintenance := health(t)
	check := attempt{method: "GET", path: "/health"}
	for _, on := range []bool{false, true} {
		maintenance.Store(on)
		for way, resp := range s.answers(t, check.request()) {
			assert.Equal(t, 200, resp.StatusCode, way)
			assert.Equal(t, "alive", string(resp.Body), way)
		}
	}
}

func TestNothingElseIsOutside(t *testing.T) {
	s, maintenance := health(t)
	outside := func(status int) []attempt {
		return []attempt{
			{"the report", "it is guarded", "GET", "/report", "", nil, "", status},
			{"the report by HEAD", "it is guarded", "HEAD", "/report", "", nil, "", status},
			{"a longer path", "an unknown path has the gates of both Groups", "GET", "/health/report", "", nil, "", status},
			{"dots", "no path is cleaned", "GET", "/health/../report", "", nil, "", status},
			{"escaped dots", "no path is cleaned", "GET", "/health/%2e%2e/report", "", nil, "", status},
			{"a slash behind", "it is another path", "GET", "/health/", "", nil, "", status},
			{"two slashes", "no path is cleaned", "GET", "//health", "", nil, "", status},
			{"another case", "it is another path", "GET", "/Health", "", nil, "", status},
			{"a name like it", "it is another path", "GET", "/healthz", "", nil, "", status},
			{"another URL in a field", "no field stands for a path", "GET", "/report", "", []string{"X-Original-URL", "/health"}, "", status},
			{"another method", "the check is a GET", "POST", "/health", "", nil, "", 405},
		}
	}
	s.withstands(t, outside(401))
	maintenance.Store(true)
	s.withstands(t, outside(503))
	s.withstands(t, []attempt{{"a known user", "maintenance refuses everybody", "GET", "/report", "ann", nil, "", 503}})
}

// A path of the App lies below the Group of all. The test of its owner fails for that.
func TestAWayOutThatNobodyMeant(t *testing.T) {
	app := Health()
	app.Get("/metrics", func() string { return "secret" })
	said := strings.Join(complaints(app), "\n")
	assert.Contains(t, said, `/metrics (authorization/health_test.go:`)
	assert.Contains(t, said, `through another Group of the same prefix if that is meant`)
}

// The mistake that the set-up avoids: a gate of the App holds for all of it.
func TestNothingGetsOutOfAGateOfTheApp(t *testing.T) {
	app := Health()
	app.Authorized(isKnown)
	assert.NoError(t, app.Validate())
	assert.Equal(t, 401, app.Execute(restmachine.Request{Path: "/health"}).StatusCode)
}
