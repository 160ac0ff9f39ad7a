package conditional

// This file is about the preconditions of a request, and what they say of the
// current representation of its target (RFC 9110, 13.2.2).

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// Preconditions are the four fields of a request that make it conditional:
// If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since. (The fifth,
// If-Range, decides no status.) The zero value is that of an unconditional
// request.
type Preconditions struct {
	IfMatch, IfNoneMatch               List
	IfModifiedSince, IfUnmodifiedSince Date
}

// FromHeader returns the preconditions in h, whose keys must be canonical, as
// net/http makes them. It keeps the values, which must not change afterwards.
// Entity-tags that lack their quotes count: see [ParseList].
func FromHeader(h http.Header) (p Preconditions) {
	p.Read(h, false)
	return p
}

// FromHeaderStrict is [FromHeader], but entity-tags that lack their quotes make
// a list unreadable.
func FromHeaderStrict(h http.Header) (p Preconditions) {
	p.Read(h, true)
	return p
}

// Read sets p to the preconditions in h, as [FromHeader] and [FromHeaderStrict]
// return them: for those who ask often, since p is large.
func (p *Preconditions) Read(h http.Header, strict bool) {
	*p = Preconditions{}
	if lines := h["If-Match"]; lines != nil {
		p.IfMatch = ParseList(lines, strict)
	}
	if lines := h["If-None-Match"]; lines != nil {
		p.IfNoneMatch = ParseList(lines, strict)
	}
	if lines := h["If-Modified-Since"]; lines != nil {
		p.IfModifiedSince = ParseDateField(lines)
	}
	if lines := h["If-Unmodified-Since"]; lines != nil {
		p.IfUnmodifiedSince = ParseDateField(lines)
	}
}

// Any reports whether any of the four fields was sent.
func (p Preconditions) Any() bool {
	return p.IfMatch.Present() || p.IfNoneMatch.Present() ||
		p.IfModifiedSince.Present() || p.IfUnmodifiedSince.Present()
}

// Guards reports whether the preconditions guard a write, so that a server which
// insists on a guard need not answer 428 (RFC 6585, 3): by an If-Match, by
// If-None-Match: *, or by a valid If-Unmodified-Since. The last one guards only
// a resource that has a Last-Modified, which is for the caller to know, and only
// where there is no If-Match.
func (p Preconditions) Guards() bool {
	return p.IfMatch.Present() || p.IfNoneMatch.Star() || p.IfUnmodifiedSince.Valid()
}

// Validators describe the current representation. Each may be missing.
type Validators struct {
	ETag         ETag      // "": none
	LastModified time.Time // see IsZeroDate: none
}

// ErrStale is the error of a write whose precondition no longer holds: what it
// was checked on has been replaced meanwhile. A store returns it, and a server
// makes it a 412 (RFC 9110, 13.1.1).
var ErrStale = errors.New("stale")

// A Policy says what decides between 200 and 304 when a client sends both
// If-None-Match and If-Modified-Since.
type Policy int

const (
	// Combine answers 304 only if neither of the two says that the representation
	// has changed. It is stricter than RFC 9110: it may send a 200 that the
	// client did not need, and never a 304 where RFC 9110 has none.
	Combine Policy = iota

	// RFC9110 ignores If-Modified-Since where there is an If-None-Match
	// (RFC 9110, 13.1.3).
	RFC9110
)

// String returns the name of the policy.
func (p Policy) String() string {
	switch p {
	case Combine:
		return "Combine"
	case RFC9110:
		return "RFC9110"
	}
	return "Policy(" + strconv.Itoa(int(p)) + ")"
}

// Evaluate decides what the preconditions of a request make of it (RFC 9110,
// 13.2.2). It returns 0 if the request goes on, or the status that ends it: 304
// Not Modified, 412 Precondition Failed, or 400 Bad Request for a list that
// cannot be read on a method that may write.
//
// It is to be asked only where the answer would otherwise be 2xx or 412: a
// request that fails without its preconditions fails with them, in the same way
// (RFC 9110, 13.2.1). So v describes what a GET would send now, negotiation
// included; and exists is false only where a request would create something:
// where the answer is 404, the preconditions do not count.
//
// An unreadable If-None-Match does not keep a GET or HEAD from its 200. An
// unreadable If-Match keeps every method from its effect.
func Evaluate(method string, p Preconditions, v Validators, exists bool, policy Policy) int {
	switch method {
	case http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return 0 // they neither select nor change a representation: RFC 9110, 13.2.1
	}
	reads := method == http.MethodGet || method == http.MethodHead
	if !exists {
		return p.onNothing(reads)
	}
	if status := p.ifUnchanged(v, reads); status != 0 {
		return status
	}
	if !p.IfNoneMatch.Present() {
		return p.ifModified(v, reads)
	}
	return p.ifNoneMatch(v, reads, policy)
}

// onNothing is all steps where there is no current representation. If-None-Match
// then is true whatever it lists, and there are no dates to compare.
func (p Preconditions) onNothing(reads bool) int {
	switch {
	case p.IfMatch.Present():
		return http.StatusPreconditionFailed
	case p.IfNoneMatch.Present() && !reads && !p.IfNoneMatch.Readable():
		return http.StatusBadRequest
	}
	return 0
}

// ifUnchanged is the first step, If-Match, and in its absence the second,
// If-Unmodified-Since.
func (p Preconditions) ifUnchanged(v Validators, reads bool) int {
	if p.IfMatch.Present() {
		list := p.IfMatch.scan(v.ETag, true)
		switch {
		case list.star || list.match:
			return 0
		case !list.readable && !reads:
			return http.StatusBadRequest
		}
		return http.StatusPreconditionFailed
	}
	if modified, _ := v.modifiedSince(p.IfUnmodifiedSince); modified {
		return http.StatusPreconditionFailed
	}
	return 0
}

// ifNoneMatch is the third step. Where nothing matches, the representation has
// changed, and no date may say otherwise.
func (p Preconditions) ifNoneMatch(v Validators, reads bool, policy Policy) int {
	list := p.IfNoneMatch.scan(v.ETag, false)
	switch {
	case !list.readable && !reads:
		return http.StatusBadRequest
	case !list.star && !list.match:
		return 0
	case !reads:
		return http.StatusPreconditionFailed
	}
	if modified, _ := v.modifiedSince(p.IfModifiedSince); modified && policy == Combine {
		return 0
	}
	return http.StatusNotModified
}

// ifModified is the fourth step, for GET and HEAD without an If-None-Match.
func (p Preconditions) ifModified(v Validators, reads bool) int {
	if modified, known := v.modifiedSince(p.IfModifiedSince); reads && known && !modified {
		return http.StatusNotModified
	}
	return 0
}

// modifiedSince compares the Last-Modified with the date of a field. Without
// either of them it is not known which is later, and the field does not count.
func (v Validators) modifiedSince(d Date) (modified, known bool) {
	if !d.Valid() || IsZeroDate(v.LastModified) {
		return false, false
	}
	return ModifiedAfter(v.LastModified, d.Time()), true
}
