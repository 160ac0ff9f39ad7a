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
	"sync/atomic"
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

// Increment lets 8 clients increment the record so many times each. An Update that fails is made
// again. The change looks at how often this client has incremented: so the client notices an
// increment that was lost, or one that took place although its answer was lost.
func Increment(ctx context.Context, address func(server int) string, key string, each int) (s Sum, err error) {
	begin := time.Now()
	var all sync.WaitGroup
	var figures struct{ calls, unknown, failed atomic.Int64 }
	errs := make([]error, register.Clients)
	for me := range register.Clients {
		via := transport(me)
		defer via.CloseIdleConnections()
		c := &client.Client{HTTP: &http.Client{Transport: via}, Tries: 200, CacheSize: -1}
		all.Go(func() {
			doubt := false // an increment may have taken place
			for done := int64(0); done < int64(each); {
				change := func(v *register.Value) error {
					figures.calls.Add(1)
					switch by := v.By[me]; {
					case by == done:
						v.By[me]++
						v.A++
					case !doubt || by != done+1:
						return fmt.Errorf("%w: client %d has done %d, and finds %d", errLost, me, done, by)
					}
					return nil
				}
				attempt, cancel := context.WithTimeout(ctx, timeout)
				_, err := client.Update(attempt, c, address(me+int(figures.calls.Load()))+register.Open+key, change, client.OrCreate)
				cancel()
				switch {
				case err == nil:
					done, doubt = done+1, false
				case errors.Is(err, errLost) || ctx.Err() != nil:
					errs[me] = err
					return
				case errors.Is(err, client.ErrUnknown):
					figures.unknown.Add(1)
					doubt = true
				default:
					figures.failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return s, err
	}
	s.Took = time.Since(begin)
	s.Increments = int64(register.Clients * each)
	s.Calls, s.Unknown, s.Failed = figures.calls.Load(), figures.unknown.Load(), figures.failed.Load()
	now, err := client.Get[register.Value](ctx, new(client.Client), address(0)+register.Open+key)
	if err != nil {
		return s, err
	}
	if s.Value = now.Value.A; s.Value != s.Increments {
		return s, fmt.Errorf("%w: the sum of %d increments is %d", errLost, s.Increments, s.Value)
	}
	return s, nil
}
