// The lock: when a method takes it and under which key, as Describe tells it, and the wiring
// faults of paths that write one record under different keys.

package plan_test

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// locksOf are the lines of Describe about locks, by method and path.
func locksOf(t *testing.T, app *restmachine.App) map[string]string {
	t.Helper()
	require.NoError(t, app.Validate())
	all, path := map[string]string{}, ""
	for line := range strings.Lines(app.Describe()) {
		if !strings.HasPrefix(line, " ") {
			path = strings.TrimSpace(line)
			continue
		}
		if _, locks, ok := strings.Cut(line, "locks "); ok {
			all[strings.Fields(line)[0]+" "+path] = strings.TrimSpace(locks)
		}
	}
	return all
}

func dropShip(*harness.Ship) {}

func TestLocksAreDescribed(t *testing.T) {
	app := restmachine.New()
	app.ResourceExists(harness.LoadShip)
	app.ResourceExists(harness.LoadHarbour)
	app.GenerateETag(harness.TagOfShip)
	app.Get("/ships/{ship}", harness.ShowShip).Put(writeShip).Post(func() {})
	app.Delete("/ships/{ship}/flags/{flag}", dropShip)
	app.Post("/ships/{ship}/sink", dropShip)
	app.Get("/ships/{ship}/crew", func(*harness.Ship) []string { return nil }).Post(func(*harness.Ship, restmachine.Body[string]) {}).AutoETag(restmachine.Strong)
	app.Put("/harbours/{harbour}/piers/{pier}", func(*harness.Harbour) {})
	app.Put("/harbours/{harbour}", func(*harness.Harbour) {})
	boat := app.Put("/boats/{boat}", func() {})
	boat.ResourceExists(aTruth)
	site := harness.NextLine()
	boat.LockKey(aText)
	app.Put("/log", func() {})
	assert.Equal(t, map[string]string{
		"PUT /ships/{ship}":                    "/ships/{ship}",
		"POST /ships/{ship}":                   "/ships/{ship}",
		"DELETE /ships/{ship}/flags/{flag}":    "/ships/{ship}",
		"POST /ships/{ship}/sink":              "/ships/{ship}",
		"POST /ships/{ship}/crew":              "/ships/{ship} with a precondition",
		"PUT /harbours/{harbour}/piers/{pier}": "/harbours/{harbour}/piers/{pier}", // a harbour does not have a tag
		"PUT /harbours/{harbour}":              "/harbours/{harbour}",
		"PUT /boats/{boat}":                    "by plan_test.aText (" + site + ")",
	}, locksOf(t, app))
}

