// Package store is an interface for the data of a service. It makes it hard to lose an
// update: every record has a [Version], and every write says which version it expects to
// overwrite.
//
// If-Match alone does not prevent lost updates. Two requests can both find their
// precondition true, and then both write. The store must therefore compare again, in the
// same step as it writes:
//
//	task, ok, err := tasks.Get(ctx, "7")
//	task.Value.Done = true
//	task, err = tasks.Put(ctx, "7", task.Value, store.At(task.Version))
//
// The last line fails with [ErrStale] if anybody wrote in between. The entity-tag of a
// record is derived from its version. So the client sees, the If-Match names, and the
// store compares the same thing. A version never stands for two states of a key. This
// also holds if a record was deleted and another record was created in its place.
//
// [Memory] is a Store in memory. The module contrib/sqlstore has one on SQLite and
// PostgreSQL. If you write another one, use [NewVersion], [Version.Next] and
// [Expect.Check]. Package storetest tests the promises of this package.
//
// # With restmachine
//
// The methods of a [Record] are facts. ResourceExists returns the result of Get:
//
//	type Task = store.Record[string, Todo]
//
//	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, tasks Tasks) (Task, bool, error) {
//		return tasks.Get(ctx, path.Get("id"))
//	})
//	app.GenerateETag(Task.ETag)
//	app.LastModified(Task.LastModified)
//
// A handler passes the version of the record that it was given, with or without a
// precondition of the client. This is the version that the precondition was checked
// against. A write that came too late returns [ErrStale]. restmachine answers 412 or
// starts the request again. The example of the package is a whole App.
//
// # With a database
//
// A version is two columns. An update names both. If it changes zero rows, the result is
// ErrStale:
//
//	UPDATE tasks SET title = $1, number = number + 1, modified = greatest(modified, $2)
//	 WHERE id = $3 AND incarnation = $4 AND number = $5
//
// [Absent] is INSERT … ON CONFLICT DO NOTHING, with a NewVersion. [Any] is the same with
// DO UPDATE.
package store
