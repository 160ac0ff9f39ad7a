// Package register is the application whose answers are checked: values that clients read, replace,
// patch, create and delete. A store comes in, and an App goes out. The App has two paths for each
// value: on one of them a write needs a precondition.
package register

import (
	"context"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// The paths of a value, which its key follows.
const (
	Open      = "/open/"
	Demanding = "/demanding/" // a write needs a precondition, else 428
)

// Clients is how many counts a Value has.
const Clients = 8

// A Value is what a key holds. A PUT sets A and B, and a PATCH sets one of them. By is how often
// each client has incremented A, for the law of sums.
type Value struct {
	A  int64          `json:"a"`
	B  int64          `json:"b"`
	By [Clients]int64 `json:"by,omitzero"`
}

// A Store keeps values, and a Record is one of them with its version.
type (
	Store  = store.Store[string, Value]
	Record = store.Record[string, Value]
)

// New returns the application on a store.
func New(values Store, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.OnStartup(func() Store { return values })
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, values Store) (Record, bool, error) {
		return values.Get(ctx, path.Get("key"))
	})
	app.GenerateETag(Record.ETag)
	app.LockKey(func(path restmachine.PathParams) string { return path.Get("key") }) // the same on both paths
	app.Provides("application/json", func(r Record) Value { return r.Value })
	for _, path := range []string{Open, Demanding} {
		one := app.Resource(path + "{key}")
		if path == Demanding {
			one.RequirePreconditions()
		}
		one.Get(func(r Record) Record { return r })
		one.Put(put)
		one.Patch(patch)
		one.Delete(func(ctx context.Context, r Record, values Store) error {
			return values.Delete(ctx, r.Key, store.At(r.Version))
		})
	}
	return app
}

// put creates or replaces what the preconditions were checked against.
func put(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[Record], in restmachine.Body[Value], values Store) (Record, error) {
	return values.Put(ctx, path.Get("key"), in.Value, store.At(old.Value.Version))
}

func patch(ctx context.Context, r Record, in restmachine.Body[restmachine.MergePatch[Value]], values Store) (Record, error) {
	value, err := in.Value.Apply(r.Value)
	if err != nil {
		return Record{}, err
	}
	return values.Put(ctx, r.Key, value, store.At(r.Version))
}
