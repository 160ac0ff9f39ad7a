// These tests read streams: what holds, what does not, and what is reported then.

package restmachinetest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// newFeed is an App with streams of several kinds. /deaf does not look at its context.
func newFeed(release <-chan struct{}) *restmachine.App {
	app := restmachine.New(quiet)
	feed := func(more func(ctx context.Context) error) restmachine.Func {
		return func(last restmachine.LastEventID) *restmachine.EventStream {
			seen, _ := strconv.Atoi(string(last))
			return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
				for n := seen + 1; n <= 3; n++ {
					if err := send(restmachine.Event{ID: strconv.Itoa(n), Name: "n", Data: map[string]int{"n": n}}); err != nil {
						return err
					}
				}
				return more(ctx)
			})
		}
	}
	app.Get("/feed", feed(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }))
	app.Get("/short", feed(func(context.Context) error { return nil }))
	app.Get("/broken", feed(func(context.Context) error { return errors.New("broken") }))
	app.Get("/deaf", feed(func(context.Context) error { <-release; return nil }))
	app.Get("/lines", func() iter.Seq[string] {
		return func(yield func(string) bool) { _ = yield("a") && yield("b") }
	})
	app.Get("/bytes", func() func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, "bytes"); return err }
	})
	app.Get("/text", func() string { return "text" })
	return app
}

func TestStreamsThatHold(t *testing.T) {
	client := restmachinetest.NewClient(newFeed(nil))
	assert.Empty(t, reports(t, func(t testing.TB) {
		s := client.Get("/feed").Stream(t).Status(200).Header("Content-Type", "text/event-stream")
		var first struct{ N int }
		assert.Equal(t, "1", s.JSON(&first).ID)
		assert.Equal(t, 1, first.N)
		s.Event("n", `{"n":2}`)
		again := s.Reconnect()
		again.Event("n", `{"n":3}`)
		again.Close()

		client.Get("/feed").Header("Last-Event-ID", "2").Stream(t).Event("n", `{"n":3}`)
		over := client.Get("/short").Header("Last-Event-ID", "3").Stream(t)
		over.Ended()
		cut := client.Get("/broken").Stream(t)
		cut.Next()
		cut.Cut()

		lines := client.Get("/lines").Accept("application/jsonl").Stream(t)
		assert.Equal(t, `"a"`, lines.Line())
		assert.Equal(t, `"b"`, lines.Line())
		lines.Ended()
		bytes := client.Get("/bytes").Stream(t)
		two := make([]byte, 2)
		_, err := io.ReadFull(bytes, two)
		assert.NoError(t, err)
		rest, err := io.ReadAll(bytes)
		assert.NoError(t, err)
		assert.Equal(t, "by+tes", string(two)+"+"+string(rest))
	}))
}

