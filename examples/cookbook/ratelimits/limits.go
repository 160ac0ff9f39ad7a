// This file counts. A key, a cost and the time come in. Out comes how long the caller has to wait.

package main

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Rate is how much a caller may spend: Burst at once, and then PerSecond.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Limits has a limiter for each key. It is safe for concurrent use.
type Limits struct {
	each Rate

	mu     sync.Mutex
	keys   map[string]*rate.Limiter
	others *rate.Limiter // of all keys for which there is not any room
	swept  time.Time
}

// maxKeys is for how many keys there is room.
const maxKeys = 10_000

// NewLimits returns limits of one rate for each key.
func NewLimits(each Rate) *Limits {
	l := &Limits{each: each, keys: map[string]*rate.Limiter{}}
	l.others = l.limiter()
	return l
}

func (l *Limits) limiter() *rate.Limiter {
	return rate.NewLimiter(rate.Limit(l.each.PerSecond), l.each.Burst)
}

// Take spends a cost, and returns 0. If the caller cannot afford it yet, Take spends nothing, and returns
// how long the caller has to wait. A cost over the Burst counts as the Burst.
func (l *Limits) Take(key string, cost int, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.of(key, now).ReserveN(now, min(cost, l.each.Burst))
	wait := taken.DelayFrom(now)
	if wait > 0 {
		taken.CancelAt(now)
	}
	return wait
}

// of returns the limiter of a key. Once in a second it forgets those that have recovered: they are as new.
func (l *Limits) of(key string, now time.Time) *rate.Limiter {
	if limiter := l.keys[key]; limiter != nil {
		return limiter
	}
	if now.Sub(l.swept) > time.Second {
		l.swept = now
		for old, limiter := range l.keys {
			if limiter.TokensAt(now) >= float64(l.each.Burst) {
				delete(l.keys, old)
			}
		}
	}
	if len(l.keys) >= maxKeys {
		return l.others
	}
	l.keys[key] = l.limiter()
	return l.keys[key]
}
