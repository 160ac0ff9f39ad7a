package store

// This file has the interface and what it returns.

import (
	"context"
	"iter"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// A Store keeps one value of type V for each key. All methods may be called
// concurrently; each takes effect at one moment, as a whole or not at all. With
// a context that is over they do nothing and return its error.
//
// A value is copied on its way in and out: nothing that a caller does to what it
// passed or was returned changes what is stored.
type Store[K, V any] interface {
	// Get returns the record of a key. That there is none is no error: ok is
	// false, and the record is the zero one, whose Version is that of nothing.
	Get(ctx context.Context, key K) (r Record[K, V], ok bool, err error)

	// Put writes the value of a key if what is there is as expected, creates the
	// record if there was none, and returns it as it is now. Otherwise nothing
	// is written, and the error matches ErrStale.
	Put(ctx context.Context, key K, value V, expect Expect) (Record[K, V], error)

	// Delete deletes the record of a key if what is there is as expected; else
	// the error matches ErrStale. Nothing to delete is no error where nothing was
	// expected, or anything.
	Delete(ctx context.Context, key K, expect Expect) error

	// List returns at most limit records in the order of their keys, beginning
	// behind the key after; nil: with the first. They are of one moment. Fewer
	// than limit are the last ones.
	List(ctx context.Context, after *K, limit int) ([]Record[K, V], error)
}

// A Record is a value, and what the store knows about it.
type Record[K, V any] struct {
	Key      K
	Value    V
	Version  Version
	Modified time.Time // of this version, and not before that of an earlier one
}

// ETag returns the entity-tag of the record: that of its version. It is a strong
// one, so that it may stand for the bytes of one representation only, which
// restmachine sees to by adding the media type of other ones.
func (r Record[K, V]) ETag() conditional.ETag { return r.Version.ETag() }

// LastModified returns Modified.
func (r Record[K, V]) LastModified() time.Time { return r.Modified }

// pageSize is how many records All asks for at a time.
const pageSize = 100

// All returns all records of a store in the order of their keys, which it reads
// page by page: what is written meanwhile may be among them, or not. An error
// comes last, with the zero record.
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
