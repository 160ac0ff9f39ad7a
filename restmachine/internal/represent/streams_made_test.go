// Content that is made while it is sent: functions that write, io.WriterTo, sequences, events.

package represent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

type (
	row    struct{ N []int }
	ledger struct{ rows int }
)

func (s *ledger) WriteTo(w io.Writer) (int64, error) {
	n, err := fmt.Fprintf(w, "%d rows", s.rows)
	return int64(n), err
}

func rows(yield func(row) bool) {
	_ = yield(row{}) && yield(row{[]int{1}})
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// What a stream is sent as, in process and on the wire, and to whom.
func TestStreamsThatAreMade(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/func", func() func(io.Writer) error { return text("it writes itself") })
	app.Get("/nil", func() func(io.Writer) error { return nil })
	app.Get("/to", func() *ledger { return &ledger{3} })
	app.Get("/seq", func() iter.Seq[row] { return rows })
	app.Get("/seq2", func() iter.Seq2[*row, error] {
		return func(yield func(*row, error) bool) { _ = yield(nil, nil) && yield(&row{}, nil) }
	})
	app.Get("/none", func() iter.Seq[row] { return nil })
	app.Get("/reply", func() *restmachine.Reply[iter.Seq[row]] {
		return restmachine.NewReply[iter.Seq[row]](203, rows)
	})
	app.Get("/any", func() *restmachine.Reply[any] { return restmachine.NewReply[any](200, iter.Seq[row](rows)) })
	app.Post("/seq", func() iter.Seq[row] { return rows })
	csv := app.Resource("/csv")
	csv.Provides("text/csv", func(s *ledger) func(io.Writer) error { return text("n\n1\n") })
	csv.Provides("application/x-ndjson", func(*ledger) iter.Seq[row] { return rows })
	csv.Get(func() *ledger { return &ledger{} })

	for _, tt := range []struct {
		method, path, accept string
		status               int
		media, body          string
	}{
		{"GET", "/func", "", 200, "application/octet-stream", "it writes itself"},
		{"HEAD", "/func", "", 200, "application/octet-stream", ""},
		{"GET", "/func", "image/png", 200, "application/octet-stream", "it writes itself"},
		{"GET", "/nil", "", 204, "", ""},
		{"GET", "/to", "", 200, "application/octet-stream", "3 rows"},
		{"GET", "/seq", "", 200, "application/json", `[{"N":[]},{"N":[1]}]`},
		{"GET", "/seq", "application/jsonl, */*;q=0.1", 200, "application/jsonl", "{\"N\":[]}\n{\"N\":[1]}\n"},
		{"GET", "/seq", "text/html", 406, "application/problem+json", "?"},
		{"HEAD", "/seq", "", 200, "application/json", ""},
		{"GET", "/seq2", "", 200, "application/json", `[null,{"N":[]}]`},
		{"GET", "/none", "", 200, "application/json", `[]`},
		{"GET", "/reply", "application/jsonl", 203, "application/jsonl", "{\"N\":[]}\n{\"N\":[1]}\n"},
		{"GET", "/any", "application/jsonl", 200, "application/jsonl", "{\"N\":[]}\n{\"N\":[1]}\n"},
		{"POST", "/seq", "application/jsonl", 200, "application/jsonl", "{\"N\":[]}\n{\"N\":[1]}\n"},
		{"GET", "/csv", "", 200, "text/csv", "n\n1\n"},
		{"GET", "/csv", "application/x-ndjson", 200, "application/x-ndjson", "{\"N\":[]}\n{\"N\":[1]}\n"},
	} {
		for name, client := range map[string]restmachinetest.Client{"in process": restmachinetest.NewClient(app), "over ServeHTTP": restmachinetest.Over(app)} {
			call := client.Method(tt.method, tt.path)
			if tt.accept != "" {
				call = call.Accept(tt.accept)
			}
			r := call.Expect(t).Status(tt.status)
			what := name + " " + tt.method + " " + tt.path + " " + tt.accept
			assert.Equal(t, tt.media, r.Response.Header.Get("Content-Type"), what)
			if tt.body != "?" {
				assert.Equal(t, tt.body, string(r.Response.Body), what)
			}
		}
	}
}

// An encoder of the App's writes the elements and the data of events, too.
func TestStreamsUseTheEncoder(t *testing.T) {
	app := restmachine.New(harness.Quiet, restmachine.WithJSONEncoder(func(dst *bytes.Buffer, v any) error {
		text, err := json.Marshal(map[string]any{"own": v})
		dst.Write(text)
		return err
	}))
	app.Get("/seq", func() iter.Seq[int] { return slices.Values([]int{1, 2}) })
	app.Get("/events", func() *restmachine.EventStream {
		return restmachine.Events(func(_ context.Context, send func(restmachine.Event) error) error {
			return send(restmachine.Event{Data: 7})
		})
	})
	client := restmachinetest.NewClient(app)
	client.Get("/seq").Expect(t).Body(`[{"own":1},{"own":2}]`)
	client.Get("/events").Expect(t).Body("data: {\"own\":7}\n\n")
}

// What fails before anything was written is an answer of its own. What fails later cuts the
// connection. In process nothing was sent yet, so it is an answer in both cases.
func TestStreamsThatFail(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	broken, gone := errors.New("broken"), &restmachine.Problem{Status: 503, Detail: "later"}
	write := func(before string, err error) func() func(io.Writer) error {
		return func() func(io.Writer) error {
			return func(w io.Writer) error {
				_, _ = io.WriteString(w, before)
				return err
			}
		}
	}
	seq := func(before int, err error) func() iter.Seq2[int, error] {
		return func() iter.Seq2[int, error] {
			return func(yield func(int, error) bool) {
				for i := range before {
					if !yield(i, nil) {
						return
					}
				}
				yield(0, err)
			}
		}
	}
	events := func(before int, err error) func() *restmachine.EventStream {
		return func() *restmachine.EventStream {
			return restmachine.Events(func(_ context.Context, send func(restmachine.Event) error) error {
				for i := range before {
					if err := send(restmachine.Event{Data: i}); err != nil {
						return err
					}
				}
				return err
			})
		}
	}
	for _, tt := range []struct {
		path    string
		handler restmachine.Func
		status  int // 0: the connection is cut
		process int
	}{
		{"/w0", func() func(io.Writer) error { return func(io.Writer) error { return gone } }, 503, 503},
		{"/w1", write("half", broken), 0, 500},
		{"/w2", func() func(io.Writer) error { return func(io.Writer) error { panic("a bug") } }, 500, 500},
		{"/s0", seq(0, gone), 503, 503},
		{"/s1", seq(2, broken), 0, 500},
		{"/s2", func() iter.Seq[any] { return slices.Values([]any{1, func() {}}) }, 0, 500},
		{"/e0", events(0, restmachine.ErrNotFound), 404, 404},
		{"/e1", events(2, broken), 0, 500},
		{"/e2", func() *restmachine.EventStream {
			return restmachine.Events(func(_ context.Context, send func(restmachine.Event) error) error {
				return send(restmachine.Event{ID: "a\nb", Data: 1})
			})
		}, 500, 500},
	} {
		app.Get(tt.path, tt.handler)
		defer func() {
			for _, coding := range []string{"identity", "gzip"} {
				client := restmachinetest.Over(app).Header("Accept-Encoding", coding)
				s := client.Get(tt.path).Stream(t)
				if tt.status == 0 {
					s.Status(200).Cut()
				} else {
					s.Status(tt.status)
				}
			}
			restmachinetest.NewClient(app).Get(tt.path).Expect(t).Status(tt.process)
		}()
	}
	app.Encodings("gzip")
}

// On the wire of net/http a stream that fails never looks whole.
func TestABrokenStreamOnTheWire(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/seq", func() iter.Seq2[int, error] {
		return func(yield func(int, error) bool) { _ = yield(0, nil) && yield(0, errors.New("broken")) }
	})
	for _, major := range []int{1, 2} {
		server := httptest.NewUnstartedServer(app)
		server.EnableHTTP2 = major == 2
		server.StartTLS()
		resp, err := server.Client().Get(server.URL + "/seq")
		require.NoError(t, err)
		assert.Equal(t, major, resp.ProtoMajor)
		assert.Equal(t, 200, resp.StatusCode)
		body, err := io.ReadAll(resp.Body)
		assert.Error(t, err)
		assert.Equal(t, "[0", string(body))
		resp.Body.Close()
		server.Close()
	}
}

