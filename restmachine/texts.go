package restmachine

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file writes ETag and Last-Modified. Services send those of the same few
// resources over and over, so an App keeps some as text. (Texts are safe to share,
// lines of a header are not: a middleware may write to them.)

// dates are dates as they are sent, each in the place that its second falls on.
// It is safe for concurrent use.
type dates struct {
	texts [256]atomic.Pointer[dateText]
	past  atomic.Int64 // a second that the clock has shown
}

// aDay is in seconds. To look at the clock costs more than all the rest.
const aDay = 24 * 60 * 60

type dateText struct {
	second int64
	text   string
}

// lastModified is t as a Last-Modified, which is never later than the answer
// (RFC 9110, 8.8.2.1); "" where no HTTP-date can say it.
func (d *dates) lastModified(t time.Time) string {
	second := t.Unix()
	if second > d.past.Load()-aDay { // else not even a clock that was set back is behind it
		now := time.Now()
		d.past.Store(now.Unix())
		if t.After(now) {
			t, second = now, now.Unix()
		}
	}
	place := &d.texts[uint64(second)%uint64(len(d.texts))]
	if kept := place.Load(); kept != nil && kept.second == second {
		return kept.text
	}
	text := conditional.FormatDate(t)
	place.Store(&dateText{second, text})
	return text
}

// tags are entity-tags as they are sent, each in the place that its end falls on.
// It is safe for concurrent use.
type tags [256]atomic.Pointer[conditional.ETag]

// quote is conditional.Quote.
func (t *tags) quote(said string) (conditional.ETag, error) {
	sum := uint32(len(said))
	for i := max(0, len(said)-8); i < len(said); i++ {
		sum = sum*31 + uint32(said[i])
	}
	place := &t[sum%uint32(len(t))]
	if kept := place.Load(); kept != nil && isQuoted(string(*kept), said) {
		return *kept, nil
	}
	tag, err := conditional.Quote(said)
	if isQuoted(string(tag), said) && rand.N(8) == 0 { // else a service with many resources would do little else
		place.Store(new(tag))
	}
	return tag, err
}

// isQuoted reports whether tag, which is an entity-tag, is said between quotes, and
// said is short and US-ASCII, as conditional.Quote wants it. It takes one byte at a
// time: said was just written, as a rule, and to load more than was stored at once
// waits until it was.
func isQuoted(tag, said string) bool {
	n := len(said)
	if len(tag) != n+2 || n == 0 || n > 64 || tag[0] != '"' {
		return false
	}
	for i := range n {
		if c := said[i]; c != tag[i+1] || c >= 0x80 {
			return false
		}
	}
	return true
}
