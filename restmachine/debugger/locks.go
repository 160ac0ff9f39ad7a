// This file shows the locks that are held: why does this write hang? The Apps come in. A page
// goes out: who holds each lock, and who waits.

package debugger

import (
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A lockList is the data of the page.
type lockList struct {
	Locks []lock    `json:"locks"`
	At    time.Time `json:"at"`
}

// A lock is held by the first of its stays. The others wait, in the order in which they will
// get it.
type lock struct {
	Key     string `json:"key"`
	Depth   int    `json:"depth,omitempty"`
	Holder  stay   `json:"holder"`
	Waiters []stay `json:"waiters"`
}

// A stay is a request that holds a lock or waits for it.
type stay struct {
	Method string        `json:"method"`
	Path   string        `json:"path"`
	Route  string        `json:"route"`
	Since  time.Time     `json:"since"`
	For    time.Duration `json:"nanoseconds"`
	Waits  bool          `json:"-"`
}

// Rows returns how many rows of the page show the lock: one for each stay.
func (l lock) Rows() int { return 1 + len(l.Waiters) }

func (d *Debugger) lockTable(*http.Request) page {
	l := lockList{Locks: []lock{}, At: time.Now()}
	for _, app := range d.watched() {
		for _, held := range app.Locks() {
			l.Locks = append(l.Locks, d.lock(held, l.At))
		}
	}
	return page{template: "locks", title: "Locks", data: l, text: locksText(l)}
}

// lock returns a lock without secrets.
func (d *Debugger) lock(held restmachine.Lock, now time.Time) lock {
	v := &veil{settings: &d.settings}
	one := lock{Depth: held.Depth, Holder: v.stay(held.Holder, now), Waiters: []stay{}}
	for _, w := range held.Waiters {
		waiter := v.stay(w, now)
		waiter.Waits = true
		one.Waiters = append(one.Waiters, waiter)
	}
	one.Key = cut(v.scrubbed(v.path(held.Key, held.Holder.Route)), maxText)
	return one
}

func (v *veil) stay(s restmachine.LockStay, now time.Time) stay {
	return stay{cut(s.Method, maxLine), cut(v.path(s.Path, s.Route), maxText), s.Route, s.Since, max(now.Sub(s.Since), 0), false}
}
