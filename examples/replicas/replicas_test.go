// These tests run several processes on one database, and kill one of them.

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A replica is a process of this program.
type replica struct {
	url string
	cmd *exec.Cmd
}

func build(t *testing.T) (binary string) {
	binary = filepath.Join(t.TempDir(), "replica")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return binary
}

// startReplica starts a replica and returns when it serves. The end of the test kills it.
func startReplica(t *testing.T, binary string, store ...string) replica {
	cmd := exec.Command(binary, append(store, "-addr", "127.0.0.1:0")...)
	log, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill() // fails if the test has killed it already; the result of Wait does not matter
		cmd.Wait()
	})
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), " listening address="); ok {
			go io.Copy(io.Discard, log) // otherwise the replica blocks when the pipe is full
			return replica{"http://" + address, cmd}
		}
		t.Log(lines.Text())
	}
	require.FailNow(t, "the replica ended before it served")
	return replica{}
}

// request sends a request to the server at base. fields are names and values in turn. It
// returns an error if it does not get a complete answer.
func request(t *testing.T, base, method, path, body string, fields ...string) (restmachine.Response, error) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(body))
	if err != nil {
		return restmachine.Response{}, err
	}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return restmachine.Response{}, err
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	got := restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: content}
	if err == nil && resp.Header.Get("Server") == "" { // nginx makes some answers itself, with the field Server
		sent := restmachine.Request{Method: method, Path: path, Header: req.Header, Body: []byte(body)}
		restmachinetest.CheckResponse(t, sent, got)
	}
	return got, err
}

// must is request for a server that must answer.
func must(t *testing.T, base, method, path, body string, fields ...string) restmachine.Response {
	t.Helper()
	resp, err := request(t, base, method, path, body, fields...)
	require.NoError(t, err)
	return resp
}

func decodeView(t *testing.T, resp restmachine.Response) (v View) {
	assert.NoError(t, json.Unmarshal(resp.Body, &v), "%s", resp.Body)
	return v
}

const counterPath = "/counters/c"

// An increment tries to add one, at one replica. It returns the status of the write, or 0
// if it did not write. If it returns an error, the write may or may not have taken place.
type increment func(t *testing.T, base string) (status int, err error)

func putWithIfMatch(t *testing.T, base string) (int, error) {
	current, err := request(t, base, "GET", counterPath, "")
	if err != nil {
		return 0, nil
	}
	assert.Equal(t, 200, current.StatusCode)
	body := fmt.Sprintf(`{"count": %d}`, decodeView(t, current).Count+1)
	resp, err := request(t, base, "PUT", counterPath, body, "If-Match", current.Header.Get("ETag"))
	return resp.StatusCode, err
}

func patch(t *testing.T, base string) (int, error) {
	resp, err := request(t, base, "PATCH", counterPath, `{"add": 1}`)
	return resp.StatusCode, err
}

// Clients increment one counter through three processes. One process is killed in the
// middle, and the clients go on with the others. The counter has all acknowledged
// increments. It may also have writes of the killed process that were not acknowledged.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	for _, tt := range []struct {
		name      string
		store     func(*testing.T) (args []string) // of the replicas
		increment increment
		refused   int // the status of a write that came too late
	}{
		{"PostgreSQL: GET, and PUT with If-Match", inDatabase, putWithIfMatch, 412},
		{"PostgreSQL: PATCH without a precondition", inDatabase, patch, 409},
		{"NATS: GET, and PUT with If-Match", inCluster, putWithIfMatch, 412},
		{"NATS: PATCH without a precondition", inCluster, patch, 409},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := tt.store(t)
			binary := build(t)
			replicas := []replica{startReplica(t, binary, args...), startReplica(t, binary, args...), startReplica(t, binary, args...)}
			require.Equal(t, 201, must(t, replicas[0].url, "PUT", counterPath, `{"count": 0}`, "If-None-Match", "*").StatusCode)

			n := race(t, replicas, tt.increment, tt.refused)
			count := decodeView(t, must(t, replicas[1].url, "GET", counterPath, "")).Count
			t.Logf("%d acknowledged, %d refused, %d unknown: the counter is %d", n.acknowledged.Load(), n.refused.Load(), n.unknown.Load(), count)
			assert.LessOrEqual(t, n.acknowledged.Load(), count, "acknowledged writes were lost")
			assert.LessOrEqual(t, count, n.acknowledged.Load()+n.unknown.Load(), "writes that were refused took place")
		})
	}
}

// The size of a race. Each client goes on until so many of its writes were acknowledged.
// The race fails if this takes a hundred times as many attempts.
const (
	clients = 9
	quota   = 30
)

// An outcome counts writes by their answers.
type outcome struct{ acknowledged, refused, unknown atomic.Int64 }

// race lets the clients increment, each at all replicas in turn. It kills the first
// replica when half of the writes are acknowledged.
func race(t *testing.T, replicas []replica, try increment, refused int) *outcome {
	var n outcome
	var all sync.WaitGroup
	for first := range clients {
		all.Go(func() {
			mine := 0
			for turn := first; mine < quota && turn < 100*quota; turn++ {
				switch status, err := try(t, replicas[turn%len(replicas)].url); {
				case errors.Is(err, syscall.ECONNREFUSED): // the replica did not run, so it did not write
				case err != nil:
					n.unknown.Add(1)
				case status == 200:
					mine++
					if n.acknowledged.Add(1) == clients*quota/2 {
						assert.NoError(t, replicas[0].cmd.Process.Kill())
					}
				case status == refused:
					n.refused.Add(1)
				default:
					assert.Zero(t, status, "of the write")
				}
			}
			assert.Equal(t, quota, mine, "writes of this client, which goes on at the others")
		})
	}
	all.Wait()
	return &n
}
