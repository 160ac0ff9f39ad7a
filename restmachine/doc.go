// Package restmachine answers HTTP requests from what is true of resources.
//
// A service registers small facts as plain functions: does the resource exist,
// what is its entity-tag, when did it change. Their arguments are injected by
// type. A decision graph in the tradition of webmachine asks the facts in the
// right order and picks the status: 200, 304, 404, 412 and all the others. The
// same [App] runs in process, by [App.Execute], and is an http.Handler.
//
//	app := restmachine.New()
//	app.OnStartup(OpenDatabase) // func(context.Context) (*Database, error)
//	app.ResourceExists(func(path restmachine.PathParams, db *Database) (*Post, error) {
//		return db.Post(path.Get("post_id")) // nil: 404
//	})
//	app.GenerateETag(func(p *Post) string { return fmt.Sprintf("%d-%d", p.ID, p.Version) })
//	app.Get("/posts/{post_id}", func(p *Post) *Post { return p })
//	err := app.ListenAndServe(ctx, ":8080")
//
// # Which facts hold where
//
// A path loads, of the types that ResourceExists provides, those that its
// handlers ask for, and those that the facts given on its own Group or Resource
// ask for. The target of a path is the loaded type that no other is made from.
//
// Asks: a callback that asks for a T runs only where T exists; a missing T is
// 404. A PUT that does not ask for the target, or asks for its [Optional], can
// create it.
//
// Returns: GenerateETag, LastModified, Expires, CacheControl and Location belong
// to the type of their first parameter, and hold where the GET returns that
// type, or on the Resource that they were given on. So the tag always describes
// the content that it stands beside.
//
// Gates: every other fact holds below the place where it was given; one that
// takes a T holds where T is loaded. Of one name and the same T, or none, the
// nearest wins; those on different Ts must all pass.
//
// [App.Describe] prints what holds where, and [App.Validate] finds what cannot
// be meant: a missing provider, a fact that holds on no path, a write that its
// clients could not guard.
//
// # What an entity becomes
//
// What a handler returns is the entity: nothing or nil is 204, a string is
// text/plain, a []byte is sent as it is, an io.ReadSeeker and an fs.File are
// sent with ranges, an io.Reader is streamed, and every other value is JSON. A
// Provides for its type renders it otherwise. [Reply] adds a status and fields.
//
// An error ends the request: a [*Problem] with its status, [ErrNotFound] with
// 404, [ErrGone] with 410, [ErrStale] with 412 or 409, and every other with a
// logged 500 whose text the client does not see.
//
// # Conditional requests
//
// Preconditions are those of RFC 9110, 13, with one default that differs: a
// client that sends both If-None-Match and If-Modified-Since gets a 304 only if
// both say that the resource is unchanged. WithPrecedence(RFC9110) looks at the
// tag alone. Unsafe requests on one resource exclude one another from the check
// of the precondition to the end of the handler, so that no update is lost in
// one process; across processes a handler returns [ErrStale].
//
// # Specifications
//
// RFC 9110 (HTTP semantics), RFC 9111 (caching), RFC 9457 (problem details),
// RFC 5789 (PATCH), RFC 7396 (JSON Merge Patch), RFC 6585 (428) and RFC 4647
// (language ranges). Package decision has the graph, and cites the section of
// each of its rows.
package restmachine
