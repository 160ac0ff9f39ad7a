// This file limits how often each client may ask. In comes a request. Out comes nil, or a 429
// that says when to ask again.

package main

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Limits has a limiter for each client. It is safe for concurrent use.
type Limits struct {
	rate    rate.Limit
	burst   int
	mu      sync.Mutex
	clients map[string]*rate.Limiter
}

// maxClients is how many clients are remembered. A client that is forgotten begins anew.
const maxClients = 10_000

// NewLimits returns limits of r requests in a second, and of burst at once.
func NewLimits(r rate.Limit, burst int) *Limits {
	return &Limits{rate: r, burst: burst, clients: map[string]*rate.Limiter{}}
}

// Check is a gate: an error refuses the request. The key of a client is its X-Api-Key. Check the
// key first (Authorized): whoever invents keys has a new limit with each.
func (l *Limits) Check(r *http.Request) (bool, error) {
	wait := l.wait(r.Header.Get("X-Api-Key"), time.Now())
	if wait == 0 {
		return true, nil
	}
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	return false, &restmachine.Problem{Status: http.StatusTooManyRequests, Detail: "Ask again in " + seconds + " s.",
		Header: http.Header{"Retry-After": {seconds}}}
}

// wait returns how long a client has to wait. It takes a request from the limit if that is 0.
func (l *Limits) wait(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.clients[key]
	if limiter == nil {
		for old := range l.clients {
			if len(l.clients) < maxClients {
				break
			}
			delete(l.clients, old) // any one
		}
		limiter = rate.NewLimiter(l.rate, l.burst)
		l.clients[key] = limiter
	}
	taken := limiter.ReserveN(now, 1)
	wait := taken.DelayFrom(now)
	if wait > 0 {
		taken.CancelAt(now)
	}
	return wait
}
