// These examples show what a write can expect, and the error if it is not so.

package store_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

func ExampleExpect() {
	current := store.Version{Incarnation: 5, Number: 2}
	for _, expect := range []store.Expect{
		store.Any(),
		store.Absent(),
		store.At(current),
		store.At(store.Version{Incarnation: 5, Number: 1}),
	} {
		fmt.Printf("%v: %v\n", expect, expect.Check("k", current))
	}
	// Output:
	// any version: <nil>
	// nothing: store: k exists already, at 5-2
	// 5-2: <nil>
	// 5-1: store: k is stale: expected 5-1, found 5-2
}

func ExampleAny() {
	ctx := context.Background()
	var lastSeen store.Memory[string, string]
	for _, place := range []string{"Rome", "Oslo"} { // the last writer wins
		_, err := lastSeen.Put(ctx, "cat", place, store.Any())
		check(err)
	}
	r, _, _ := lastSeen.Get(ctx, "cat")
	fmt.Println(r.Value)
	// Output: Oslo
}

func ExampleAbsent() {
	ctx := context.Background()
	var owners store.Memory[string, string]
	for _, name := range []string{"Ada", "Bo"} { // the first writer wins
		_, err := owners.Put(ctx, "example.org", name, store.Absent())
		fmt.Println(name, err == nil)
	}
	// Output:
	// Ada true
	// Bo false
}

func ExampleAt() {
	ctx := context.Background()
	var m store.Memory[string, int]
	r, err := m.Put(ctx, "k", 1, store.Absent())
	check(err)
	_, err = m.Put(ctx, "k", 2, store.At(r.Version))
	fmt.Println(err)
	_, err = m.Put(ctx, "k", 3, store.At(r.Version)) // the version is no longer stored
	fmt.Println(errors.Is(err, store.ErrStale))
	// Output:
	// <nil>
	// true
}

// A store on a database makes an SQL statement of an Expect.
func ExampleExpect_Version() {
	for _, expect := range []store.Expect{
		store.Any(),
		store.Absent(),
		store.At(store.Version{Incarnation: 5, Number: 2}),
	} {
		switch v, ok := expect.Version(); {
		case !ok:
			fmt.Println("DELETE FROM tasks WHERE id = $1")
		case v.IsZero():
			fmt.Println("SELECT FROM tasks WHERE id = $1")
		default:
			fmt.Println("DELETE FROM tasks WHERE id = $1 AND incarnation = $2 AND number = $3", v.Incarnation, v.Number)
		}
	}
	// Output:
	// DELETE FROM tasks WHERE id = $1
	// SELECT FROM tasks WHERE id = $1
	// DELETE FROM tasks WHERE id = $1 AND incarnation = $2 AND number = $3 5 2
}

func ExampleExpect_Check() {
	found := store.Version{Incarnation: 5, Number: 2}
	fmt.Println(store.At(found).Check("tasks/7", found))
	fmt.Println(store.At(found).Check("tasks/7", found.Next()))
	// Output:
	// <nil>
	// store: tasks/7 is stale: expected 5-2, found 5-3
}

// A creation that comes second. The error tells a client of restmachine that it exists already.
func ExampleExpect_Check_exists() {
	err := store.Absent().Check("tasks/7", store.Version{Incarnation: 5, Number: 2})
	fmt.Println(err)
	fmt.Println(errors.Is(err, store.ErrExists), errors.Is(err, store.ErrStale))
	// Output:
	// store: tasks/7 exists already, at 5-2
	// true true
}

func ExampleExpect_String() {
	fmt.Println(store.Any(), store.Absent(), store.At(store.Version{Incarnation: 5, Number: 2}))
	// Output: any version nothing 5-2
}

// The error says whether the record was changed or deleted.
func ExampleStaleError() {
	ctx := context.Background()
	var m store.Memory[string, int]
	r, err := m.Put(ctx, "k", 1, store.Absent())
	check(err)
	check(m.Delete(ctx, "k", store.Any()))

	_, err = m.Put(ctx, "k", 2, store.At(r.Version))
	if stale, ok := errors.AsType[*store.StaleError](err); ok {
		fmt.Println(stale.Key, stale.Expect == store.At(r.Version), stale.Current)
	}
	// Output: k true nothing
}
