// This file evaluates the preconditions of a request. The header of a request and the
// validators of the current representation come in. The status that ends the request
// goes out, or 0 (RFC 9110, 13.2.2).

package conditional

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Preconditions are four fields that make a request conditional: If-Match,
// If-None-Match, If-Modified-Since and If-Unmodified-Since. The fifth, If-Range, does
// not decide a status. The zero value is that of an unconditional request.
type Preconditions struct {
	IfMatch, IfNoneMatch               List
	IfModifiedSince, IfUnmodifiedSince Date
}

// FromHeader returns the preconditions in h. The keys of h must be canonical, as
// net/http makes them. FromHeader keeps the values of h, which must not change
// afterwards. Entity-tags without quotes count: see [ParseList].
func FromHeader(h http.Header) (p Preconditions) {
	p.Read(h, false)
	return p
}

// FromHeaderStrict is like [FromHeader], but an entity-tag without quotes makes a list
// unreadable.
func FromHeaderStrict(h http.Header) (p Preconditions) {
	p.Read(h, true)
	return p
}

// Read sets p to the preconditions in h, as [FromHeader] and [FromHeaderStrict] return
// them. It avoids a copy of p, which is large.
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

// Guards reports whether the preconditions guard a write. A server that requires a guard
// answers 428 to a write without one (RFC 6585, 3). A guard is an If-Match, an
// If-None-Match: *, or a valid If-Unmodified-Since. If-Unmodified-Since guards only
// without an If-Match, and only a resource that has a Last-Modified. The caller must know
// whether it has one.
func (p Preconditions) Guards() bool {
	return p.IfMatch.Present() || p.IfNoneMatch.Star() || p.IfUnmodifiedSince.Valid()
}

// Validators describe the current representation. Each may be missing.
type Validators struct {
	ETag         ETag      // "" if there is none
	LastModified time.Time // a zero date if there is none: see IsZeroDate
}

// ErrStale is the error of a write whose precondition no longer holds: the version that
// it was checked against has been replaced. A store returns it, and a server answers
// 412 (RFC 9110, 13.1.1).
var ErrStale = errors.New("stale")

// ErrExists is the [ErrStale] of a write that expected nothing: what it would create exists
// already. A server answers 412 if the request has an If-None-Match: * (RFC 9110, 13.1.2), and
// 409 if there is not a precondition (15.5.10).
var ErrExists = fmt.Errorf("exists already, which is %w", ErrStale)

// A Policy decides between 200 and 304 when a client sends both If-None-Match and
// If-Modified-Since.
type Policy int

const (
	// Combine answers 304 only if both fields say that the representation has not
	// changed. It is stricter than RFC 9110. It may send a 200 that the client did not
	// need. It never sends a 304 where RFC 9110 would not.
	Combine Policy = iota

	// RFC9110 ignores If-Modified-Since if there is an If-None-Match (RFC 9110,
	// 13.1.3).
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

// Evaluate evaluates the preconditions of a request (RFC 9110, 13.2.2). It returns 0 if
// the request goes on. Otherwise it returns the status that ends the request: 304 Not
// Modified, 412 Precondition Failed, or 400 Bad Request. 400 means that the method may
// write, and that a list cannot be read.
//
// Call Evaluate only if the answer would otherwise be 2xx or 412. A request that fails
// without its preconditions fails in the same way with them (RFC 9110, 13.2.1). This
// has two consequences. v describes what a GET would send now, after negotiation.
// exists is false only if the request would create something: if the answer is 404,
// the preconditions do not count.
//
// A GET or HEAD with an unreadable If-None-Match still gets its 200. An unreadable
// If-Match stops every method.
func Evaluate(method string, p Preconditions, v Validators, exists bool, policy Policy) int {
	switch method {
	case http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return 0 // these methods neither select nor change a representation: RFC 9110, 13.2.1
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

// onNothing evaluates all steps if there is no current representation. Then every
// If-None-Match is true, and there are no dates to compare.
func (p Preconditions) onNothing(reads bool) int {
	switch {
	case p.IfMatch.Present():
		return http.StatusPreconditionFailed
	case p.IfNoneMatch.Present() && !reads && !p.IfNoneMatch.Readable():
		return http.StatusBadRequest
	}
	return 0
}

// ifUnchanged is the first step, If-Match. If there is no If-Match, it is the second
// step, If-Unmodified-Since.
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

// ifNoneMatch is the third step. If nothing matches, the representation has changed,
// and the date does not count.
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

// modifiedSince compares the Last-Modified with the date of a field. known is false if
// one of them is missing. Then the field does not count.
func (v Validators) modifiedSince(d Date) (modified, known bool) {
	if !d.Valid() || IsZeroDate(v.LastModified) {
		return false, false
	}
	return ModifiedAfter(v.LastModified, d.Time()), true
}
