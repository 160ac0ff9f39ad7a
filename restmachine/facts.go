package restmachine

import (
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file is what a service can say of its resources. In come callbacks and
// settings. Each goes to package declare with the place that it was given on. The table
// of kinds there says what the graph makes of a fact. "(node G7)" in a comment names
// the row of the graph that asks, and the table of the guide is written from that.

// ResourceExists loads a resource of a type T and says whether it exists (node G7). It
// returns *T or an interface, where nil means missing; or (T, bool); or a bool. A bool
// does not load a type: it speaks of the target of each path on which it holds, and all
// that hold must be true. Other
// callbacks take the loaded value by the very type that ResourceExists returns. The
// value must not change afterwards: return a copy. A path loads only the types that it
// asks for (see the package comment). Default: the resource exists.
func (f *Facts) ResourceExists(fact Func) { f.ref.Fact(declare.ResourceExists, "", fact) }

// GenerateETag gives the entity-tag of a representation, as a string or an [ETag] (RFC
// 9110, 8.8.3). A string that is not an entity-tag yet is quoted: v1 becomes "v1". The
// empty string means that this representation does not have a tag. A text that a tag
// cannot hold, such as one with a space, is a logged 500.
//
// The type of the first parameter says whose tag it is: the fact holds where the path's
// GET returns that type, and on the Resource that it was given on. One tag serves all
// representations of a resource: the library adds a suffix for all but the first. A
// fact whose first parameter is another type does not take a value. It is asked before
// anything is loaded, so that a tag is never newer than the content, and once more
// before the handler of a write with a precondition. Answers to PUT and PATCH, and each
// 201, carry the tag if the fact takes the returned value, alone or beside what an
// OnStartup provides, the request says, or a transaction of the handler holds; else the
// client asks for it by a GET. Default: none (see [Facts.AutoETag]).
func (f *Facts) GenerateETag(fact Func) { f.ref.Fact(declare.GenerateETag, "", fact) }

// LastModified gives the date of the last change of a representation, as a time.Time
// (RFC 9110, 8.8.2). It is compared and sent in whole seconds. The zero time and the
// Unix epoch mean that the date is not known. It holds where GenerateETag would, and is
// asked and sent when that would be. Say no-cache by [Facts.CacheControl] beside it:
// else caches may guess how long the content is fresh (RFC 9111, 4.2.2). Default: none.
func (f *Facts) LastModified(fact Func) { f.ref.Fact(declare.LastModified, "", fact) }

// Expires gives the time.Time after which a representation is stale (RFC 9111, 5.3).
// Answers to GET and HEAD carry it, 304 included. The zero time and the Unix epoch mean
// none. It holds where GenerateETag would. Default: none.
func (f *Facts) Expires(fact Func) { f.ref.Fact(declare.Expires, "", fact) }

// CacheControl gives the Cache-Control field of a representation, as a string (RFC
// 9111, 5.2). Answers to GET and HEAD carry it, 304 included; writes and errors do not
// ask for it. The empty string means none. It holds where GenerateETag would. Default:
// none.
func (f *Facts) CacheControl(fact Func) { f.ref.Fact(declare.CacheControl, "", fact) }

// Location says where a value lives, as a string. The 201 that created the value
// carries it, unless the Reply has a Location of its own (RFC 9110, 10.2.2). The type
// of the first parameter says of which values it speaks; no GET has to return one. A text that begins with a
// single "/" is a path of the App: it is escaped where it must be, and a prefix that
// http.StripPrefix took off is put back. Any other text is sent as it is. Default:
// none.
func (f *Facts) Location(fact Func) { f.ref.Fact(declare.Location, "", fact) }

// ServiceAvailable says whether the service can answer now. It returns a bool; false is
// 503 (node B13). All that hold must pass, the App's first. Default: true.
func (f *Facts) ServiceAvailable(fact Func) { f.ref.Fact(declare.ServiceAvailable, "", fact) }

// KnownMethod says whether the service knows the request's method. It returns a bool;
// false is 501 (node B12). Default: true for the methods of RFC 9110, 9.3, PATCH and those
// of the App's Handle and HandleSafe, false for all others.
func (f *Facts) KnownMethod(fact Func) { f.ref.Fact(declare.KnownMethod, "", fact) }

// URITooLong says whether the request target is too long. It returns a bool; true is
// 414 (node B11). Default: false. A target of more than 8 KiB is 414 whatever this
// says.
func (f *Facts) URITooLong(fact Func) { f.ref.Fact(declare.URITooLong, "", fact) }

// MethodAllowed says whether the resource takes the request's method. It returns a
// bool; false is 405 (node B10). All that hold must pass, the App's first. Default: true.
// A method without a handler is 405 whatever this says.
//
// On a 405 it is asked about each other method that has a handler, for the field Allow
// (RFC 9110, 15.5.6): a [Method] and the Method of an [*net/http.Request] are then the one
// that it is asked about. On an OPTIONS it is asked if it takes nothing but the Method.
func (f *Facts) MethodAllowed(fact Func) { f.ref.Fact(declare.MethodAllowed, "", fact) }

// MalformedRequest says whether the request cannot be understood. It returns a bool;
// true is 400 (node B9). All that hold must pass, the App's first. Default: false.
func (f *Facts) MalformedRequest(fact Func) { f.ref.Fact(declare.MalformedRequest, "", fact) }

// Authorized says whether the client has shown who it is. It returns a bool, or
// (challenge string, ok bool). False is 401 with the challenge in WWW-Authenticate
// (node B8; RFC 9110, 11.6.1); [WithChallenge] sets the challenge of those that do not
// give one. An OPTIONS of a known path is answered before this is asked. All that hold
// must pass, and the first that refuses, from the App's inwards, gives the challenge.
// Default: true.
func (f *Facts) Authorized(fact Func) { f.ref.Fact(declare.Authorized, "", fact) }

// Forbidden says whether the client may not do this. It returns a bool; true is 403.
// Node B7 asks it, before anything is loaded. A Forbidden that takes what a
// ResourceExists provides is asked at G7a, once that is loaded and before anything is
// that is made from it. One that takes the Optional of it is asked before a creation,
// too. All that hold must pass, the App's first. [ErrNotFound] hides the resource: the
// answer is the one of a missing resource. Default: false.
//
// One that takes a resource belongs on the Group that has the resource's parameters:
// every path below then loads the resource, and is guarded.
func (f *Facts) Forbidden(fact Func) { f.ref.Fact(declare.Forbidden, "", fact) }

// ValidContentHeaders says whether the service supports the Content-* fields of the
// request. It returns a bool; false is 501 (node B6). Default: true.
func (f *Facts) ValidContentHeaders(fact Func) { f.ref.Fact(declare.ValidContentHeaders, "", fact) }

// KnownContentType says whether the service takes the media type of the content. It
// returns a bool; false is 415 (node B5). Default: true. A type that no parser reads is
// 415 whatever this says.
func (f *Facts) KnownContentType(fact Func) { f.ref.Fact(declare.KnownContentType, "", fact) }

// ValidEntityLength says whether the service takes content of this length. It returns a
// bool; false is 413 (node B4). Default: true. Content over [Facts.MaxBody] is 413
// whatever this says.
func (f *Facts) ValidEntityLength(fact Func) { f.ref.Fact(declare.ValidEntityLength, "", fact) }

// PreviouslyExisted says whether a missing resource was there before (node K7). It
// returns a bool; true is 410 where the resource has not moved. Default: false, or true
// where a Moved fact says where the resource is now.
func (f *Facts) PreviouslyExisted(fact Func) { f.ref.Fact(declare.PreviouslyExisted, "", fact) }

// MovedPermanently gives the new URI of a missing resource, as a string, for a 301
// (nodes I4, K5). The empty string means that it has not moved. On a Group it is the
// new URI of the Group's prefix: what follows the prefix is kept, and the Group's
// unknown paths move, too. Default: not moved.
func (f *Facts) MovedPermanently(fact Func) { f.ref.Fact(declare.MovedPermanently, "", fact) }

// MovedTemporarily is like MovedPermanently, for a 307 (node L5). Default: not moved.
func (f *Facts) MovedTemporarily(fact Func) { f.ref.Fact(declare.MovedTemporarily, "", fact) }

// AllowMissingPost says whether a POST to a missing resource may run its handler (nodes
// M7, N5). It returns a bool; false is 404, or 410 where the resource previously
// existed. Default: false.
func (f *Facts) AllowMissingPost(fact Func) { f.ref.Fact(declare.AllowMissingPost, "", fact) }

// IsConflict says whether a PUT, a PATCH or a method of Handle contradicts the state of
// the resource. It is asked after the preconditions and before the handler. It returns a
// bool; true is 409 (nodes O14, P3). All that hold must pass, the App's first. Default:
// false.
func (f *Facts) IsConflict(fact Func) { f.ref.Fact(declare.IsConflict, "", fact) }

// MultipleChoices says whether the client has to choose among several resources. It is
// asked of GET and HEAD. It returns a bool; true is 300, with what the GET returns as
// the list of choices (node G7c). Default: false.
func (f *Facts) MultipleChoices(fact Func) { f.ref.Fact(declare.MultipleChoices, "", fact) }

// DeleteCompleted says whether a DELETE has taken effect when its handler returns. It
// returns a bool; false is 202 (node M20b). Default: true.
func (f *Facts) DeleteCompleted(fact Func) { f.ref.Fact(declare.DeleteCompleted, "", fact) }

// FinishRequest looks at each response, errors included, once it is made: before
// cleanups run, and before it is sent. It returns nothing. It may take the *[Response],
// to read it and to set header fields; its status and content stay as they are. It runs
// again where a cleanup's error makes another response, unless it takes a value that
// was made for the request. All that hold run, the Resource's first and the App's last,
// also behind one that fails. Default: nothing.
func (f *Facts) FinishRequest(fact Func) { f.ref.Fact(declare.FinishRequest, "", fact) }

// Provides renders a T as mediaType. The renderer takes the T first, and returns what a
// handler may return, except a *Reply: a string, []byte or stream is sent, and any
// other value becomes JSON. The order of registration is the order of preference. A
// client whose Accept takes none of the types gets 406 (RFC 9110, 12.5.1). A Provides
// for T replaces the default for T.
//
// Where T is an interface, or any, the Provides serves each type that implements it,
// behind that type's own and before the default JSON, which stays where the type has none
// of its own. It does not serve what is sent as it is: strings, []byte and streams.
//
// A Provides for *[Problem] renders errors for clients that prefer its media type, beside
// the default, or beside a RenderError that does not stand nearer. Default: text/plain for a string,
// application/octet-stream for []byte and io.Reader, a file's own type for an fs.File,
// else application/json.
func (f *Facts) Provides(mediaType string, renderer Func) {
	f.ref.Fact(declare.Provides, mediaType, renderer)
}

// Accepts parses content of mediaType into the T that the parser returns: a callback
// takes it as Body[T]. mediaType may be a range such as "text/*". The parser takes the
// content first, as []byte, io.Reader or url.Values, also where it is empty. Its error is
// a 400, unless the error has a status of its own. An Accepts for T replaces the default for T. Default:
// application/json (see [Body]).
func (f *Facts) Accepts(mediaType string, parser Func) {
	f.ref.Fact(declare.Accepts, mediaType, parser)
}

// Variances gives the names of request fields on which the response depends, as a
// []string, for Vary (RFC 9110, 12.5.5). The fields that are negotiated are in Vary
// without it, and so are those that a GET reads by a [Header] or [Cookie]. Default: none.
func (f *Facts) Variances(fact Func) { f.ref.Fact(declare.Variances, "", fact) }

// LockKey gives the key under which unsafe requests exclude one another, as a string: it
// names the record that they change. [ByPath] says that the path is the key. Give it to
// Resources: given on a Group or the App it holds on every path below. Default: the path
// up to and including its last parameter, or all of it where there is none. Paths that
// write one resource share the key that is a prefix of all of theirs. Where there is none,
// as with /me and /users/{id}, each of them needs a LockKey: else the App does not start.
// See [WithoutResourceLock] and [WithLockWarning].
func (f *Facts) LockKey(fact Func) { f.ref.Fact(declare.LockKey, "", fact) }

// ByPath is for [Facts.LockKey]: the path is the key, as it is by default, and that is
// said on purpose. The path is then a record of its own, and shares no key with other
// paths.
var ByPath Func = declare.ByPath(func() string { return "" })

// RenderError renders errors. It may take the *[Problem], and returns what a renderer of
// Provides may return. Fields that it sets in the Problem's Header, which is never nil
// here, are sent; a Content-Type among them names the media type of the content. A
// Status from 400 to 599 that it sets in the Problem is the status of the answer. Any
// other Status is logged and left as it was. Where RenderError fails, or sets a field
// that cannot be sent, errors are rendered without it.
// Default: problem details (RFC 9457), or text for a client that prefers it.
func (f *Facts) RenderError(fact Func) { f.ref.Fact(declare.RenderError, "", fact) }

// Languages sets the languages that are offered, the preferred one first (RFC 9110,
// 12.5.4). A client that asks for none of them gets the first: see
// [WithStrictNegotiation]. A callback sees the choice in [Selected]. What is not a
// language tag, such as "*", is a wiring fault. Default: not negotiated.
func (f *Facts) Languages(tags ...string) { f.ref.Languages(tags) }

// Charsets sets the charsets that are offered for text, the preferred one first (RFC
// 9110, 12.5.2). A client that asks for none of them gets the first: see
// [WithStrictNegotiation]. The renderer sees the choice in [Selected], and writes that
// charset. Default: not negotiated.
func (f *Facts) Charsets(names ...string) { f.ref.Charsets(names) }

// Encodings sets the content codings that are offered beside identity, the preferred
// one first (RFC 9110, 12.5.3). gzip is built in. A coding without an Encoder is never
// chosen. Without names it is identity only, whatever stands further out.
//
// A coding is used where it pays: for media types that are known to shrink, from 256
// bytes, and never for what is coded or compressed already. A file, and any other
// io.ReadSeeker, keeps its length and its ranges, unless codings are named on its own
// Resource or Group. Content that is not coded does not have the coding in its tag.
// Default: identity only.
func (f *Facts) Encodings(names ...string) { f.ref.Encodings(names) }

// Encoder sets how a content coding is made: encoder is a
// func(io.Writer) io.WriteCloser, and anything else is a wiring fault. It does not offer
// the coding: see Encodings. Default: for gzip alone.
func (f *Facts) Encoder(name string, encoder Func) { f.ref.Encoder(name, encoder) }

// AutoETag makes entity-tags by hash of the rendered content wherever no GenerateETag
// holds, but never for streams. Each GET is then rendered before its preconditions are
// asked, also where the answer is a 304. Before a write that carries If-Match or
// If-None-Match, the current representation is rendered in each variant that the field
// names. Default: off.
func (f *Facts) AutoETag(strength Strength) { f.ref.AutoETag(declare.Strength(strength)) }

// RequirePreconditions makes these methods without a precondition a 428 (RFC 6585, 3), or
// every write but POST where none is named: PUT, PATCH, DELETE, and what
// [Resource.Handle] registers. If-Match and If-None-Match: * are preconditions, and so is
// If-Unmodified-Since where a Last-Modified is known.
//
// POST can be named, too. It requires a precondition on the paths where it acts on a
// resource that must exist, such as /tasks/{id}/close: a ResourceExists says so, and no
// AllowMissingPost lets the POST create it. A POST to a list that nothing loads does not.
//
// The nearest RequirePreconditions holds alone: a Resource that names DELETE does not require
// a precondition of its PUT, whatever the App says. A method that is safe, that is named
// twice, or that is not handled where the setting holds is a wiring fault. Default: off.
func (f *Facts) RequirePreconditions(methods ...string) { f.ref.RequirePreconditions(methods) }

// MaxBody sets the greatest length of request content, in bytes, at least 1. More is
// 413. Default: 1 MiB.
func (f *Facts) MaxBody(n int64) { f.ref.MaxBody(n) }

// MapError makes each error that matches from, by errors.Is, mean to: a *[Problem],
// [ErrNotFound], [ErrGone], [ErrStale] or an error that another MapError names. All
// MapErrors above a path hold there, the nearest first. Default: none.
//
// A from that is a pointer to a struct with exported fields and without an Is method is a
// wiring fault, since no other error could match it: see [Facts.MapErrorAs].
func (f *Facts) MapError(from, to error) { f.ref.MapError(from, to) }

// MapErrorAs makes errors mean what to says, by their type: to is a func(E) error, where E
// is a type of errors, those of other modules too, or an interface. It is called with the
// first E that errors.As finds, and returns what MapError takes as its second argument. If
// it returns nil, the next one is asked. It holds together with MapError: the nearest
// first, at one place in the order of registration. Default: none.
func (f *Facts) MapErrorAs(to Func) { f.ref.MapErrorAs(to) }

// Problems says with which problems the callbacks below refuse requests by themselves: what a
// handler returns as its error, such as a 422. It changes no answer. [App.Operations] and
// what is made from that, such as an OpenAPI document, name the statuses and titles. All
// Problems above a path hold there, the nearest first: a 422, 413 or 415 of the methods that
// read content, and a 409 of those that write. A nil, and a Status that is not from 400
// to 599, is a wiring fault. Default: none.
func (f *Facts) Problems(problems ...*Problem) {
	var refusals []declare.Refusal
	for _, p := range problems {
		if p == nil {
			refusals = append(refusals, declare.Refusal{})
		} else {
			refusals = append(refusals, declare.Refusal{Problem: p, Status: p.Status})
		}
	}
	f.ref.Problems(refusals)
}

// Field says that the answers below carry a response field that no type and no fact shows: one that
// a handler sets in the Header of a [Reply], a [Facts.FinishRequest] in the [Response], or a
// middleware around the App. doc says what it tells. statuses are those of the answers that may
// carry it; without any, all may. It sets nothing, and changes no answer. [App.Operations] and what
// is made from that, such as an OpenAPI document, name the field. The fields in the Header of what
// [Facts.Problems] and [Facts.MapError] name are in the document without it.
//
// All Fields above a path hold there; where two speak of one field in one answer, the nearest
// does. Wiring faults are a name that is not a token, a status that is not from 200 to 599, a
// field that is told twice at one place, and one that the library knows by itself, such as ETag
// and Vary. Default: none.
func (f *Facts) Field(name, doc string, statuses ...int) {
	f.ref.Field(declare.Field{Name: name, Doc: doc, Statuses: slices.Clone(statuses)})
}

// Strength says which tags AutoETag makes: Strong or Weak (RFC 9110, 8.8.1).
type Strength uint8

const (
	off Strength = iota
	// Strong tags change with every byte of the content.
	Strong
	// Weak tags change with every byte, too, but promise only equivalence. So they
	// serve If-None-Match and never satisfy If-Match.
	Weak
)
