package debugger

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// This file sends new exchanges to the pages that are open, as server-sent
// events. Nobody is waited for: what a slow page cannot take is not sent to it.

// waiting is how many events a page may be behind.
const waiting = 64

// beat is how often a page hears that the connection lives, where nothing
// happens.
const beat = 15 * time.Second

// patience is how long a page may take to take an event: one that does not read is
// cut off, lest it keep a server from shutting down.
const patience = 5 * time.Second

// An audience is who gets events: so many and no more.
type audience struct {
	mu     sync.Mutex
	max    int
	seats  map[chan *record]bool
	over   chan struct{}
	closed bool
}

func (a *audience) limit(n int) {
	a.max, a.seats, a.over = n, map[chan *record]bool{}, make(chan struct{})
}

// send gives everybody the record who has room for it.
func (a *audience) send(r *record) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for seat := range a.seats {
		select {
		case seat <- r:
		default:
		}
	}
}

// join takes a seat; nil where there is none.
func (a *audience) join() chan *record {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || len(a.seats) >= a.max {
		return nil
	}
	seat := make(chan *record, waiting)
	a.seats[seat] = true
	return seat
}

func (a *audience) leave(seat chan *record) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.seats, seat)
}

func (a *audience) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.closed = true
		close(a.over)
	}
}

// events is the stream of a page. A page that was cut off says what it saw last,
// and gets what it missed and is still kept.
func (d *Debugger) events(w http.ResponseWriter, r *http.Request) {
	f, err := newFilter(r.URL.Query())
	if err != nil {
		d.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	seat := d.live.join()
	if seat == nil {
		w.Header().Set("Retry-After", "30")
		d.refuse(w, http.StatusServiceUnavailable, "too many pages are updated live; reload this one by hand")
		return
	}
	defer d.live.leave(seat)
	out := http.NewResponseController(w)
	hurry := func() { _ = out.SetWriteDeadline(time.Now().Add(patience)) }
	rest := func() { _ = out.SetWriteDeadline(time.Time{}) } // that of the server is for answers that end
	hurry()
	w.WriteHeader(http.StatusOK)
	fmt.Fprint(w, "retry: 5000\n\n")
	var seen uint64
	if last, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		for _, one := range d.kept.after(last, f) {
			writeEvent(w, one)
			seen = one.number
		}
	}
	_ = out.Flush()
	rest()
	heart := time.NewTicker(beat)
	defer heart.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-d.live.over:
			return
		case <-heart.C:
			hurry()
			fmt.Fprint(w, ":\n\n")
		case one := <-seat:
			if one.number <= seen || !f.passes(one) {
				continue
			}
			hurry()
			writeEvent(w, one)
		}
		if out.Flush() != nil {
			return
		}
		rest()
	}
}

// writeEvent writes a record's summary; JSON has no line break in it.
func writeEvent(w http.ResponseWriter, r *record) {
	data, err := json.Marshal(r.summary)
	if err == nil {
		fmt.Fprintf(w, "id: %d\nevent: exchange\ndata: %s\n\n", r.number, data)
	}
}
