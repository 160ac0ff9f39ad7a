// Describe: a small App goes in, and the table of what it means comes out. The table is
// kept in testdata and rewritten by go test -update.

package plan_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// describedApp has a bit of everything that Describe tells.
func describedApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(harness.LoadHarbour)
	app.OnStartup(func(*harness.Harbour) {})
	app.Dependency(harness.NewCargo)
	app.Dependency(harness.NewCrane)
	app.ResourceExists(harness.LoadShip)
	app.GenerateETag(harness.TagOfShip)
	app.Location(harness.TagOfShip)
	app.Authorized(func(*harness.Harbour) bool { return true })
	app.Accepts("text/csv", func([]byte) harness.Cargo { return harness.Cargo{} })
	app.Provides("text/plain", harness.TagOfShip)

	ships := app.Group("/ships")
	ships.Forbidden(maybeShipThere)
	ships.RequirePreconditions()
	ships.MapError(harness.ErrSecret, restmachine.ErrGone)
	ships.RenderError(func(p *restmachine.Problem) string { return p.Title })
	app.Group("/boats").MovedPermanently(aText)
	ships.Resource("/{ship}").Get(harness.ShowShip).Put(writeShip).Delete(func(*harness.Ship) {})
	view := ships.Get("/{ship}/view", viewShip).Patch(func(*harness.Ship, restmachine.Body[harness.Cargo]) *harness.Ship { return nil })
	view.GenerateETag(harness.TagOfShip)
	view.MaxBody(1 << 10)
	ships.Get("/{ship}/flag", func(restmachine.Optional[*harness.Ship]) any { return nil }).
		Put(func(restmachine.Optional[*harness.Ship]) *harness.Ship { return nil })

	list := app.Get("/list", listShips).Post(func(*harness.Crane) *restmachine.Reply[*harness.Ship] { return nil })
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
			assert.Contains(t, line, harness.InThisFile(), "in %q", line)
		}
	}
}

var update = flag.Bool("update", false, "write the documents that tests keep fresh")
