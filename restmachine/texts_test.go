package restmachine

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// Whatever was asked before, and by whomever, a date is written as FormatDate
// writes it.
func TestDatesAreAsFormatted(t *testing.T) {
	var d dates
	var all sync.WaitGroup
	for seed := range uint64(4) {
		all.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 9110))
			for range 5000 {
				// Few enough to meet again, far enough apart to meet in one place.
				when := time.Unix(rng.Int64N(1000)*256+rng.Int64N(2), rng.Int64N(1e9))
				if got, want := d.lastModified(when), conditional.FormatDate(when); got != want {
					t.Errorf("%v is %q, not %q", when, got, want)
				}
			}
		})
	}
	all.Wait()
	for _, years := range []int{-3000, 9000} { // no HTTP-date says the first; the second is not yet
		when := time.Now().AddDate(years, 0, 0)
		got := d.lastModified(when)
		if years < 0 && got != "" {
			t.Errorf("%v is %q", when, got)
		}
		if at, ok := conditional.ParseDate(got); years > 0 && (!ok || at.After(time.Now())) {
			t.Errorf("%v is %q, which is yet to come", when, got)
		}
	}
}

// Whatever was asked before, and by whomever, a tag is what Quote makes of it.
func TestTagsAreAsQuoted(t *testing.T) {
	var kept tags
	said := []string{"", "1", "2", `"1"`, `W/"1"`, `W/1`, "a b", `a"b`, "a\x00", "a\x7f", "ü", strings.Repeat("x", 64),
		strings.Repeat("x", 65), strings.Repeat("x", 2000), `"`, `""`, "*", "W/"}
	for n := range 1000 { // some meet in one place
		said = append(said, strconv.Itoa(n))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 20 {
				for _, s := range said {
					got, err := kept.quote(s)
					want, failed := conditional.Quote(s)
					if got != want || (err == nil) != (failed == nil) {
						t.Errorf("%q is %q, %v, not %q, %v", s, got, err, want, failed)
					}
				}
			}
		})
	}
	all.Wait()
	for range 100 {
		_, _ = kept.quote("1042")
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = kept.quote("1042") }); n != 0 {
		t.Errorf("a tag that is sent over and over costs %v allocations", n)
	}
}

// The tag that a client sent is taken for what was said only where Quote would make
// it of that.
func TestSentTagsAreAsQuoted(t *testing.T) {
	for _, sent := range []string{`"1"`, `"12"`, `W/"1"`, "\"\xfc\"", `""`, `"a\b"`, `"'"`} {
		if list := conditional.ParseList([]string{sent}, true); !list.IsTag() {
			t.Fatalf("%s is no tag", sent)
		}
		for _, said := range []string{"1", "12", `"1`, "/", "\xfc", "", "a\b", "'", `W/"1"`} {
			if tag, err := conditional.Quote(said); isQuoted(sent, said) && (err != nil || string(tag) != sent) {
				t.Errorf("%q was taken for %s, and is %q, %v", said, sent, tag, err)
			}
		}
	}
}

// A date that is yet to come is never sent, however often it is asked for
// (RFC 9110, 8.8.2.1).
func TestDatesAreOver(t *testing.T) {
	var d dates
	for range 3 {
		for _, ahead := range []time.Duration{2 * time.Second, time.Hour, 1000 * time.Hour} {
			at, ok := conditional.ParseDate(d.lastModified(time.Now().Add(ahead)))
			if !ok || at.After(time.Now()) {
				t.Errorf("%v ahead is %v", ahead, at)
			}
		}
	}
}
