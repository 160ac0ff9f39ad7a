// Starting and stopping an App, and what replaces a provider for a test.

package restmachine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// Three providers, each made from the one before.
type (
	keel  struct{}
	hull  struct{ *keel }
	mast  struct{ *hull }
	yards struct {
		harness.Port
		did  []string
		fail map[string]error
	}
)

// newYards registers the providers in the wrong order, and a hook for each.
func newYards(t *testing.T) *yards {
	y := &yards{Port: harness.NewPort(t), fail: map[string]error{}}
	y.OnStartup(func(h *hull) (*mast, error) { return &mast{h}, y.does("+mast") })
	y.OnStartup(func(k *keel) (*hull, error) { return &hull{k}, y.does("+hull") })
	y.OnStartup(func(context.Context, *slog.Logger) (*keel, error) { return &keel{}, y.does("+keel") })
	y.OnShutdown(func(*keel) error { return y.does("-keel") })
	y.OnShutdown(func(*mast, context.Context) error { return y.does("-mast") })
	y.OnShutdown(func(*hull) error { return y.does("-hull") })
	y.OnShutdown(func() error { return y.does("-all") })
	y.Get("/", func(*mast) string { return "sails" })
	return y
}

func (y *yards) does(what string) error {
	y.did = append(y.did, what)
	if errors.Is(y.fail[what], errPanic) {
		panic(what)
	}
	return y.fail[what]
}

var (
	errPanic  = errors.New("panic")
	errLeak   = errors.New("leak")
	errBroken = errors.New("secret: broken")
)

type contextKey struct{}

func TestStartAndShutdown(t *testing.T) {
	for _, row := range []struct {
		name, reason string
		fail         map[string]error
		did          []string
		says         []string
	}{
		{"fine", "made once, in dependency order; undone in the reverse", nil,
			[]string{"+keel", "+hull", "+mast", "-mast", "-hull", "-keel", "-all"}, nil},
		{"the second fails", "what had started is shut down again", map[string]error{"+hull": errLeak},
			[]string{"+keel", "+hull", "-keel", "-all"}, []string{"leak", "OnStartup", "lifecycle_test.go:"}},
		{"the last panics", "a panic is an error", map[string]error{"+mast": errPanic},
			[]string{"+keel", "+hull", "+mast", "-hull", "-keel", "-all"}, []string{"panic: +mast"}},
		{"the second fails, and its undoing", "errors are joined", map[string]error{"+hull": errLeak, "-keel": errBroken},
			[]string{"+keel", "+hull", "-keel", "-all"}, []string{"leak", "broken"}},
		{"two hooks fail", "all run; errors are joined", map[string]error{"-mast": errLeak, "-keel": errBroken, "-hull": errPanic},
			[]string{"+keel", "+hull", "+mast", "-mast", "-hull", "-keel", "-all"}, []string{"leak", "broken", "panic: -hull"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			y := newYards(t)
			y.fail = row.fail
			y.Valid()
			require.Empty(t, y.did, "Validate runs nothing")
			err := y.Start(t.Context())
			if err == nil {
				require.NoError(t, y.Start(t.Context()), "starting twice is nothing")
				y.Expect(200, "GET", "/")
				err = y.Shutdown(t.Context())
			}
			assert.Equal(t, row.did, y.did, row.reason)
			for _, words := range row.says {
				assert.ErrorContains(t, err, words)
			}
			for what, fail := range row.fail {
				if fail != errPanic {
					assert.ErrorIs(t, err, fail, what)
				}
			}
			assert.Equal(t, row.says == nil, err == nil)
			n := len(y.did)
			require.NoError(t, y.Shutdown(t.Context()), "shutting down what does not run is nothing")
			assert.Len(t, y.did, n)
		})
	}
}