// A tag by a fact spares the stream. AutoETag has none.
func TestStreamsAndValidators(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	made := 0
	app.AutoETag(restmachine.Strong)
	feed := app.Resource("/feed")
	feed.GenerateETag(func() string { return "v1" })
	feed.Get(func() *restmachine.EventStream {
		return restmachine.Events(func(_ context.Context, send func(restmachine.Event) error) error {
			made++
			return send(restmachine.Event{Data: "x"})
		})
	})
	app.Get("/seq", func() iter.Seq[row] { return func(yield func(row) bool) { made++; rows(yield) } })
	client := restmachinetest.NewClient(app)

	full := client.Get("/feed").Expect(t).Status(200).Header("ETag", `"v1"`).Header("Cache-Control", "no-store").Header("X-Accel-Buffering", "no")
	full.Body("data: x\n\n")
	assert.Equal(t, 1, made)
	client.Get("/feed").IfNoneMatch(`"v1"`).Expect(t).Status(304).Header("Cache-Control", "no-store").NoHeader("X-Accel-Buffering")
	client.Head("/feed").Expect(t).Status(200).Header("Content-Type", "text/event-stream")
	client.Get("/feed").IfMatch(`"v2"`).Expect(t).Status(412)
	assert.Equal(t, 1, made, "none of these needs it")

	client.Get("/seq").Header("Range", "bytes=0-3").Expect(t).Status(200).NoHeader("ETag").NoHeader("Accept-Ranges").NoHeader("Content-Length")
	client.Head("/seq").Expect(t).Status(200).NoHeader("ETag")
	assert.Equal(t, 2, made)
}

