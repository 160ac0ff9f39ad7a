// Wiring faults of streams, and what Describe says of them.

package plan_test

import (
	"context"
	"io"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

type (
	tx      struct{}
	queries struct{}
)

func beginTx() (*tx, func(error) error) { return &tx{}, func(error) error { return nil } }

func noEvents() *restmachine.EventStream {
	return restmachine.Events(func(context.Context, func(restmachine.Event) error) error { return nil })
}

var streamFaults = []faultRow{
	{
		name: "a write whose stream takes what has a cleanup", reason: "the transaction is over before it is sent",
		fault: func(app *restmachine.App) string {
			app.Dependency(beginTx)
			site := harness.NextLine()
			app.Post("/export", func(*tx) func(io.Writer) error { return nil })
			return site
		},
		says: []string{"POST /export makes a func(io.Writer) error", "beginTx", "before the answer to a POST is sent", "GET"},
		near: func(app *restmachine.App) {
			app.Dependency(beginTx)
			app.Get("/export", func(*tx) func(io.Writer) error { return nil })
			app.Post("/export", func(*tx) []string { return nil })
			app.Resource("/search").HandleSafe("QUERY", func(*tx) iter.Seq[string] { return nil })
		},
	},
	{
		name: "a write whose stream takes what is made of that", reason: "it is one and the same",
		fault: func(app *restmachine.App) string {
			app.Dependency(beginTx)
			app.Dependency(func(*tx) *queries { return nil })
			site := harness.NextLine()
			app.Put("/export", func(*queries) *restmachine.EventStream { return nil })
			return site
		},
		says: []string{"PUT /export makes a *restmachine.EventStream", "beginTx"},
		near: func(app *restmachine.App) {
			app.Dependency(func() *queries { return nil })
			app.Put("/export", func(*queries) *restmachine.EventStream { return nil })
		},
	},
	{
		name: "elements that cannot be JSON", reason: "each of them would fail",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/seq", func() iter.Seq[struct{ C chan int }] { return nil })
			return site
		},
		says: []string{"cannot be written as JSON"},
		near: func(app *restmachine.App) {
			app.Get("/seq", func() iter.Seq[struct{ C int }] { return nil })
		},
	},
	{
		name: "a sequence of streams", reason: "an array has no streams",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/seq", func() iter.Seq[io.Reader] { return nil })
			return site
		},
		says: []string{"nothing renders a io.Reader"},
		near: func(app *restmachine.App) {
			app.Get("/seq", func() iter.Seq[[]byte] { return nil })
		},
	},
	{
		name: "a sequence of pairs", reason: "nobody knows what they mean",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/seq", func() iter.Seq2[string, int] { return nil })
			return site
		},
		says: []string{"nothing renders a iter.Seq2[string,int]"},
		near: func(app *restmachine.App) {
			app.Get("/seq", func() iter.Seq2[string, error] { return nil })
		},
	},
}

func TestStreamFaults(t *testing.T) { checkFaults(t, streamFaults) }

func TestDescribeNamesStreams(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/feed", noEvents)
	app.Get("/rows", func() iter.Seq[int] { return nil })
	app.Get("/file", func() func(io.Writer) error { return nil })
	text := app.Describe()
	assert.Contains(t, text, "returns *restmachine.EventStream, streamed as text/event-stream")
	assert.Contains(t, text, "returns iter.Seq[int], streamed as application/json or application/jsonl")
	assert.Contains(t, text, "returns func(io.Writer) error, streamed as application/octet-stream")
}
