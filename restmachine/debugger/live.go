// This file sends new exchanges to the open pages, as server-sent events. A slow page
// does not delay anyone: it misses the events that its channel cannot hold.

package debugger

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// waiting is the number of events that can wait for a page.
const waiting = 64

// beat is the interval of keep-alive comments on an idle stream.
const beat = 15 * time.Second

// patience is the longest time that a page may take to receive an event. After that it is
// disconnected. Otherwise it could keep a server from shutting down.
const patience = 5 * time.Second

// An audience is the set of pages that receive events. max limits their number.
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

// send gives the record to every page that has room for it.
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

// join adds a page and returns its channel, or nil if there are too many pages.
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

// events is the event stream of a page. A page that reconnects says which event it saw
// last. It gets the events after that one, as far as they are still kept.
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
	rest := func() { _ = out.SetWriteDeadline(time.Time{}) } // the deadline of the server is for answers that end
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

// writeEvent writes the summary of a record. JSON does not contain line breaks.
func writeEvent(w http.ResponseWriter, r *record) {
	data, err := json.Marshal(r.summary)
	if err == nil {
		fmt.Fprintf(w, "id: %d\nevent: exchange\ndata: %s\n\n", r.number, data)
	}
}
