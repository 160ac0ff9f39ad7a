// These tests check that CheckGuarded finds each open door, and no closed one.

package restmachinetest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A caller is who sent a request; "" is nobody.
type caller string

var asAnn = http.Header{"Authorization": {"ann"}}

// newOffice is an App in which all is guarded, each in another way.
func newOffice(d *desk) *restmachine.App {
	app := restmachine.New(quiet)
	app.Dependency(func(h http.Header) caller { return caller(h.Get("Authorization")) })
	app.ResourceExists(func(at restmachine.Path[numbered]) *page { return d.page(at.Value.ID) })
	app.GenerateETag(func(p *page) string { return p.Text })
	known := func(by caller) bool { return by != "" }

	asked := app.Group("/asked/{id}")
	asked.LockKey(restmachine.ByPath)
	asked.Authorized(known)
	asked.Get("", func(p *page) *page { return p }).Put(func(p *page, in restmachine.Body[page]) {}).Handle("ARCHIVE", func(*page) {})

	hidden := app.Group("/hidden/{id}")
	hidden.LockKey(restmachine.ByPath)
	hidden.Forbidden(func(p *page, by caller) (bool, error) {
		if by == "" {
			return false, restmachine.ErrNotFound
		}
		return false, nil
	})
	hidden.Get("", func(p *page) *page { return p }).Delete(func(p *page) {})

	loaded := app.Group("/loaded/{id}")
	loaded.ResourceExists(func(at restmachine.Path[numbered], by caller) *page {
		if by == "" {
			return nil
		}
		return d.page(at.Value.ID)
	})
	loaded.LockKey(restmachine.ByPath)
	loaded.Get("", func(p *page) *page { return p }).Put(func(p *page, in restmachine.Body[page]) {})
	return app
}

func TestCheckGuarded(t *testing.T) {
	for name, row := range map[string]struct {
		open func(app *restmachine.App, d *desk)
		walk restmachinetest.Walk
		says []string // nothing: all is guarded
	}{
		"all is guarded, with a client who may look":   {walk: restmachinetest.Walk{Header: asAnn, Values: map[string][]string{"id": {"1"}}}},
		"all is guarded, by values that exist":         {walk: restmachinetest.Walk{Values: map[string][]string{"id": {"1"}}}},
		"nothing is known of values that were made up": {says: []string{"about a value that was made up", "GET /hidden/{id}: 404", "PUT /loaded/{id}: 404"}},
		"a GET answers":             {open: func(app *restmachine.App, _ *desk) { app.Get("/open", func() string { return "all" }) }, walk: restmachinetest.Walk{Header: asAnn, Values: map[string][]string{"id": {"1"}}}, says: []string{"answers somebody without credentials", "GET /open: 200"}},
		"what is public is named":   {open: func(app *restmachine.App, _ *desk) { app.Get("/open", func() string { return "all" }) }, walk: restmachinetest.Walk{Header: asAnn, Values: map[string][]string{"id": {"1"}}, Public: []string{"GET /open"}}},
		"what is public is refused": {walk: restmachinetest.Walk{Header: asAnn, Values: map[string][]string{"id": {"1"}}, Public: []string{"GET /asked/{id}"}}, says: []string{"GET /asked/{id} is in Walk.Public, and is refused without credentials"}},
		"a write that nobody refuses is stopped": {open: func(app *restmachine.App, d *desk) {
			app.Post("/open", func(in restmachine.Body[page]) { d.keep(9, "written") })
		}, walk: restmachinetest.Walk{Header: asAnn, Values: map[string][]string{"id": {"1"}}}, says: []string{"was not refused by any gate", "POST /open: 412"}},
		"a method that OpenAPI does not have": {open: func(app *restmachine.App, d *desk) {
			app.Resource("/open").Handle("PURGE", func() { d.keep(9, "written") })
		}, walk: restmachinetest.Walk{Header: asAnn, Values: map[string][]string{"id": {"1"}}}, says: []string{"PURGE /open: 412"}},
		"a stream without an end, which answers": {open: func(app *restmachine.App, _ *desk) { app.Get("/open", func() *restmachine.EventStream { return nil }) }, walk: restmachinetest.Walk{Header: asAnn, Values: map[string][]string{"id": {"1"}}}, says: []string{"GET /open: 2"}},
		"a handler that refuses after the preconditions": {open: func(app *restmachine.App, _ *desk) {
			app.Post("/open", func() error { return &restmachine.Problem{Status: 401} })
		}, walk: restmachinetest.Walk{Header: asAnn, Values: map[string][]string{"id": {"1"}}}, says: []string{"or a Dependency refuses by itself"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			app, before := newOffice(d), d.String()
			if row.open != nil {
				row.open(app, d)
			}
			row.walk.State = d.String
			all := strings.Join(reports(t, func(t testing.TB) { restmachinetest.CheckGuarded(t, app, row.walk) }), "\n")
			for _, says := range row.says {
				assert.Contains(t, all, says)
			}
			if len(row.says) == 0 {
				assert.Empty(t, all)
			}
			assert.Equal(t, before, d.String(), "the walk changes nothing")
		})
	}
}
