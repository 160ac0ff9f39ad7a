// These examples show the tag of a list, and a write whose outcome is not known.

package store_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A list has a tag of its own: GenerateETag returns it, and a GET of the list is a 304 until
// something that it shows is written.
func ExampleListTag() {
	ctx := context.Background()
	var tasks store.Memory[string, string]
	tag := func() any {
		page, err := tasks.List(ctx, nil, 10)
		check(err)
		return store.ListTag(page)
	}
	empty := tag()
	_, err := tasks.Put(ctx, "7", "Write", store.Absent())
	check(err)
	one := tag()
	fmt.Println(one == empty, one == tag())
	_, err = tasks.Put(ctx, "7", "Write", store.Any()) // the same value is a new version
	check(err)
	fmt.Println(one == tag())
	// Output:
	// false true
	// false
}

// Records below a parent have keys that begin with it.
func ExampleBelow() {
	ctx := context.Background()
	var tasks store.Memory[string, string]
	for _, key := range []string{"apollo/1", "apollo/2", "apollo/3", "apollo11/1", "gemini/1"} {
		_, err := tasks.Put(ctx, key, "Write", store.Absent())
		check(err)
	}
	var after *string // the last key of the page before
	for {
		page, err := store.Below(ctx, &tasks, "apollo/", after, 2)
		check(err)
		for _, r := range page {
			fmt.Println(r.Key)
		}
		if len(page) < 2 {
			break
		}
		after = &page[1].Key
	}
	// Output:
	// apollo/1
	// apollo/2
	// apollo/3
}

// lost is a store whose connection is cut when it has written.
type lost struct{ store.Memory[string, int] }

func (l *lost) Put(ctx context.Context, key string, n int, expect store.Expect) (store.Record[string, int], error) {
	_, err := l.Memory.Put(ctx, key, n, expect)
	return store.Record[string, int]{}, errors.Join(err, store.ErrUnknown)
}

// If a write says that its outcome is unknown, only a read tells it.
func Example_unknown() {
	ctx := context.Background()
	var s lost
	_, err := s.Put(ctx, "k", 1, store.Absent())
	if errors.Is(err, store.ErrUnknown) {
		r, written, err := s.Get(ctx, "k")
		check(err)
		fmt.Println(written, r.Value)
	}
	// Output: true 1
}
