// A Dependency with a cleanup spans the check and the write: a transaction that
// is committed before anybody hears of it, and before anybody else may write.

package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/fast"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A tx notes in order what is done in it; each request has its own.
type tx struct{ events *[]string }

func (x *tx) note(event string) { *x.events = append(*x.events, event) }

// transactions declares a note that is loaded, checked and written in one tx.
func transactions(events *[]string, commit func(err error) error) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.Dependency(func() (*tx, func(error) error) {
			x := &tx{events}
			x.note("begin")
			return x, func(err error) error {
				if err != nil {
					x.note("rollback")
				} else {
					x.note(fmt.Sprintf("commit with %d locked", app.LocksHeld()))
				}
				return commit(err)
			}
		})
		app.ResourceExists(func(path restmachine.PathParams, x *tx) *harness.Note {
			x.note("load")
			return harness.NoteByPath(path)
		})
		app.GenerateETag(func(n *harness.Note, x *tx) string { x.note("tag"); return fmt.Sprint(n.Version) })
		app.FinishRequest(func(*restmachine.Response) { *events = append(*events, "finish") })
		one := app.Get("/notes/{id}", func(n *harness.Note) *harness.Note { return n })
		one.Put(func(n *harness.Note, in restmachine.Body[harness.NoteIn], x *tx) (*harness.Note, error) {
			x.note("write")
			switch in.Value.Text {
			case "fail":
				return nil, errors.New(harness.Secret)
			case "panic":
				panic(harness.Secret)
			}
			return &harness.Note{ID: n.ID, Text: in.Value.Text, Version: n.Version + 1}, nil
		})
	}
}

// witness notes when the answer is written.
type witness struct {
	*httptest.ResponseRecorder
	events *[]string
}

func (w witness) WriteHeader(status int) {
	*w.events = append(*w.events, fmt.Sprint("answer ", status))
	w.ResponseRecorder.WriteHeader(status)
}

func TestATransactionSpansCheckAndWrite(t *testing.T) {
	fails := func(err error) error { return err }
	fine := func(error) error { return nil }
	rows := []struct {
		name   string
		text   string
		match  string
		commit func(error) error
		want   []string
	}{
		{"written", "new", `"1"`, fine, []string{"begin", "load", "tag", "write", "load", "tag", "finish", "commit with 1 locked", "answer 200"}},
		{"refused", "new", `"0"`, fine, []string{"begin", "load", "tag", "finish", "commit with 1 locked", "answer 412"}},
		{"failed", "fail", `"1"`, fine, []string{"begin", "load", "tag", "write", "finish", "rollback", "answer 500"}},
		{"failed, and says so", "fail", `"1"`, fails, []string{"begin", "load", "tag", "write", "finish", "rollback", "finish", "answer 500"}},
		{"panicked", "panic", `"1"`, fine, []string{"begin", "load", "tag", "write", "finish", "rollback", "answer 500"}},
		{"not committed", "new", `"1"`, func(error) error { return errors.New(harness.Secret) },
			[]string{"begin", "load", "tag", "write", "load", "tag", "finish", "commit with 1 locked", "finish", "answer 500"}},
		{"stale at the commit", "new", `"1"`, func(error) error { return restmachine.ErrStale },
			[]string{"begin", "load", "tag", "write", "load", "tag", "finish", "commit with 1 locked", "finish", "answer 412"}},
		{"stale at the commit, without a precondition", "new", "", func(error) error { return restmachine.ErrStale },
			[]string{"begin", "load", "write", "load", "tag", "finish", "commit with 1 locked", "finish", "answer 409"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var events []string
			x := harness.NewTrial(t, transactions(&events, row.commit))
			fields := []string{}
			if row.match != "" {
				fields = []string{"If-Match", row.match}
			}
			req := harness.RequestOf("PUT", "/notes/1", fmt.Sprintf(`{"text": %q}`, row.text), fields...)
			inProcess := x.Do(req.Method, req.Path, string(req.Body), fields...)
			x.Discreet(inProcess)
			events = nil

			w := witness{httptest.NewRecorder(), &events}
			x.App.ServeHTTP(w, wireRequest(req))
			assert.Equal(t, withoutRepeats(row.want), withoutRepeats(events))
			assert.Equal(t, inProcess.StatusCode, w.Code, "in process")
			if w.Code == http.StatusOK {
				assert.Equal(t, `"2"`, w.Header().Get("ETag"), "the new state's")
			} else {
				assert.Empty(t, w.Header().Get("ETag"), "nothing was written")
			}
			x.Idle()
		})
	}
}

