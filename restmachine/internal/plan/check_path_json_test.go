// Types that JSON cannot hold are found at start.

package plan_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

func TestFaultsOfJSON(t *testing.T) {
	type job struct{ Done chan int }
	type tagged struct {
		//lint:ignore SA5008 the mistake is to be found
		Name string `json:"name,omitEmpty"`
	}
	type timed struct{ Took time.Duration }
	say := func(name string, option restmachine.Option, register func(app *restmachine.App), texts ...string) {
		t.Helper()
		app := restmachine.New(option)
		register(app)
		err := app.Validate()
		if len(texts) == 0 {
			assert.NoError(t, err, name)
			return
		}
		for _, text := range append(texts, "check_path_json_test.go:") {
			assert.ErrorContains(t, err, text, name)
		}
	}
	none := restmachine.WithLogger(nil)
	own := restmachine.WithJSONEncoder(func(*bytes.Buffer, any) error { return nil })
	getsJob := func(app *restmachine.App) { app.Get("/x", func() []*job { return nil }) }
	postsJob := func(app *restmachine.App) { app.Post("/x", func(restmachine.Body[job]) {}) }

	say("a field that is returned", none, getsJob, "[]*plan_test.job cannot be written as JSON", "job.Done: a chan int cannot be written", `json:"-"`)
	say("in a Reply", none, func(app *restmachine.App) { app.Post("/x", func() *restmachine.Reply[job] { return nil }) }, "returned by: POST /x")
	say("a field that is read", none, postsJob, "Body[plan_test.job] cannot be read from JSON", "job.Done: a chan int cannot be read", "Accepts")
	say("a mistake in a tag", none, func(app *restmachine.App) { app.Put("/x", func(restmachine.Body[tagged]) {}) }, "`omitEmpty`", "specify `omitempty`")
	say("in a patch", none, func(app *restmachine.App) { app.Patch("/x", func(restmachine.Body[restmachine.MergePatch[*job]]) {}) },
		"Body[restmachine.MergePatch[*", "job.Done: a chan int cannot be read")
	say("what a Provides returns", none, func(app *restmachine.App) {
		app.Provides("application/vnd.x+json", func(string) job { return job{} })
		app.Get("/x", func() string { return "" })
	}, "Provides application/vnd.x+json", "returns plan_test.job, which cannot be written as JSON")
	say("with an own encoder", own, getsJob)
	say("with an own encoder, read", own, postsJob, "cannot be read from JSON")
	say("with a Provides", none, func(app *restmachine.App) {
		app.Provides("text/plain", func([]*job) string { return "" })
		getsJob(app)
	})
	say("with an Accepts", none, func(app *restmachine.App) {
		app.Accepts("text/plain", func([]byte) job { return job{} })
		postsJob(app)
	})
	say("behind an any", none, func(app *restmachine.App) { app.Get("/x", func() any { return job{} }) })
	duration := func(app *restmachine.App) { app.Post("/x", func(in restmachine.Body[timed]) timed { return in.Value }) }
	say("a Duration", none, duration)
	say("a Duration by v2", restmachine.WithJSONv2(), duration, "Body[plan_test.timed] cannot be read", "returns plan_test.timed", "time.Duration")
}

// TestFaultsOfJSONStay: who asks again gets the same answer.
func TestFaultsOfJSONStay(t *testing.T) {
	app := restmachine.New()
	app.Get("/x", func() struct{ C chan int } { return struct{ C chan int }{} })
	assert.Error(t, app.Validate())
	assert.Error(t, app.Validate())
}
