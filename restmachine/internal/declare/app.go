// Package declare keeps what an App is told before it starts: facts, handlers,
// providers and settings, each with the file:line that told it. It draws no
// conclusions. Package plan reads it and finds out what it means.
package declare

import (
	"reflect"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is the whole of what one App is told. In come the calls of New,
// OnStartup, OnShutdown, Dependency and Override. Out comes data for plan.

// An App is everything that one App was told.
type App struct {
	Root      *Place   // where the App itself is told something
	Places    []*Place // Root, then Groups and Resources in the order of registration
	Providers []*Provider
	Hooks     []*wire.Func // of OnShutdown
	Overrides []Override
	Faults    Faults      // mistakes that were seen while registering
	Started   atomic.Bool // from the first start on, registering panics

	resources map[string]*Place // Resources by path, whatever Scope they were asked through
	types     Types
}

// Types are the types of the public package that a declaration can be wrong about.
type Types struct {
	Reply   func(reflect.Type) (entity reflect.Type, ok bool) // the T of a *Reply[T]
	Problem reflect.Type
}

// isReply reports whether t is a *Reply[T].
func (w Types) isReply(t reflect.Type) bool {
	_, ok := w.Reply(t)
	return ok
}

// Entity is the type of the entity of a handler that returns a t: the T of a *Reply[T],
// and t itself otherwise.
func (w Types) Entity(t reflect.Type) (entity reflect.Type, replies bool) {
	if t == nil {
		return nil, false
	}
	if entity, replies = w.Reply(t); replies {
		return entity, true
	}
	return t, false
}

// New makes an App that was told nothing.
func New(types Types) *App {
	a := &App{resources: map[string]*Place{}, types: types}
	a.Root = &Place{App: a, Level: OnApp, Site: site()}
	a.Places = []*Place{a.Root}
	return a
}

// A Provider is an OnStartup or a Dependency.
type Provider struct {
	Func *wire.Func
	Once bool // it is an OnStartup: it runs once, and not for each request
}

// String names the provider for messages.
func (p *Provider) String() string {
	if p.Once {
		return "OnStartup " + p.Func.String()
	}
	return "Dependency " + p.Func.String()
}

// An Override is a value that stands in for whatever provides its type.
type Override struct {
	Type  reflect.Type
	Value any
	Site  string
}

// OnStartup registers a provider of a value that is made once.
func (a *App) OnStartup(fn any) {
	f := a.callback("OnStartup", fn)
	switch {
	case f == nil:
	case len(f.Out) > 1:
		a.Faults.Add(f.Site, "OnStartup %s is a %s; return at most one value and an error, and clean up in an OnShutdown", f.Name, f.Signature()).Leave(Said, gapOfProvider(fn))
	default:
		a.Providers = append(a.Providers, &Provider{Func: f, Once: true})
	}
}

// OnShutdown registers a hook for the shutdown.
func (a *App) OnShutdown(fn any) {
	f := a.callback("OnShutdown", fn)
	switch {
	case f == nil:
	case len(f.Out) > 0:
		a.Faults.Add(f.Site, "OnShutdown %s is a %s; return nothing or an error", f.Name, f.Signature()).Leave(Said, gapOfProvider(fn))
	default:
		a.Hooks = append(a.Hooks, f)
	}
}

// Dependency registers a provider of a value that is made for each request.
func (a *App) Dependency(fn any) {
	f := a.callback("Dependency", fn)
	switch {
	case f == nil:
	case len(f.Out) == 0, len(f.Out) == 2 && f.Out[1] != cleanupType:
		a.Faults.Add(f.Site, "Dependency %s is a %s; return T or (T, func(error) error), with or without an error", f.Name, f.Signature()).Leave(Said, gapOfProvider(fn))
	default:
		a.Providers = append(a.Providers, &Provider{Func: f})
	}
}

var cleanupType = reflect.TypeFor[func(error) error]()

// Override registers a value in place of whatever provides t.
func (a *App) Override(t reflect.Type, value any) {
	at := a.Root.CallSite("Override")
	a.Overrides = append(a.Overrides, Override{Type: t, Value: value, Site: at})
}

// callback is fn as a callback; nil, and a fault, where it cannot be one.
func (a *App) callback(what string, fn any) *wire.Func {
	at := a.Root.CallSite(what)
	f, err := wire.New(fn, at)
	if err != nil {
		instead := ""
		if t := reflect.TypeOf(fn); t != nil && t.Kind() != reflect.Func && what != "OnShutdown" {
			instead = "; pass a function that returns it"
		}
		a.Faults.Add(at, "%s: %v%s", what, err, instead).Leave(Said, gapOfProvider(fn))
		return nil
	}
	return f
}
