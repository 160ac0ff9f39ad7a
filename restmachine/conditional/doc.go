// Package conditional reads, compares and evaluates the validators and
// preconditions of HTTP: entity-tags, dates, If-Match, If-None-Match,
// If-Modified-Since and If-Unmodified-Since (RFC 9110, 8.8 and 13).
//
// The package needs only the standard library. A plain net/http handler can use it:
//
//	now := conditional.Validators{ETag: tag, LastModified: changed}
//	status := conditional.Evaluate(r.Method, conditional.FromHeader(r.Header), now, true, conditional.RFC9110)
//	if status != 0 {
//		w.WriteHeader(status) // 304, 412 or 400
//		return
//	}
//
// # Reading
//
// All field lines of a field count, not only the first (RFC 9110, 5.3). Nothing is
// joined or copied: a [List] and a [Date] keep the lines that they were made from.
// These lines must not change afterwards.
//
// A list is scanned once for each question. The time is linear in its length, and
// nothing is allocated. The number of members is not limited, because a server limits
// the length of the header section.
//
// Some clients leave out the quotes of entity-tags. [FromHeader] reads such a bare
// token as a strong entity-tag. This is safe, because a match still needs all bytes
// to be equal. [FromHeaderStrict] does not accept bare tokens. A list that cannot be
// read never lets a write through and never makes a 304: see [Evaluate].
//
// # Writing
//
// [Quote] makes an entity-tag of a version of the application. It refuses versions
// that could change on the way to the client and back. [AppendDate] writes a date in
// the only form that a sender may generate (RFC 9110, 5.6.7).
//
// # Concurrency
//
// All types are values that do not change after they are made. Goroutines can share
// them. Checking a precondition and then writing are two steps: another client may
// write between them. A service that guards writes needs a lock around both steps, or
// a store that compares the version again.
package conditional