// Cache-Control by a fact stays.
func TestEventsThatMayBeKept(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	feed := app.Resource("/feed")
	feed.CacheControl(func() string { return "max-age=5" })
	feed.Get(func() *restmachine.EventStream {
		return restmachine.Events(func(context.Context, func(restmachine.Event) error) error { return nil })
	})
	restmachinetest.NewClient(app).Get("/feed").Expect(t).Status(200).Header("Cache-Control", "max-age=5").Body("")
}

// An event goes through gzip at once, and through an encoder that cannot flush not at all: then
// it is not coded.
func TestEventsThroughACoding(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Encodings("slow", "gzip")
	app.Encoder("slow", func(w io.Writer) io.WriteCloser { return keeper{w} })
	more := make(chan string)
	app.Get("/feed", func() *restmachine.EventStream {
		return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
			for {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case data := <-more:
					if err := send(restmachine.Event{Data: data}); err != nil {
						return err
					}
				}
			}
		})
	})
	server := httptest.NewServer(app)
	defer server.Close()
	for _, tt := range []struct{ accept, coding string }{{"gzip", ""}, {"slow", ""}, {"identity", ""}} {
		req, err := http.NewRequest("GET", server.URL+"/feed", nil)
		require.NoError(t, err)
		if tt.accept != "gzip" { // else net/http asks for it, and decodes it
			req.Header.Set("Accept-Encoding", tt.accept)
		}
		resp, err := server.Client().Do(req)
		require.NoError(t, err)
		assert.Equal(t, tt.accept == "gzip", resp.Uncompressed)
		assert.Empty(t, resp.Header.Get("Content-Encoding"))
		for _, data := range []string{"one", "two"} {
			more <- data
			got := make([]byte, len("data: one\n\n"))
			_, err := io.ReadFull(resp.Body, got)
			require.NoError(t, err)
			assert.Equal(t, "data: "+data+"\n\n", string(got))
		}
		resp.Body.Close()
	}
}

type keeper struct{ io.Writer }

func (keeper) Close() error { return nil }

// A client that stops reading does not hold the stream for ever, and is not an error of the
// service.
func TestAClientThatDoesNotRead(t *testing.T) {
	ended := make(chan error, 1)
	log := new(harness.Log)
	app := restmachine.New(restmachine.WithLogger(slog.New(slog.NewTextHandler(log, nil))), restmachine.WithStreamPatience(50*time.Millisecond))
	app.Get("/flood", func() *restmachine.EventStream {
		return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) (err error) {
			defer func() { ended <- errors.Join(err, ctx.Err()) }()
			for err == nil {
				err = send(restmachine.Event{Data: bytes.Repeat([]byte("x"), 64<<10)})
			}
			return err
		})
	})
	server := httptest.NewServer(app)
	defer server.Close()
	resp, err := server.Client().Get(server.URL + "/flood")
	require.NoError(t, err)
	defer resp.Body.Close()
	select {
	case err := <-ended:
		assert.ErrorIs(t, err, context.Canceled, "its context has ended, too")
	case <-time.After(20 * time.Second):
		t.Fatal("the client holds the stream")
	}
	_, err = io.Copy(io.Discard, resp.Body)
	assert.Error(t, err)
	assert.NotContains(t, log.String(), "level=ERROR")
}
