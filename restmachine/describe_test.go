package restmachine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is about Describe: a small App as a table, kept in testdata and
// rewritten by go test -update.

// describedApp has a bit of everything that Describe tells.
func describedApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(loadHarbour)
	app.OnStartup(func(*harbour) {})
	app.Dependency(newCargo)
	app.Dependency(newCrane)
	app.ResourceExists(loadShip)
	app.GenerateETag(tagOfShip)
	app.Location(tagOfShip)
	app.Authorized(func(*harbour) bool { return true })
	app.Accepts("text/csv", func([]byte) cargo { return cargo{} })
	app.Provides("text/plain", tagOfShip)

	ships := app.Group("/ships")
	ships.Forbidden(maybeShipThere)
	ships.RequirePreconditions()
	ships.MapError(errSecret, restmachine.ErrGone)
	ships.RenderError(func(p *restmachine.Problem) string { return p.Title })
	app.Group("/boats").MovedPermanently(aText)
	ships.Resource("/{ship}").Get(showShip).Put(writeShip).Delete(func(*ship) {})
	view := ships.Get("/{ship}/view", viewShip).Patch(func(*ship, restmachine.Body[cargo]) *ship { return nil })
	view.GenerateETag(tagOfShip)
	view.MaxBody(1 << 10)
	ships.Get("/{ship}/flag", func(restmachine.Optional[*ship]) any { return nil }).
		Put(func(restmachine.Optional[*ship]) *ship { return nil })

	list := app.Get("/list", listShips).Post(func(*crane) *restmachine.Reply { return nil })
	list.AutoETag(restmachine.Weak)
	list.Languages("en", "no")
	list.Encodings("gzip", "br")
	list.ResourceExists(aTruth)
	list.GenerateETag(func() string { return "" })
	list.MovedPermanently(aText)
	return app
}

func TestDescribe(t *testing.T) {
	app := describedApp()
	require.NoError(t, app.Validate())
	got := app.Describe()
	for range 20 {
		require.Equal(t, got, app.Describe(), "an App is described as it was before")
		require.Equal(t, got, describedApp().Describe(), "one that was made alike is described alike")
	}
	golden := filepath.Join("testdata", "describe.txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "run go test -update to rewrite %s", golden)
}

// Every fact that holds is told with the place where it was given.
func TestDescribeTellsPlaces(t *testing.T) {
	for line := range strings.Lines(describedApp().Describe()) {
		fields := strings.Fields(line)
		if !strings.HasPrefix(line, "  ") || len(fields) < 3 || strings.HasSuffix(fields[0], ":") {
			continue
		}
		switch fields[0] {
		case "RequirePreconditions", "AutoETag", "Languages", "Encodings", "MaxBody":
			continue
		}
		if !strings.Contains(line, "is never chosen") && !strings.Contains(line, "no Encoder") {
			assert.Contains(t, line, "restmachine/describe_test.go:", "in %q", line)
		}
	}
}
