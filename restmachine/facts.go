package restmachine

import "github.com/restmachine/restmachine-go/restmachine/internal/declare"

// This file is what a service can say. Every method registers one fact or setting. The
// table of kinds in package declare says what the graph makes of it.

// ResourceExists loads a resource and says whether it exists (node G7). It
// returns *T or an interface (nil: missing), (T, bool), or a bool, which
// provides no type and speaks of the path's target. What it returns can be
// injected by its type, and must not change afterwards: hand out copies.
// A path loads only the types that it asks for; with none, it exists.
func (f *Facts) ResourceExists(fact Func) { f.ref.Fact(declare.ResourceExists, "", fact) }

// GenerateETag gives the entity-tag of a representation (RFC 9110, 8.8.3) as a
// string or an ETag. What is no entity-tag yet is quoted; "" is none; what
// cannot be written is a logged 500. Its first parameter T says whose tag it
// is: it holds where the path's GET returns a T. Default: none (see AutoETag).
func (f *Facts) GenerateETag(fact Func) { f.ref.Fact(declare.GenerateETag, "", fact) }

// LastModified gives the modification date of a representation as a time.Time
// (RFC 9110, 8.8.2), in whole seconds; zero or the Unix epoch is none. It holds
// where GenerateETag would. Default: none.
func (f *Facts) LastModified(fact Func) { f.ref.Fact(declare.LastModified, "", fact) }

// Expires gives the time.Time after which what a GET or HEAD answered, 304
// included, is stale (RFC 9111, 5.3); zero is none. It holds where GenerateETag
// would. Default: none.
func (f *Facts) Expires(fact Func) { f.ref.Fact(declare.Expires, "", fact) }

// CacheControl gives the Cache-Control field of what a GET or HEAD answers, 304
// included, as a string; "" is none. It is not asked for writes and errors.
// It holds where GenerateETag would. Default: none.
func (f *Facts) CacheControl(fact Func) { f.ref.Fact(declare.CacheControl, "", fact) }

// Location says where a T lives, as a string, for the 201 that created it
// (RFC 9110, 10.2.2). A path of the App begins with "/". Default: none.
func (f *Facts) Location(fact Func) { f.ref.Fact(declare.Location, "", fact) }

// ServiceAvailable returns a bool; false is 503 (node B13). Default: true.
func (f *Facts) ServiceAvailable(fact Func) { f.ref.Fact(declare.ServiceAvailable, "", fact) }

// KnownMethod returns a bool; false is 501 (node B12). Default: true for the
// methods of RFC 9110, 9.3 and PATCH, false for all others.
func (f *Facts) KnownMethod(fact Func) { f.ref.Fact(declare.KnownMethod, "", fact) }

// URITooLong returns a bool; true is 414 (node B11). Default: false; a target
// of more than 8 KiB is 414 whatever this says.
func (f *Facts) URITooLong(fact Func) { f.ref.Fact(declare.URITooLong, "", fact) }

// MethodAllowed returns a bool; false is 405 (node B10). Default: true. A
// method without a handler is 405 whatever this says.
func (f *Facts) MethodAllowed(fact Func) { f.ref.Fact(declare.MethodAllowed, "", fact) }

// MalformedRequest returns a bool; true is 400 (node B9). Default: false.
func (f *Facts) MalformedRequest(fact Func) { f.ref.Fact(declare.MalformedRequest, "", fact) }

// Authorized returns a bool, or (challenge string, ok bool); false is 401 with
// the challenge (node B8; RFC 9110, 11.6.1). Default: true.
func (f *Facts) Authorized(fact Func) { f.ref.Fact(declare.Authorized, "", fact) }

// Forbidden returns a bool; true is 403: at node B7, before anything is loaded,
// or behind G7 where it takes what a ResourceExists provides. Default: false.
func (f *Facts) Forbidden(fact Func) { f.ref.Fact(declare.Forbidden, "", fact) }

// ValidContentHeaders returns a bool; false is 501 (node B6). Default: true.
func (f *Facts) ValidContentHeaders(fact Func) { f.ref.Fact(declare.ValidContentHeaders, "", fact) }

// KnownContentType returns a bool; false is 415 (node B5). Default: true. A
// type that no parser reads is 415 whatever this says.
func (f *Facts) KnownContentType(fact Func) { f.ref.Fact(declare.KnownContentType, "", fact) }

// ValidEntityLength returns a bool; false is 413 (node B4). Default: true.
// Content over MaxBody is 413 whatever this says.
func (f *Facts) ValidEntityLength(fact Func) { f.ref.Fact(declare.ValidEntityLength, "", fact) }

// PreviouslyExisted returns a bool, asked of a missing resource (node K7);
// true is 410 where it has not moved. Default: false, or true where a Moved
// fact says where it is now.
func (f *Facts) PreviouslyExisted(fact Func) { f.ref.Fact(declare.PreviouslyExisted, "", fact) }

// MovedPermanently returns the new URI of a missing resource as a string for a
// 301; "" is not moved (nodes I4, K5). On a Group it is the new URI of the
// Group's prefix: what follows the prefix is kept, unknown paths below
// included. Default: not moved.
func (f *Facts) MovedPermanently(fact Func) { f.ref.Fact(declare.MovedPermanently, "", fact) }

