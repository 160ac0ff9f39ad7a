// The figures: what was counted, what was lost, and how much memory there was.

package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// faults keeps what went wrong: the first of each kind, as one explains more
// than thousands, and how many there were.
type faults struct {
	mu    sync.Mutex
	first []error
	total int
}

func (f *faults) note(err error) {
	if err == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.total++; len(f.first) < 5 {
		f.first = append(f.first, err)
	}
}

func (f *faults) all() error {
	if f.total == 0 {
		return nil
	}
	return errors.Join(append([]error{fmt.Errorf("%d exchanges went wrong, the first:", f.total)}, f.first...)...)
}

// lost compares the increments that were acknowledged with those that are kept.
func (b *bench) lost(s *store) error {
	var faults []error
	for i := range counters {
		if acknowledged, kept := int(b.acknowledged[i].Load()), s.get(fmt.Sprint(i)).N; acknowledged != kept {
			faults = append(faults, fmt.Errorf("counter %d: %d increments were acknowledged, it stands at %d", i, acknowledged, kept))
		}
	}
	return errors.Join(faults...)
}

func (b *bench) print() {
	acknowledged := int64(0)
	for i := range b.acknowledged {
		acknowledged += b.acknowledged[i].Load()
	}
	fmt.Printf("clients: %d on %d counters\n", clients, counters)
	fmt.Printf("reads: %d, of them %d not modified\n", b.reads.Load(), b.unchanged.Load())
	fmt.Printf("guarded writes: %d = %d acknowledged + %d refused with 412\n", b.writes.Load(), acknowledged, b.refused.Load())
	fmt.Printf("hostile requests: %d, of %d kinds\n", b.hostile.Load(), len(hostilities))
	fmt.Printf("exchanges that went wrong: %d\n", b.faults.total)
}

// samples is how often the memory is looked at.
const samples = 30

// A gauge has read how much of the heap is in use, in bytes, while nobody sent
// anything.
type gauge struct {
	at   []time.Duration
	heap []uint64
}

// read collects twice, since pools keep what they had for one collection more.
func (g *gauge) read(at time.Duration) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	g.at, g.heap = append(g.at, at), append(g.heap, m.HeapAlloc)
}

// slope is by how many bytes the heap grows in a second, by least squares, after
// the first third, in which connections and pools are made.
func (g *gauge) slope() float64 {
	from := len(g.at) / 3
	var n, x, y, xx, xy float64
	for i := from; i < len(g.at); i++ {
		t, h := g.at[i].Seconds(), float64(g.heap[i])
		n, x, y, xx, xy = n+1, x+t, y+h, xx+t*t, xy+t*h
	}
	if spread := n*xx - x*x; spread > 0 {
		return (n*xy - x*y) / spread
	}
	return 0
}

// The heap may grow by one MiB in ten minutes, and by noise in a short soak.
const (
	perTenMinutes = 1 << 20
	noise         = 256 << 10
)

// flat asserts that the heap does not grow with the work that was done.
func (g *gauge) flat(length time.Duration) error {
	grown := g.slope() * length.Seconds()
	if allowed := max(noise, perTenMinutes*length.Minutes()/10); grown > allowed {
		return fmt.Errorf("the heap grows by %.0f bytes in %v; %.0f are allowed", grown, length, allowed)
	}
	return nil
}

func (g *gauge) print() {
	if n := len(g.heap); n > 0 {
		fmt.Printf("heap after collection: %d KiB first, %d KiB last of %d samples; slope %+.1f KiB a minute\n",
			g.heap[0]>>10, g.heap[n-1]>>10, n, g.slope()*60/1024)
	}
}
