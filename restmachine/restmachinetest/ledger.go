// The invariants of many exchanges of one service: what it says of a resource in
// one answer holds against what it said in others.

package restmachinetest

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Ledger is shown the exchanges of a service, and finds out about two that do
// not go together:
//
//   - They have one strong entity-tag, and different content (V8). All that is
//     content of the resource counts: of a GET, of its ranges, of a PUT or PATCH
//     that says by Content-Location that it sends the representation, and the
//     length that a HEAD tells. Content in another coding is other content.
//   - Their requests differ in what is negotiated, Accept and its kin, and their
//     answers in media type, language or coding, and Vary does not say so; or a
//     304 or 406 has not the Vary of its 200 (V12). Requests that differ in other
//     fields are not compared, nor are answers from before and after a write.
//
// A resource is known by its path, query included. The zero Ledger is empty and
// ready for use, by many goroutines at once. It must not be copied. It keeps the
// contents and the answers that it was shown last, a hundred for each resource.
type Ledger struct {
	mu        sync.Mutex
	resources map[string]*resource
}

// How much a Ledger keeps: pieces and answers of one resource, and resources.
const (
	maxKept      = 100
	maxResources = 1000
)

// A resource is what a Ledger knows of one path.
type resource struct {
	pieces  []piece
	answers []answer
}

// Check reports what the exchange says against those that the Ledger was shown
// before, and keeps it. What it says by itself is for [CheckResponse].
func (l *Ledger) Check(t testing.TB, req restmachine.Request, resp restmachine.Response) {
	t.Helper()
	x := newExchange(req, resp)
	x.report(t, l.faults(x))
}

// faults says what the exchange says against those before it, and keeps it.
func (l *Ledger) faults(x exchange) (all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !x.is("GET", "HEAD", "OPTIONS", "TRACE") && x.resp.StatusCode < 400 {
		l.forgetAnswers()
	}
	for _, p := range x.pieces() {
		r := l.resource(x.req.Path)
		if i := slices.IndexFunc(r.pieces, p.contradicts); i >= 0 {
			all = append(all, breaks("V8 one strong entity-tag is of one content", "RFC 9110, 8.8.1", "ETag", p.against(r.pieces[i])))
		} else if !slices.ContainsFunc(r.pieces, p.within) {
			r.pieces = keep(r.pieces, p)
		}
	}
	if a, ok := x.answer(); ok {
		r := l.resource(x.req.Path)
		for _, other := range r.answers {
			if why := a.against(other); why != "" {
				all = append(all, breaks("V12 Vary names what was negotiated", "RFC 9110, 12.5.5", "Vary", why))
				break
			}
		}
		if !slices.Contains(r.answers, a) {
			r.answers = keep(r.answers, a)
		}
	}
	return all
}

// resource is what is known of a path. Where too many are, all are forgotten.
func (l *Ledger) resource(path string) *resource {
	if l.resources[path] == nil {
		if l.resources == nil || len(l.resources) == maxResources {
			l.resources = map[string]*resource{}
		}
		l.resources[path] = &resource{}
	}
	return l.resources[path]
}

// forgetAnswers is for a write, which may change any resource. What a tag stands
// for stays, whatever is written.
func (l *Ledger) forgetAnswers() {
	for _, r := range l.resources {
		r.answers = nil
	}
}

// keep adds v as the last of what is kept.
func keep[T any](all []T, v T) []T {
	if len(all) == maxKept {
		all = slices.Delete(all, 0, 1)
	}
	return append(all, v)
}

// isStrong reports whether tag is there, and can stand for one content alone.
func isStrong(tag string) bool { return tag != "" && !strings.HasPrefix(tag, "W/") }
