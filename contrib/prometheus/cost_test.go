// What an observation costs: nothing is allocated for it, once its labels were seen.
//
//	go test -run xxx -bench . -benchmem

package prometheus

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

var seen = restmachine.Outcome{KnownMethod: "GET", Route: "/posts/{post_id}", Status: 304, Decision: "J19", Duration: time.Millisecond}

func TestNothingIsAllocated(t *testing.T) {
	for _, native := range []bool{false, true} {
		m := New(Config{Native: native})
		cut := seen
		cut.Err, cut.Status, cut.Route = errors.New("cut"), 404, "" // that a 4xx has an error changes nothing
		m.observe(seen)
		m.observe(cut)
		assert.Zero(t, testing.AllocsPerRun(1000, func() { m.observe(seen); m.observe(cut) }), "native: %t", native)
	}
}

func BenchmarkObserve(b *testing.B) {
	for name, c := range map[string]Config{"classic": {}, "native": {Native: true}} {
		b.Run(name, func(b *testing.B) {
			m := New(c)
			b.ReportAllocs()
			for b.Loop() {
				m.observe(seen)
			}
		})
	}
}
