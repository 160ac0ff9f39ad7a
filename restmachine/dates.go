package restmachine

import (
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file writes Last-Modified. Services send the dates of the same few
// resources over and over, so an App keeps some as text.

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
