// This file plays rolling restarts behind nginx: while clients read, write and follow events,
// each process ends and the next one starts. Every request has to be answered as if nothing
// happened. The second test takes the same measure of processes that are killed.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestMain is the service, if the cluster starts this program as one of its processes.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-serve" {
		main()
		return
	}
	os.Exit(m.Run())
}

func begin(t *testing.T, how settings) *cluster {
	t.Helper()
	c, err := startCluster(how)
	if errors.Is(err, errMissing) {
		t.Skip("SKIPPED, nothing was tested: " + err.Error())
	}
	require.NoError(t, err)
	t.Cleanup(c.stop)
	return c
}

func TestRollingRestartFailsNoRequest(t *testing.T) {
	// A busy machine starts a process slowly, and nginx must not try it before.
	patient := func(text string) string { return strings.ReplaceAll(text, "fail_timeout=2s", "fail_timeout=6s") }
	c := begin(t, settings{how: "ask", delay: drainDelay, edit: patient})
	l := runLoad(t, c, func(ctx context.Context) {
		for i := range c.processes {
			require.NoError(t, c.restart(ctx, i)) // it ends within patience, with 0
		}
	})
	assert.Empty(t, l.failed)
	notes, count, err := c.written()
	require.NoError(t, err)
	assert.Equal(t, l.puts, count, "the count is not the number of acknowledged PUTs")
	assert.Equal(t, l.posts, notes, "the notes are not those of the acknowledged POSTs")
	assert.Positive(t, l.gets)
	assert.Positive(t, l.notModified)
	assert.Positive(t, count)
	assert.Positive(t, notes)
	assert.Zero(t, l.seen.wrong, "an event was missing, or came twice")
	assert.Zero(t, l.seen.refused, "an EventSource would have given up")
	assert.Greater(t, l.seen.connections, int64(followers), "nobody connected again")
	assert.Equal(t, int64(followers*(notes+count)), l.seen.events)
}

// TestKilledProcessesFailRequests: the same load finds that something went wrong, and no write is
// done twice even then.
func TestKilledProcessesFailRequests(t *testing.T) {
	c := begin(t, settings{how: "kill", delay: drainDelay})
	l := runLoad(t, c, func(ctx context.Context) {
		for i := 0; i < len(c.processes); i++ {
			require.NoError(t, c.restart(ctx, i))
		}
	})
	assert.NotEmpty(t, l.failed, "the load cannot see failures")
	notes, count, err := c.written()
	require.NoError(t, err)
	unknown := len(l.failed)
	assert.LessOrEqual(t, count, l.puts+unknown)
	assert.GreaterOrEqual(t, count, l.puts, "an acknowledged PUT is lost")
	assert.LessOrEqual(t, notes, l.posts+unknown)
	assert.GreaterOrEqual(t, notes, l.posts, "an acknowledged POST is lost")
	assert.Zero(t, l.seen.wrong, "an event was missing, or came twice")
}

const (
	clients   = 12
	followers = 4
)

// A load is what clients did, and what they were told.
type load struct {
	front                          string
	mu                             sync.Mutex
	gets, notModified, puts, posts int      // acknowledged
	failed                         []string // what was not answered as it should be
	seen                           sighting
}

// runLoad runs the clients for as long as meanwhile takes. Each request that began is finished.
func runLoad(t *testing.T, c *cluster, meanwhile func(ctx context.Context)) *load {
	l := &load{front: c.front}
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	following, unfollow := context.WithCancel(t.Context())
	defer unfollow()
	f := follow(following, c.front, followers)
	for n := range clients {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				l.round(fmt.Sprintf("note %d of client %d", i, n))
			}
		})
	}
	meanwhile(ctx)
	stop()
	wg.Wait()
	notes, count, err := c.written()
	require.NoError(t, err)
	assert.NoError(t, c.until(t.Context(), "every event comes", func() bool {
		for i := range f.last {
			if f.last[i].Load() < int64(notes+count) {
				return false
			}
		}
		return true
	}))
	unfollow()
	l.seen = f.wait()
	return l
}

// round reads, reads again with the tag, writes with the tag, and adds a note.
func (l *load) round(note string) {
	code, tag, body := l.send("GET", "/counter", "", nil)
	l.answered("GET", code, &l.gets, 200)
	if code != 200 {
		return
	}
	var counter Counter
	if err := json.Unmarshal(body, &counter); err != nil {
		l.answered("GET, content", 0, &l.gets, 200)
		return
	}
	code, _, _ = l.send("GET", "/counter", "", http.Header{"If-None-Match": {tag}})
	l.answered("conditional GET", code, &l.notModified, 304, 200)
	text := fmt.Sprintf(`{"count": %d}`, counter.Count+1)
	code, _, _ = l.send("PUT", "/counter", text, http.Header{"If-Match": {tag}})
	l.answered("PUT", code, &l.puts, 200, 412) // 412: another client was faster
	code, _, _ = l.send("POST", "/notes", `{"text": "`+note+`"}`, nil)
	l.answered("POST", code, &l.posts, 201)
}

// answered counts an answer of the first status. The second one is as good.
func (l *load) answered(what string, code int, count *int, statuses ...int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case code == statuses[0]:
		*count++
	case len(statuses) < 2 || code != statuses[1]:
		l.failed = append(l.failed, fmt.Sprintf("%s: %d", what, code))
	}
}

// send returns the status, the entity-tag and the content; status 0 is a connection that failed.
func (l *load) send(method, path, content string, header http.Header) (code int, tag string, body []byte) {
	req, err := http.NewRequest(method, l.front+path, bytes.NewReader([]byte(content)))
	if err != nil {
		panic(err)
	}
	if header != nil {
		req.Header = header
	}
	if content != "" {
		req.Header.Set("Content-Type", "application/json")
		req.GetBody = nil // net/http does not send it again by itself
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", nil
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		return 0, "", nil
	}
	return resp.StatusCode, resp.Header.Get("ETag"), body
}

// TestDocument holds the App to its OpenAPI document, and that to openapi.golden.json.
func TestDocument(t *testing.T) {
	journal, err := OpenJournal(t.TempDir() + "/journal")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, journal.Close()) })
	_, err = journal.SetCount(1, 0)
	require.NoError(t, err)
	documented.Check(t, "", New(journal), restmachinetest.Document{
		Info: openapi.Info{Title: "Rolling", Version: "1.0.0", License: "MIT"},
		Skip: []string{"GET /feed"}, // it has no end
	})
}

// TestJournalOfTwoProcesses: each sees what the other wrote, and a count of an old version fails.
func TestJournalOfTwoProcesses(t *testing.T) {
	file := t.TempDir() + "/journal"
	one, err := OpenJournal(file)
	require.NoError(t, err)
	defer one.Close()
	two, err := OpenJournal(file)
	require.NoError(t, err)
	defer two.Close()
	first, err := one.SetCount(1, 0)
	require.NoError(t, err)
	_, err = two.Add("a")
	require.NoError(t, err)
	_, err = two.SetCount(5, 0)
	require.ErrorIs(t, err, restmachine.ErrStale)
	second, err := two.SetCount(2, first.Version)
	require.NoError(t, err)
	got, err := one.Counter()
	require.NoError(t, err)
	assert.Equal(t, second, got)
	entries, err := one.After(1)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
	assert.Equal(t, "a", entries[0].Note)
}
