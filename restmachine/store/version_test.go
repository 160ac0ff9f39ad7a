// These tests check versions and their entity-tags.

package store_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// tags are entity-tags and the versions that they name.
var tags = []struct {
	tag    conditional.ETag
	want   store.Version // zero if the tag does not name a version
	reason string
}{
	{`"1-1"`, store.Version{Incarnation: 1, Number: 1}, "the first of all"},
	{`"a-z"`, store.Version{Incarnation: 10, Number: 35}, "to the base 36"},
	{`"1y2p0ij32e8e7-1y2p0ij32e8e7"`, store.Version{Incarnation: math.MaxInt64, Number: math.MaxInt64}, "the last of all"},
	{`"1y2p0ij32e8e8-1"`, store.Version{}, "one more than the last"},
	{``, store.Version{}, "no tag, which is that of nothing"},
	{`""`, store.Version{}, "an empty tag"},
	{`"0-0"`, store.Version{}, "the zero Version does not have a tag"},
	{`"nothing"`, store.Version{}, "the String of nothing"},
	{`"0-1"`, store.Version{}, "parts are positive"},
	{`"1-0"`, store.Version{}, "parts are positive"},
	{`"-1-1"`, store.Version{}, "parts are positive"},
	{`"1--1"`, store.Version{}, "parts are positive"},
	{`"1"`, store.Version{}, "a number alone"},
	{`"1-"`, store.Version{}, "no number"},
	{`"-1"`, store.Version{}, "no incarnation"},
	{`"1-1-1"`, store.Version{}, "one part too many"},
	{`"1-01"`, store.Version{}, "another spelling"},
	{`"1-+1"`, store.Version{}, "another spelling"},
	{`"1-A"`, store.Version{}, "another spelling"},
	{`"1-1_1"`, store.Version{}, "another spelling"},
	{`1-1`, store.Version{}, "no quotes"},
	{`W/"1-1"`, store.Version{}, "weak: If-Match compares strongly (RFC 9110, 13.1.1)"},
	{`"1-1;gzip"`, store.Version{}, "a variant, which is another representation"},
	{`"é-1"`, store.Version{}, "no digit"},
}

func TestParseVersion(t *testing.T) {
	for _, tt := range tags {
		t.Run(string(tt.tag)+" "+tt.reason, func(t *testing.T) {
			got, err := store.ParseVersion(tt.tag)
			assert.Equal(t, tt.want, got)
			if tt.want.IsZero() {
				assert.Error(t, err)
				return
			}
			assert.NoError(t, err)
			assert.Equal(t, tt.tag, got.ETag())
		})
	}
	_, err := store.ParseVersion(conditional.ETag(`"` + strings.Repeat("1", 1<<20) + `"`))
	assert.Less(t, len(err.Error()), 200, "a message does not repeat all that a stranger sent")
}

func FuzzParseVersion(f *testing.F) {
	for _, tt := range tags {
		f.Add(string(tt.tag))
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := store.ParseVersion(conditional.ETag(s))
		if (err == nil) == v.IsZero() {
			t.Fatalf("%q is %v, %v", s, v, err)
		}
		if err == nil && string(v.ETag()) != s {
			t.Fatalf("%q is the version %v, whose tag is %q", s, v, v.ETag())
		}
	})
}

func TestNewVersion(t *testing.T) {
	seen := map[store.Version]bool{}
	for range 1000 {
		v := store.NewVersion()
		assert.Positive(t, v.Incarnation)
		assert.EqualValues(t, 1, v.Number)
		assert.False(t, seen[v], "an incarnation came twice")
		seen[v] = true
		parsed, err := store.ParseVersion(v.ETag())
		assert.NoError(t, err)
		assert.Equal(t, v, parsed)
	}
}

func TestNext(t *testing.T) {
	v := store.Version{Incarnation: 7, Number: 9}
	assert.Equal(t, store.Version{Incarnation: 7, Number: 10}, v.Next())
	first := store.Version{}.Next()
	assert.EqualValues(t, 1, first.Number, "what follows nothing is created")
	assert.NotEqual(t, first, store.Version{}.Next(), "each time anew")
}

func TestExpect(t *testing.T) {
	one, two := store.Version{Incarnation: 1, Number: 1}, store.Version{Incarnation: 1, Number: 2}
	again := store.Version{Incarnation: 2, Number: 1}
	nothing := store.Version{}
	for _, tt := range []struct {
		name    string
		expect  store.Expect
		current store.Version
		want    string // a part of the error, or "" if there is none
	}{
		{"any at nothing", store.Any(), nothing, ""},
		{"any at something", store.Any(), one, ""},
		{"absent at nothing", store.Absent(), nothing, ""},
		{"absent at something", store.Absent(), one, "store: 7 exists already, at 1-1"},
		{"zero Expect at something", store.Expect{}, one, "store: 7 exists already, at 1-1"},
		{"version of nothing at nothing", store.At(nothing), nothing, ""},
		{"version of nothing at something", store.At(nothing), two, "store: 7 exists already, at 1-2"},
		{"version", store.At(one), one, ""},
		{"old version", store.At(one), two, "store: 7 is stale: expected 1-1, found 1-2"},
		{"version at nothing", store.At(one), nothing, "store: 7 is stale: expected 1-1, found nothing"},
		{"same number, created anew", store.At(one), again, "store: 7 is stale: expected 1-1, found 2-1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.expect.Check(7, tt.current)
			if tt.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.EqualError(t, err, tt.want)
			assert.ErrorIs(t, err, store.ErrStale)
			var stale *store.StaleError
			assert.ErrorAs(t, err, &stale)
			assert.Equal(t, &store.StaleError{Key: 7, Expect: tt.expect, Current: tt.current}, stale)
		})
	}
}
