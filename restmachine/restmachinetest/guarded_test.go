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

var (
	asAnn = http.Header{"Authorization": {"ann"}}
	asBob = http.Header{"authorization": {"bob"}}
)

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

// newShared is an App of pages that ann has. A stranger is hidden or refused, each in another way.
func newShared(d *desk) *restmachine.App {
	app := restmachine.New(quiet)
	app.Dependency(func(h http.Header) caller { return caller(h.Get("Authorization")) })
	app.ResourceExists(func(at restmachine.Path[numbered]) *page { return d.page(at.Value.ID) })
	app.GenerateETag(func(p *page) string { return p.Text })
	app.LockKey(restmachine.ByPath)
	app.Authorized(func(by caller) bool { return by == "ann" || by == "bob" })
	app.Get("/mine", func(by caller) []caller { return []caller{by} }).Post(func(in restmachine.Body[page]) {})

	refused := app.Group("/refused/{id}")
	refused.Forbidden(func(by caller) bool { return by != "ann" })
	refused.Get("", func(p *page) *page { return p }).Put(func(p *page, in restmachine.Body[page]) {})
	refused.Post("/lines", func(p *page, in restmachine.Body[page]) {})

	hidden := app.Group("/hidden/{id}")
	hidden.Forbidden(func(p *page, by caller) (bool, error) {
		if by != "ann" {
			return false, restmachine.ErrNotFound
		}
		return false, nil
	})
	hidden.Get("", func(p *page) *page { return p }).Delete(func(p *page) {})
	return app
}

// TestCheckGuardedByAStranger: the second caller sees nothing of what the first one has.
func TestCheckGuardedByAStranger(t *testing.T) {
	readable := func(app *restmachine.App, _ *desk) { app.Get("/open/{id}", func(p *page) *page { return p }) }
	for name, row := range map[string]struct {
		open func(app *restmachine.App, d *desk)
		walk restmachinetest.Walk
		says []string // nothing: all is guarded
	}{
		"a stranger sees nothing": {},
		"a stranger reads":        {open: readable, says: []string{"answers the Stranger about what the caller of Walk.Header has", "GET /open/{id}: 200 to GET /open/1"}},
		"without a stranger":      {open: readable, walk: restmachinetest.Walk{Stranger: http.Header{}}},
		"what is shared is named": {open: readable, walk: restmachinetest.Walk{Shared: []string{"GET /open/{id}"}}},
		"a stranger writes what he cannot read": {open: func(app *restmachine.App, _ *desk) {
			r := app.Get("/open/{id}", func(p *page) *page { return p })
			r.Put(func(p *page, in restmachine.Body[page]) {})
			r.Forbidden(func(m restmachine.Method, by caller) bool { return m.Safe() && by != "ann" })
		}, says: []string{"PUT /open/{id}: 412 to PUT /open/1"}},
		"a stranger writes below what he cannot read": {open: func(app *restmachine.App, d *desk) {
			app.Post("/refused/{id}/words", func(p *page, in restmachine.Body[page]) { d.keep(9, "written") })
		}, says: []string{"POST /refused/{id}/words: 412"}},
		"below what is shared nothing is claimed": {open: func(app *restmachine.App, d *desk) {
			readable(app, d)
			app.Post("/open/{id}/words", func(p *page, in restmachine.Body[page]) {})
		}, walk: restmachinetest.Walk{Shared: []string{"GET /open/{id}"}}},
		"a list of all": {open: func(app *restmachine.App, _ *desk) {
			app.Get("/all", func() []int { return []int{1, 2} })
		}, says: []string{"shows the Stranger the very content", "GET /all Authorization: bob: [1,2]"}},
		"a list of nothing":            {open: func(app *restmachine.App, _ *desk) { app.Get("/all", func() []int { return nil }) }},
		"nobody knows the stranger":    {walk: restmachinetest.Walk{Stranger: http.Header{"Authorization": {"eve"}}}, says: []string{"it does not know this caller"}},
		"the first caller has nothing": {walk: restmachinetest.Walk{Values: map[string][]string{"id": {"77"}}}, says: []string{"asked nothing as the Stranger", "GET /hidden/{id}"}},
		"a name that the App lacks":    {walk: restmachinetest.Walk{Shared: []string{"GET /nobody"}}, says: []string{`the Walk names "GET /nobody"`}},
		"a stream, which the stranger has": {open: func(app *restmachine.App, _ *desk) {
			app.Get("/refused/{id}/events", func() *restmachine.EventStream { return nil })
		}, says: []string{"GET /refused/{id}/events: 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			app, before := newShared(d), d.String()
			if row.open != nil {
				row.open(app, d)
			}
			row.walk.Header, row.walk.State = asAnn, d.String
			if row.walk.Stranger == nil {
				row.walk.Stranger = asBob
			}
			if row.walk.Values == nil {
				row.walk.Values = map[string][]string{"id": {"1"}}
			}
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