func TestStreamsThatDoNotHold(t *testing.T) {
	for _, tt := range []struct {
		name string
		test func(t testing.TB, client restmachinetest.Client)
		want string
	}{
		{"another status", func(t testing.TB, c restmachinetest.Client) { c.Get("/short").Stream(t).Status(204) },
			"the stream of GET /short: status is 200 OK, not 204 No Content"},
		{"another field", func(t testing.TB, c restmachinetest.Client) { c.Get("/short").Stream(t).Header("ETag", "x") },
			"the stream of GET /short: ETag is ``, not `x`"},
		{"another event", func(t testing.TB, c restmachinetest.Client) { c.Get("/short").Stream(t).Event("m", "1") },
			"the stream of GET /short: the event is `n` with the data `{\"n\":1}`, not `m` with the data `1`"},
		{"other data", func(t testing.TB, c restmachinetest.Client) { c.Get("/short").Stream(t).JSON(new([]int)) },
			"fatal: the stream of GET /short: the data `{\"n\":1}` cannot be read into a *[]int"},
		{"no event any more", func(t testing.TB, c restmachinetest.Client) {
			c.Get("/short").Header("Last-Event-ID", "3").Stream(t).Next()
		}, "fatal: the stream of GET /short: an event was expected, but EOF"},
		{"no event in time", func(t testing.TB, c restmachinetest.Client) {
			c.Get("/feed").Header("Last-Event-ID", "3").Stream(t).Next()
		}, "fatal: the stream of GET /feed: an event was expected, but nothing came within 5s"},
		{"no events at all", func(t testing.TB, c restmachinetest.Client) { c.Get("/text").Stream(t).Next() },
			"fatal: the stream of GET /text: an event was expected, but the response is 200 with the Content-Type `text/plain; charset=utf-8`"},
		{"an event too many", func(t testing.TB, c restmachinetest.Client) { c.Get("/short").Stream(t).Ended() },
			"the stream of GET /short: an orderly end was expected, but the event `n` came, with the data `{\"n\":1}`"},
		{"a cut is not an end", func(t testing.TB, c restmachinetest.Client) {
			c.Get("/broken").Header("Last-Event-ID", "2").Stream(t).Ended()
		}, "the stream of GET /broken: an orderly end was expected, but the event"},
		{"an end is not a cut", func(t testing.TB, c restmachinetest.Client) { c.Get("/short").Stream(t).Cut() },
			"the stream of GET /short: the connection was to be cut, but EOF"},
		{"no line", func(t testing.TB, c restmachinetest.Client) { c.Get("/text").Stream(t).Line() },
			"fatal: the stream of GET /text: a line was expected behind `text`, but EOF"},
		{"bytes too many", func(t testing.TB, c restmachinetest.Client) { c.Get("/text").Stream(t).Ended() },
			"the stream of GET /text: an orderly end was expected, but `text` came"},
		{"a handler that stays", func(t testing.TB, c restmachinetest.Client) {
			c.Get("/deaf").Header("Last-Event-ID", "3").Stream(t).Close()
		},
			"the stream of GET /deaf: the client has gone, and the handler goes on; it has to return when its context ends"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				defer close(release)
				got := reports(t, func(t testing.TB) { tt.test(t, restmachinetest.NewClient(newFeed(release))) })
				if assert.Len(t, got, 1) {
					assert.Contains(t, got[0], tt.want)
				}
			})
		})
	}
}

// A slow reader slows the handler down, and one that has gone ends it.
func TestAStreamHasLittleRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		ended := error(nil)
		app := restmachine.New(quiet, restmachine.WithStreamPatience(time.Minute))
		app.Get("/flood", func() *restmachine.EventStream {
			return restmachine.Events(func(_ context.Context, send func(restmachine.Event) error) error {
				for ended == nil {
					ended = send(restmachine.Event{Data: sent})
					sent++
				}
				return ended
			})
		})
		s := restmachinetest.NewClient(app).Get("/flood").Stream(t)
		time.Sleep(59 * time.Second)
		synctest.Wait()
		before := sent
		assert.Less(t, before, 100)
		for range 2 * before {
			s.Next()
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		assert.Error(t, ended, "nobody has read for too long")
	})
}

// Over asks any handler.
func TestOver(t *testing.T) {
	app := newFeed(nil)
	outer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Middleware", "yes")
		if r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		http.StripPrefix("/v1", app).ServeHTTP(w, r)
	})
	client := restmachinetest.Over(outer)
	client.Get("/v1/text").Expect(t).Status(418).Header("X-Middleware", "yes").Body("")
	client = client.Header("Authorization", "Bearer x")
	client.Get("/v1/text").Expect(t).Status(200).Body("text").Header("X-Middleware", "yes")
	client.Head("/v1/text").Expect(t).Status(200).Body("")
	client.Get("/v1/feed").Stream(t).Event("n", `{"n":1}`)
	got := reports(t, func(t testing.TB) { client.Get("/v1/broken").Expect(t) })
	if assert.Len(t, got, 1) {
		assert.Contains(t, got[0], "fatal: GET /v1/broken: the content cannot be read")
	}
	panics := restmachinetest.Over(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") }))
	got = reports(t, func(t testing.TB) { panics.Get("/").Expect(t) })
	if assert.Len(t, got, 1) {
		assert.Contains(t, got[0], "the handler panicked: a bug")
	}
}

func ExampleOver() {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello")
	})
	client := restmachinetest.Over(http.StripPrefix("/v1", hello))
	t := new(testing.T) // in a test, its own t
	fmt.Println(client.Get("/v1/").Request().Path, t.Failed())
	// Output: /v1/ false
}
