package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A reading is a transaction that a stream is read from.
type reading struct {
	open bool
	log  *[]string
}

func (r *reading) say(what string) { *r.log = append(*r.log, fmt.Sprint(what, " open:", r.open)) }

// readings is an App whose GETs stream from a transaction. The commit fails with failed.
func readings(log *[]string, failed *error) *restmachine.App {
	app := restmachine.New(harness.Quiet)
	app.Dependency(func() (*reading, func(error) error) {
		r := &reading{true, log}
		return r, func(err error) error {
			r.open = false
			*log = append(*log, fmt.Sprint("cleanup ", err))
			return *failed
		}
	})
	rows := func(last error) func(r *reading) iter.Seq2[int, error] {
		return func(r *reading) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) {
				r.say("read")
				_ = yield(1, nil) && yield(2, last)
			}
		}
	}
	app.Get("/rows", rows(nil))
	app.Get("/broken", rows(errors.New("broken")))
	app.Get("/reader", func(r *reading) io.Reader {
		return io.MultiReader(strings.NewReader("text"), readerFunc(func([]byte) (int, error) { r.say("read"); return 0, io.EOF }))
	})
	app.Get("/refused", func(r *reading) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) { r.say("read"); yield(0, restmachine.ErrNotFound) }
	})
	app.Get("/exits", func(r *reading) func(io.Writer) error {
		return func(w io.Writer) error { r.say("read"); runtime.Goexit(); return nil }
	})
	app.Get("/text", func(r *reading) string { r.say("read"); return "text" })
	app.Get("/feed", func(r *reading) *restmachine.EventStream {
		return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
			r.say("read")
			_ = send(restmachine.Event{Data: "open"})
			<-ctx.Done()
			r.say("end")
			return ctx.Err()
		})
	})
	return app
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// On a GET the cleanups follow the stream, and are told of its error.
func TestCleanupsFollowAStream(t *testing.T) {
	var log []string
	var failed error
	app := readings(&log, &failed)
	client := restmachinetest.Over(app)
	take := func() []string {
		was := log
		log = nil
		return was
	}

	client.Get("/rows").Expect(t).Body("[1,2]")
	assert.Equal(t, []string{"read open:true", "cleanup <nil>"}, take())
	client.Get("/reader").Expect(t).Body("text")
	assert.Equal(t, []string{"read open:true", "cleanup <nil>"}, take())
	client.Head("/rows").Expect(t).Status(200)
	assert.Equal(t, []string{"cleanup <nil>"}, take(), "nothing was read")
	client.Get("/text").Expect(t).Body("text")
	assert.Equal(t, []string{"read open:true", "cleanup <nil>"}, take())
	client.Get("/refused").Expect(t).Status(404)
	assert.Equal(t, []string{"read open:true", "cleanup not found"}, take())

	client.Get("/broken").Stream(t).Status(200).Cut()
	assert.Equal(t, []string{"read open:true", "cleanup broken"}, take())
	restmachinetest.NewClient(app).Get("/broken").Expect(t).Status(500)
	assert.Equal(t, []string{"read open:true", "cleanup broken"}, take())

	feed := client.Get("/feed").Stream(t)
	feed.Event("", "open")
	feed.Close()
	assert.Equal(t, []string{"read open:true", "end open:true", "cleanup <nil>"}, take())

	failed = errors.New("not committed")
	client.Get("/rows").Stream(t).Status(200).Cut() // the client must not take it for whole
	restmachinetest.NewClient(app).Get("/rows").Expect(t).Status(500)
	client.Get("/refused").Expect(t).Status(404)
	take()

	exited := make(chan bool)
	go func() {
		defer close(exited)
		app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/exits", nil))
	}()
	<-exited
	assert.Equal(t, []string{"read open:true", "cleanup a callback ended its goroutine"}, take())
}
