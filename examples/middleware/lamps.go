// The application: lamps that can be switched and watched. It knows nothing of
// where it is mounted, nor of what stands around it.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Lamp is on or off. Its Version counts how often it was switched.
type Lamp struct {
	Name    string `json:"name"`
	On      bool   `json:"on"`
	Version int    `json:"version"`
}

// A Switch is what a client says of a lamp.
type Switch struct {
	On bool `json:"on"`
}

// A NewLamp is what a client says to put up a lamp.
type NewLamp struct {
	Name string `json:"name"`
}

// Validate refuses what no path could name.
func (l NewLamp) Validate() error {
	if l.Name == "" || strings.ContainsFunc(l.Name, unicode.IsControl) {
		return errors.New("a lamp has a name, without control characters")
	}
	return nil
}

// A House has lamps, and hands out copies of them.
type House struct {
	mu      sync.Mutex
	lamps   map[string]Lamp
	changed chan struct{} // closed, and made anew, at every change
}

// NewHouse returns a house with one lamp, in the hall.
func NewHouse() *House {
	return &House{
		lamps:   map[string]Lamp{"hall": {Name: "hall", Version: 1}},
		changed: make(chan struct{}),
	}
}

// Lamp returns the lamp, or nil, and a channel that is closed when it may have
// changed.
func (h *House) Lamp(name string) (*Lamp, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	lamp, ok := h.lamps[name]
	if !ok {
		return nil, h.changed
	}
	return &lamp, h.changed
}

// Put keeps the next version of a lamp, if old is still the current one; nil is
// none.
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

// watch writes a line for each state of a lamp that it sees, until ctx ends or
// nobody reads.
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
	app.Post("/lamps", func(in restmachine.Body[NewLamp], house *House) (*restmachine.Reply, error) {
		lamp, err := house.Put(in.Value.Name, false, nil)
		return restmachine.Created("", lamp), err
	})
	app.Get("/lamps/{name}/states", func(ctx context.Context, l *Lamp, house *House) io.Reader {
		states, pipe := io.Pipe()
		go func() { pipe.CloseWithError(house.watch(ctx, l.Name, pipe)) }()
		return flushed{states}
	})
	return app
}
