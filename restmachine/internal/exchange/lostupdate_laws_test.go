// The laws of what many acknowledged writes amount to, in whatever order they
// were made. Each must hold where the lock keeps it, and where a store that
// checks does, and must break where nobody does.

package exchange_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

const clients = 8

// A law lets clients write so many times each, and says what became of it.
type law struct {
	name  string
	quick int // writes of each client
	play  func(t *testing.T, l *ledger, send sender, times int) error
}

var laws = []law{
	{"the sum of what PUT was told is the counter", 100, counting("PUT", "/numbered/tallies/t")},
	{"the sum of what PATCH was told is the counter", 50, counting("PATCH", "/numbered/tallies/t")},
	{"the sum of what PUT was told is the counter, by AutoETag", 50, counting("PUT", "/hashed/tallies/t")},
	{"the sum of what a method beside those of RFC 9110 was told is the counter", 50, counting("PURGE", "/numbered/tallies/t")},
	{"neither a PUT nor a POST to its sub-path is undone by the other", 50, countingAndClosing("/numbered/tallies/t/close")},
	{"neither a PUT nor a POST to its path is undone by the other", 50, countingAndClosing("/numbered/tallies/t")},
	{"what is there was created, and not deleted since", 50, creatingAndDeleting},
	{"who updates what is deleted does not bring it back", 50, updatingTheDeleted},
}

func TestTheLaws(t *testing.T) {
	for _, law := range laws {
		for _, w := range reaches {
			t.Run(law.name+", over "+w.name, func(t *testing.T) {
				l := newLedger(t, byLock)
				assert.NoError(t, law.play(t, l, w.open(t, l.app), rounds(min(law.quick, w.quick))))
				restmachinetest.CheckIdle(t, l.app)
			})
		}
		t.Run(law.name+", by "+byStore.name, func(t *testing.T) {
			l := newLedger(t, byStore)
			assert.NoError(t, law.play(t, l, executes(t, l.app), rounds(min(law.quick, 200))))
		})
	}
}

// The proof that TestTheLaws can fail.
func TestWithoutTheLockTheLawsBreak(t *testing.T) {
	for _, law := range laws {
		t.Run(law.name, func(t *testing.T) {
			l := newLedger(t, byNobody)
			breaks(t, 1000, func() error { return law.play(t, l, executes(t, l.app), 50) })
		})
	}
}

// tryAgain says whether a write was refused for what others wrote: 409 is for
// one without a precondition that was too late each time.
func tryAgain(status int) bool { return status == 404 || status == 412 || status == 409 }

// insist sends what request makes until it was acknowledged so many times.
func insist(send sender, times int, request func() (restmachine.Request, error)) error {
	for done := 0; done < times; {
		req, err := request()
		if err != nil {
			return err
		}
		switch resp := send(req); {
		case resp.StatusCode/100 == 2:
			done++
		case !tryAgain(resp.StatusCode):
			return fmt.Errorf("%s %s: %d %s", req.Method, req.Path, resp.StatusCode, resp.Body)
		}
	}
	return nil
}

// increment is the write that adds one to what a GET has just shown.
func increment(send sender, method, target string) (restmachine.Request, error) {
	got := send(harness.RequestOf("GET", target, ""))
	var now tally
	if err := json.Unmarshal(got.Body, &now); err != nil {
		return restmachine.Request{}, fmt.Errorf("%d %s: %w", got.StatusCode, got.Body, err)
	}
	runtime.Gosched()
	return harness.RequestOf(method, target, tally{N: now.N + 1}.json(), "If-Match", got.Header.Get("ETag")), nil
}

func counting(method, target string) func(*testing.T, *ledger, sender, int) error {
	return func(t *testing.T, l *ledger, send sender, times int) error {
		l.reset(t, &tally{})
		err := atOnce(clients, func(int) error {
			return insist(send, times, func() (restmachine.Request, error) { return increment(send, method, target) })
		})
		return errors.Join(err, l.amounts(t, tally{N: clients * times}))
	}
}

// amounts says whether the tally is what was acknowledged.
func (l *ledger) amounts(t *testing.T, acknowledged tally) error {
	e, _, err := l.kept.Get(t.Context(), "t")
	require.NoError(t, err)
	if e.Value != acknowledged {
		return fmt.Errorf("%w: acknowledged is %+v, kept %+v", errLost, acknowledged, e.Value)
	}
	return nil
}

