// This file plays requests and keeps what their answers said. Requests come in. What breaks
// a law goes out.

package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A keeper keeps the books of one App. It never asks the library what is true.
type keeper struct {
	w      *world
	tags   map[string]map[string]*given          // by path and tag
	dates  map[string]map[string]map[string]bool // by path and date: the marks of what it was given with
	sights map[string][]sight                    // by path: what clients have, the newest last
	shown  map[string][]shown                    // by path and marks: what was sent to whom
	figures
}

// given is what an entity-tag was given with.
type given struct {
	marks map[string]bool
	body  []byte // nil: it was not seen
}

// A sight is what a client keeps of an answer.
type sight struct{ tag, date string }

// shown is an answer to a GET.
type shown struct {
	header, sent http.Header // of the request, and of the answer
	body         []byte
}

// A moment is what is true between two changes.
type moment struct {
	marks string // what a GET shows
	ok    bool   // it shows something
	dated int    // the revision of its date
	rev   int    // of the record that writes are about; 0: it is missing
	own   int    // writes by the handlers of the request
}

// An exchange is a request, its answer and what was true meanwhile.
type exchange struct {
	request
	r       *resource
	resp    restmachine.Response
	content []byte // decoded
	marks   string
	moments []moment
}

func newKeeper(w *world) *keeper {
	return &keeper{w: w, tags: map[string]map[string]*given{}, dates: map[string]map[string]map[string]bool{},
		sights: map[string][]sight{}, shown: map[string][]shown{}, figures: newFigures()}
}

// A breach is an answer that breaks a law.
type breach struct {
	law string
	err error
}

func (b *breach) Error() string { return b.law + ": " + b.err.Error() }

// is reports whether two breaches are of one kind.
func (b *breach) is(other *breach) bool {
	return b.law == other.law && errors.Is(b.err, errNeverGiven) == errors.Is(other.err, errNeverGiven)
}

// play plays a request, and judges its answer.
func (k *keeper) play(q request) error {
	x := &exchange{request: q, r: k.w.resources[q.resource]}
	w := k.w
	w.near, w.frozen = q.key, x.r.slow && q.unsafe()
	w.store.begin(q.number)
	others := rand.New(rand.NewPCG(q.seed, 2))
	if q.before {
		w.disturb(others)
	}
	observe := func() { x.moments = append(x.moments, x.r.observe(w.store, q.key)) }
	observe()
	w.store.changed = observe
	if q.amid {
		w.others = others
	}
	w.log.Reset()
	x.resp = send(w.app, q, q.Method)
	w.others, w.store.changed = nil, func() {}
	k.note(x)
	for _, law := range laws {
		if err := law.holds(k, x); err != nil {
			return &breach{law.name, fmt.Errorf("%w\n%s%s", err, x, w.log.String())}
		}
	}
	return nil
}

func (r *resource) observe(s *store, key string) moment {
	m := moment{rev: s.kept[key].rev, own: s.own}
	m.marks, m.ok = r.shows(s, key)
	if r.dated != nil {
		m.dated = r.dated(s, key)
	}
	return m
}

// send sends a request in process or by net/http.
func send(app *restmachine.App, q request, method string) restmachine.Response {
	if !q.wire {
		return app.Execute(restmachine.Request{Method: method, Path: q.Path, Header: q.Header.Clone(), Body: q.Body})
	}
	r := httptest.NewRequest(method, "http://example.org"+q.Path, bytes.NewReader(q.Body))
	for name, lines := range q.Header {
		r.Header[name] = lines
	}
	recorder := httptest.NewRecorder()
	app.ServeHTTP(recorder, r)
	got := recorder.Result()
	body, _ := io.ReadAll(got.Body)
	return restmachine.Response{StatusCode: got.StatusCode, Header: got.Header, Body: body}
}

var markText = regexp.MustCompile(`~[^~]+~`)

// note counts the answer, and reads the marks of its content.
func (k *keeper) note(x *exchange) {
	k.requests++
	k.statuses[x.resp.StatusCode]++
	x.content = x.resp.Body
	if x.resp.Header.Get("Content-Encoding") == "gzip" && len(x.resp.Body) > 0 {
		if r, err := gzip.NewReader(bytes.NewReader(x.resp.Body)); err == nil {
			x.content, _ = io.ReadAll(r)
		}
	}
	if x.resp.StatusCode < 300 {
		x.marks = strings.Join(markText.FindAllString(string(x.content), -1), "")
	}
}

// torn reports whether something changed during the exchange.
func (x *exchange) torn() bool { return len(x.moments) > 1 }

// during reports whether some moment of the exchange is so.
func (x *exchange) during(is func(moment) bool) bool {
	for _, m := range x.moments {
		if is(m) {
			return true
		}
	}
	return false
}

// showing reports whether marks were what a GET shows at a moment of the exchange.
func (x *exchange) showing(marks string) bool {
	return x.during(func(m moment) bool { return m.ok && m.marks == marks })
}

func (x *exchange) String() string {
	text := fmt.Sprintf("  %s\n  %d %v\n  %.300s\n", x.request, x.resp.StatusCode, x.resp.Header, x.content)
	for _, m := range x.moments {
		text += fmt.Sprintf("  true: %+v\n", m)
	}
	return text
}

// A witness takes the place of a testing.TB, and keeps the reports.
type witness struct {
	testing.TB
	fault error
}

func (w *witness) Helper() {}

func (w *witness) Errorf(format string, args ...any) {
	w.fault = errors.Join(w.fault, fmt.Errorf(format, args...))
}

// wellFormed checks what every response keeps.
func wellFormed(_ *keeper, x *exchange) error {
	w := new(witness)
	restmachinetest.CheckResponse(w, x.Request, x.resp)
	return w.fault
}
