// This file holds the App under test: counters in a store that does not compare versions.
// Only the App's lock keeps writes apart.

package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A count is the value of a counter. Its tag is made of Version.
type count struct {
	N       int `json:"n"`
	Version int `json:"version"`
}

// A store keeps counters by name. It overwrites without a check: if two writers run at
// the same time, an update is lost.
type store struct {
	mu   sync.Mutex
	kept map[string]count
}

func (s *store) get(name string) count {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[name]
}

func (s *store) put(name string, c count) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[name] = c
}

// text returns all counters as text.
func (s *store) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.kept)
}

// A service is the running App. A write with the field Linger sends to entered and waits
// for leave.
type service struct {
	app     *restmachine.App
	store   *store
	address string
	stop    context.CancelFunc
	ended   chan error
	entered chan struct{}
	leave   chan struct{}
}

// serve starts the App on a free port of the loopback interface.
func serve(lock bool) (*service, error) {
	ctx, stop := context.WithCancel(context.Background())
	s := &service{
		store: &store{kept: map[string]count{}}, stop: stop, ended: make(chan error, 1),
		entered: make(chan struct{}), leave: make(chan struct{}),
	}
	heard := listener{slog.DiscardHandler, make(chan string, 1)}
	s.app = s.declare(lock, restmachine.WithLogger(slog.New(heard)))
	go func() { s.ended <- s.app.ListenAndServe(ctx, "127.0.0.1:0") }()
	select {
	case s.address = <-heard.address:
		return s, nil
	case err := <-s.ended:
		stop()
		return nil, err
	}
}

func (s *service) declare(lock bool, options ...restmachine.Option) *restmachine.App {
	if !lock {
		options = append(options, restmachine.WithoutResourceLock())
	}
	app := restmachine.New(options...)
	app.ResourceExists(func(path restmachine.PathParams) *count {
		c := s.store.get(path.Get("name"))
		return &c
	})
	app.GenerateETag(func(c *count) string { return strconv.Itoa(c.Version) })
	app.RequirePreconditions()
	app.Forbidden(refuses("app"))
	counter := app.Get("/counters/{name}", func(c *count) *count { return c }).Put(s.write).Patch(s.reply).Post(s.add)
	counter.Handle("COUNT", s.write).HandleSafe("QUERY", func(c *count) string { return strconv.Itoa(c.N) })
	counter.Forbidden(refuses("path"))
	app.Get("/panic", func() string { panic("as was asked for") })
	app.Get("/bytes", func() []byte { return make([]byte, 64<<10) })
	return app
}

// write replaces the count that was checked. It lets other goroutines run before that.
func (s *service) write(c *count, in restmachine.Body[count], path restmachine.PathParams, header http.Header) *count {
	if header.Get("Linger") != "" {
		s.entered <- struct{}{}
		<-s.leave
	}
	runtime.Gosched()
	next := count{N: in.Value.N, Version: c.Version + 1}
	s.store.put(path.Get("name"), next)
	return &next
}

// refuses is a gate for requests whose field Refused-By has a name.
func refuses(name string) func(http.Header) bool {
	return func(h http.Header) bool { return h.Get("Refused-By") == name }
}

// reply is write, in a Reply of its type.
func (s *service) reply(c *count, in restmachine.Body[count], path restmachine.PathParams, header http.Header) *restmachine.Reply[*count] {
	return restmachine.NewReply(http.StatusOK, s.write(c, in, path, header))
}

// add adds one to what it reads by itself. It does not need a precondition: the path has a PUT
// that is always locked, so the POST is locked, too.
func (s *service) add(path restmachine.PathParams) *restmachine.Reply[*count] {
	c := s.store.get(path.Get("name"))
	runtime.Gosched()
	next := count{N: c.N + 1, Version: c.Version + 1}
	s.store.put(path.Get("name"), next)
	return restmachine.Created("", &next)
}

// A listener is a log handler that receives the address of the server.
type listener struct {
	slog.Handler
	address chan string
}

func (l listener) Enabled(context.Context, slog.Level) bool { return true }

func (l listener) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "address" {
			l.address <- a.Value.String()
		}
		return true
	})
	return nil
}