// countingAndClosing lets half of the clients count by PUT, and half close by a POST that does
// not carry a precondition.
func countingAndClosing(post string) func(*testing.T, *ledger, sender, int) error {
	return func(t *testing.T, l *ledger, send sender, times int) error {
		l.reset(t, &tally{})
		err := atOnce(clients, func(i int) error {
			return insist(send, times, func() (restmachine.Request, error) {
				if i%2 == 0 {
					return harness.RequestOf("POST", post, ""), nil
				}
				return increment(send, "PUT", "/numbered/tallies/t")
			})
		})
		return errors.Join(err, l.amounts(t, tally{clients / 2 * times, clients / 2 * times}))
	}
}

func creatingAndDeleting(t *testing.T, l *ledger, send sender, times int) error {
	l.reset(t, nil)
	var created, deleted atomic.Int64
	err := atOnce(clients, func(int) error {
		for range times {
			switch put := send(harness.RequestOf("PUT", "/numbered/made/t", one.json(), "If-None-Match", "*")); {
			case put.StatusCode == http.StatusCreated:
				created.Add(1)
			case !tryAgain(put.StatusCode):
				return fmt.Errorf("PUT: %d %s", put.StatusCode, put.Body)
			}
			switch del := send(harness.RequestOf("DELETE", "/numbered/made/t", "")); {
			case del.StatusCode == http.StatusNoContent:
				deleted.Add(1)
			case !tryAgain(del.StatusCode):
				return fmt.Errorf("DELETE: %d %s", del.StatusCode, del.Body)
			}
		}
		return nil
	})
	there := int64(0)
	if l.holds(t) != "" {
		there = 1
	}
	if created.Load() != deleted.Load()+there {
		err = errors.Join(err, fmt.Errorf("%w: %d created, %d deleted, %d there", errLost, created.Load(), deleted.Load(), there))
	}
	return err
}

// updatingTheDeleted sends one DELETE without a precondition among PUTs with
// the tag: one of these may come before it, and none after.
func updatingTheDeleted(t *testing.T, l *ledger, send sender, times int) error {
	for range times {
		l.reset(t, &one)
		var updated atomic.Int64
		err := atOnce(clients, func(i int) error {
			req := contender("PUT", "/numbered/made/t", "If-Match", `"1.0"`)(i)
			if i == 0 {
				req = harness.RequestOf("DELETE", "/numbered/made/t", "")
			}
			switch resp := send(req); {
			case i == 0 && resp.StatusCode != http.StatusNoContent:
				return fmt.Errorf("DELETE: %d %s", resp.StatusCode, resp.Body)
			case i > 0 && resp.StatusCode/100 == 2:
				updated.Add(1)
			case i > 0 && resp.StatusCode != http.StatusPreconditionFailed:
				return fmt.Errorf("PUT: %d %s", resp.StatusCode, resp.Body)
			}
			return nil
		})
		if kept := l.holds(t); kept != "" || updated.Load() > 1 {
			err = errors.Join(err, fmt.Errorf("%w: %d updated, and after the DELETE there is %q", errLost, updated.Load(), kept))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// What is created in a collection does not wait for what else is: no handler
// ends before all have begun.
func TestTheLockLetsACollectionGrow(t *testing.T) {
	const creates = 100
	var inside atomic.Int64
	all := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.TaskByPath)
		app.GenerateETag(func(t *harness.Task) string { return t.ID })
		app.GenerateETag(func(all []harness.Task) string { return fmt.Sprint(len(all)) })
		app.Get("/tasks/{id}", func(t *harness.Task) *harness.Task { return t })
		app.Get("/tasks", func() []harness.Task { return nil }).Post(func() *restmachine.Reply[any] {
			n := inside.Add(1)
			if n == creates {
				close(all)
			}
			time.Sleep(5 * time.Millisecond)
			select {
			case <-all:
			case <-ctx.Done(): // they are let in one by one
			}
			id := fmt.Sprint(n)
			return restmachine.Created[any]("/tasks/"+id, &harness.Task{ID: id})
		})
	})
	began := time.Now()
	assert.NoError(t, atOnce(creates, func(int) error {
		assert.Equal(t, http.StatusCreated, p.Do("POST", "/tasks", "").StatusCode)
		select {
		case <-all:
			return nil
		default:
			return errors.New("it ended before the last had begun")
		}
	}))
	t.Logf("%d creates of 5 ms each took %v", creates, time.Since(began))
}
