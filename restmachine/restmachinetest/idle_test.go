// This test checks that CheckIdle finds locks that are left behind.

package restmachinetest_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestCheckIdle(t *testing.T) { synctest.Test(t, testCheckIdle) } // the five seconds pass immediately

func testCheckIdle(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	app := restmachine.New(quiet)
	app.ResourceExists(func() *page { return &page{} })
	app.Put("/page", func(*page) { close(entered); <-leave })

	assert.Empty(t, reports(t, func(t testing.TB) { restmachinetest.CheckIdle(t, app) }), "before the first request")
	over := make(chan struct{})
	go func() {
		defer close(over)
		app.Execute(restmachine.Request{Method: "PUT", Path: "/page"})
	}()
	<-entered
	faults := reports(t, func(t testing.TB) { restmachinetest.CheckIdle(t, app) })
	expectFault(t, "V17 (docs/concurrency.md): no exchange is running, but 1 resources are locked", faults)
	close(leave)
	assert.Empty(t, reports(t, func(t testing.TB) { restmachinetest.CheckIdle(t, app) }), "it waits for who is leaving")
	<-over
}
