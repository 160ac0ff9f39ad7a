// This file checks the invariants of many exchanges of one service. Exchanges come in one
// after the other. Errors of the test go out if an answer about a resource contradicts an
// earlier answer.

package restmachinetest

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Ledger compares the exchanges of a service. It finds two exchanges that contradict
// each other:
//
//   - They have the same strong entity-tag, and different content (V8). Content of the
//     resource is the content of a GET and of its ranges, and the length that a HEAD
//     tells. The content of a PUT or PATCH counts, too, if a Content-Location says that
//     it is the representation. The same content in another coding counts as different.
//   - Their requests differ in a negotiated field (Accept and similar ones), their
//     answers differ in media type, language or coding, and Vary does not say so. Or a
//     304 or 406 does not have the Vary of its 200 (V12). Requests that differ in other
//     fields are not compared. Answers before and after a write are not compared.
//
// A resource is identified by its path with its query. The zero Ledger is empty and ready
// for use. Many goroutines may use it at the same time. It must not be copied. It keeps
// the last hundred contents and answers of each resource.
type Ledger struct {
	mu        sync.Mutex
	resources map[string]*resource
}

// The limits of a Ledger: pieces and answers of one resource, and resources.
const (
	maxKept      = 100
	maxResources = 1000
)

// A resource is everything that a Ledger knows about one path.
type resource struct {
	pieces  []piece
	answers []answer
}

// Check compares the exchange with the exchanges that the Ledger already has, and reports
// contradictions. Then it keeps the exchange. [CheckResponse] checks the exchange alone.
func (l *Ledger) Check(t testing.TB, req restmachine.Request, resp restmachine.Response) {
	t.Helper()
	x := newExchange(req, resp)
	x.report(t, l.faults(x))
}

// faults returns the contradictions between the exchange and earlier ones. It keeps the
// exchange.
func (l *Ledger) faults(x exchange) (all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !x.isSafe() && x.resp.StatusCode < 400 {
		l.forgetAnswers()
	}
	for _, p := range x.pieces() {
		r := l.resource(x.req.Path)
		if i := slices.IndexFunc(r.pieces, p.contradicts); i >= 0 {
			all = append(all, breaks("V8 one strong entity-tag has one content", "RFC 9110, 8.8.1", "ETag", p.against(r.pieces[i])))
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

// resource returns what is known about a path. If there are too many paths, all are
// forgotten.
func (l *Ledger) resource(path string) *resource {
	if l.resources[path] == nil {
		if l.resources == nil || len(l.resources) == maxResources {
			l.resources = map[string]*resource{}
		}
		l.resources[path] = &resource{}
	}
	return l.resources[path]
}

// forgetAnswers is called after a write, because a write may change any resource. Pieces
// stay, because a tag always stands for the same content.
func (l *Ledger) forgetAnswers() {
	for _, r := range l.resources {
		r.answers = nil
	}
}

// keep appends v. If the list is full, it drops the first element.
func keep[T any](all []T, v T) []T {
	if len(all) == maxKept {
		all = slices.Delete(all, 0, 1)
	}
	return append(all, v)
}

// isStrong reports whether tag is present and strong, so that it stands for one content.
func isStrong(tag string) bool { return tag != "" && !strings.HasPrefix(tag, "W/") }