// MovedTemporarily is like MovedPermanently, for a 307 (node L5).
func (f *Facts) MovedTemporarily(fact Func) { f.ref.Fact(declare.MovedTemporarily, "", fact) }

// AllowMissingPost returns a bool, asked of a POST to a missing resource
// (nodes M7, N5); false is 404 or 410. Default: false.
func (f *Facts) AllowMissingPost(fact Func) { f.ref.Fact(declare.AllowMissingPost, "", fact) }

// IsConflict returns a bool, asked before PUT and PATCH are done; true is 409
// (nodes O14, P3). Default: false.
func (f *Facts) IsConflict(fact Func) { f.ref.Fact(declare.IsConflict, "", fact) }

// MultipleChoices returns a bool, asked of GET and HEAD; true is 300, with
// what the GET returns as the list of choices (node G7c). Default: false.
func (f *Facts) MultipleChoices(fact Func) { f.ref.Fact(declare.MultipleChoices, "", fact) }

// DeleteCompleted returns a bool, asked after a DELETE; false is 202 (node
// M20b). Default: true.
func (f *Facts) DeleteCompleted(fact Func) { f.ref.Fact(declare.DeleteCompleted, "", fact) }

// FinishRequest runs when the response is made, before cleanups run and it is
// written, and again where a cleanup's error makes another; it returns nothing and
// may take the *Response to read it or to set header fields.
func (f *Facts) FinishRequest(fact Func) { f.ref.Fact(declare.FinishRequest, "", fact) }

// Provides renders a T as mediaType: renderer takes the T first and returns what
// an entity may be (string, []byte, io.Reader …, or a value for JSON). The
// order of registration is the order of preference. Default: see the package
// comment.
func (f *Facts) Provides(mediaType string, renderer Func) {
	f.ref.Fact(declare.Provides, mediaType, renderer)
}

// Accepts parses content of mediaType, which may be a range such as "text/*",
// into the T that the parser returns: Body[T] then takes it. The parser takes
// the content as []byte, io.Reader or url.Values. Default: application/json.
func (f *Facts) Accepts(mediaType string, parser Func) {
	f.ref.Fact(declare.Accepts, mediaType, parser)
}

// Variances returns a []string, the names of request fields beside the
// negotiated ones that the response depends on, for Vary (RFC 9110, 12.5.5).
// Default: none.
func (f *Facts) Variances(fact Func) { f.ref.Fact(declare.Variances, "", fact) }

// LockKey returns the string under which unsafe requests exclude one another.
// Default: the path up to and including its last parameter, all of it where
// there is none.
func (f *Facts) LockKey(fact Func) { f.ref.Fact(declare.LockKey, "", fact) }

// RenderError renders errors: it takes the *Problem and returns what Provides
// may return; its content is JSON where that is a value. The fields that it sets
// in the Problem's Header, which is never nil here, are sent, and a Content-Type
// among them names the media type. Default: problem details (RFC 9457).
func (f *Facts) RenderError(fact Func) { f.ref.Fact(declare.RenderError, "", fact) }

// Languages sets the languages that are offered, the preferred one first
// (RFC 9110, 12.5.4). Default: not negotiated.
func (f *Facts) Languages(tags ...string) { f.ref.Languages(tags) }

// Charsets sets the charsets that are offered for text, the preferred one
// first; the renderer sees the choice in Selected. Default: not negotiated.
func (f *Facts) Charsets(names ...string) { f.ref.Charsets(names) }

// Encodings sets the content codings that are offered beside identity (RFC
// 9110, 12.5.3). gzip is built in; another needs an Encoder and is never chosen
// without. Default: identity only.
func (f *Facts) Encodings(names ...string) { f.ref.Encodings(names) }

// Encoder gives the content coding name its encoder, a
// func(io.Writer) io.WriteCloser. It offers nothing: see Encodings. Default: for
// gzip alone.
func (f *Facts) Encoder(name string, encoder Func) { f.ref.Encoder(name, encoder) }

// AutoETag makes entity-tags by hash of the rendered content wherever no
// GenerateETag holds; never for streams. Every GET is then rendered before its
// preconditions are asked, and so is the current representation, in each of the
// variants that a write's If-Match or If-None-Match names, before that. Default: off.
func (f *Facts) AutoETag(strength Strength) { f.ref.AutoETag(declare.Strength(strength)) }

// RequirePreconditions makes a PUT, PATCH or DELETE a 428 that carries none of
// If-Match, If-None-Match: * and, where a Last-Modified is known,
// If-Unmodified-Since (RFC 6585, 3). Default: off.
func (f *Facts) RequirePreconditions() { f.ref.RequirePreconditions() }

// MaxBody sets the greatest length of request content, in bytes, at least 1; more
// is 413. Default: 1 MiB.
func (f *Facts) MaxBody(n int64) { f.ref.MaxBody(n) }

// MapError makes an error that matches from (by errors.Is) mean to: a
// *Problem, ErrNotFound, ErrGone, ErrStale or what another MapError names.
func (f *Facts) MapError(from, to error) { f.ref.MapError(from, to) }

// Strength says how AutoETag tags: Strong or Weak (RFC 9110, 8.8.1).
type Strength uint8

const (
	off Strength = iota
	// Strong tags change with every byte of the content.
	Strong
	// Weak tags do, too, but promise only equivalence, and so never satisfy
	// If-Match.
	Weak
)
