// Package client is the other half of the entity-tag: it reads a resource, changes it, and
// writes it back only over what it has read. So no update is lost, and none is done twice.
//
//	c := &client.Client{Header: http.Header{"Authorization": {"Bearer " + token}}}
//	post, err := client.Update(ctx, c, url, func(p *Post) error {
//		p.Title = "New"
//		return nil
//	})
//
// [Update] is a GET, the change, and a PUT with If-Match. If somebody was faster, the answer is
// 412, and Update begins anew with what is there now. [Patch] does the same with a JSON Merge
// Patch. [Get] reads, [Create] and [Post] create, [Delete] deletes what was read. The server
// may be any that sends strong entity-tags. The package needs only the standard library and
// package conditional, so a program that uses it does not link a server.
//
// # What is kept
//
// A T need not know all members of a resource. Update and Patch keep the members that T does not
// know. An element of an array that is changed keeps them, too, where it is clear which one it
// was. Where it is not clear, the error is [ErrWouldLose], and nothing is sent.
//
// # What is repeated
//
// Requests that fail for a while are repeated: after 408, 429, 502, 503 and 504, and after a
// connection that failed. Retry-After says when. Without it, the waits grow from 20 milliseconds
// to one second, and each is a random part of that.
//
// A write whose answer is lost may have been done. Only a write that names a tag, or If-None-Match:
// *, is repeated then, with the same tag and the same content. At most one of these copies can be
// done, because a write changes the tag. If a copy gets its 2xx, all is known. If a copy gets a
// 412, somebody has changed the resource: an earlier copy, or another client. This cannot be told
// apart, not even by reading: another client may have written the same value. The error is then
// [ErrUnknown], and the write is not done again. With the option [Repeatable], Update and Patch
// call the change again instead.
//
// This holds for tags that never come back, as those of versions. A tag that is a hash of the
// content comes back with the content. If another client then restores the old content between
// two copies, both may be done.
//
// A proxy that repeats a PUT by itself hides what happened: the client sees only the 412 to the copy,
// takes it for a lost race, and makes the change again. nginx does so unless proxy_next_upstream is
// off.
//
// An answer of 500, 502 or 504 to a write does not say whether the write was done. Neither does a
// 503 without Retry-After. A 503 with Retry-After is taken at its word: nothing was done.
//
// # Redirects
//
// The Client follows redirects itself. A PUT, PATCH or DELETE keeps its method, its
// preconditions and its content, also at 301 and 302, where net/http would send a GET. A POST
// follows 307 and 308. Header goes only to the origin of the URL that the caller gave, and no
// write goes to another origin.
//
// # The cache
//
// A Client keeps what it has read, and asks the server each time whether it is current
// (If-None-Match). So an answer is never stale, and a 304 saves the content. Of the cached
// answers, one is used only if its request had the same fields, Authorization and cookies
// included. Clients share nothing. Still, a Client should serve one user: what a
// Transport adds is not seen.
package client
