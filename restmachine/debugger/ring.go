package debugger

import "sync"

// This file keeps the last records, so many and no more.

// A ring holds the last records: at most count of them, of at most bytes.
type ring struct {
	mu     sync.RWMutex
	slots  []*record // a circle, of which first to first+n are in use
	first  int
	n      int
	bytes  int
	budget int
	missed uint64 // too large to be kept
	pushed uint64 // how many there were
}

func (r *ring) limit(count, bytes int) { r.slots, r.budget = make([]*record, count), bytes }

// push numbers a record and adds it, and drops the oldest ones that there is no
// room for. Everybody is told in the order of the numbers.
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

// all are the records that a filter passes, the last first.
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

// after are the records behind a number that a filter passes, the first first. A
// number that was not given yet is of another life of the process: it means all.
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

// find is the record with an ID, nil where it is not kept any more.
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

// size is how many records are kept, in how many bytes.
func (r *ring) size() (n, bytes int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.n, r.bytes
}
