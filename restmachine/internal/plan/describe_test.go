// Describe: a small App goes in, and the table of what it means comes out. The table is
// kept in testdata and rewritten by go test -update.

package plan_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
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

// gatedApp has gates of every kind, several of some, told in no order.
func gatedApp() *restmachine.App {
	app := restmachine.New()
	app.ResourceExists(harness.LoadHarbour)
	app.ResourceExists(loadShipIn)
	app.FinishRequest(func() {})
	app.FinishRequest(func(*restmachine.Response) {})
	g := app.Group("/harbours/{harbour}")
	r := g.Resource("/ships/{ship}")
	for _, f := range []*restmachine.Facts{&r.Facts, &app.Facts, &g.Facts} {
		f.IsConflict(aLie)
		f.Forbidden(func(restmachine.Optional[*harness.Ship]) bool { return false })
		f.Forbidden(func(*harness.Harbour) bool { return false })
		f.Forbidden(aLie)
		f.ResourceExists(aTruth)
		f.Authorized(aTruth)
		f.MalformedRequest(aLie)
		f.MethodAllowed(aTruth)
		f.ServiceAvailable(aTruth)
	}
	r.FinishRequest(func() {})
	r.DeleteCompleted(aTruth)
	r.MultipleChoices(aLie)
	r.AllowMissingPost(aTruth)
	r.PreviouslyExisted(aLie)
	r.MovedPermanently(aText)
	r.MovedTemporarily(aText)
	r.Variances(func() []string { return nil })
	r.LockKey(aText)
	r.ValidEntityLength(aTruth)
	r.KnownContentType(aTruth)
	r.ValidContentHeaders(aTruth)
	r.URITooLong(aLie)
	r.KnownMethod(aTruth)
	r.Get(harness.ShowShip).Put(func() {}).Patch(writeShip).Delete(func() {}).Post(func() {})
	app.Get("/harbours/{harbour}/notes", func(*harness.Harbour) string { return "" })
	return app
}

func aLie() bool { return false }

func TestDescribe(t *testing.T) {
	for name, made := range map[string]func() *restmachine.App{"describe.txt": describedApp, "describe_gates.txt": gatedApp} {
		t.Run(name, func(t *testing.T) { checkDescribe(t, name, made) })
	}
}

func checkDescribe(t *testing.T, name string, made func() *restmachine.App) {
	app := made()
	require.NoError(t, app.Validate())
	got := app.Describe()
	for range 20 {
		require.Equal(t, got, app.Describe(), "an App is described as it was before")
		require.Equal(t, got, made().Describe(), "one that was made alike is described alike")
	}
	golden := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "run go test -update to rewrite %s", golden)
}

// The order in which Describe lists gates is the one in which they are asked.
func TestDescribeTellsTheOrderOfGates(t *testing.T) {
	app := gatedApp()
	var told []string
	for line := range strings.Lines(app.Describe()) {
		if _, gate, ok := strings.Cut(strings.SplitN(line, "  gates: ", 2)[0], "  "); ok && strings.Contains(line, "  gates: ") {
			told = append(told, strings.TrimSpace(gate[strings.Index(gate, "plan_test."):]))
		}
		if strings.HasPrefix(line, "/harbours/{harbour}/notes") {
			break
		}
	}
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "POST"} {
		_, trace := app.Explain(restmachine.Request{Method: method, Path: "/harbours/a/ships/b"})
		rest, asked := told, 0
		for _, visit := range trace.Visits {
			for called := range strings.SplitSeq(visit.Callback, ";") {
				if !slices.Contains(told, called) {
					continue // a loader, or the handler
				}
				i := slices.Index(rest, called)
				require.GreaterOrEqual(t, i, 0, "%s asks %s out of the order that is told", method, called)
				rest, asked = rest[i+1:], asked+1
			}
		}
		assert.Greater(t, asked, 25, "%s asks its gates", method)
	}
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