var lockingFaults = []faultRow{
	{
		name: "two paths of one record without a common key", reason: "two clients with one If-Match could both write",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			site := harness.NextLine()
			app.Get("/flagship", harness.ShowShip).Put(writeShip)
			app.Get("/ships/{ship}", harness.ShowShip).Delete(dropShip)
			return site
		},
		says: []string{"PUT /flagship (", "DELETE /ships/{ship} (", "one *harness.Ship", "no part of these paths", "give /flagship and /ships/{ship} a LockKey", "restmachine.ByPath"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/flagship", harness.ShowShip).Put(writeShip).LockKey(aText)
			app.Get("/ships/{ship}", harness.ShowShip).Delete(dropShip).LockKey(restmachine.ByPath)
		},
	},
	{
		name: "two versions, with AutoETag on one path", reason: "AutoETag counts for what is loaded",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/fleet/{ship}", harness.ShowShip).AutoETag(restmachine.Strong)
			site := harness.NextLine()
			app.Put("/v1/ships/{ship}", writeShip)
			app.Put("/v2/ships/{ship}", writeShip)
			return site
		},
		says: []string{"PUT /v1/ships/{ship} (", "PUT /v2/ships/{ship} ("},
		near: func(app *restmachine.App) { // a ship does not have a validator
			app.ResourceExists(harness.LoadShip)
			app.Put("/v1/ships/{ship}", writeShip)
			app.Put("/v2/ships/{ship}", writeShip)
		},
	},
	{
		name: "what a GET returns, and nothing loads", reason: "the path's validators describe it",
		fault: func(app *restmachine.App) string {
			app.GenerateETag(func(v harness.ShipView) string { return v.Label })
			site := harness.NextLine()
			app.Get("/bow", func() harness.ShipView { return harness.ShipView{} }).Put(func() {})
			app.Get("/stern", func() harness.ShipView { return harness.ShipView{} }).Put(func() {})
			return site
		},
		says: []string{"one harness.ShipView", "/bow and /stern"},
		near: func(app *restmachine.App) {
			app.LockKey(restmachine.ByPath)
			app.GenerateETag(func(v harness.ShipView) string { return v.Label })
			app.Get("/bow", func() harness.ShipView { return harness.ShipView{} }).Put(func() {})
			app.Get("/stern", func() harness.ShipView { return harness.ShipView{} }).Put(func() {})
		},
	},
	{
		name: "a LockKey on one of two paths", reason: "the key of the other one is another",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ships/{ship}", harness.ShowShip).Put(writeShip).LockKey(aText)
			site := harness.NextLine()
			app.Post("/ships/{ship}/sink", dropShip)
			return site
		},
		says: []string{"only the LockKey plan_test.aText (", "give /ships/{ship}/sink a LockKey"},
		near: func(app *restmachine.App) {
			app.LockKey(aText)
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ships/{ship}", harness.ShowShip).Put(writeShip)
			app.Post("/ships/{ship}/sink", dropShip)
		},
	},
	{
		name: "two names of one parameter", reason: "they may name the record in two ways",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			site := harness.NextLine()
			app.Get("/ships/{number}", harness.ShowShip).Put(writeShip)
			app.Post("/ships/{name}/sink", dropShip)
			return site
		},
		says: []string{"has different names (give it one name)"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ships/{name}", harness.ShowShip).Put(writeShip)
			app.Post("/ships/{name}/sink", dropShip)
		},
	},
	{
		name: "a parameter whose type cannot write its text", reason: "two texts of one value would be two keys",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(func(restmachine.Path[muteID]) *harness.Ship { return nil })
			site := harness.NextLine()
			app.Put("/ships/{ship}", writeShip)
			return site
		},
		says: []string{"the parameter {ship} is in the key of the lock of PUT /ships/{ship}", "plan_test.mute reads its text by itself", "give the type a MarshalText"},
		near: func(app *restmachine.App) { // a path that is not locked
			app.ResourceExists(func(restmachine.Path[muteID]) *harness.Ship { return nil })
			app.Get("/ships/{ship}", harness.ShowShip)
		},
	},
	{
		name: "a POST that streams beside a PUT", reason: "it is always locked",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			r := app.Get("/ships/{ship}", harness.ShowShip).Put(writeShip)
			site := harness.NextLine()
			r.Post(func(restmachine.Body[io.Reader]) {})
			return site
		},
		says: []string{"POST /ships/{ship} streams its content"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ships/{ship}", harness.ShowShip).Post(func(restmachine.Body[io.Reader]) {})
		},
	},
}

// A mute reads its text and does not write it.
type mute struct{ text string }

func (m *mute) UnmarshalText(b []byte) error { m.text = string(b); return nil }

type muteID struct {
	Ship mute `path:"ship"`
}

func TestLockingFaults(t *testing.T) { checkFaults(t, lockingFaults) }

// An App WithoutResourceLock needs no keys.
func TestWithoutResourceLockThereAreNoKeys(t *testing.T) {
	for _, row := range lockingFaults {
		if strings.Contains(row.name, "streams") {
			continue
		}
		app := restmachine.New(restmachine.WithoutResourceLock())
		row.fault(app)
		assert.NoError(t, app.Validate(), row.name)
	}
}