// A lazy start is by the first request, once, and not under its context.
func TestLazyStart(t *testing.T) {
	p, starts := harness.NewPort(t), atomic.Int32{}
	var started context.Context
	p.OnStartup(func(ctx context.Context) (*harness.Harbour, error) {
		starts.Add(1)
		started = ctx
		return &harness.Harbour{Name: "oslo"}, ctx.Err()
	})
	p.Get("/", func(h *harness.Harbour) string { return h.Name })
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), contextKey{}, "of the request"))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			assert.Equal(t, 200, p.ExecuteContext(ctx, restmachine.Request{Path: "/"}).StatusCode)
		})
	}
	all.Wait()
	cancel()
	assert.EqualValues(t, 1, starts.Load())
	assert.NoError(t, started.Err(), "it outlives the request")
	assert.Nil(t, started.Value(contextKey{}))

	gone := harness.NewPort(t)
	gone.OnStartup(func(ctx context.Context) (*harness.Harbour, error) { return &harness.Harbour{}, ctx.Err() })
	gone.Get("/", func(*harness.Harbour) string { return "" })
	gone.ExecuteContext(ctx, restmachine.Request{Path: "/"}) // the client has gone; the App starts all the same
	gone.Expect(200, "GET", "/")
}

// A provider that fails is tried again by the next request.
func TestFailedStartIsTriedAgain(t *testing.T) {
	y := newYards(t)
	y.fail = map[string]error{"+mast": errBroken}
	resp := y.Expect(500, "GET", "/")
	assert.NotContains(t, string(resp.Body), "broken")
	assert.Contains(t, y.Log.String(), "broken")
	w := httptest.NewRecorder()
	y.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 500, w.Code)
	y.fail, y.did = nil, nil
	y.Expect(200, "GET", "/")
	assert.Equal(t, []string{"+keel", "+hull", "+mast"}, y.did)
}

// ListenAndServe starts, drains and shuts down.
func TestListenAndServeShutsDown(t *testing.T) {
	y := newYards(t)
	y.fail = map[string]error{"-hull": errLeak}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, y.Start(t.Context()))
	err := y.ListenAndServe(ctx, "127.0.0.1:0")
	assert.ErrorIs(t, err, errLeak)
	assert.Equal(t, []string{"+keel", "+hull", "+mast", "-mast", "-hull", "-keel", "-all"}, y.did)
}

// Registering after the start panics with the call site: a fact that comes too
// late would be a check that is silently off.
func TestRegisteringAfterTheStart(t *testing.T) {
	p := harness.NewPort(t)
	g := p.Group("/g")
	r := p.Get("/", func() string { return "" })
	require.NoError(t, p.Start(t.Context()))
	none := func() {}
	for name, register := range map[string]func(){
		"OnStartup":            func() { p.OnStartup(none) },
		"OnShutdown":           func() { p.OnShutdown(none) },
		"Dependency":           func() { p.Dependency(harness.NewCargo) },
		"Override":             func() { restmachine.Override(p.App, 1) },
		"Group":                func() { p.Group("/h") },
		"Resource":             func() { g.Resource("/") },
		"POST /":               func() { r.Post(none) },
		"Forbidden":            func() { p.Forbidden(func() bool { return true }) },
		"GenerateETag":         func() { r.GenerateETag(harness.TagOfShip) },
		"Provides":             func() { g.Provides("text/plain", harness.ShowCargo) },
		"Languages":            func() { p.Languages("en") },
		"Charsets":             func() { p.Charsets("utf-8") },
		"Encodings":            func() { p.Encodings("gzip") },
		"Encoder":              func() { p.Encoder("br", func(w io.Writer) io.WriteCloser { return nil }) },
		"AutoETag":             func() { r.AutoETag(restmachine.Weak) },
		"RequirePreconditions": func() { r.RequirePreconditions() },
		"MaxBody":              func() { r.MaxBody(1) },
		"MapError":             func() { r.MapError(errLeak, errBroken) },
	} {
		func() {
			defer func() {
				text := fmt.Sprint(recover())
				assert.Contains(t, text, name)
				assert.Contains(t, text, "restmachine/lifecycle_test.go:", "the call site")
				assert.Contains(t, text, "after the App has started")
			}()
			register()
		}()
	}
	p.Expect(200, "GET", "/")
}

// An overrideRow is a test that replaces something, and what runs then.
type overrideRow struct {
	name, reason string
	override     func(app *restmachine.App)
	ran          []string
}

