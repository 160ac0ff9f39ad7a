// This file follows events as an EventSource does: after each end it connects again, and says
// what it has seen. In comes an address. Out comes whether an event was missing.

package main

import (
	"bufio"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A follower is some clients that follow the events.
type follower struct {
	wg                         sync.WaitGroup
	events, connections, wrong atomic.Int64
	refused                    atomic.Int64 // an EventSource gives up for ever on a status that is not 200
	last                       []atomic.Int64
}

// A sighting is what the clients have seen in the end.
type sighting struct{ events, connections, wrong, refused int64 }

// follow starts n clients, which go on until ctx ends.
func follow(ctx context.Context, front string, n int) *follower {
	f := &follower{last: make([]atomic.Int64, n)}
	for i := range f.last {
		f.wg.Go(func() {
			for ctx.Err() == nil {
				f.connect(ctx, front, &f.last[i])
				select {
				case <-time.After(100 * time.Millisecond):
				case <-ctx.Done():
				}
			}
		})
	}
	return f
}

// connect reads one stream to its end.
func (f *follower) connect(ctx context.Context, front string, last *atomic.Int64) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, front+"/feed", nil)
	if err != nil {
		panic(err)
	}
	if id := last.Load(); id > 0 {
		req.Header.Set("Last-Event-ID", strconv.FormatInt(id, 10))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		if ctx.Err() == nil {
			f.refused.Add(1)
		}
		return
	}
	defer resp.Body.Close()
	f.connections.Add(1)
	if resp.StatusCode != http.StatusOK {
		f.refused.Add(1)
	}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		text, is := strings.CutPrefix(lines.Text(), "id: ")
		if !is {
			text, is = strings.CutPrefix(lines.Text(), "id:")
		}
		if !is {
			continue
		}
		f.events.Add(1)
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id != last.Load()+1 {
			f.wrong.Add(1)
		}
		last.Store(id)
	}
}

// wait waits for the clients, whose context has ended.
func (f *follower) wait() sighting {
	f.wg.Wait()
	return sighting{f.events.Load(), f.connections.Load(), f.wrong.Load(), f.refused.Load()}
}
