// The application: lamps that can be switched and watched. Requests come in, states of
// lamps go out. The application does not know where it is mounted, or which middleware is
// around it.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

// A Lamp is on or off. Its Version counts how often it was switched.
type Lamp struct {
	Name    string `json:"name"`
	On      bool   `json:"on"`
	Version int    `json:"version"`
}

// A Switch is the content that switches a lamp.
type Switch struct {
	On bool `json:"on"`
}

// A NewLamp is the content that creates a lamp.
type NewLamp struct {
	Name string `json:"name"`
}

// Validate refuses names that a path cannot hold.
func (l NewLamp) Validate() error {
	if l.Name == "" || strings.ContainsFunc(l.Name, unicode.IsControl) {
		return errors.New("a lamp needs a name without control characters")
	}
	return nil
}

// A House has lamps, and returns copies of them.
type House struct {
	mu      sync.Mutex
	lamps   map[string]Lamp
	changed chan struct{} // closed and replaced at every change
}

// NewHouse returns a house with one lamp, in the hall.
func NewHouse() *House {
	return &House{
		lamps:   map[string]Lamp{"hall": {Name: "hall", Version: 1}},
		changed: make(chan struct{}),
	}
}

// Lamp returns the lamp, or nil if there is none. It also returns a channel that is
// closed when a lamp changes.
func (h *House) Lamp(name string) (*Lamp, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	lamp, ok := h.lamps[name]
	if !ok {
		return nil, h.changed
	}
	return &lamp, h.changed
}

// Put stores the next version of a lamp if old is still the current one. A nil old means
// that there must not be a lamp.
func (h *House) Put(name string, on bool, old *Lamp) (*Lamp, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	version := 0
	if old != nil {
		version = old.Version
	}
	if h.lamps[name].Version != version {
		return nil, restmachine.ErrStale
	}
	lamp := Lamp{name, on, version + 1}
	h.lamps[name] = lamp
	close(h.changed)
	h.changed = make(chan struct{})
	return &lamp, nil
}

// watch writes a line for each state of a lamp that it sees, until ctx ends or the reader
// is closed.
func (h *House) watch(ctx context.Context, name string, w io.Writer) error {
	for seen := 0; ; {
		lamp, changed := h.Lamp(name)
		if lamp.Version > seen {
			seen = lamp.Version
			if _, err := fmt.Fprintf(w, "%s %v\n", lamp.Name, lamp.On); err != nil {
				return err
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// New returns the application.
func New() *restmachine.App {
	app := restmachine.New()
	cors.Allow(app, cors.Policy{Origins: []string{"https://example.com"}}) // each path allows its own methods
	app.OnStartup(NewHouse)
	app.ResourceExists(func(path restmachine.PathParams, house *House) *Lamp {
		lamp, _ := house.Lamp(path.Get("name"))
		return lamp
	})
	app.GenerateETag(func(l *Lamp) string { return strconv.Itoa(l.Version) })
	app.Location(func(l *Lamp) string { return "/lamps/" + url.PathEscape(l.Name) })

	app.Get("/lamps/{name}", func(l *Lamp) *Lamp { return l })
	app.Put("/lamps/{name}", func(l *Lamp, in restmachine.Body[Switch], house *House) (*Lamp, error) {
		return house.Put(l.Name, in.Value.On, l)
	})
	app.Post("/lamps", func(in restmachine.Body[NewLamp], house *House) (*restmachine.Reply[*Lamp], error) {
		lamp, err := house.Put(in.Value.Name, false, nil)
		return restmachine.Created("", lamp), err
	}).Problems(&restmachine.Problem{Status: http.StatusConflict}) // there is one already
	app.Get("/lamps/{name}/states", func(ctx context.Context, l *Lamp, house *House) io.Reader {
		states, pipe := io.Pipe()
		go func() { pipe.CloseWithError(house.watch(ctx, l.Name, pipe)) }()
		return flushed{states}
	})
	return app
}
