// The whole machine under random answers: whatever the facts say and whatever
// the client sends, a request ends, with one status, and keeps what every answer
// keeps.

package restmachine_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// leaky is a stream that fails in the middle.
type leaky struct {
	text io.Reader
	fail func() error
}

func (l *leaky) Read(p []byte) (int, error) {
	n, err := l.text.Read(p[:min(len(p), 4)])
	if failed := l.fail(); failed != nil {
		err = failed
	}
	return n, err
}

// dice are the answers of all facts of one request, a byte each; when they have
// run out, all is well.
type dice struct {
	left          []byte
	written, kept int // writes: in the transaction, and when that is over
}

// gambled is when the note was last modified.
var gambled = time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)

// roll is an answer: mostly whether, sometimes not, seldom a failure.
func (d *dice) roll(whether bool) (bool, error) {
	if len(d.left) == 0 {
		return whether, nil
	}
	b := d.left[0]
	d.left = d.left[1:]
	failures := []func() error{
		func() error { panic(harness.Secret) },
		func() error { return errors.New(harness.Secret) },
		func() error { return restmachine.ErrNotFound },
		func() error { return restmachine.ErrGone },
		func() error { return &restmachine.Problem{Status: 402} },
	}
	switch {
	case b < 192:
		return whether, nil
	case b < 240:
		return !whether, nil
	}
	return whether, failures[int(b)%len(failures)]()
}

func (d *dice) yes() (bool, error) { return d.roll(true) }
func (d *dice) no() (bool, error)  { return d.roll(false) }

// write is every handler that writes: it may find that it was too slow.
func (d *dice) write(n *harness.Note) (*harness.Note, error) {
	d.written++
	switch ok, err := d.roll(true); {
	case err != nil:
		return nil, err
	case !ok:
		return nil, restmachine.ErrStale
	}
	return n, nil
}

// commit is the end of a transaction: what was written in it is kept, unless it
// failed.
func (d *dice) commit(failed error) error {
	_, err := d.yes()
	if failed == nil && err == nil {
		d.kept += d.written
	}
	d.written = 0
	return err
}

// exists is n, or nothing.
func (d *dice) exists(n *harness.Note) (*harness.Note, error) {
	if ok, err := d.yes(); !ok || err != nil {
		return nil, err
	}
	return n, nil
}

// gamble declares a machine whose every fact rolls the dice that current has.
func gamble(current **dice) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.Dependency(func() (*dice, func(error) error) { return *current, (*current).commit })
		for _, fact := range []func(restmachine.Func){app.ServiceAvailable, app.MethodAllowed, app.Authorized,
			app.ValidContentHeaders, app.KnownContentType, app.ValidEntityLength, app.AllowMissingPost, app.DeleteCompleted} {
			fact((*dice).yes)
		}
		for _, fact := range []func(restmachine.Func){app.URITooLong, app.MalformedRequest, app.Forbidden,
			app.PreviouslyExisted, app.IsConflict, app.MultipleChoices} {
			fact((*dice).no)
		}
		app.MovedPermanently(func(d *dice) (string, error) {
			if moved, err := d.no(); !moved || err != nil {
				return "", err
			}
			return "/elsewhere", nil
		})
		app.ResourceExists(func(d *dice) (*harness.Note, error) {
			return d.exists(&harness.Note{ID: "1", Text: "text", Version: 1})
		})
		app.Forbidden(func(_ restmachine.Optional[*harness.Note], d *dice) (bool, error) { return d.no() })
		app.CacheControl(func(d *dice) (string, error) { _, err := d.yes(); return "no-cache", err })
		app.FinishRequest(func(r *restmachine.Response) { r.Header.Set("X-Finished", "yes") })
		app.Location(func(*harness.Note) string { return "/plain/1" })
		app.Provides("application/json", func(n *harness.Note) (string, error) { return `{"version": 1}`, nil })
		app.Provides("text/html", func(n *harness.Note, d *dice) (string, error) { _, err := d.yes(); return "<p>", err })
		app.Languages("en", "de")
		app.Encodings("gzip")

		plain := app.Group("/plain")
		plain.GenerateETag(func(n *harness.Note, d *dice) (string, error) { _, err := d.yes(); return fmt.Sprint(n.Version), err })
		plain.LastModified(func(n *harness.Note) time.Time { return gambled })
		wager(plain.Resource("/{id}"))
		auto := app.Group("/auto")
		auto.AutoETag(restmachine.Strong)
		app.LockKey(restmachine.ByPath)
		auto.RequirePreconditions()
		wager(auto.Resource("/{id}"))
		app.Put("/upsert", func(d *dice) (*restmachine.Reply[*harness.Note], error) {
			n, err := d.write(&harness.Note{ID: "3", Text: "", Version: 1})
			return restmachine.Created("", n), err
		})
		app.Get("/stream", func(d *dice) io.Reader {
			return &leaky{strings.NewReader("some text"), func() error { _, err := d.yes(); return err }}
		})
	}
}

