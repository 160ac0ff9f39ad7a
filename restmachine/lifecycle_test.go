package restmachine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is about starting and stopping an App.

// Three providers, each made from the one before.
type (
	keel  struct{}
	hull  struct{ *keel }
	mast  struct{ *hull }
	yards struct {
		port
		did  []string
		fail map[string]error
	}
)

// newYards registers the providers in the wrong order, and a hook for each.
func newYards(t *testing.T) *yards {
	y := &yards{port: newPort(t), fail: map[string]error{}}
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
	errPanic = errors.New("panic")
	errLeak  = errors.New("leak")
)

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
			y.valid()
			require.Empty(t, y.did, "Validate runs nothing")
			err := y.Start(t.Context())
			if err == nil {
				require.NoError(t, y.Start(t.Context()), "starting twice is nothing")
				y.expect(200, "GET", "/")
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
	p, starts := newPort(t), atomic.Int32{}
	var started context.Context
	p.OnStartup(func(ctx context.Context) (*harbour, error) {
		starts.Add(1)
		started = ctx
		return &harbour{"oslo"}, ctx.Err()
	})
	p.Get("/", func(h *harbour) string { return h.Name })
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

	gone := newPort(t)
	gone.OnStartup(func(ctx context.Context) (*harbour, error) { return &harbour{}, ctx.Err() })
	gone.Get("/", func(*harbour) string { return "" })
	gone.ExecuteContext(ctx, restmachine.Request{Path: "/"}) // the client has gone; the App starts all the same
	gone.expect(200, "GET", "/")
}

// A provider that fails is tried again by the next request.
func TestFailedStartIsTriedAgain(t *testing.T) {
	y := newYards(t)
	y.fail = map[string]error{"+mast": errBroken}
	resp := y.expect(500, "GET", "/")
	assert.NotContains(t, string(resp.Body), "broken")
	assert.Contains(t, y.log.String(), "broken")
	w := httptest.NewRecorder()
	y.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 500, w.Code)
	y.fail, y.did = nil, nil
	y.expect(200, "GET", "/")
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
	p := newPort(t)
	g := p.Group("/g")
	r := p.Get("/", func() string { return "" })
	require.NoError(t, p.Start(t.Context()))
	none := func() {}
	for name, register := range map[string]func(){
		"OnStartup":            func() { p.OnStartup(none) },
		"OnShutdown":           func() { p.OnShutdown(none) },
		"Dependency":           func() { p.Dependency(newCargo) },
		"Override":             func() { restmachine.Override(p.App, 1) },
		"Group":                func() { p.Group("/h") },
		"Resource":             func() { g.Resource("/") },
		"POST /":               func() { r.Post(none) },
		"Forbidden":            func() { p.Forbidden(func() bool { return true }) },
		"GenerateETag":         func() { r.GenerateETag(tagOfShip) },
		"Provides":             func() { g.Provides("text/plain", showCargo) },
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
	p.expect(200, "GET", "/")
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
		restmachine.Override(app, &crane{})
	}, []string{"ship"}},
	{"a ResourceExists", "it is not asked", func(app *restmachine.App) {
		restmachine.Override(app, &ship{"bert", 9})
	}, []string{"keel", "hull", "crane", "-keel"}},
}

func TestOverride(t *testing.T) {
	for _, row := range overrideRows {
		t.Run(row.name, func(t *testing.T) {
			p, ran := newPort(t), []string{}
			runs := func(name string) { ran = append(ran, name) }
			p.OnStartup(func() *keel { runs("keel"); return &keel{} })
			p.OnStartup(func(k *keel) *hull { runs("hull"); return &hull{k} })
			p.OnShutdown(func(*keel) { runs("-keel") })
			p.Dependency(func(*hull) *crane { runs("crane"); return &crane{} })
			p.ResourceExists(func() *ship { runs("ship"); return &ship{"anna", 1} })
			p.GenerateETag(tagOfShip)
			p.Get("/ship", func(s *ship, _ *crane) *ship { return s })
			row.override(p.App)
			p.valid()
			resp := p.expect(200, "GET", "/ship")
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
	p := newPort(t)
	p.ResourceExists(loadShip)
	p.Get("/ship", showShip)
	restmachine.Override[*ship](p.App, nil)
	p.expect(404, "GET", "/ship")

	p = newPort(t)
	p.Dependency(func() manager { return nil })
	p.Get("/", func(m manager) string { return fmt.Sprintf("%T", m) })
	restmachine.Override[manager](p.App, &boss{})
	assert.Equal(t, "*restmachine_test.boss", string(p.expect(200, "GET", "/").Body))

	p = newPort(t)
	p.ResourceExists(loadShip)
	p.Dependency(func(*ship) *cargo { return nil })
	p.Get("/", showCargo)
	restmachine.Override(p.App, &cargo{})
	p.valid().expect(200, "GET", "/")
}

// An unused provider runs, and is only reported.
func TestUnusedProviders(t *testing.T) {
	p, ran := newPort(t), false
	p.OnStartup(func() *keel { ran = true; return &keel{} })
	p.OnStartup(func(*harbour) {})
	p.OnStartup(loadHarbour)
	p.Dependency(newCargo)
	p.Get("/", func() string { return "" })
	p.valid()
	require.NoError(t, p.Start(t.Context()))
	assert.True(t, ran)
	assert.Contains(t, p.log.String(), "newCargo")
	assert.Contains(t, p.log.String(), "is used by nothing")
	assert.NotContains(t, p.log.String(), "loadHarbour", "an OnStartup asks for it")
	assert.Contains(t, p.Describe(), "Dependency restmachine_test.newCargo")
}
