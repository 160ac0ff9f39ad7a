// These examples show a store, its records and their versions.

package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// check panics on errors that cannot happen here.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// Two callers read, and both write. The later one must read again.
func ExampleStore() {
	ctx := context.Background()
	var stock store.Store[string, int] = new(store.Memory[string, int])
	_, err := stock.Put(ctx, "apples", 10, store.Absent())
	check(err)

	mine, _, _ := stock.Get(ctx, "apples")
	yours, _, _ := stock.Get(ctx, "apples")
	_, err = stock.Put(ctx, "apples", yours.Value-3, store.At(yours.Version))
	fmt.Println(err)
	_, err = stock.Put(ctx, "apples", mine.Value-1, store.At(mine.Version))
	fmt.Println(errors.Is(err, store.ErrStale))

	mine, _, _ = stock.Get(ctx, "apples")
	mine, err = stock.Put(ctx, "apples", mine.Value-1, store.At(mine.Version))
	fmt.Println(mine.Value, err)
	// Output:
	// <nil>
	// true
	// 6 <nil>
}

func ExampleMemory() {
	ctx := context.Background()
	var capitals store.Memory[string, string]
	for country, city := range map[string]string{"Peru": "Lima", "Chad": "N'Djamena", "Oman": "Muscat"} {
		_, err := capitals.Put(ctx, country, city, store.Absent())
		check(err)
	}
	check(capitals.Delete(ctx, "Chad", store.Any()))

	_, ok, err := capitals.Get(ctx, "Chad")
	fmt.Println(ok, err)
	page, err := capitals.List(ctx, nil, 10)
	check(err)
	for _, r := range page {
		fmt.Println(r.Key, r.Value)
	}
	// Output:
	// false <nil>
	// Oman Muscat
	// Peru Lima
}

// If an assignment does not copy a value completely, the store needs a Clone.
func ExampleMemory_clone() {
	type Post struct{ Tags []string }
	ctx := context.Background()
	_, _, err := new(store.Memory[int, Post]).Get(ctx, 1)
	fmt.Println(err)

	posts := store.Memory[int, Post]{Clone: func(p Post) Post {
		p.Tags = slices.Clone(p.Tags)
		return p
	}}
	mine, err := posts.Put(ctx, 1, Post{[]string{"go"}}, store.Absent())
	check(err)
	mine.Value.Tags[0] = "changed"
	stored, _, _ := posts.Get(ctx, 1)
	fmt.Println(stored.Value.Tags)
	// Output:
	// store: a Memory of store_test.Post needs a Clone: copies would share store_test.Post.Tags, a []string; set its field Clone to a func(store_test.Post) store_test.Post that copies this too, or that returns its argument if nobody ever changes it
	// [go]
}

// Validate tells whether a Clone is missing, before the first request needs it.
func ExampleMemory_Validate() {
	var names store.Memory[int, string]
	var tags store.Memory[int, []string]
	fmt.Println(names.Validate())
	fmt.Println(tags.Validate() != nil)
	// Output:
	// <nil>
	// true
}

func ExampleMemory_Get() {
	var m store.Memory[int, string]
	r, ok, err := m.Get(context.Background(), 7)
	fmt.Println(ok, err, r.Version)
	// Output: false <nil> nothing
}

// A Put that expects what Get found either creates or updates.
func ExampleMemory_Put() {
	ctx := context.Background()
	var counters store.Memory[string, int]
	for range 3 {
		r, _, err := counters.Get(ctx, "visits")
		check(err)
		r, err = counters.Put(ctx, "visits", r.Value+1, store.At(r.Version))
		check(err)
		fmt.Println(r.Value, r.Version.Number)
	}
	// Output:
	// 1 1
	// 2 2
	// 3 3
}

func ExampleMemory_Delete() {
	ctx := context.Background()
	var m store.Memory[int, string]
	old, _ := m.Put(ctx, 7, "draft", store.Absent())
	_, err := m.Put(ctx, 7, "final", store.Any())
	check(err)
	fmt.Println(errors.Is(m.Delete(ctx, 7, store.At(old.Version)), store.ErrStale))
	fmt.Println(m.Delete(ctx, 7, store.Any()))
	// Output:
	// true
	// <nil>
}

