// The oracle for conditional requests: what RFC 9110, 13 answers, and what the
// policy Combine changes of it, written from the text alone. It knows words for
// what a field says, never the field; so it shares no parser with the library
// and cannot share a parser's faults.

package walk_test

import (
	"fmt"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A place says what there is at the path of a request.
type place uint8

const (
	existing          place = iota // a resource that PUT replaces
	existingCreatable              // the same, at a path where PUT and POST may create
	missingCreatable
	missingPlain
)

func (p place) String() string {
	return [...]string{"existing", "existing, creatable", "missing, creatable", "missing"}[p]
}

func (p place) exists() bool    { return p == existing || p == existingCreatable }
func (p place) creatable() bool { return p == existingCreatable || p == missingCreatable }

// A tagKind says which entity-tag the resource has.
type tagKind uint8

const (
	noTag tagKind = iota
	strongTag
	weakTag
)

func (k tagKind) String() string { return [...]string{"no tag", "strong tag", "weak tag"}[k] }

// A dateKind says which modification date the resource has.
type dateKind uint8

const (
	noDate dateKind = iota
	wholeSecond
	subSecond // half a second later: the field cannot say so (RFC 9110, 5.6.7)
)

func (k dateKind) String() string { return [...]string{"no date", "date", "date with .5 s"}[k] }

// A listKind says what If-Match or If-None-Match holds.
type listKind uint8

const (
	noList listKind = iota
	anyTag
	currentTag     // the opaque-tag of the resource, as a strong entity-tag
	currentTagWeak // the same, as a weak one
	otherTags
	unreadableList
)

// A sinceKind says which date If-Modified-Since or If-Unmodified-Since holds,
// beside the whole second of the resource's.
type sinceKind uint8

const (
	noSince sinceKind = iota
	sinceEarlier
	sinceEqual
	sinceLater
	unreadableDate
)

// A situation is a request, as far as its preconditions go, and what it meets.
type situation struct {
	policy            restmachine.Policy
	method            string
	place             place
	tag               tagKind
	date              dateKind
	ifMatch           listKind
	ifUnmodifiedSince sinceKind
	ifNoneMatch       listKind
	ifModifiedSince   sinceKind
}

func (s situation) String() string {
	list := [...]string{"-", "*", "current", "W/current", "others", "unreadable"}
	since := [...]string{"-", "earlier", "equal", "later", "unreadable"}
	return fmt.Sprintf("%s (%v) with %v and %v by %v: If-Match %s, If-Unmodified-Since %s, If-None-Match %s, If-Modified-Since %s",
		s.method, s.place, s.tag, s.date, s.policy,
		list[s.ifMatch], since[s.ifUnmodifiedSince], list[s.ifNoneMatch], since[s.ifModifiedSince])
}

func (s situation) read() bool { return s.method == "GET" || s.method == "HEAD" }

// status is the answer to a request whose handlers all do their work: PUT and
// PATCH answer with the new representation, DELETE with nothing.
func (s situation) status() int {
	if !s.place.exists() {
		return s.statusOfMissing()
	}
	switch s.lostUpdate() { // RFC 9110, 13.2.2, steps 1 and 2
	case unknowable:
		return s.malformed(http.StatusPreconditionFailed)
	case isFalse:
		return http.StatusPreconditionFailed
	}
	switch s.unseen() { // steps 3 and 4
	case unknowable:
		return s.malformed(http.StatusOK)
	case isFalse:
		if s.read() {
			return http.StatusNotModified
		}
		return http.StatusPreconditionFailed
	}
	if s.method == "DELETE" {
		return http.StatusNoContent
	}
	return http.StatusOK
}

// statusOfMissing is RFC 9110, 13.2.1: preconditions are ignored where the
// answer without them is a 404. Where it is a 201 they count, and there is no
// representation that could match.
func (s situation) statusOfMissing() int {
	creates := s.place.creatable() && (s.method == "PUT" || s.method == "POST")
	switch {
	case !creates:
		return http.StatusNotFound
	case s.ifMatch != noList:
		return http.StatusPreconditionFailed
	case s.ifNoneMatch == unreadableList:
		return http.StatusBadRequest
	}
	return http.StatusCreated
}

// malformed is the answer to a list that nobody can read: a write is refused,
// a read gets its status.
func (s situation) malformed(read int) int {
	if s.read() {
		return read
	}
	return http.StatusBadRequest
}

// An evaluation is what becomes of a precondition.
type evaluation uint8

const (
	isTrue evaluation = iota // true, or ignored
	isFalse
	unknowable
)

// lostUpdate evaluates what guards against lost updates: If-Match by strong
// comparison (RFC 9110, 13.1.1), else If-Unmodified-Since (13.1.4).
func (s situation) lostUpdate() evaluation {
	switch s.ifMatch {
	case unreadableList:
		return unknowable
	case anyTag:
		return isTrue
	case currentTag:
		if s.tag == strongTag {
			return isTrue
		}
		return isFalse
	case currentTagWeak, otherTags:
		return isFalse
	}
	if s.ifUnmodifiedSince == sinceEarlier && s.date != noDate {
		return isFalse
	}
	return isTrue
}

// unseen evaluates what spares a transfer: whether the client lacks the current
// representation. If-None-Match compares weakly (RFC 9110, 13.1.2), and then
// If-Modified-Since (13.1.3) is ignored; by Combine it must agree to a 304.
func (s situation) unseen() evaluation {
	dated := s.read() && s.date != noDate
	switch s.ifNoneMatch {
	case noList:
		if dated && (s.ifModifiedSince == sinceEqual || s.ifModifiedSince == sinceLater) {
			return isFalse
		}
		return isTrue
	case unreadableList:
		return unknowable
	case otherTags:
		return isTrue
	case currentTag, currentTagWeak:
		if s.tag == noTag {
			return isTrue
		}
	}
	if s.policy == restmachine.Combine && dated && s.ifModifiedSince == sinceEarlier {
		return isTrue
	}
	return isFalse
}

// situations yields every situation with the policy, the tag and the date of s.
func situations(s situation) iter.Seq[situation] {
	return func(yield func(situation) bool) {
		for _, s.method = range []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"} {
			for s.place = existing; s.place <= missingPlain; s.place++ {
				for i := range 6 * 5 * 6 * 5 {
					s.ifMatch, s.ifUnmodifiedSince = listKind(i%6), sinceKind(i/6%5)
					s.ifNoneMatch, s.ifModifiedSince = listKind(i/30%6), sinceKind(i/180)
					if !yield(s) {
						return
					}
				}
			}
		}
	}
}

