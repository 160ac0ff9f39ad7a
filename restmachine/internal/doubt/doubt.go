// Package doubt remembers what an App has seen of its own mistakes. In come sightings: a write
// that waited, an entity-tag beside a content. Out comes whether there is something to say, and
// whether it was said before. It reads no request and writes no log.
package doubt

import "sync"

// A Table is what one App has seen. Its zero value is ready to use. It is safe for concurrent use.
type Table struct {
	mu    sync.Mutex
	waits map[[2]string]int // by who waited, and for whom; nil before the first wait
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
