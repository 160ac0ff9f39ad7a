package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestPage plays the session. Time passes in it by its requests: the first job is done when it is looked
// at for the second time.
func TestPage(t *testing.T) {
	finish, looks := make(chan bool), 0
	app := NewApp(func(ctx context.Context, o Order, progress func(int)) (*Report, error) {
		select {
		case <-finish:
			return &Report{o.Title, "All is well."}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	recipe.Check(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, ok := strings.CutPrefix(r.URL.Path, "/jobs/"); ok && r.Method == "GET" {
			if looks++; looks == 2 {
				finish <- true
				for app.Execute(restmachine.Request{Path: "/reports/" + id}).StatusCode != 200 {
					time.Sleep(time.Millisecond)
				}
			}
		}
		app.ServeHTTP(w, r)
	}))
}

// in runs a test in a bubble, where work that takes seconds takes no time.
func in(t *testing.T, work Work, test func(t *testing.T, client restmachinetest.Client, app *restmachine.App)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		app := NewApp(work)
		restmachinetest.Check(t, app)
		test(t, restmachinetest.NewClient(app), app)
		require.NoError(t, app.Shutdown(t.Context()))
	})
}

func begin(t *testing.T, client restmachinetest.Client) (job string) {
	t.Helper()
	return client.Post("/reports").JSON(Order{"May"}).Expect(t).Status(202).Header("Retry-After", "1").Location()
}

func TestFromTheOrderToTheReport(t *testing.T) {
	in(t, slowly, func(t *testing.T, client restmachinetest.Client, _ *restmachine.App) {
		job := begin(t, client)
		synctest.Wait()
		get := client.Get(job)
		var now Job
		first := get.Expect(t).Status(200).Header("Retry-After", "1").Header("Cache-Control", "no-cache")
		first.JSON(&now)
		assert.Equal(t, running, now.State)
		same := get.IfNoneMatch(first.ETag()).Expect(t).Status(304)
		restmachinetest.CheckNotModified(t, first.Response, same.Response)
		restmachinetest.CheckHead(t, first.Response, client.Head(job).Expect(t).Response)
		client.Get("/reports/" + now.ID).Expect(t).Status(404)

		time.Sleep(time.Second)
		synctest.Wait()
		later := get.IfNoneMatch(first.ETag()).Expect(t).Status(200) // it has come further
		later.JSON(&now)
		assert.Equal(t, 30, now.Progress)

		time.Sleep(3 * time.Second)
		synctest.Wait()
		made := get.Expect(t).Status(303).NoHeader("ETag").NoHeader("Retry-After").Location()
		get.IfNoneMatch(later.ETag()).Expect(t).Status(303)
		get.IfNoneMatch("*").Expect(t).Status(303) // a precondition of what is not sent does not count
		report := client.Get(made).Expect(t).Status(200).Body(`{"title":"May","text":"All is well."}`)
		client.Get(made).IfNoneMatch(report.ETag()).Expect(t).Status(304)
	})
}

func TestCancel(t *testing.T) {
	in(t, slowly, func(t *testing.T, client restmachinetest.Client, _ *restmachine.App) {
		job := begin(t, client)
		client.Delete(job).IfMatch(`"another"`).Expect(t).Status(412)
		client.Get(job).Expect(t).Status(200)
		client.Delete(job).Expect(t).Status(204)
		for _, method := range []string{"GET", "DELETE"} {
			client.Method(method, job).Expect(t).Status(410)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		client.Get(job).Expect(t).Status(410)
		client.Get(strings.Replace(job, "jobs", "reports", 1)).Expect(t).Status(404)

		job = begin(t, client)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		made := client.Get(job).Expect(t).Status(303).Location()
		client.Delete(job).Expect(t).Status(204)
		client.Get(made).Expect(t).Status(404)
		client.Delete("/jobs/other").Expect(t).Status(404)
	})
}

// TestWorkThatDoesNotListen: a report that is finished after it was cancelled does not appear.
func TestWorkThatDoesNotListen(t *testing.T) {
	deaf := func(_ context.Context, o Order, progress func(int)) (*Report, error) {
		time.Sleep(time.Second)
		progress(50)
		return &Report{Title: o.Title}, nil
	}
	in(t, deaf, func(t *testing.T, client restmachinetest.Client, _ *restmachine.App) {
		job := begin(t, client)
		client.Delete(job).Expect(t).Status(204)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		client.Get(job).Expect(t).Status(410)
		client.Get(strings.Replace(job, "jobs", "reports", 1)).Expect(t).Status(404)
	})
}

func TestFailure(t *testing.T) {
	broken := func(context.Context, Order, func(int)) (*Report, error) { return nil, errors.New("disk 3 is full") }
	in(t, broken, func(t *testing.T, client restmachinetest.Client, _ *restmachine.App) {
		job := begin(t, client)
		synctest.Wait()
		var now Job
		shown := client.Get(job).Expect(t).Status(200).NoHeader("Retry-After")
		shown.JSON(&now)
		assert.Equal(t, failed, now.State)
		assert.NotContains(t, string(shown.Response.Body), "disk", "the log has the reason")
		client.Get(strings.Replace(job, "jobs", "reports", 1)).Expect(t).Status(404)
	})
}

// TestTooMany: a job that was cancelled counts until it has stopped, and what has ended is forgotten.
func TestTooMany(t *testing.T) {
	in(t, slowly, func(t *testing.T, client restmachinetest.Client, _ *restmachine.App) {
		client.Post("/reports").JSON(Order{}).Expect(t).Status(422)
		var first string
		for range maxRunning {
			first = begin(t, client)
		}
		client.Post("/reports").JSON(Order{"May"}).Expect(t).Status(503).Header("Retry-After", "5")
		client.Delete(first).Expect(t).Status(204)
		synctest.Wait()
		begin(t, client)
		time.Sleep(keptFor + time.Minute)
		begin(t, client)
		client.Get(first).Expect(t).Status(404)
	})
}

// TestShutdown: jobs end with the App, and none begins afterwards.
func TestShutdown(t *testing.T) {
	j := NewJobs(slowly)
	require.NotNil(t, j.Begin(Order{"May"}))
	require.NoError(t, j.Close(t.Context()))
	assert.Nil(t, j.Begin(Order{"May"}))
	deaf := NewJobs(func(context.Context, Order, func(int)) (*Report, error) { select {} })
	deaf.Begin(Order{"May"})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, deaf.Close(ended), context.Canceled)
}

// TestDocument holds the answers to the OpenAPI document.
func TestDocument(t *testing.T) {
	restmachinetest.CheckDocument(t, NewApp(func(ctx context.Context, o Order, progress func(int)) (*Report, error) {
		return &Report{o.Title, "All is well."}, nil
	}), restmachinetest.Document{Info: openapi.Info{Texts: map[string]openapi.Text{
		"POST /reports": {Statuses: []int{202}}, "GET /jobs/{id}": {Statuses: []int{200, 303}},
	}}})
}
