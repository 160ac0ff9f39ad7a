// This file holds the clients. They send random requests to the service and check the
// answers. Counts and faults go out.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// counters is the number of counters that the clients share. It is small, so that clients
// write to the same counter.
const counters = 16

// A bench holds the clients and their counts.
type bench struct {
	address   string
	transport *http.Transport
	pause     sync.RWMutex // a client holds it for reading during a request; a writer stops all clients

	reads, unchanged, writes, refused, hostile atomic.Int64

	acknowledged [counters]atomic.Int64
	ledger       restmachinetest.Ledger
	faults       faults
}

func newBench(address string) *bench {
	return &bench{address: address, transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}}
}

// work lets the clients send requests for the given time. It regularly stops all clients
// and calls look.
func (b *bench) work(length time.Duration, look func()) {
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			seen := [counters]sight{}
			for ctx.Err() == nil {
				b.pause.RLock()
				b.step(&seen)
				b.pause.RUnlock()
			}
		})
	}
	for tick := time.NewTicker(max(length/samples, 100*time.Millisecond)); ctx.Err() == nil; {
		select {
		case <-tick.C:
			b.pause.Lock()
			look()
			b.pause.Unlock()
		case <-ctx.Done():
			tick.Stop()
		}
	}
	all.Wait()
}

// A sight is the newest state of a counter that a client has seen.
type sight struct {
	tag string
	n   int
}

// step sends one request or two. Half of the steps are reads, four in ten are writes, one
// in ten is hostile.
func (b *bench) step(seen *[counters]sight) {
	i := rand.IntN(counters)
	var err error
	switch dice := rand.IntN(10); {
	case dice < 5:
		err = b.read(i, &seen[i])
	case dice < 9:
		err = b.increment(i, &seen[i])
	default:
		b.hostile.Add(1)
		err = hostilities[rand.IntN(len(hostilities))].inflict(b)
	}
	b.faults.note(err)
}

// read sends a GET, which is conditional if the client has seen the counter before.
func (b *bench) read(i int, last *sight) error {
	b.reads.Add(1)
	h := http.Header{}
	if last.tag != "" {
		h.Set("If-None-Match", last.tag)
	}
	resp, err := b.send(context.Background(), http.MethodGet, counterPath(i), "", h)
	switch {
	case err != nil:
		return fmt.Errorf("read: %w", err)
	case resp.StatusCode == http.StatusNotModified:
		b.unchanged.Add(1)
		if tag := resp.Header.Get("ETag"); tag != last.tag {
			return fmt.Errorf("read: 304 with the tag %s, asked for %s", tag, last.tag)
		}
		return nil
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("read: %d: %s", resp.StatusCode, resp.Body)
	}
	return last.look(resp)
}

// increment reads a counter and writes the next number over what it has seen.
func (b *bench) increment(i int, last *sight) error {
	if err := b.read(i, last); err != nil {
		return err
	}
	b.writes.Add(1)
	method := writes[rand.IntN(len(writes))]
	if method == http.MethodPost {
		return b.add(i, last)
	}
	resp, err := b.write(method, counterPath(i), last.n+1, last.tag, nil)
	switch {
	case err != nil:
		return fmt.Errorf("write: %w", err)
	case resp.StatusCode == http.StatusPreconditionFailed:
		b.refused.Add(1)
		return nil
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("write: %d: %s", resp.StatusCode, resp.Body)
	}
	b.acknowledged[i].Add(1)
	if method == "COUNT" {
		return nil // what a method of our own answers does not describe the counter
	}
	return last.look(resp)
}

// writes are the methods that write. Each adds one to a counter.
var writes = []string{http.MethodPut, http.MethodPut, http.MethodPatch, "COUNT", http.MethodPost}

// add adds one to a counter without a look at it.
func (b *bench) add(i int, last *sight) error {
	resp, err := b.write(http.MethodPost, counterPath(i), 0, "", nil)
	if err == nil && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("%d: %s", resp.StatusCode, resp.Body)
	}
	if err != nil {
		return fmt.Errorf("add: %w", err)
	}
	b.acknowledged[i].Add(1)
	return last.look(resp)
}

// lastWrite increments a counter that no other client uses. Its handler waits until the
// shutdown.
func (b *bench) lastWrite(name string) error {
	resp, err := b.put("/counters/"+name, 1, `"0"`, http.Header{"Linger": {"yes"}})
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d: %s", resp.StatusCode, resp.Body)
	}
	if err != nil {
		return fmt.Errorf("shutdown: a write in flight: %w", err)
	}
	return nil
}

// look checks and keeps the state that a 200 shows. A counter never goes back.
func (s *sight) look(resp restmachine.Response) error {
	var c count
	if err := json.Unmarshal(resp.Body, &c); err != nil {
		return err
	}
	tag := resp.Header.Get("ETag")
	if tag != strconv.Quote(strconv.Itoa(c.Version)) {
		return fmt.Errorf("the tag %s of version %d", tag, c.Version)
	}
	if c.N < s.n {
		return fmt.Errorf("shown %d after %d", c.N, s.n)
	}
	*s = sight{tag, c.N}
	return nil
}

func counterPath(i int) string { return "/counters/" + strconv.Itoa(i) }

func (b *bench) put(path string, n int, tag string, h http.Header) (restmachine.Response, error) {
	return b.write(http.MethodPut, path, n, tag, h)
}

// write sends a number, under a tag unless that is "".
func (b *bench) write(method, path string, n int, tag string, h http.Header) (restmachine.Response, error) {
	if h == nil {
		h = http.Header{}
	}
	if tag != "" {
		h.Set("If-Match", tag)
	}
	h.Set("Content-Type", "application/json")
	return b.send(context.Background(), method, path, fmt.Sprintf(`{"n":%d}`, n), h)
}

// send sends a request, and checks the invariants of its response.
func (b *bench) send(ctx context.Context, method, path, body string, h http.Header) (restmachine.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+b.address+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return restmachine.Response{}, err
	}
	if h != nil {
		r.Header = h
	}
	got, err := b.transport.RoundTrip(r)
	if err != nil {
		return restmachine.Response{}, err
	}
	defer got.Body.Close()
	content, err := io.ReadAll(got.Body)
	resp := restmachine.Response{StatusCode: got.StatusCode, Header: got.Header, Body: content}
	w := new(witness)
	req := restmachine.Request{Method: method, Path: path, Header: h}
	restmachinetest.CheckResponse(w, req, resp)
	b.ledger.Check(w, req, resp)
	return resp, errors.Join(err, w.fault)
}

// A witness takes the place of a testing.TB, and keeps the reports.
type witness struct {
	testing.TB
	fault error
}

func (w *witness) Helper() {}

func (w *witness) Errorf(format string, args ...any) {
	w.fault = errors.Join(w.fault, fmt.Errorf(format, args...))
}