// These pages have two records each.
func ExampleMemory_List() {
	ctx := context.Background()
	var m store.Memory[string, int]
	for i, key := range strings.Fields("ant bee cat dog eel") {
		_, err := m.Put(ctx, key, i, store.Absent())
		check(err)
	}
	var after *string
	for {
		page, err := m.List(ctx, after, 2)
		check(err)
		for _, r := range page {
			fmt.Println(r.Key)
		}
		if len(page) < 2 {
			break
		}
		fmt.Println("and")
		after = &page[1].Key
	}
	// Output:
	// ant
	// bee
	// and
	// cat
	// dog
	// and
	// eel
}

func ExampleAll() {
	ctx := context.Background()
	var ages store.Memory[string, int]
	for name, age := range map[string]int{"Mia": 30, "Ada": 36, "Bo": 7} {
		_, err := ages.Put(ctx, name, age, store.Absent())
		check(err)
	}
	for r, err := range store.All(ctx, &ages) {
		check(err)
		fmt.Println(r.Key, r.Value)
	}
	// Output:
	// Ada 36
	// Bo 7
	// Mia 30
}

// The facts of a record are enough for conditional requests.
func ExampleRecord() {
	r := store.Record[string, string]{
		Key: "greeting", Value: "Hello",
		Version:  store.Version{Incarnation: 5, Number: 2},
		Modified: time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC),
	}
	now := conditional.Validators{ETag: r.ETag(), LastModified: r.LastModified()}
	p := conditional.FromHeader(map[string][]string{"If-Match": {`"5-1"`}})
	fmt.Println(conditional.Evaluate("PUT", p, now, true, conditional.RFC9110))
	// Output: 412
}

func ExampleRecord_ETag() {
	r := store.Record[string, int]{Version: store.Version{Incarnation: 5, Number: 2}}
	fmt.Println(r.ETag())
	// Output: "5-2"
}

func ExampleRecord_LastModified() {
	noon := time.Date(2024, time.January, 15, 12, 0, 0, 0, time.UTC)
	m := store.Memory[string, int]{Now: func() time.Time { return noon }}
	r, err := m.Put(context.Background(), "k", 1, store.Absent())
	fmt.Println(r.LastModified(), err)
	// Output: 2024-01-15 12:00:00 +0000 UTC <nil>
}

// A record that is created again has another version than the deleted one, although both
// were written once.
func ExampleVersion() {
	ctx := context.Background()
	var m store.Memory[string, string]
	first, err := m.Put(ctx, "k", "one", store.Absent())
	check(err)
	check(m.Delete(ctx, "k", store.At(first.Version)))
	second, err := m.Put(ctx, "k", "two", store.Absent())
	check(err)
	fmt.Println(first.Version.Number == second.Version.Number, first.Version == second.Version)
	// Output: true false
}

func ExampleNewVersion() {
	one, other := store.NewVersion(), store.NewVersion()
	fmt.Println(one.Number, one == other)
	// Output: 1 false
}

func ExampleParseVersion() {
	fmt.Println(store.ParseVersion(`"5-2"`))
	fmt.Println(store.ParseVersion(`W/"5-2"`))
	// Output:
	// 5-2 <nil>
	// nothing store: "W/\"5-2\"" is not the entity-tag of a version
}

func ExampleVersion_Next() {
	fmt.Println(store.Version{Incarnation: 5, Number: 2}.Next())
	// Output: 5-3
}

func ExampleVersion_IsZero() {
	fmt.Println(store.Version{}.IsZero(), store.NewVersion().IsZero())
	// Output: true false
}

func ExampleVersion_ETag() {
	fmt.Println(store.Version{Incarnation: 35, Number: 36}.ETag())
	// Output: "z-10"
}

func ExampleVersion_String() {
	fmt.Println(store.Version{Incarnation: 5, Number: 2}, store.Version{})
	// Output: 5-2 nothing
}
