package restmachine

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
	"github.com/restmachine/restmachine-go/restmachine/internal/machine"
)

// This file is the App. In comes what is declared on it. Out comes a machine, compiled
// from that, which answers requests. Here an App is also validated, described, started
// and shut down.

// App is a service. Declare it first. Then run it: with [App.Execute], as an
// http.Handler, or with [App.ListenAndServe].
//
// An App is a [Scope]: Get, Post, Put, Patch, Delete, Group and Resource say which
// paths it has. A Scope has [Facts]: ResourceExists, GenerateETag, LastModified and all
// the others say what is true there. (So go doc finds these methods as Scope.Get and
// Facts.GenerateETag.) OnStartup, OnShutdown and Dependency say what callbacks can be
// injected with.
//
// One goroutine declares an App, before it starts; a declaration after the start
// panics. A running App is safe for concurrent use. The zero App does not work: New
// makes one.
type App struct {
	Scope
	told    *declare.App
	options options

	turn    turn // to start or to shut down
	running atomic.Pointer[machine.Machine]
	ended   atomic.Bool // it has run, and was shut down
	drain   drain

	mu     sync.Mutex       // one compilation at a time
	made   *machine.Machine // what was compiled once the App had begun to start: it stays so
	broken error            // or its wiring faults: nothing can mend them then
}

var _ http.Handler = (*App)(nil)

// New makes an App without paths. The options change how it works; each says its
// default.
func New(opts ...Option) *App {
	a := &App{told: declare.New(vocabulary.Types), options: defaultOptions(), turn: make(turn, 1), drain: newDrain()}
	a.options.machine.Drain = a.drain.begun
	a.ref.Place = a.told.Root
	for _, option := range opts {
		option(&a.options)
	}
	a.options.machine.WarnOfLocks(a.options.lockWarning)
	if a.options.tracer != nil {
		a.options.tracer.Watch(a)
	}
	return a
}

// OnStartup gives a provider of a value that is made once, when the App starts. Any
// callback may take the value. The provider returns a T; or nothing, for what only has
// to run; and may return an error, which fails the start. It may take a
// context.Context, the *slog.Logger, and what other OnStartups provide: they run in the
// order of what needs what. The context is for starting only. If the value has a method
// Validate() error, that is asked, too, and an error of it fails the start.
func (a *App) OnStartup(fn Func) { a.told.OnStartup(fn) }

// OnShutdown gives a hook for Shutdown. The hook takes what OnStartups provide, a
// context.Context and the *slog.Logger, and returns nothing or an error. All hooks run,
// in reverse order of startup.
func (a *App) OnShutdown(fn Func) { a.told.OnShutdown(fn) }

// Dependency gives a provider of a value that is made at most once per request, when
// something asks for it. The provider returns a T, or a T and a cleanup, which is a
// func(error) error, and may return an error. It takes what any callback can take.
//
// The cleanup runs when the exchange has its answer, before that is sent, last made
// first. Only where a GET, or another safe method, sends a stream, it runs behind that, so that a
// stream can be read from a transaction: the error that ends the stream ends the transaction, and
// an error of the cleanup cuts the stream. It gets the error that ended the exchange, or nil. An error of its own makes a
// 500 (ErrStale: 412 or 409). A request that begins anew after ErrStale makes its
// Dependencies anew.
func (a *App) Dependency(fn Func) { a.told.Dependency(fn) }

// Override lets value stand in for whatever provides T, in tests. A provider that only
// overridden values need does not run, and neither does an OnShutdown that takes what
// it would have made. An Override that replaces nothing is a wiring fault. A value that
// stands in for what an OnStartup makes is asked for its Validate, too. Call Override before
// the App starts.
func Override[T any](a *App, value T) { a.told.Override(reflect.TypeFor[T](), value) }

// Validate reports every wiring fault of the App at once, each with where it was
// registered and what to do. It returns nil where there is none. It does not call any
// callback, but for what [WithValidator] asks of types, and does not start the App. Start and
// ListenAndServe return the same error.
func (a *App) Validate() error {
	_, err := a.compiled()
	return err
}

// compiled returns the machine of the App. It is made anew as long as more can be
// registered. Hooks may ask for it: it does not wait for a start.
func (a *App) compiled() (*machine.Machine, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made != nil || a.broken != nil {
		return a.made, a.broken
	}
	final := a.told.Started.Load()
	m, err := machine.New(a.told, a.options.forMachine())
	if final {
		a.made, a.broken = m, err
	}
	return m, err
}

