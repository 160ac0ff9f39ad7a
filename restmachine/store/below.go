// This file lists what is below a parent. A prefix of keys comes in, and a page of the records
// whose keys begin with it goes out.

package store

import (
	"context"
	"strings"
)

// Below returns the records whose keys begin with prefix and are longer, as [Store.List] returns
// records: at most limit, in the order of their keys, after the key after if that is not nil.
// Fewer than limit records mean that there are no more.
//
// So the tasks of the project "apollo" are Below(ctx, tasks, "apollo/", nil, 100), if their keys
// are "apollo/1", "apollo/2" and so on. End the prefix with what separates the parts, and escape
// that in the parts, for example by url.PathEscape: otherwise "apollo" is also a prefix of
// "apollo11/1".
//
// Any Store will do. One with a method Below(ctx, prefix, after, limit) is asked by that: it reads
// only the records that it returns. Otherwise Below calls List once, with the same limit.
func Below[K ~string, V any](ctx context.Context, s Store[K, V], prefix K, after *K, limit int) ([]Record[K, V], error) {
	type lister interface {
		Below(ctx context.Context, prefix K, after *K, limit int) ([]Record[K, V], error)
	}
	if l, ok := s.(lister); ok {
		return l.Below(ctx, prefix, after, limit)
	}
	if after == nil || *after < prefix {
		after = &prefix // the first key behind it is the first one that begins with it
	}
	page, err := s.List(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	for i, r := range page {
		if !strings.HasPrefix(string(r.Key), string(prefix)) {
			return page[:i], nil
		}
	}
	return page, nil
}
