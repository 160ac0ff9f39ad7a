// This file holds the interface of a store, and the records that it returns.

package store

import (
	"context"
	"iter"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// A Store keeps one value of type V for each key. All methods may be called concurrently,
// by several processes too if they share the data. Get, Put and Delete take effect at one
// moment of the call, either completely or not at all. So a Get that begins after a write
// has returned shows that write, or a later one. If the context has ended, a method does
// nothing and returns the context's error.
//
// If Put or Delete returns an error, nothing was written, with one exception: an error
// that matches [ErrUnknown].
//
// A store copies values that it takes and values that it returns. If a caller changes
// such a value, the stored value does not change.
type Store[K, V any] interface {
	// Get returns the record of a key. A missing record is not an error: ok is false, and
	// the record is the zero record, whose Version is zero.
	Get(ctx context.Context, key K) (r Record[K, V], ok bool, err error)

	// Put writes the value of a key if the stored version is as expected. If there was no
	// record, it creates one. It returns the new record. If the version is not as
	// expected, Put writes nothing, and the error matches ErrStale. If nothing was expected,
	// it also matches ErrExists.
	Put(ctx context.Context, key K, value V, expect Expect) (Record[K, V], error)

	// Delete deletes the record of a key if the stored version is as expected. Otherwise
	// the error matches ErrStale. If there is no record, Delete with Absent or Any
	// returns no error.
	Delete(ctx context.Context, key K, expect Expect) error

	// List returns at most limit records in the order of their keys. It begins after the
	// key after, or with the first record if after is nil. Fewer than limit records mean
	// that there are no more.
	//
	// Each record is as it was at some moment of the call. These moments may differ. A
	// record that exists during the whole call is not left out. Some stores promise more:
	// [Memory] and SQL databases show all records as they were at the same moment.
	List(ctx context.Context, after *K, limit int) ([]Record[K, V], error)
}

// A Record is a value with its key, its version and its date.
type Record[K, V any] struct {
	Key      K
	Value    V
	Version  Version
	Modified time.Time // when this version was written; never before the date of an earlier version
}

// ETag returns the entity-tag of the record, which is that of its version. It is strong,
// so it may stand for only one representation. restmachine adds the media type to the
// tags of other representations.
func (r Record[K, V]) ETag() conditional.ETag { return r.Version.ETag() }

// LastModified returns Modified.
func (r Record[K, V]) LastModified() time.Time { return r.Modified }

// pageSize is how many records All asks for at a time.
const pageSize = 100

// All returns all records of a store in the order of their keys. It reads page by page.
// Records that are created or deleted meanwhile may or may not be included. All other
// records are included once. An error comes last, with the zero record.
func All[K, V any](ctx context.Context, s Store[K, V]) iter.Seq2[Record[K, V], error] {
	return func(yield func(Record[K, V], error) bool) {
		var after *K
		for {
			page, err := s.List(ctx, after, pageSize)
			if err != nil {
				yield(Record[K, V]{}, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			after = &page[len(page)-1].Key
		}
	}
}
