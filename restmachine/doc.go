// Package restmachine answers HTTP requests from what is true of resources. A
// service registers small facts as plain functions (does the resource exist? what is
// its entity-tag? when did it change?), and a decision graph in the tradition of
// webmachine asks them in the right order and picks the status: 200, 304, 404, 412
// and all the others.
//
// The smallest program:
//
//	package main
//
//	import (
//		"context"
//		"log"
//
//		"github.com/restmachine/restmachine-go/restmachine"
//	)
//
//	func main() {
//		app := restmachine.New()
//		app.Get("/hello/{name}", func(path restmachine.PathParams) string {
//			return "Hello, " + path.Get("name")
//		})
//		if err := app.ListenAndServe(context.Background(), ":8080"); err != nil {
//			log.Fatal(err)
//		}
//	}
//
// # Declare
//
// A resource with facts, and a write that does not lose an update of somebody else:
//
//	app.OnStartup(OpenDatabase) // func(context.Context) (*Database, error)
//	app.ResourceExists(func(path restmachine.PathParams, db *Database) (*Post, error) {
//		return db.Post(path.Get("post_id")) // nil: 404
//	})
//	app.GenerateETag(func(p *Post) string { return fmt.Sprintf("%d-%d", p.ID, p.Version) })
//	app.LastModified(func(p *Post) time.Time { return p.UpdatedAt })
//
//	app.Get("/posts/{post_id}", func(p *Post) *Post { return p })
//	app.Put("/posts/{post_id}", func(p *Post, in restmachine.Body[PostUpdate], db *Database) (*Post, error) {
//		return db.Update(p, in.Value)
//	})
//
// [New] makes an [App]. An App is a [Scope]: [Scope.Get], [Scope.Post], [Scope.Put],
// [Scope.Patch] and [Scope.Delete] give a path its handlers, [Scope.Group] makes a
// Group, which is a Scope below a path prefix, and [Scope.Resource] returns the
// [Resource] of one path. App, Group and Resource have [Facts], which say what is true
// there:
//
//   - Does it exist? [Facts.ResourceExists], [Facts.PreviouslyExisted],
//     [Facts.MovedPermanently], [Facts.MovedTemporarily], [Facts.MultipleChoices],
//     [Facts.AllowMissingPost]
//   - What describes it? [Facts.GenerateETag], [Facts.AutoETag],
//     [Facts.LastModified], [Facts.Expires], [Facts.CacheControl], [Facts.Location],
//     [Facts.Variances]
//   - Is the request allowed? [Facts.ServiceAvailable], [Facts.KnownMethod],
//     [Facts.URITooLong], [Facts.MethodAllowed], [Facts.MalformedRequest],
//     [Facts.Authorized], [Facts.Forbidden], [Facts.RequirePreconditions],
//     [Facts.IsConflict]
//   - Which content is read? [Facts.Accepts], [Facts.MaxBody],
//     [Facts.ValidContentHeaders], [Facts.KnownContentType],
//     [Facts.ValidEntityLength]
//   - What is sent? [Facts.Provides], [Facts.Languages], [Facts.Charsets],
//     [Facts.Encodings], [Facts.Encoder], [Facts.MapError], [Facts.MapErrorAs], [Facts.RenderError],
//     [Facts.DeleteCompleted], [Facts.FinishRequest]
//   - Which writes exclude one another? [Facts.LockKey]
//
// # Injection
//
// A callback is any function that an App is given: a fact, a handler, a provider (see
// [Func]). It takes what it needs, in any order. Each argument is found by its exact
// type:
//
//   - What every request brings: [context.Context], [*net/http.Request],
//     [net/http.Header] (a copy), [net/url.Values] (the query), [Method],
//     [PathParams], [Selected], conditional.Preconditions and the App's
//     [*log/slog.Logger].
//   - What is read from it into a type of yours: [Path], [Query], and [Body] for the
//     content, also as a [MergePatch].
//   - What [App.OnStartup] makes once, and what [App.Dependency] makes at most once
//     per request. [Override] replaces such a value in a test.
//   - What ResourceExists loads, as the very type that it returns. [Optional] of that
//     type is for a resource that may be missing.
//
// # What may be returned
//
// The comment of each fact says what it returns. A handler returns nothing, an entity
// or a *[Reply]. Each callback may return an error last. An entity becomes content by
// its type:
//
//   - nothing, a nil pointer or a nil interface: 204
//   - a string: text/plain
//   - a []byte: as it is, application/octet-stream
//   - an [io.ReadSeeker] or an [io/fs.File]: as it is, with ranges where it can seek;
//     see [Files]
//   - any other [io.Reader]: as it comes
//   - a func(io.Writer) error or an [io.WriterTo]: as it writes itself
//   - an iter.Seq[T] or iter.Seq2[T, error]: a JSON array, element by element, or
//     application/jsonl where the client prefers it
//   - an [EventStream]: text/event-stream; see [Events]
//   - every other value: JSON; a nil slice is [] and a nil map is {}
//
// An [io.Closer] is closed at the end, also where it was not sent.
// [Facts.Provides] renders a type in other media types, and the client chooses among
// them. [Created], [Accepted], [NoContent], [SeeOther] and [NewReply] make a Reply,
// which adds a status and header fields.
//
// # Which facts hold where
//
// A fact is given on the App, on a Group or on a Resource.
//
// A path loads a T that a ResourceExists provides if somebody on that path needs it: a
// handler, a gate of a Group or of the Resource, or a GenerateETag, LastModified or the like
// of the Resource. It also loads what is needed to make that T. A fact of the App makes no
// path load anything. The target of a path is the T at the end of such a chain: of a task that
// is made from a project, the target is the task. Three rules say the rest:
//
//   - Asks. A callback that takes a T runs only where there is a T. Otherwise the answer is
//     404. A PUT that does not take the target, or that takes its [Optional], can create it.
//   - Returns. GenerateETag, LastModified, Expires, CacheControl and Location belong to the
//     type of their first parameter. They hold where the GET returns that type, and on the
//     Resource on which they were given. So a tag always describes the content beside it. If
//     such a fact does not take a value, it is asked before anything is loaded. So a tag is
//     never newer than the content. Provides belongs to the type that it renders, and Accepts
//     to the type that it parses.
//   - Gates. Every other fact holds below the place where it was given. If it takes a T, each
//     path below its Group or Resource loads the T. On the App it holds on each path that
//     loads the T anyway. ServiceAvailable, MalformedRequest, MethodAllowed, Authorized,
//     Forbidden, IsConflict and a ResourceExists that returns bool add up: all of them must
//     pass, the App's first and the Resource's last. A nearer one can refuse more, and never
//     less. All FinishRequest facts run, the App's last. Of every other fact, the nearest one
//     to the path holds.
//
// In short: a path pays for what it asks for, a tag travels with its type, and a check holds
// below the place where it stands. To guard some paths less, register them through another
// Group. Two Groups may have one prefix.
//
// # Conditional requests
//
// Preconditions are those of RFC 9110, 13: 304 for a GET of what has not changed, 412
// for a write to what has changed, and 428 where [Facts.RequirePreconditions] wants a
// precondition. One default differs: a client that sends both If-None-Match and
// If-Modified-Since gets a 304 only if both say that the resource is unchanged.
// [WithPrecedence]([RFC9110]) looks at the tag alone.
//
// Unsafe requests on one resource exclude one another, from the check of the
// precondition to the end of the handler, so no update is lost in one process. Across
// processes a handler writes only over the version that it was given, and returns
// [ErrStale] where that is gone. [HashETag], [TimeETag] and [WeakETag] make tags.
//
// # Errors
//
// An error ends the request, whichever callback returns it:
//
//   - a [*Problem]: its own status, sent as problem details
//   - [ErrNotFound]: 404; [ErrGone]: 410
//   - [ErrStale]: 412 where the request carries a precondition that names what is there; else another try or 409
//   - a [*net/http.MaxBytesError]: 413
//   - an error that [Facts.MapError] or [Facts.MapErrorAs] names: what that says
//   - an error of a context that has ended: 503
//   - any other, and a panic: 500; the text goes to the log and never to the client
//
// # Run it, test it
//
// [App.ListenAndServe] serves the App, with safe limits, until its context ends. An App
// is also a [net/http.Handler] (see [App.Start] and [App.Shutdown]), and
// [App.Execute] answers a request in process, by the same code.
//
// [App.Validate] reports every fault of the wiring at once: a provider that is
// missing, a fact that does not hold anywhere or is never asked, a way round a gate, a
// write that its clients could not guard. [App.Reports] has what is odd and may be
// meant. [App.Describe] prints which facts hold where, and by which rule.
// [App.Explain] answers a request and says why: every decision on the way to the
// status. [WithTrace] shows such exchanges to a [Tracer]. [WithObserver] tells how each
// exchange ended, for metrics and an access log.
//
// Package [github.com/restmachine/restmachine-go/restmachine/restmachinetest] is a
// client for tests, which also checks each response for what must always hold. Package
// [github.com/restmachine/restmachine-go/restmachine/debugger] shows exchanges in a
// browser. Package [github.com/restmachine/restmachine-go/restmachine/store] keeps
// records with versions.
//
// # Specifications
//
// RFC 9110 (HTTP semantics), RFC 9111 (caching), RFC 9457 (problem details), RFC 5789
// (PATCH), RFC 7396 (JSON Merge Patch), RFC 6585 (428) and RFC 4647 (language ranges).
// Package [github.com/restmachine/restmachine-go/decision] has the graph, and cites the
// section of each of its rows.
package restmachine
