// This file is a round: clients that send random requests to a few new keys at the same time. A
// seed comes in, and operations go out.

package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/examples/linear/history"
)

// The size of a round: so many clients send so many requests to so many keys. The history of a key
// has about 30 operations, so that it can be checked soon.
const (
	clients  = 6
	requests = 20
	keys     = 4
)

// Clients are clients with their connections.
type Clients struct {
	address    func(server int) string
	transports [clients]*http.Transport
	begin      time.Time
	value      atomic.Int64 // the last value that was sent: each is sent once
	NotSent    atomic.Int64 // requests that did not reach a server
	answers    [600]atomic.Int64
}

// New returns clients of the servers at these addresses.
func New(address func(server int) string) *Clients {
	c := &Clients{address: address, begin: time.Now()}
	for i := range c.transports {
		c.transports[i] = transport(i)
	}
	return c
}

// Close closes the connections.
func (c *Clients) Close() {
	for _, t := range c.transports {
		t.CloseIdleConnections()
	}
}

// Answers returns how often each status was the answer. The status 0 is an unknown outcome.
func (c *Clients) Answers() map[int]int64 {
	all := map[int]int64{}
	for status := range c.answers {
		if n := c.answers[status].Load(); n > 0 {
			all[status] = n
		}
	}
	return all
}

// Round plays a round on new keys, which have the name. In the middle of it, disturb is called, and
// the round goes on meanwhile. Round returns when both have ended.
func (c *Clients) Round(ctx context.Context, name string, seed uint64, disturb func() error) ([]history.Operation, error) {
	var all sync.WaitGroup
	var mine [clients]player
	errs := make([]error, clients+1)
	var sent atomic.Int64
	for i := range clients {
		mine[i] = player{all: c, client: i, random: rand.New(rand.NewPCG(seed, uint64(i))), tags: map[string]string{}}
		all.Go(func() {
			for range requests {
				if sent.Add(1) == clients*requests/3 {
					all.Go(func() { errs[clients] = disturb() })
				}
				if errs[i] = mine[i].play(ctx, name); errs[i] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	var operations []history.Operation
	for i := range mine {
		operations = append(operations, mine[i].done...)
	}
	return operations, errors.Join(errs...)
}

// A player is a client in a round.
type player struct {
	all    *Clients
	client int
	random *rand.Rand
	tags   map[string]string // the last tag that this client has seen of each key
	turn   int
	done   []history.Operation
}

// play sends one random request, and remembers it.
func (p *player) play(ctx context.Context, round string) error {
	in := p.choose(fmt.Sprintf("%s-%d", round, p.random.IntN(keys)))
	p.turn++
	if p.random.IntN(50) == 0 { // the client goes away before its answer, or at that very moment
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(p.random.IntN(3000))*time.Microsecond)
		defer cancel()
	}
	call := time.Since(p.all.begin)
	out, err := Send(ctx, p.all.transports[p.client], p.all.address(p.client+p.turn), in)
	back := time.Since(p.all.begin)
	if errors.Is(err, errNotSent) {
		p.all.NotSent.Add(1)
		return p.recover(ctx)
	}
	if err != nil {
		return err
	}
	p.all.answers[out.Status].Add(1)
	if out.ETag != "" {
		p.tags[in.Key] = out.ETag
	}
	if out.Status != 0 || in.Method != http.MethodGet { // a read that was not answered says nothing
		p.done = append(p.done, history.Operation{Client: p.client, Input: in, Output: out, Call: call, Return: back})
	}
	if out.Status == 0 {
		return p.recover(ctx)
	}
	return nil
}

// recover waits until the servers answer again, so that a failure makes few operations of unknown
// outcome: each of them doubles the work of the checker.
func (p *player) recover(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx) // it may be the context of the request
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		p.turn++
		out, err := Send(ctx, p.all.transports[p.client], p.all.address(p.client+p.turn), history.Input{Method: http.MethodGet, Key: "nobody"})
		if err == nil && out.Status != 0 {
			return nil
		}
	}
	return errors.New("load: no server has answered for a minute")
}

// choose makes a random request. Its precondition is the last tag that the client has seen, or
// that there is something, or nothing.
func (p *player) choose(key string) history.Input {
	value := p.all.value.Add(1)
	in := history.Input{Key: key, Demanding: p.random.IntN(4) == 0, Set: history.Pair{A: value, B: -value}}
	tag := p.tags[key]
	if tag == "" {
		tag = "*"
	}
	switch n := p.random.IntN(100); {
	case n < 30:
		in.Method = http.MethodGet
		if p.random.IntN(2) == 0 {
			in.IfNoneMatch = p.tags[key]
		}
		return in
	case n < 50:
		in.Method, in.IfMatch = http.MethodPut, tag
	case n < 62:
		in.Method = http.MethodPut
	case n < 74:
		in.Method, in.IfNoneMatch = http.MethodPut, "*"
	case n < 82:
		in.Method, in.IfMatch = http.MethodPatch, tag
	case n < 90:
		in.Method = http.MethodPatch
	case n < 96:
		in.Method, in.IfMatch = http.MethodDelete, tag
	default:
		in.Method = http.MethodDelete
	}
	return in
}
