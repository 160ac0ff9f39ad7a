// Jobs makes reports, which takes longer than a client waits for an answer. The client gets a 202 with the
// URI of a job, looks there how it stands, and is led to the report.
//
//	go run ./cookbook/jobs
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// An Order is the content that asks for a report.
type Order struct {
	Title string `json:"title"`
}

// Validate refuses what could not succeed: a job that must fail is not begun.
func (o Order) Validate() error {
	if o.Title == "" {
		return errors.New("a report needs a title")
	}
	return nil
}

// A Report is what a job makes.
type Report struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

type jobPath struct {
	ID string `path:"id"`
}

// NewApp returns an App whose reports are made by a function.
func NewApp(work Work) *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() *Jobs { return NewJobs(work) })
	app.OnShutdown((*Jobs).Close)

	reports := app.Post("/reports", order)
	reports.Problems(errBusy)
	reports.Field("Retry-After", "How many seconds to wait.", 202) // for the document

	app.ResourceExists(func(path restmachine.Path[jobPath], jobs *Jobs) *Job { return jobs.Job(path.Value.ID) })
	job := app.Resource("/jobs/{id}")
	job.PreviouslyExisted(func(path restmachine.Path[jobPath], jobs *Jobs) bool { return jobs.WasCancelled(path.Value.ID) })
	app.GenerateETag(func(j *Job) string { return fmt.Sprintf("%s-%d", j.ID, j.version) })
	job.CacheControl(func() string { return "no-cache" })
	job.Get(show)
	job.Field("Retry-After", "How many seconds to wait. A job that has ended has none.", 200)
	job.Delete(func(j *Job, jobs *Jobs) { jobs.Cancel(j.ID) })

	app.ResourceExists(func(path restmachine.Path[jobPath], jobs *Jobs) *Report { return jobs.Report(path.Value.ID) })
	report := app.Resource("/reports/{id}")
	report.GenerateETag(func(r *Report) string { return restmachine.HashETag(r) })
	report.Get(func(r *Report) *Report { return r })
	return app
}

// order begins a job. The 202 tells where it can be watched, and when to look.
func order(in restmachine.Body[Order], jobs *Jobs) (*restmachine.Reply[*Job], error) {
	j := jobs.Begin(in.Value)
	if j == nil {
		return nil, errBusy
	}
	reply := restmachine.Accepted("/jobs/"+j.ID, j)
	reply.Header.Set("Retry-After", "1")
	return reply, nil
}

var errBusy = &restmachine.Problem{Status: http.StatusServiceUnavailable, Detail: "Too many reports are being made.",
	Header: http.Header{"Retry-After": {"5"}}}

// show says how a job stands. One that is done leads on to what it made.
func show(j *Job) *restmachine.Reply[*Job] {
	if j.State == done {
		return restmachine.SeeOther[*Job]("/reports/" + j.ID)
	}
	reply := restmachine.NewReply(http.StatusOK, j)
	if j.State == running {
		reply.Header.Set("Retry-After", "1")
	}
	return reply
}

// slowly stands for work. It tells how far it is, and ends early if nobody wants the report any more.
func slowly(ctx context.Context, o Order, progress func(percent int)) (*Report, error) {
	for percent := 0; percent < 100; percent += 10 {
		progress(percent)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
	}
	return &Report{o.Title, "All is well."}, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp(slowly).ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