var overrideRows = []overrideRow{
	{"nothing", "all that is asked for runs", func(*restmachine.App) {}, []string{"keel", "hull", "ship", "crane", "-keel"}},
	{"an OnStartup", "what only it needs is not run, nor undone", func(app *restmachine.App) {
		restmachine.Override(app, &hull{})
	}, []string{"ship", "crane"}},
	{"a Dependency", "what only it needs is not run", func(app *restmachine.App) {
		restmachine.Override(app, &harness.Crane{})
	}, []string{"ship"}},
	{"a ResourceExists", "it is not asked", func(app *restmachine.App) {
		restmachine.Override(app, &harness.Ship{Name: "bert", Version: 9})
	}, []string{"keel", "hull", "crane", "-keel"}},
}

func TestOverride(t *testing.T) {
	for _, row := range overrideRows {
		t.Run(row.name, func(t *testing.T) {
			p, ran := harness.NewPort(t), []string{}
			runs := func(name string) { ran = append(ran, name) }
			p.OnStartup(func() *keel { runs("keel"); return &keel{} })
			p.OnStartup(func(k *keel) *hull { runs("hull"); return &hull{k} })
			p.OnShutdown(func(*keel) { runs("-keel") })
			p.Dependency(func(*hull) *harness.Crane { runs("crane"); return &harness.Crane{} })
			p.ResourceExists(func() *harness.Ship { runs("ship"); return &harness.Ship{Name: "anna", Version: 1} })
			p.GenerateETag(harness.TagOfShip)
			p.Get("/ship", func(s *harness.Ship, _ *harness.Crane) *harness.Ship { return s })
			row.override(p.App)
			p.Valid()
			resp := p.Expect(200, "GET", "/ship")
			if row.name == "a ResourceExists" {
				assert.Equal(t, `"bert-9"`, resp.Header.Get("Etag"))
			}
			require.NoError(t, p.Shutdown(t.Context()))
			assert.Equal(t, row.ran, slices.Clone(ran), row.reason)
		})
	}
}

// An Override with a nil stands for a resource that is missing, and one of an
// interface is injected as that interface; what an overridden Dependency alone
// asked for need not be asked for by anybody else.
func TestOverrideCorners(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(harness.LoadShip)
	p.Get("/ship", harness.ShowShip)
	restmachine.Override[*harness.Ship](p.App, nil)
	p.Expect(404, "GET", "/ship")

	p = harness.NewPort(t)
	p.Dependency(func() harness.Manager { return nil })
	p.Get("/", func(m harness.Manager) string { return fmt.Sprintf("%T", m) })
	restmachine.Override[harness.Manager](p.App, &harness.Boss{})
	assert.Equal(t, "*harness.Boss", string(p.Expect(200, "GET", "/").Body))

	p = harness.NewPort(t)
	p.ResourceExists(harness.LoadShip)
	p.Dependency(func(*harness.Ship) *harness.Cargo { return nil })
	p.Get("/", harness.ShowCargo)
	restmachine.Override(p.App, &harness.Cargo{})
	p.Valid().Expect(200, "GET", "/")
}

// An unused provider runs, and is only reported.
func TestUnusedProviders(t *testing.T) {
	p, ran := harness.NewPort(t), false
	p.OnStartup(func() *keel { ran = true; return &keel{} })
	p.OnStartup(func(*harness.Harbour) {})
	p.OnStartup(harness.LoadHarbour)
	p.Dependency(harness.NewCargo)
	p.Get("/", func() string { return "" })
	p.Valid()
	require.NoError(t, p.Start(t.Context()))
	assert.True(t, ran)
	assert.Contains(t, p.Log.String(), "harness.NewCargo")
	assert.Contains(t, p.Log.String(), "is not used")
	assert.NotContains(t, p.Log.String(), "loadHarbour", "an OnStartup asks for it")
	assert.Contains(t, p.Describe(), "Dependency harness.NewCargo")
}

// An App without faults listens, and reports an address that is taken.
func TestListenReportsItsAddress(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	p := harness.NewPort(t)
	closed := false
	p.OnShutdown(func() { closed = true })
	p.Get("/", func() string { return "" })
	require.Error(t, p.ListenAndServe(t.Context(), taken.Addr().String()))
	assert.True(t, closed, "what had started is shut down")
	assert.NotContains(t, p.Log.String(), "listening", "nobody is told to come")
}