// The policies differ in one kind of row: both validators are sent, the tag
// matches, the date does not, and Combine sends what RFC9110 would have spared.
func TestOracleOfBothPolicies(t *testing.T) {
	differing := 0
	for tag := noTag; tag <= weakTag; tag++ {
		for date := noDate; date <= subSecond; date++ {
			for s := range situations(situation{policy: restmachine.RFC9110, tag: tag, date: date}) {
				combined := s
				combined.policy = restmachine.Combine
				if s.status() == combined.status() {
					continue
				}
				differing++
				assert.Equal(t, http.StatusNotModified, s.status(), s)
				assert.Equal(t, http.StatusOK, combined.status(), s)
				assert.Equal(t, sinceEarlier, s.ifModifiedSince, s)
			}
		}
	}
	assert.NotZero(t, differing)
}

// Sentences of RFC 9110 and their rows, so that the oracle is tested, too.
func TestOracle(t *testing.T) {
	both := situation{policy: restmachine.RFC9110, tag: strongTag, date: wholeSecond}
	tests := []struct {
		name string
		edit func(*situation)
		want int
	}{
		{"13.1.1: strong comparison", func(s *situation) { s.method, s.ifMatch = "PUT", currentTagWeak }, 412},
		{"13.1.1: * is true of a current representation", func(s *situation) { s.method, s.ifMatch, s.tag = "PUT", anyTag, noTag }, 200},
		{"13.1.2: weak comparison", func(s *situation) { s.method, s.ifNoneMatch, s.tag = "GET", currentTag, weakTag }, 304},
		{"13.1.2: 412 for all other methods", func(s *situation) { s.method, s.ifNoneMatch = "POST", currentTag }, 412},
		{"13.1.3: ignored with If-None-Match", func(s *situation) {
			s.method, s.ifNoneMatch, s.ifModifiedSince = "GET", otherTags, sinceLater
		}, 200},
		{"13.1.3: ignored for other methods", func(s *situation) { s.method, s.ifModifiedSince = "PUT", sinceEqual }, 200},
		{"13.1.3: earlier or equal is not modified", func(s *situation) { s.method, s.ifModifiedSince = "GET", sinceEqual }, 304},
		{"13.1.4: ignored with If-Match", func(s *situation) {
			s.method, s.ifMatch, s.ifUnmodifiedSince = "PUT", currentTag, sinceEarlier
		}, 200},
		{"13.1.4: ignored without a date", func(s *situation) { s.method, s.ifUnmodifiedSince, s.date = "PUT", sinceEarlier, noDate }, 200},
		{"13.2.1: ignored where the answer is a 404", func(s *situation) { s.method, s.ifMatch, s.place = "GET", anyTag, missingPlain }, 404},
		{"13.2.2: If-Match comes first", func(s *situation) {
			s.method, s.ifMatch, s.ifNoneMatch = "GET", otherTags, currentTag
		}, 412},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := both
			tt.edit(&s)
			assert.Equal(t, tt.want, s.status(), s)
		})
	}
}
