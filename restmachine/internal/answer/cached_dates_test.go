package answer

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// Whatever was asked before, and by whomever, a date is written as FormatDate
// writes it.
func TestDatesAreAsFormatted(t *testing.T) {
	var d Dates
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

// A date that is yet to come is never sent, however often it is asked for
// (RFC 9110, 8.8.2.1).
func TestDatesAreOver(t *testing.T) {
	var d Dates
	for range 3 {
		for _, ahead := range []time.Duration{2 * time.Second, time.Hour, 1000 * time.Hour} {
			at, ok := conditional.ParseDate(d.lastModified(time.Now().Add(ahead)))
			if !ok || at.After(time.Now()) {
				t.Errorf("%v ahead is %v", ahead, at)
			}
		}
	}
}
