package restmachine

import (
	"context"
	"net/http"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// App is a service: facts, handlers and providers. Declare everything, then
// run it: with Execute, as an http.Handler, or with ListenAndServe. What
// declares is for one goroutine before the start; what runs is safe for
// concurrent use.
type App struct {
	Scope
	options   options
	places    []*place
	resources map[string]*place // by path, through whatever Scopes
	providers []*provider
	hooks     []*wire.Func
	overrides []override
	declared  faults // found while registering

	frozen  atomic.Bool // set by the first start: registering panics from then on
	turn    turn        // to start or to shut down
	running atomic.Pointer[machine]
	ended   atomic.Bool // it has run, and was shut down
	locks   keylock.Locks

	mu     sync.Mutex // one compilation at a time
	made   *machine   // what was compiled once frozen: it stays so
	broken error      // or its wiring faults: nothing can mend them then
}

var _ http.Handler = (*App)(nil)

// provider is an OnStartup (made once) or a Dependency (once per request).
type provider struct {
	fn   *wire.Func
	once bool
}

// String names the provider for messages.
func (p *provider) String() string {
	if p.once {
		return "OnStartup " + p.fn.String()
	}
	return "Dependency " + p.fn.String()
}

type override struct {
	typ   reflect.Type
	value any
	site  string
}

// New makes an empty App.
func New(opts ...Option) *App {
	a := &App{options: defaultOptions(), resources: map[string]*place{}, turn: make(turn, 1)}
	a.place = &place{app: a, level: onApp, site: site()}
	a.places = []*place{a.place}
	for _, option := range opts {
		option(&a.options)
	}
	if a.options.tracer != nil {
		a.options.tracer.Watch(a)
	}
	return a
}

// OnStartup gives a provider of a value that is made once, when the App starts,
// and may be injected anywhere. It returns T, and an error that fails the
// start; or nothing, for what only has to run. It may take a context.Context,
// *slog.Logger and what other OnStartups provide: they run in that order.
func (a *App) OnStartup(fn Func) {
	at := a.place.open("OnStartup")
	f, err := wire.New(fn, at)
	switch {
	case err != nil:
		a.declared.add(at, "OnStartup: %v", err)
	case len(f.Out) > 1:
		a.declared.add(at, "OnStartup %s returns a T and an error, not a %s; undo it in an OnShutdown", f.Name, f.Signature())
	default:
		a.providers = append(a.providers, &provider{fn: f, once: true})
	}
}

// OnShutdown gives a hook for Shutdown, which takes what OnStartup provides and
// returns nothing, or an error. All hooks run, in reverse order of startup.
func (a *App) OnShutdown(fn Func) {
	at := a.place.open("OnShutdown")
	f, err := wire.New(fn, at)
	switch {
	case err != nil:
		a.declared.add(at, "OnShutdown: %v", err)
	case len(f.Out) > 0:
		a.declared.add(at, "OnShutdown %s returns nothing or an error, not a %s", f.Name, f.Signature())
	default:
		a.hooks = append(a.hooks, f)
	}
}

// Dependency gives a provider of a value that is made at most once per request,
// when something asks for it. It returns T, or T and a cleanup,
// func(error) error, and an error if it likes. The cleanup runs when the
// exchange has its answer and before that is written, last made first, with
// the error that ended it or nil; its own error makes a 500 (ErrStale: 412 or
// 409). A request that begins anew after ErrStale makes its Dependencies anew.
func (a *App) Dependency(fn Func) {
	at := a.place.open("Dependency")
	f, err := wire.New(fn, at)
	switch {
	case err != nil:
		a.declared.add(at, "Dependency: %v", err)
	case len(f.Out) == 0, len(f.Out) == 2 && f.Out[1] != cleanupType:
		a.declared.add(at, "Dependency %s returns T or (T, func(error) error), and an error if it likes; not a %s", f.Name, f.Signature())
	default:
		a.providers = append(a.providers, &provider{fn: f})
	}
}

var cleanupType = reflect.TypeFor[func(error) error]()

// Override lets value stand in for whatever provides T, in tests. A provider
// that only overridden values need is not run, nor is an OnShutdown that takes
// what it would have made.
func Override[T any](a *App, value T) {
	at := a.place.open("Override")
	a.overrides = append(a.overrides, override{reflect.TypeFor[T](), value, at})
}

// Validate reports every wiring fault of the App at once, each with where it
// was registered and what to do; nil where there is none. Start and
// ListenAndServe return the same error.
func (a *App) Validate() error {
	_, err := a.compiled()
	return err
}

// compiled is the machine of the App, made anew as long as more can be
// registered. Hooks may ask for it: it waits for no start.
func (a *App) compiled() (*machine, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made != nil || a.broken != nil {
		return a.made, a.broken
	}
	final := a.frozen.Load()
	m, err := compile(a)
	if final {
		a.made, a.broken = m, err
	}
	return m, err
}

// Describe is a table of the App: each route and method, and the facts that
// hold there, each with the rule that makes it hold and its file:line; then
// what is provided and what is not used. A faulty App describes its faults.
func (a *App) Describe() string {
	m, err := a.compiled()
	if err != nil {
		return err.Error() + "\n"
	}
	return describe(m)
}

// Start validates the App and runs its OnStartups. Nothing can be registered
// afterwards. Where a provider fails, what had started is shut down again and
// the error is returned; Start may then be called again. Starting twice is
// nothing; starting after Shutdown is an error. Without Start the first request
// starts the App. An OnStartup may ask what the App is (Describe, Routes), and must
// not run it: under the context that it was given that is an error, and under any
// other it waits for itself.
func (a *App) Start(ctx context.Context) error {
	_, err := a.start(ctx, ctx)
	return err
}

// start starts the App under ctx, unless it runs. Where somebody else is at it,
// it waits for that as long as patience lasts.
func (a *App) start(ctx, patience context.Context) (*machine, error) {
	a.frozen.Store(true)
	hold, err := a.turn.take(patience)
	if err != nil {
		return nil, err
	}
	defer hold.end()
	if m := a.running.Load(); m != nil {
		return m, nil
	}
	if a.ended.Load() {
		return nil, errEnded
	}
	m, err := a.compiled()
	if err != nil {
		return nil, err
	}
	if err := m.startup(hold.context(ctx)); err != nil {
		return nil, err
	}
	for _, r := range m.reports {
		a.options.logger.Info("restmachine: " + r)
	}
	a.running.Store(m)
	return m, nil
}

// Shutdown runs the OnShutdown hooks, all of them, in reverse order of startup,
// and joins their errors. It is nothing where the App has not started. Requests
// should have ended before, ListenAndServe sees to that: those that come later
// are answered with 503, since nobody would undo what they started. Where ctx ends
// while the App is still starting, its error is returned, and the App goes on.
func (a *App) Shutdown(ctx context.Context) error {
	hold, err := a.turn.take(ctx)
	if err != nil {
		return err
	}
	defer hold.end()
	m := a.running.Load()
	if m == nil {
		return nil
	}
	a.ended.Store(true)
	a.running.Store(nil)
	return m.shutdown(hold.context(ctx))
}

// machine is what answers the request of a context; the first one starts it.
func (a *App) machine(ctx context.Context) (*machine, error) {
	if m := a.running.Load(); m != nil {
		return m, nil
	}
	if a.ended.Load() {
		return nil, errEnded
	}
	// The first request must not end, by its own end, what outlives it.
	m, err := a.start(context.Background(), ctx)
	if _, idle := err.(unavailable); err != nil && !idle { // not what an OnStartup says of another App
		a.options.logger.Error("restmachine: the App could not start", "error", err)
	}
	return m, err
}