func wireRequest(req restmachine.Request) *http.Request {
	r := httptest.NewRequest(req.Method, req.Path, bytes.NewReader(req.Body))
	r.Header = req.Header
	return r
}

// withoutRepeats leaves out what happens again at once: how often a fact is
// asked is not the matter here.
func withoutRepeats(events []string) []string {
	var once []string
	for _, e := range events {
		if e == "load" && len(once) > 2 {
			continue
		}
		if len(once) == 0 || once[len(once)-1] != e {
			once = append(once, e)
		}
	}
	return once
}

// All cleanups run, the last made first, each told of the first error.
func TestCleanupsRunInReverse(t *testing.T) {
	type first struct{}
	type second struct{ *first }
	type third struct{ *second }
	endings := map[string]func() error{
		"returns":            func() error { return nil },
		"fails":              func() error { return errors.New("two") },
		"panics":             func() error { panic("two") },
		"ends its goroutine": func() error { runtime.Goexit(); return nil },
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			var order, told []string
			note := func(who string, end func() error) func(error) error {
				return func(err error) error {
					order, told = append(order, who), append(told, fmt.Sprint(err != nil))
					return end()
				}
			}
			x := harness.NewTrial(t, func(app *restmachine.App) {
				app.ResourceExists(harness.TaskByPath)
				fine := func() error { return nil }
				app.Dependency(func() (*first, func(error) error) { return &first{}, note("first", fine) })
				app.Dependency(func(f *first) (*second, func(error) error) { return &second{f}, note("second", end) })
				app.Dependency(func(s *second) (*third, func(error) error) { return &third{s}, note("third", fine) })
				app.Put("/tasks/{id}", func(*harness.Task, *third) {})
			})
			done := make(chan struct{})
			go func() {
				defer close(done)
				status := x.App.Execute(harness.RequestOf("PUT", "/tasks/1", "")).StatusCode
				assert.Equal(t, map[bool]int{true: 204, false: 500}[name == "returns"], status)
			}()
			<-done
			assert.Equal(t, []string{"third", "second", "first"}, order)
			failed := fmt.Sprint(name != "returns")
			assert.Equal(t, []string{"false", "false", failed}, told)
			x.Idle()
		})
	}
}

type (
	ledgerTx struct{}
	ledgerOf struct{ tx *ledgerTx }
)

// A callback that could not be called, since one of its arguments could not be
// made, has returned nothing: above all not what the one before it did.
func TestWhatWasNotCalledReturnsNothing(t *testing.T) {
	for _, direct := range []bool{false, true} {
		undone := 0
		app := restmachine.New()
		app.Dependency(func() (*ledgerTx, func(error) error) {
			return &ledgerTx{}, func(error) error { undone++; return nil }
		})
		type page struct {
			Size int `query:"size"`
		}
		of := func(tx *ledgerTx, _ restmachine.Query[page]) *ledgerOf { return &ledgerOf{tx} }
		if direct {
			fast.Call2x1[*ledgerTx, restmachine.Query[page], *ledgerOf]()
		}
		app.Dependency(of)
		app.Get("/ledger", func(l *ledgerOf) string { return "ledger" })
		resp := app.Execute(restmachine.Request{Path: "/ledger?size=many"})
		assert.Equal(t, 400, resp.StatusCode)
		assert.Equal(t, 1, undone, "the cleanup of the first Dependency runs once; direct: %v", direct)
	}
}

// TestCleanupOfARefusal: a handler that refuses by a Reply wants nothing kept, as
// one that returns the Problem.
func TestCleanupOfARefusal(t *testing.T) {
	for _, row := range []struct {
		name  string
		reply func() (*restmachine.Reply[any], error)
		kept  bool
	}{
		{"a Reply of 200", func() (*restmachine.Reply[any], error) { return restmachine.NewReply[any](200, "x"), nil }, true},
		{"a Reply of 303", func() (*restmachine.Reply[any], error) { return restmachine.SeeOther[any]("/"), nil }, true},
		{"a Reply of 409", func() (*restmachine.Reply[any], error) { return restmachine.NewReply[any](409, "x"), nil }, false},
		{"a Problem", func() (*restmachine.Reply[any], error) { return nil, &restmachine.Problem{Status: 409} }, false},
	} {
		var ended error
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.Dependency(func() (*tx, func(error) error) {
				return &tx{}, func(err error) error { ended = err; return nil }
			})
			app.Post("/x", func(*tx) (*restmachine.Reply[any], error) { return row.reply() })
		})
		p.Do("POST", "/x", "")
		assert.Equal(t, row.kept, ended == nil, row.name)
	}
}
