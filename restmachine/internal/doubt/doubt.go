// Package doubt remembers what an App has seen of its own mistakes. In come sightings: a write
// that waited, an entity-tag beside a content. Out comes whether there is something to say, and
// whether it was said before. It reads no request and writes no log.
package doubt

import (
	"sync"
	"sync/atomic"
)

// A Table is what one App has seen. Its zero value is ready to use. It is safe for concurrent use.
type Table struct {
	begun, ended atomic.Uint64 // writes

	routes atomic.Pointer[[]entry] // by number of the method; nil before the first look
	mu     sync.Mutex
	waits  map[[2]string]int // by who waited, and for whom; nil before the first wait
}

// An entry is one method of a route.
type entry struct {
	over  atomic.Bool           // its reads are not looked at any more
	asked atomic.Int32          // how many writes without a precondition were asked about
	kept  atomic.Int32          // how many writes have kept their tags; silenced: one was told
	armed atomic.Bool           // the next write shall be looked at before its handler runs
	route atomic.Pointer[route] // nil before the first look
}

// silenced is far below 0: the few writes that still count from it do not come to 0.
const silenced = -1 << 30

// A moment is how many writes had begun. Some may not have ended.
type moment struct {
	begun uint64
	calm  bool // all had
}

// follows reports whether no write was under way, and none came in between.
func (m moment) follows(earlier moment) bool {
	return m.calm && earlier.calm && m.begun == earlier.begun
}

// Begin notes that a write begins. Each is ended once.
func (t *Table) Begin() { t.begun.Add(1) }

// End notes that a write has ended.
func (t *Table) End() { t.ended.Add(1) }

// now is this moment, of which so many writes know that they are under way.
func (t *Table) now(own uint64) moment {
	ended := t.ended.Load() // first: what ends later is not calm
	begun := t.begun.Load()
	return moment{begun, begun == ended+own}
}

// LooksAt reports whether sightings of a method are wanted.
func (t *Table) LooksAt(method int) bool {
	e := t.entry(method)
	return e == nil || !e.over.Load()
}

// entry is the entry of a method; nil before the first look.
func (t *Table) entry(method int) *entry {
	if all := t.routes.Load(); all != nil {
		return &(*all)[method]
	}
	return nil
}

// routeOf is the entry of one of so many methods, with its route.
func (t *Table) routeOf(method, methods int) (*entry, *route) {
	if t.routes.Load() == nil {
		made := make([]entry, methods)
		t.routes.CompareAndSwap(nil, &made)
	}
	e := t.entry(method)
	r := e.route.Load()
	if r == nil {
		e.route.CompareAndSwap(nil, new(route))
		r = e.route.Load()
	}
	return e, r
}

// See looks at a sighting of one of so many methods. It returns what that shows, the tag that was
// seen before, and whether it is shown for the first time. anew has it look also where the method
// is over. nil is a sighting without a tag or a content, which shows nothing.
func (t *Table) See(method, methods int, s *Sighting, anew bool) (k Kind, before string, first bool) {
	e, r := t.routeOf(method, methods)
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.over.Load() && !anew {
		return Nothing, "", false
	}
	if s == nil {
		r.looks++
	} else if k, before = r.see(*s, t.now(s.own())); k != Nothing {
		first = !r.said[k]
		r.said[k] = true
	}
	e.over.Store(k != Nothing || r.isOver())
	return k, before, first
}

// LookAgain has sightings of a method be looked at again, after a write that did not say what it
// has made. It does so a few times.
func (t *Table) LookAgain(method int) {
	e := t.entry(method)
	if e == nil || !e.over.Load() {
		return
	}
	r := e.route.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.again < maxAgain && r.said == [Older + 1]bool{} {
		r.lookAgain()
		e.over.Store(false)
	}
}

// AsksOf reports whether the tag that a write without a precondition wrote over shall be asked
// for: of the first few.
func (t *Table) AsksOf(method, methods int) bool {
	if e := t.entry(method); e != nil && e.asked.Load() >= unguarded {
		return false
	}
	e, _ := t.routeOf(method, methods)
	return e.asked.Add(1) <= unguarded
}

// Suspects reports whether a write whose tag has stayed shall be looked at: the first few, and
// then some, until one was told.
func (t *Table) Suspects(method, methods int) bool {
	e, _ := t.routeOf(method, methods)
	if e.kept.Load() < 0 {
		return false
	}
	n := e.kept.Add(1)
	return n > 0 && (n <= maxWrites || n%maxWrites == 0)
}

// Arm has the next write of a method be looked at before its handler runs.
func (t *Table) Arm(method, methods int) {
	e, _ := t.routeOf(method, methods)
	e.armed.Store(true)
}

// Armed reports whether a write shall be looked at before its handler runs. It is true once after
// each Arm.
func (t *Table) Armed(method int) bool {
	e := t.entry(method)
	return e != nil && e.armed.Load() && e.armed.CompareAndSwap(true, false)
}

// Silence ends the looks at writes whose tags stay: one was told.
func (t *Table) Silence(method, methods int) {
	e, _ := t.routeOf(method, methods)
	e.kept.Store(silenced)
}

// Says reports whether a kind of mistake is told of a method for the first time.
func (t *Table) Says(method, methods int, k Kind) (first bool) {
	_, r := t.routeOf(method, methods)
	r.mu.Lock()
	defer r.mu.Unlock()
	first = !r.said[k]
	r.said[k] = true
	return first
}

// Waited counts a long wait of one route for another. says is true for the first, the tenth, the
// hundredth, and so on: a log stays readable.
func (t *Table) Waited(waiter, holder string) (n int, says bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waits == nil {
		t.waits = map[[2]string]int{}
	}
	key := [2]string{waiter, holder}
	t.waits[key]++
	n = t.waits[key]
	return n, isPowerOfTen(n)
}

func isPowerOfTen(n int) bool {
	for n%10 == 0 && n > 0 {
		n /= 10
	}
	return n == 1
}
