// This file is the law of sums: clients increment one record by client.Update, and each increment
// counts once. The addresses of servers come in, and figures go out, or an error if the law is
// broken.

package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/examples/linear/register"
	"github.com/restmachine/restmachine-go/restmachine/client"
)

// A Sum is what the increments of all clients have come to.
type Sum struct {
	Increments, Value int64
	Calls             int64 // of the change: more than the increments, since somebody was faster
	Unknown           int64 // Updates that returned ErrUnknown
	Failed            int64 // Updates that returned another error
	Took              time.Duration
}

// errLost says that an increment was lost, or was done twice.
var errLost = errors.New("load: the record does not have the increments of this client")

// An incrementer is one client.
type incrementer struct {
	me    int // in the record
	c     *client.Client
	done  int64 // increments that took place
	doubt bool  // one more may have taken place
	calls int64 // of the change
	sum   *Sum
	mu    *sync.Mutex // of the sum
}

// Increment lets 8 clients increment the record so many times each. An Update that fails is made
// again. The change looks at how often this client has incremented: so the client notices an
// increment that was lost, or one that took place although its answer was lost.
func Increment(ctx context.Context, address func(server int) string, key string, each int) (s Sum, err error) {
	begin := time.Now()
	var all sync.WaitGroup
	var mu sync.Mutex
	errs := make([]error, register.Clients)
	for me := range register.Clients {
		via := transport(me)
		defer via.CloseIdleConnections()
		one := &incrementer{me: me, c: &client.Client{HTTP: &http.Client{Transport: via}, Tries: 200, CacheSize: -1}, sum: &s, mu: &mu}
		all.Go(func() {
			for errs[me] == nil && one.done < int64(each) {
				errs[me] = one.increment(ctx, address(me+int(one.calls))+register.Open+key)
			}
			mu.Lock()
			defer mu.Unlock()
			s.Calls += one.calls
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return s, err
	}
	s.Took = time.Since(begin)
	s.Increments = int64(register.Clients * each)
	now, err := client.Get[register.Value](ctx, new(client.Client), address(0)+register.Open+key)
	if err != nil {
		return s, err
	}
	if s.Value = now.Value.A; s.Value != s.Increments {
		return s, fmt.Errorf("%w: the sum of %d increments is %d", errLost, s.Increments, s.Value)
	}
	return s, nil
}

// increment makes one Update, which may fail and is counted then. An error ends the law.
func (i *incrementer) increment(ctx context.Context, url string) error {
	attempt, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := client.Update(attempt, i.c, url, i.change, client.OrCreate)
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case err == nil:
		i.done, i.doubt = i.done+1, false
	case errors.Is(err, errLost) || ctx.Err() != nil:
		return err
	case errors.Is(err, client.ErrUnknown):
		i.sum.Unknown++
		i.doubt = true
	default:
		i.sum.Failed++
	}
	return nil
}

// change adds one, unless the increment that was in doubt is there.
func (i *incrementer) change(v *register.Value) error {
	i.calls++
	switch by := v.By[i.me]; {
	case by == i.done:
		v.By[i.me]++
		v.A++
	case !i.doubt || by != i.done+1:
		return fmt.Errorf("%w: client %d has done %d, and finds %d", errLost, i.me, i.done, by)
	}
	return nil
}
