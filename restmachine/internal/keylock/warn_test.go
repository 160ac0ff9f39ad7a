// These tests check who is told of a caller that has waited for long.

package keylock

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// A name is an Owner.
type name string

func (n name) Who() Who { return Who{Method: string(n)} }

// warned makes locks that tell of waits of 5 seconds, and where they tell it.
func warned() (*Locks, *[]Wait) {
	var told []Wait
	l := &Locks{Patience: 5 * time.Second}
	l.Warn = func(_ context.Context, w Wait) { told = append(told, w) }
	return l, &told
}

// In a bubble of synctest nobody waits in fact: time passes when all do.
func TestALongWaitIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, told := warned()
		begin := time.Now()
		first := &Held{Owner: name("first")}
		assert.NoError(t, l.Lock(t.Context(), "k", first))
		time.Sleep(time.Second)
		var wg sync.WaitGroup
		wg.Go(func() {
			second := &Held{Owner: name("second")}
			assert.NoError(t, l.Lock(t.Context(), "k", second))
			time.Sleep(7 * time.Second)
			second.Unlock()
		})
		time.Sleep(5 * time.Second)
		synctest.Wait()
		want := Wait{Key: "k", Waiter: Who{Method: "second"}, Holder: Who{Method: "first"},
			WaitsSince: begin.Add(time.Second), HeldSince: begin.Add(time.Second), By: name("second")}
		assert.Equal(t, []Wait{want}, *told, "it is told while the second still waits")
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.Len(t, *told, 1, "once")

		first.Unlock()
		synctest.Wait()
		wg.Go(func() {
			third := &Held{Owner: name("third")}
			assert.NoError(t, l.Lock(t.Context(), "k", third))
			third.Unlock()
		})
		time.Sleep(5 * time.Second)
		synctest.Wait()
		want = Wait{Key: "k", Waiter: Who{Method: "third"}, Holder: Who{Method: "second"},
			WaitsSince: begin.Add(time.Hour + 6*time.Second), HeldSince: begin.Add(time.Hour + 6*time.Second), By: name("third")}
		assert.Equal(t, want, (*told)[1], "a holder that came after a wait is told with its time")
		wg.Wait()
		assert.Zero(t, l.Len())
	})
}

func TestWhatIsNotTold(t *testing.T) {
	rows := []struct {
		what string
		wait time.Duration
		set  func(l *Locks)
	}{
		{"a wait that is shorter", 5*time.Second - 1, func(*Locks) {}},
		{"a patience of 0", time.Hour, func(l *Locks) { l.Patience = 0 }},
		{"a patience below 0", time.Hour, func(l *Locks) { l.Patience = -1 }},
		{"nobody to tell", time.Hour, func(l *Locks) { l.Warn = nil }},
	}
	for _, row := range rows {
		t.Run(row.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, told := warned()
				row.set(l)
				first := lock(t, l, "k")
				var wg sync.WaitGroup
				wg.Go(func() { lock(t, l, "k").Unlock() })
				synctest.Wait()
				time.Sleep(row.wait)
				first.Unlock()
				wg.Wait()
				assert.Empty(t, *told)
			})
		})
	}
}

// A caller whose context ends leaves the queue, before it is told and after.
func TestAWaitThatIsGivenUp(t *testing.T) {
	for _, patience := range []time.Duration{time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			l, told := warned()
			l.Patience = patience
			first := lock(t, l, "k")
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			h := &Held{Owner: name("second")}
			assert.ErrorIs(t, l.Lock(ctx, "k", h), context.DeadlineExceeded)
			assert.Equal(t, Held{Owner: name("second")}, *h)
			assert.Equal(t, patience < time.Minute, len(*told) == 1)
			first.Unlock()
			assert.Zero(t, l.Len())
			lock(t, l, "k").Unlock()
		})
	}
}

// Who ends while telling, by a panic or by its goroutine, leaves the queue. The key goes to
// the next one.
func TestTellingThatFails(t *testing.T) {
	for _, fail := range []func(){func() { panic("lost") }, runtime.Goexit} {
		for _, released := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				l := &Locks{Patience: time.Second}
				first := lock(t, l, "k")
				l.Warn = func(context.Context, Wait) {
					if released {
						first.Unlock() // it is handed to who tells
					}
					fail()
				}
				var wg sync.WaitGroup
				wg.Go(func() {
					defer func() { _ = recover() }()
					_ = l.Lock(t.Context(), "k", new(Held))
				})
				time.Sleep(2 * time.Second)
				wg.Wait()
				first.Unlock()
				assert.Zero(t, l.Len())
				lock(t, l, "k").Unlock()
			})
		}
	}
}
