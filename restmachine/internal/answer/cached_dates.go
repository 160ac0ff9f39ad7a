package answer

import (
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file writes Last-Modified. Services send the dates of the same few resources over and
// over, so an App keeps some as text.

// Dates are dates as they are sent. The second of a date chooses its room. It is safe for
// concurrent use.
type Dates struct {
	rooms atomic.Pointer[dateRooms] // nil before the first date
	past  atomic.Int64              // a second that the clock has shown
}

type dateRooms [256]atomic.Pointer[dateText]

type dateText struct {
	second int64
	text   string
}

// aDay is in seconds.
const aDay = 24 * 60 * 60

// lastModified is t as a Last-Modified, which is never later than the answer (RFC 9110,
// 8.8.2.1); "" where no HTTP-date can say it. It avoids a look at the clock, which costs more
// than all the rest.
func (d *Dates) lastModified(t time.Time) string {
	second := t.Unix()
	if second > d.past.Load()-aDay { // else not even a clock that was set back is behind it
		now := time.Now()
		d.past.Store(now.Unix())
		if t.After(now) {
			t, second = now, now.Unix()
		}
	}
	rooms := d.rooms.Load()
	if rooms == nil {
		rooms = new(dateRooms)
		d.rooms.Store(rooms)
	}
	room := &rooms[uint64(second)%uint64(len(rooms))]
	if kept := room.Load(); kept != nil && kept.second == second {
		return kept.text
	}
	text := conditional.FormatDate(t)
	room.Store(&dateText{second, text})
	return text
}
