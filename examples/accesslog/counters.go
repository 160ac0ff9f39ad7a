// This file says what is true of counters. Nothing in it knows of the log, but for the
// handler that writes a line of its own.

package main

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Counter is a number that clients set.
type Counter struct {
	Count   int `json:"count"`
	version int
}

// Counters are all counters, by name.
type Counters struct {
	mu  sync.Mutex
	all map[string]Counter
}

var errBroken = errors.New("the counter is broken")

// New makes the App. It logs to log, and tells observe how each exchange ended.
func New(log *slog.Logger, observe func(restmachine.Outcome), more ...restmachine.Option) *restmachine.App {
	app := restmachine.New(append(more, restmachine.WithLogger(log), restmachine.WithObserver(observe))...)
	app.OnStartup(func() *Counters { return &Counters{all: map[string]Counter{"doors": {4, 1}, "windows": {0, 1}}} })
	app.ResourceExists(func(path restmachine.PathParams, c *Counters) *Counter {
		c.mu.Lock()
		defer c.mu.Unlock()
		if one, ok := c.all[path.Get("name")]; ok {
			return &one
		}
		return nil
	})
	app.GenerateETag(func(c *Counter) string { return strconv.Itoa(c.version) })
	counter := app.Resource("/counters/{name}")
	counter.Get(func(c *Counter) *Counter { return c })
	counter.Put(func(ctx context.Context, c *Counter, path restmachine.PathParams, in restmachine.Body[Counter], all *Counters, log *slog.Logger) (*Counter, error) {
		if path.Get("name") == "windows" {
			return nil, errBroken // a 500: the log has the error, and the client does not
		}
		if in.Value.Count < c.Count {
			log.WarnContext(ctx, "a counter goes back", "from", c.Count, "to", in.Value.Count)
		}
		all.mu.Lock()
		defer all.mu.Unlock()
		next := Counter{in.Value.Count, c.version + 1}
		all.all[path.Get("name")] = next
		return &next, nil
	})
	return app
}
