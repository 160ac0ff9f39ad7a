package restmachine_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// idleEvents is a stream that sends one event, and then waits for its end.
func idleEvents() *restmachine.EventStream {
	return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
		if err := send(restmachine.Event{Data: "open"}); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	})
}

// listening returns an App's logger, and where the App listens as soon as it does.
func listening() (restmachine.Option, <-chan string) {
	addr := make(chan string, 1)
	return restmachine.WithLogger(slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		if _, at, ok := strings.Cut(string(p), "address="); ok {
			addr <- strings.TrimSpace(at)
		}
		return len(p), nil
	}), nil))), addr
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// ListenAndServe returns nil in time with a thousand open event streams, each of which ends in
// good order.
func TestListenAndServeEndsEventStreams(t *testing.T) {
	const streams = 1000
	log, addr := listening()
	app := restmachine.New(log)
	app.Get("/feed", idleEvents)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- app.ListenAndServe(ctx, "127.0.0.1:0") }()
	at := <-addr

	var open, ended sync.WaitGroup
	for range streams {
		open.Add(1)
		ended.Go(func() {
			conn, err := net.Dial("tcp", at)
			if !assert.NoError(t, err) {
				open.Done()
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "GET /feed HTTP/1.1\r\nHost: x\r\n\r\n")
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if !assert.NoError(t, err) {
				open.Done()
				return
			}
			first := make([]byte, len("data: open\n\n"))
			_, err = io.ReadFull(resp.Body, first)
			assert.NoError(t, err)
			open.Done()
			rest, err := io.ReadAll(resp.Body)
			assert.NoError(t, err, "it was not cut")
			assert.Empty(t, rest)
		})
	}
	open.Wait()
	begun := time.Now()
	cancel()
	select {
	case err := <-done:
		assert.NoError(t, err)
		assert.Less(t, time.Since(begun), 10*time.Second)
	case <-time.After(15 * time.Second):
		t.Fatal("the streams keep the server")
	}
	ended.Wait()
}

// The same for a server of one's own, by RegisterOnShutdown. Other streams finish.
func TestDrainOfAnotherServer(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	release := make(chan struct{})
	app.Get("/feed", idleEvents)
	app.Get("/export", func() func(io.Writer) error {
		return func(w io.Writer) error {
			_, _ = io.WriteString(w, "half, ")
			<-release
			_, err := io.WriteString(w, "whole")
			return err
		}
	})
	server := httptest.NewServer(app)
	defer server.Close()
	server.Config.RegisterOnShutdown(app.Drain)
	get := func(path string) *http.Response {
		resp, err := server.Client().Get(server.URL + path)
		require.NoError(t, err)
		return resp
	}
	feed, export := get("/feed"), get("/export")
	done := make(chan error, 1)
	go func() { done <- server.Config.Shutdown(context.WithoutCancel(t.Context())) }()
	events, err := io.ReadAll(feed.Body)
	assert.NoError(t, err)
	assert.Equal(t, "data: open\n\n", string(events))
	close(release)
	all, err := io.ReadAll(export.Body)
	assert.NoError(t, err)
	assert.Equal(t, "half, whole", string(all))
	assert.NoError(t, <-done)
}

// Whoever drains: the App is not ready, event streams are over, connections close, and all else
// goes on.
func TestDrain(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/readyz", app.Ready)
	app.Get("/database", func() error { return errors.Join(app.Ready(), nil) })
	app.Get("/feed", idleEvents)
	app.Get("/", func() string { return "hello" })
	client := restmachinetest.Over(app)
	client.Get("/readyz").Expect(t).Status(204).NoHeader("Connection")
	client.Get("/database").Expect(t).Status(204)
	feed := client.Get("/feed").Stream(t)
	feed.Event("", "open")
	select {
	case <-app.Draining():
		t.Fatal("nobody drains")
	default:
	}

	var all sync.WaitGroup
	for range 4 {
		all.Go(app.Drain)
	}
	all.Wait()
	<-app.Draining()
	feed.Ended()
	client.Get("/readyz").Expect(t).Status(503).Header("Cache-Control", "no-store").Problem("about to end")
	client.Get("/database").Expect(t).Status(503)
	client.Get("/").Expect(t).Status(200).Body("hello").Header("Connection", "close")
	client.Get("/feed").Expect(t).Status(200).Body("retry: 1000\n\n")
	client.Head("/feed").Expect(t).Status(200)
}

// Shutdown drains.
func TestShutdownDrains(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/feed", idleEvents)
	feed := restmachinetest.NewClient(app).Get("/feed").Stream(t)
	feed.Event("", "open")
	require.NoError(t, app.Shutdown(t.Context()))
	feed.Ended()
	assert.Error(t, app.Ready())
}

// With a drain delay the server goes on to answer, and is not ready.
func TestDrainDelay(t *testing.T) {
	log, addr := listening()
	app := restmachine.New(log, restmachine.WithDrainDelay(time.Hour))
	app.Get("/readyz", app.Ready)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- app.ListenAndServe(ctx, "127.0.0.1:0") }()
	at := <-addr
	status := func() int {
		resp, err := http.Get("http://" + at + "/readyz")
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode
	}
	assert.Equal(t, 204, status())
	cancel()
	<-app.Draining()
	assert.Equal(t, 503, status(), "a new connection")
	select {
	case err := <-done:
		t.Fatalf("it has not waited: %v", err)
	default:
	}
}

// A drain delay ends.
func TestDrainDelayEnds(t *testing.T) {
	log, addr := listening()
	app := restmachine.New(log, restmachine.WithDrainDelay(time.Millisecond))
	app.Get("/", func() string { return "" })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- app.ListenAndServe(ctx, "127.0.0.1:0") }()
	<-addr
	cancel()
	assert.NoError(t, <-done)
}

// In process a stream is collected until it ends: by itself, with the context, or by Drain.
func TestExecuteCollectsAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := restmachine.New(harness.Quiet)
		app.Get("/ticks", func() *restmachine.EventStream {
			return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
				for {
					if err := send(restmachine.Event{Data: "tick"}); err != nil {
						return err
					}
					time.Sleep(time.Second)
				}
			})
		})
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		resp := app.ExecuteContext(ctx, restmachine.Request{Path: "/ticks"})
		assert.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, strings.Repeat("data: tick\n\n", 3), string(resp.Body))

		time.AfterFunc(1500*time.Millisecond, app.Drain)
		resp = app.Execute(restmachine.Request{Path: "/ticks"})
		assert.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, strings.Repeat("data: tick\n\n", 2), string(resp.Body))
	})
}
