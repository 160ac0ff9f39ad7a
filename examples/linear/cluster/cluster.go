// Package cluster runs the servers whose answers are checked. The name of an engine comes in, and
// the addresses of servers go out, which all serve the same records: three processes on a
// database, or one server in this process. A cluster is disturbed by killing one of its processes,
// which is then started again at another address.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/examples/linear/register"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// Engines are the names of all engines. The last two are controls, which must be refuted.
var Engines = []string{"memory", "sqlite", "postgres", "nats", "careless", "stale"}

// servers is how many processes serve the records of a database.
const servers = 3

// An engine is the database below the servers.
type engine interface {
	source(server int) source
	disturb(ctx context.Context, r *rand.Rand) (what string, err error) // "" if it cannot be disturbed
	close()
}

// A Cluster is the servers of an engine.
type Cluster struct {
	engine engine
	inside *httpServer // if it runs in this process

	mu        sync.Mutex
	processes []*process // nil while one does not run
	kills     map[string]int
}

// Start starts an engine and its servers. What they keep is in the folder.
func Start(ctx context.Context, name, folder string) (c *Cluster, err error) {
	c = &Cluster{kills: map[string]int{}}
	switch name {
	case "memory", "careless", "stale":
		c.inside, err = listen(inMemory(name))
		return c, err
	case "sqlite":
		c.engine = file(filepath.Join(folder, "linear.db"))
	case "postgres":
		c.engine, err = startPostgres(ctx, folder)
	case "nats":
		c.engine, err = startNATS(ctx, folder)
	default:
		err = fmt.Errorf("there is not an engine %q: the engines are %v", name, Engines)
	}
	if err != nil {
		return nil, err
	}
	c.processes = make([]*process, servers)
	var all sync.WaitGroup
	errs := make([]error, servers)
	for i := range c.processes {
		all.Go(func() { errs[i] = c.startServer(i) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// inMemory returns an App on a store in memory: a true one, or a control.
func inMemory(name string) *restmachine.App {
	var values register.Store = new(store.Memory[string, register.Value])
	switch name {
	case "careless":
		return register.New(register.Careless{Store: values, Between: func() { time.Sleep(time.Millisecond) }}, quiet, restmachine.WithoutResourceLock())
	case "stale":
		return register.New(&register.Stale{Store: values}, quiet)
	}
	return register.New(values, quiet)
}

func (c *Cluster) startServer(i int) error {
	s := c.engine.source(i)
	p, err := start(job{Server: &s})
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.processes[i] = p
	return nil
}

// Address returns the URL of a server. If that does not run, it returns the URL of the next one.
func (c *Cluster) Address(i int) string {
	if c.inside != nil {
		return c.inside.address
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for n := range c.processes {
		if p := c.processes[(i+n)%len(c.processes)]; p != nil {
			return p.ready
		}
	}
	return "http://127.0.0.1:1" // nobody listens there
}

// Disturb kills a server, or a part of the database, and returns when it runs again. A store in
// memory is left alone.
func (c *Cluster) Disturb(ctx context.Context, r *rand.Rand) error {
	if c.inside != nil {
		return nil
	}
	if r.IntN(2) == 0 {
		what, err := c.engine.disturb(ctx, r)
		if what != "" {
			c.count(what)
			return err
		}
	}
	i := r.IntN(len(c.processes))
	c.mu.Lock()
	p := c.processes[i]
	c.processes[i] = nil
	c.mu.Unlock()
	p.kill()
	c.count("servers of ours")
	return c.startServer(i)
}

func (c *Cluster) count(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kills[what]++
}

// Kills returns what was killed, and how often.
func (c *Cluster) Kills() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]int{}
	for what, n := range c.kills {
		all[what] = n
	}
	return all
}

// Close ends all processes.
func (c *Cluster) Close() error {
	if c.inside != nil {
		return c.inside.close()
	}
	for _, p := range c.processes {
		if p != nil {
			p.kill()
		}
	}
	c.engine.close()
	return nil
}

// A file is the engine of SQLite, which does not have a process to kill.
type file string

func (f file) source(int) source                                   { return source{"sqlite", []string{string(f)}} }
func (f file) disturb(context.Context, *rand.Rand) (string, error) { return "", nil }
func (f file) close()                                              {}
