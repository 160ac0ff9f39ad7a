// This file holds the figures. Counts, faults and heap sizes come in. Assertions about
// them and a printed summary go out.

package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

// faults keeps the first five faults and the number of all faults. A few faults explain
// more than thousands.
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

// lost compares the acknowledged increments with the counters in the store.
func (b *bench) lost(s *store) error {
	var faults []error
	for i := range counters {
		if acknowledged, kept := int(b.acknowledged[i].Load()), s.get(fmt.Sprint(i)).N; acknowledged != kept {
			faults = append(faults, fmt.Errorf("counter %d: %d increments were acknowledged, but it stands at %d", i, acknowledged, kept))
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
	fmt.Printf("writes: %d = %d acknowledged + %d refused with 412\n", b.writes.Load(), acknowledged, b.refused.Load())
	fmt.Printf("hostile requests: %d, of %d kinds\n", b.hostile.Load(), len(hostilities))
	fmt.Printf("exchanges that went wrong: %d\n", b.faults.total)
}

// samples is how often the heap is measured.
const samples = 30

// A gauge holds the size of the heap in use, in bytes, at moments when no client sends.
type gauge []uint64

// read collects garbage twice, because a pool keeps its content for one additional
// collection.
func (g *gauge) read() {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	*g = append(*g, m.HeapAlloc)
}

// growth returns by how many bytes the heap grew from the middle third of the samples to
// the last third. It compares medians, because a single sample varies. The first third
// does not count, because connections and pools are made there.
func (g gauge) growth() int64 {
	third := len(g) / 3
	if third == 0 {
		return 0
	}
	return median(g[len(g)-third:]) - median(g[third:2*third])
}

func median(heap []uint64) int64 {
	sorted := slices.Sorted(slices.Values(heap))
	return int64(sorted[len(sorted)/2])
}

// The heap may grow by 1 MiB in ten minutes. In a short soak it may vary by the noise.
const (
	perTenMinutes = 1 << 20
	noise         = 128 << 10
)

// flat asserts that the heap does not grow with the number of requests.
func (g gauge) flat(length time.Duration) error {
	// A third of the time lies between the two medians.
	allowed := max(noise, perTenMinutes*length.Minutes()/10/3)
	if grown := g.growth(); float64(grown) > allowed {
		return fmt.Errorf("the heap grew by %d bytes in a third of %v; %.0f are allowed", grown, length, allowed)
	}
	return nil
}

func (g gauge) print() {
	if n := len(g); n > 0 {
		fmt.Printf("heap after collection: %d KiB first, %d KiB last of %d samples; %+d KiB from the middle third to the last\n",
			g[0]>>10, g[n-1]>>10, n, g.growth()/1024)
	}
}
