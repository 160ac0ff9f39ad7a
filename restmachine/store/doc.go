// Package store is an interface for what a service keeps, with which it takes an
// effort to lose an update: every record has a [Version], and every write says
// what it expects to overwrite.
//
// If-Match alone does not prevent lost updates. Two requests can both find their
// precondition true, and then both write. So the check has to travel into the
// store, which compares again, in the same step as it writes:
//
//	task, ok, err := tasks.Get(ctx, "7")
//	task.Value.Done = true
//	task, err = tasks.Put(ctx, "7", task.Value, store.At(task.Version))
//
// The last line fails with [ErrStale] if anybody wrote in between. The entity-tag
// of a record is derived from its version, so that what the client was shown,
// what its If-Match names and what the store compares are one thing. No version
// ever stands for two states of a key, also not where a record was deleted and
// another one created in its place.
//
// [Memory] is a Store in memory. For others, on a database say, there are
// [NewVersion], [Version.Next] and [Expect.Check], and package storetest, which
// tests what this package promises.
//
// # With restmachine
//
// The methods of a [Record] are facts, and the result of Get is what
// ResourceExists returns:
//
//	type Task = store.Record[string, Todo]
//
//	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, tasks Tasks) (Task, bool, error) {
//		return tasks.Get(ctx, path.Get("id"))
//	})
//	app.GenerateETag(Task.ETag)
//	app.LastModified(Task.LastModified)
//
// A handler passes the version of the record that it was given, whatever the
// precondition of the client was or whether there was one: that is the record on
// which it was checked. A write that came too late returns [ErrStale], which
// restmachine makes a 412, or begins anew. The example of the package is a whole
// App.
//
// # With a database
//
// A version is two columns. An update names them, and zero rows are ErrStale:
//
//	UPDATE tasks SET title = $1, number = number + 1, modified = greatest(modified, $2)
//	 WHERE id = $3 AND incarnation = $4 AND number = $5
//
// [Absent] is INSERT … ON CONFLICT DO NOTHING, with a NewVersion, and [Any] is
// the same with DO UPDATE.
package store
