// The full table of conditional requests: each situation that the oracle knows,
// against the App, with what the request did and what its reply says of it.

package walk_test

import (
	"fmt"
	"iter"
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestConditionalRequests asserts for each situation the status, that handlers
// run for a success and for nothing else, that nothing else changes the state,
// and that the validators of the reply are those of the GET right after. Plain
// comparisons, not testify's, keep 388,800 rows within seconds. Under the race
// detector every seventh is asserted: 7 shares no factor with a size, as below.
func TestConditionalRequests(t *testing.T) {
	all := harness.Figure(t, "situations")
	forEachApp(t, newShelf, func(t *testing.T, shelf *bookshelf, app situation) {
		step := 1
		if harness.Race {
			step = 7
		}
		rows := 0
		for s := range every(step, app) {
			shelf.check(t, s)
			all.Add(1)
			if rows++; t.Failed() {
				t.FailNow() // one row explains more than thousands
			}
		}
		if rows != 6*4*6*5*6*5/step {
			t.Errorf("%d rows", rows)
		}
	})
}

// TestConditionalRequestsOfViews asserts the same where a GET has to make the
// representation that the validators describe. Every thirteenth situation will
// do: 13 shares no factor with the size of a dimension, so that each value meets
// each other one.
func TestConditionalRequestsOfViews(t *testing.T) {
	forEachApp(t, newPages, func(t *testing.T, pages *bookshelf, app situation) {
		for s := range every(13, app) {
			if pages.check(t, s); t.Failed() {
				t.FailNow()
			}
		}
	})
}

// TestConditionalRequestsOfReplies asserts the same where handlers set the
// validators of their replies themselves.
func TestConditionalRequestsOfReplies(t *testing.T) {
	forEachApp(t, newReplies, func(t *testing.T, replies *bookshelf, app situation) {
		for s := range every(13, app) {
			if s.place.creatable() {
				continue
			}
			if replies.check(t, s); t.Failed() {
				t.FailNow()
			}
		}
	})
}

// TestConditionalWrites asserts the same where there is no GET, but for the
// validators of the reply, which a GET alone could confirm.
func TestConditionalWrites(t *testing.T) {
	forEachApp(t, newDesk, func(t *testing.T, desk *bookshelf, app situation) {
		for s := range every(13, app) {
			if s.read() {
				continue
			}
			if desk.checkEffects(t, s); t.Failed() {
				t.FailNow()
			}
		}
	})
}

// every returns the situations of an App in steps.
func every(step int, app situation) iter.Seq[situation] {
	return func(yield func(situation) bool) {
		row := 0
		for s := range situations(app) {
			if row++; row%step == 0 && !yield(s) {
				return
			}
		}
	}
}

// forEachApp runs test on an App for each policy, tag and date.
func forEachApp(t *testing.T, build func(testing.TB, situation) *bookshelf, test func(*testing.T, *bookshelf, situation)) {
	for tag := noTag; tag <= weakTag; tag++ {
		for date := noDate; date <= subSecond; date++ {
			for _, policy := range []restmachine.Policy{restmachine.Combine, restmachine.RFC9110} {
				app := situation{policy: policy, tag: tag, date: date}
				t.Run(fmt.Sprintf("%v, %v, %v", tag, date, policy), func(t *testing.T) {
					t.Parallel()
					test(t, build(t, app), app)
				})
			}
		}
	}
}

// check executes one situation and compares it with the oracle.
func (b *bookshelf) check(t *testing.T, s situation) {
	t.Helper()
	b.checkValidators(t, s, b.checkEffects(t, s))
}

func (b *bookshelf) checkEffects(t *testing.T, s situation) restmachine.Response {
	t.Helper()
	b.reset(s.place)
	_, before := b.did()
	req := s.request()
	resp := b.send(t, req)
	reads, after := b.did()

	want := s.status()
	if resp.StatusCode != want {
		t.Errorf("%v: status %d, want %d", s, resp.StatusCode, want)
	}
	success := 200 <= want && want < 300
	if served := success && s.read(); reads > 1 || served && reads == 0 || !served && reads == 1 && !b.views {
		t.Errorf("%v: %d: the handler for GET ran %d times", s, want, reads)
	}
	switch written := success && !s.read(); {
	case written && (after.writes != 1 || after.edition == before.edition):
		t.Errorf("%v: %d: from %+v to %+v", s, want, before, after)
	case success && !written && before != after:
		t.Errorf("%v: a read has led from %+v to %+v", s, before, after)
	}
	restmachinetest.CheckResponse(t, req, resp)
	restmachinetest.CheckUnchanged(t, req, resp, before, after)
	b.ledger.Check(t, req, resp)
	return resp
}

// send executes a request, every thirteenth time with its trace.
func (b *bookshelf) send(t *testing.T, req restmachine.Request) restmachine.Response {
	t.Helper()
	if b.sent++; b.sent%13 > 0 {
		return b.app.Execute(req)
	}
	resp, trace := b.app.Explain(req)
	restmachinetest.CheckTrace(t, req, resp, trace)
	return resp
}

// checkValidators asserts which replies carry validators, and that these are
// what a GET now finds.
func (b *bookshelf) checkValidators(t *testing.T, s situation, resp restmachine.Response) {
	t.Helper()
	tag, date := resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
	describes := false
	switch resp.StatusCode {
	case http.StatusCreated, http.StatusNotModified:
		describes = true
	case http.StatusOK:
		describes = s.method != "POST"
	}
	if !describes {
		if tag != "" || date != "" {
			t.Errorf("%v: %d carries %s and %s", s, resp.StatusCode, tag, date)
		}
		return
	}
	get := b.app.Execute(restmachine.Request{Method: "GET", Path: s.path()})
	if get.StatusCode != http.StatusOK || (get.Header.Get("ETag") != "") != (s.tag != noTag) {
		t.Errorf("%v: the GET right after is %d with the tag %s", s, get.StatusCode, get.Header.Get("ETag"))
	}
	if want := get.Header.Get("ETag"); tag != want {
		t.Errorf("%v: %d carries the tag %s, the GET right after %s", s, resp.StatusCode, tag, want)
	}
	sparedDate := resp.StatusCode == http.StatusNotModified && tag != "" // RFC 9110, 15.4.5
	if want := get.Header.Get("Last-Modified"); date != want && !sparedDate {
		t.Errorf("%v: %d carries the date %s, the GET right after %s", s, resp.StatusCode, date, want)
	}
	if resp.StatusCode == http.StatusOK && s.method != "HEAD" && string(resp.Body) != string(get.Body) {
		t.Errorf("%v: the content is %s, that of the GET right after %s", s, resp.Body, get.Body)
	}
}