func wager(one *restmachine.Resource) {
	one.Get(func(n *harness.Note) *harness.Note { return n })
	one.Put(func(n restmachine.Optional[*harness.Note], d *dice, in restmachine.Body[harness.NoteIn]) (*harness.Note, error) {
		return d.write(&harness.Note{ID: "1", Text: in.Value.Text, Version: 2})
	})
	one.Patch(func(n *harness.Note, d *dice) (*harness.Note, error) { return d.write(n) })
	one.Delete(func(_ *harness.Note, d *dice) error { _, err := d.write(nil); return err })
	one.Post(func(d *dice) (*restmachine.Reply[*harness.Note], error) {
		n, err := d.write(&harness.Note{ID: "2", Text: "", Version: 1})
		return restmachine.Created("", n), err
	})
	one.Handle("PURGE", func(n *harness.Note, d *dice) (*restmachine.Reply[any], error) {
		n, err := d.write(n)
		return restmachine.NewReply[any](0, n), err
	})
	one.HandleSafe("QUERY", func(n *harness.Note) string { return n.Text })
	one.Forbidden((*dice).no) // beside those of the App
}

func FuzzExecute(f *testing.F) {
	tag := fmt.Sprintf("%q", "1")
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "TRACE", "FROB", "PURGE", "QUERY"} {
		for _, target := range []string{"/plain/1", "/auto/1", "/stream", "/nowhere", "/upsert"} {
			f.Add(method, target, "", []byte{}, []byte(harness.NoteContent))
			f.Add(method, target, "If-Match: "+tag+"\nContent-Type: application/json", []byte{}, []byte(harness.NoteContent))
			f.Add(method, target, "If-None-Match: *\nAccept: text/html\nAccept-Language: de", []byte{200, 0, 250}, []byte("{"))
			f.Add(method, target, "If-Modified-Since: "+gambled.Format(http.TimeFormat)+"\nRange: bytes=0-3", []byte{0, 0, 0, 0, 0, 0, 241}, []byte{})
			f.Add(method, target, "Accept-Encoding: gzip\nExpect: 100-continue\nIf-Match: W/\"1\", \"x", []byte{0, 0, 0, 0, 0, 0, 0, 0, 200}, []byte(harness.NoteContent))
		}
	}
	// The stream fails when the status was decided: the trace has what became of it.
	f.Add("GET", "/stream", "", append(make([]byte, 12), 241), []byte{})
	var current *dice
	app := restmachine.New(harness.Quiet)
	gamble(&current)(app)
	if err := app.Start(f.Context()); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, target, fields string, rolls, body []byte) {
		current = &dice{left: rolls}
		req := restmachine.Request{Method: method, Path: target, Header: http.Header{}, Body: body}
		for line := range strings.SplitSeq(fields, "\n") {
			if name, value, ok := strings.Cut(line, ":"); ok {
				req.Header.Add(name, strings.TrimSpace(value))
			}
		}
		resp, trace := app.Explain(req)
		restmachinetest.CheckResponse(t, req, resp)
		restmachinetest.CheckTrace(t, req, resp, trace)
		restmachinetest.CheckUnchanged(t, req, resp, 0, current.kept)
		if resp.StatusCode >= 400 {
			assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
		}
		assert.Less(t, len(trace.Visits), 5*len(decision.HTTP), "it goes in circles: %v", trace)
		restmachinetest.CheckIdle(t, app)
		assert.NotContains(t, fmt.Sprint(resp.Header, string(resp.Body)), "hunter2")
		var ledger restmachinetest.Ledger
		ledger.Check(t, req, resp)
		for _, fields := range [][]string{nil, {"Accept", "text/html"}, {"Accept-Language", "de", "Accept-Encoding", "gzip"}} {
			other := harness.RequestOf("GET", target, "", fields...)
			ledger.Check(t, other, app.Execute(other))
		}
	})
}