// Describe returns a table of the App as text: each route and method, and the facts
// that hold there, each with the rule that makes it hold and its file:line; then what
// is provided and what is not used. An App with wiring faults describes these.
func (a *App) Describe() string {
	m, err := a.compiled()
	if err != nil {
		return err.Error() + "\n"
	}
	return m.Plans().Describe()
}

// Start validates the App and runs its OnStartups under ctx. Nothing can be registered
// afterwards. Where a provider fails, what had started is shut down again and Start
// returns the error; it may then be called again. Starting an App that runs does
// nothing. Starting one that has shut down is an error. An App that nobody starts is
// started by its first request.
//
// An OnStartup may ask what the App is (Describe, Routes), and must not run it: under
// the context that it was given that is an error, and under any other it waits for
// itself.
func (a *App) Start(ctx context.Context) error {
	_, err := a.start(ctx, ctx)
	return err
}

// start starts the App under ctx, unless it runs. Where another goroutine starts it,
// start waits for that one as long as patience lasts.
func (a *App) start(ctx, patience context.Context) (*machine.Machine, error) {
	a.told.Started.Store(true)
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
	if err := m.Startup(hold.context(ctx)); err != nil {
		return nil, err
	}
	a.running.Store(m)
	return m, nil
}

// Shutdown runs the OnShutdown hooks under ctx, all of them, in reverse order of
// startup, and joins their errors. It does nothing where the App has not started. Let
// requests end before: ListenAndServe sees to that. It drains the App ([App.Drain]) where nobody
// has. Requests that come later are answered
// with 503. Where ctx ends while the App is still starting, Shutdown returns an error
// that wraps the context's, and the App goes on.
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
	a.Drain()
	a.ended.Store(true)
	a.running.Store(nil)
	return m.Shutdown(hold.context(ctx))
}

// machine returns what answers the request of a context. The first request starts the
// App.
func (a *App) machine(ctx context.Context) (*machine.Machine, error) {
	if m := a.running.Load(); m != nil {
		return m, nil
	}
	if a.ended.Load() {
		return nil, errEnded
	}
	// What starts outlives the first request, so it must not end with that.
	m, err := a.start(context.Background(), ctx)
	if _, idle := err.(unavailable); err != nil && !idle { // not what an OnStartup says of another App
		a.options.machine.Logger.ErrorContext(ctx, "restmachine: the App could not start", "error", err)
	}
	return m, err
}

// LocksHeld returns how many resources are locked at the moment, by requests that are
// under way: a gauge, for metrics, of the writes that exclude others. At rest it is 0.
// See [WithoutResourceLock] and [Facts.LockKey].
func (a *App) LocksHeld() int { return a.options.machine.Locks.Len() }

// A Lock is the lock of one resource: see [App.Locks].
type Lock struct {
	Key     string     // the path that writes exclude each other on, or "=" and what a LockKey said
	Depth   int        // 0; or how deep a write is nested, which a callback made under its own context
	Holder  LockStay   // the request that has it
	Waiters []LockStay // in the order in which they will get the lock
}

// LockStay is a request that holds a [Lock], or waits for it.
type LockStay struct {
	Method, Path string
	Route        string // the path as it was registered

	// Since when it waits, or holds the lock. A holder that nobody waited for may hold it
	// for longer: then this is when a waiter, or Locks, first found it there.
	Since time.Time
}

// Locks returns the locks that are held at the moment, sorted by key: who holds each, and who
// waits. It is for people who ask why a write hangs. Nothing is noted for it until it is
// called, so the first call cannot tell since when a lock is held. At rest it is empty. See
// [WithLockWarning].
func (a *App) Locks() []Lock {
	var all []Lock
	for _, one := range a.options.machine.Held() {
		l := Lock{Key: one.Key, Depth: one.Depth, Holder: stayOf(one.Holder)}
		for _, w := range one.Waiters {
			l.Waiters = append(l.Waiters, stayOf(w))
		}
		all = append(all, l)
	}
	return all
}

func stayOf(s keylock.Stay) LockStay {
	return LockStay{Method: s.Method, Path: strings.Clone(s.Path), Route: s.Route, Since: s.Since}
}
