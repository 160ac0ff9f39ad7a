// These tests look at locks while others hold them and wait for them.

package keylock

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// A named is an Owner that says its name.
type named string

func (n named) Who() Who { return Who{Method: "PUT", Path: string(n), Route: "/{id}"} }

func TestLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Locks
		assert.Empty(t, l.Look(), "nothing was ever locked")
		begin := time.Now()
		first := &Held{Owner: named("first")}
		assert.NoError(t, l.Lock(t.Context(), "/b", first))
		other := lock(t, &l, "/a")
		time.Sleep(time.Minute)
		who := func(name string, since time.Duration) Stay { return Stay{named(name).Who(), begin.Add(since)} }
		alone := State{Key: "/a", Holder: Stay{Since: begin.Add(time.Minute)}}
		assert.Equal(t, []State{alone, {Key: "/b", Holder: who("first", time.Minute)}}, l.Look(),
			"nobody noted when they came, so it is when they were found")

		var all sync.WaitGroup
		for i, name := range []string{"second", "third"} {
			time.Sleep(time.Minute)
			all.Go(func() {
				h := &Held{Owner: named(name)}
				assert.NoError(t, l.Lock(t.Context(), "/b", h))
				time.Sleep(time.Duration(i+1) * time.Hour)
				h.Unlock()
			})
			synctest.Wait()
		}
		waiting := []Stay{who("second", 2*time.Minute), who("third", 3*time.Minute)}
		assert.Equal(t, []State{alone, {Key: "/b", Holder: who("first", time.Minute), Waiters: waiting}}, l.Look(),
			"a second look does not forget when the first one was")
		first.Unlock()
		other.Unlock()
		synctest.Wait()
		assert.Equal(t, []State{{Key: "/b", Holder: who("second", 3*time.Minute), Waiters: waiting[1:]}}, l.Look(),
			"a holder that waited came when the one before it left")
		all.Wait()
		assert.Empty(t, l.Look())
		assert.Empty(t, l.keys, "a look leaves nothing behind")
		assert.Empty(t, l.held)
	})
}

// Looking changes spots while others lock and unlock them. Exclusion must hold all the same.
func TestLookWhileOthersLock(t *testing.T) {
	var l Locks
	var all sync.WaitGroup
	counts := make([]int, 4)
	for range 4 {
		all.Go(func() {
			h := &Held{Owner: named("x")}
			for i := range 2000 {
				k := i % len(counts)
				if assert.NoError(t, l.Lock(context.Background(), strconv.Itoa(k), h)) {
					counts[k]++
					h.Unlock()
				}
			}
		})
	}
	done := make(chan bool)
	looking := make(chan bool)
	go func() {
		defer close(looking)
		for {
			select {
			case <-done:
				return
			default:
				for _, s := range l.Look() {
					assert.Equal(t, "x", s.Holder.Path)
				}
			}
		}
	}()
	all.Wait()
	close(done)
	<-looking
	assert.Equal(t, []int{2000, 2000, 2000, 2000}, counts)
	assert.Zero(t, l.Len())
	assert.Empty(t, l.Look())
}
