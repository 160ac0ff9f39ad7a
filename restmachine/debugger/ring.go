// This file keeps the last records. New records come in, and push out the oldest if there
// are too many or if they take too much memory. Lists of records go out to the pages.

package debugger

import "sync"

// A ring holds the last records: at most count records, and at most bytes of memory.
type ring struct {
	mu     sync.RWMutex
	slots  []*record // a circular buffer; n slots are used, beginning at first
	first  int
	n      int
	bytes  int
	budget int
	missed uint64 // the number of records that were too large to keep
	pushed uint64 // the number of all records
}

func (r *ring) limit(count, bytes int) { r.slots, r.budget = make([]*record, count), bytes }

// push numbers a record and adds it. If there is no room, it drops the oldest records. It
// calls tell in the order of the numbers.
func (r *ring) push(one *record, tell func(*record)) {
	size := one.bytes()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pushed++
	one.number = r.pushed
	defer tell(one)
	if size > r.budget {
		r.missed++
		return
	}
	for r.n == len(r.slots) || r.bytes+size > r.budget {
		r.bytes -= r.slots[r.first].bytes()
		r.slots[r.first] = nil
		r.first = (r.first + 1) % len(r.slots)
		r.n--
	}
	r.slots[(r.first+r.n)%len(r.slots)] = one
	r.n++
	r.bytes += size
}

// all returns the records that the filter passes, the newest first.
func (r *ring) all(f filter) []*record {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var found []*record
	for i := r.n - 1; i >= 0; i-- {
		if one := r.slots[(r.first+i)%len(r.slots)]; f.passes(one) {
			found = append(found, one)
		}
	}
	return found
}

// after returns the records with a higher number that the filter passes, the oldest
// first. A number that was not given yet comes from an earlier run of the process. It
// means all records.
func (r *ring) after(number uint64, f filter) []*record {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if number > r.pushed {
		number = 0
	}
	var found []*record
	for i := range r.n {
		if one := r.slots[(r.first+i)%len(r.slots)]; one.number > number && f.passes(one) {
			found = append(found, one)
		}
	}
	return found
}

// find returns the record with an ID, or nil if it is no longer kept.
func (r *ring) find(id uint64) *record {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for i := r.n - 1; i >= 0; i-- {
		if one := r.slots[(r.first+i)%len(r.slots)]; one.ID == id {
			return one
		}
	}
	return nil
}

// size returns how many records are kept, and how many bytes they take.
func (r *ring) size() (n, bytes int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.n, r.bytes
}
