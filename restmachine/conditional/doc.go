// Package conditional reads, compares and evaluates the validators and
// preconditions of HTTP: entity-tags, dates, If-Match, If-None-Match,
// If-Modified-Since and If-Unmodified-Since (RFC 9110, 8.8 and 13).
//
// It stands on the standard library alone, so a plain net/http handler can use
// it:
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
// All field lines of a field count, not only the first (RFC 9110, 5.3). Nothing
// is joined or copied: a [List] and a [Date] keep the lines that they were made
// from, which must not change afterwards. A list is scanned once for each
// question, in time linear in its length, without an allocation; the number of
// its members is not limited, since the server's limit on a header section
// already is one.
//
// Clients leave out the quotes of entity-tags. [FromHeader] takes such a bare
// token for a strong entity-tag, which is safe, because a match still needs all
// bytes to be equal; [FromHeaderStrict] does not. What cannot be read never
// lets a write through and never makes a 304: see [Evaluate].
//
// # Writing
//
// [Quote] makes an entity-tag of what an application calls a version, and
// refuses what would not survive the way to the client and back. [AppendDate]
// writes dates in the one form that RFC 9110, 5.6.7 lets a sender generate.
//
// # Concurrency
//
// All types are values that nothing changes once they are made, so they can be
// shared. Evaluating a precondition and then writing are two steps: between
// them somebody else may write. Whoever guards writes needs a lock around both,
// or a store that compares the version again.
package conditional
