// Set-up 5: a health check outside of all gates. The gates stand on a Group and not on the
// App, since nothing below the App gets out of what the App refuses. The health check is
// registered through another Group of the same prefix, which says that it is meant.

package main

import (
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Health returns an App that tells a load balancer that it lives, also while it refuses
// everybody else.
func Health() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(NewTokens)
	app.OnStartup(func() *Maintenance { return new(Maintenance) })
	app.Dependency(Caller)

	guarded := app.Group("/")
	guarded.ServiceAvailable(isOpen)
	guarded.Authorized(isKnown)
	guarded.Get("/report", func() string { return "All is well, and secret." })

	open := app.Group("/") // no gates: what is here is for everybody
	open.Get("/health", func() string { return "alive" })
	return app
}

// Maintenance is on while nobody may use the service.
type Maintenance struct{ atomic.Bool }

func isOpen(m *Maintenance) bool { return !m.Load() }
