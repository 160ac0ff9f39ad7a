// These tests run run.sh: three replicas behind nginx.

package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/local"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// startAll starts run.sh on the database of the test. It returns the output of run.sh
// until all servers run. stop ends run.sh like Ctrl-C.
func startAll(t *testing.T) (said string, stop func()) {
	if _, err := local.Program("nginx"); err != nil {
		t.Skip("SKIPPED, nothing was tested: nginx is not installed. Try apt-get install nginx-light.")
	}
	database(t)
	cmd := exec.Command("./run.sh")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	stop = sync.OnceFunc(func() {
		assert.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		cmd.Wait() // its error says that a signal ended it
	})
	t.Cleanup(stop)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		said += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "All is running") {
			return said, stop
		}
	}
	require.FailNow(t, "run.sh ended", said)
	return "", nil
}

// address returns the URL and the process of one of the servers that run.sh started.
func address(t *testing.T, said, name string) (url string, process int) {
	_, line, _ := strings.Cut(said, name+": ")
	_, err := fmt.Sscanf(strings.Replace(line, ",", "", 1), "%s process %d", &url, &process)
	require.NoError(t, err, said)
	return url, process
}

func TestNginxAsksAgainAndIsTold304(t *testing.T) {
	said, stop := startAll(t)
	base, _ := address(t, said, "nginx")
	created := must(t, base, "PUT", counterPath, `{"count": 1}`, "If-None-Match", "*")
	require.Equal(t, 201, created.StatusCode)
	first := created.Header.Get("ETag")

	// nginx asks a replica only when its copy is too old, which is after a second.
	// REVALIDATED means that the replica answered 304.
	require.Eventually(t, func() bool {
		resp := must(t, base, "GET", counterPath, "")
		assert.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, first, resp.Header.Get("ETag"))
		return resp.Header.Get("X-Cache") == "REVALIDATED"
	}, 30*time.Second, 100*time.Millisecond)

	got := must(t, base, "GET", counterPath, "")
	restmachinetest.CheckNotModified(t, got, must(t, base, "GET", counterPath, "", "If-None-Match", first))
	restmachinetest.CheckHead(t, got, must(t, base, "HEAD", counterPath, ""))

	// Preconditions of writes reach the replicas. A client that refuses cached answers
	// does not get one.
	replaced := must(t, base, "PUT", counterPath, `{"count": 2}`, "If-Match", first)
	require.Equal(t, 200, replaced.StatusCode)
	assert.Equal(t, 412, must(t, base, "PUT", counterPath, `{"count": 3}`, "If-Match", first).StatusCode)
	assert.Equal(t, 412, must(t, base, "PUT", counterPath, `{"count": 3}`, "If-None-Match", "*").StatusCode)
	fresh := must(t, base, "GET", counterPath, "", "Cache-Control", "no-cache", "If-None-Match", first)
	assert.Equal(t, 200, fresh.StatusCode)
	assert.EqualValues(t, 2, decodeView(t, fresh).Count)
	assert.Equal(t, replaced.Header.Get("ETag"), fresh.Header.Get("ETag"))

	stop()
	for _, name := range []string{"nginx", "replica 1", "replica 2", "replica 3"} {
		url, _ := address(t, said, name)
		_, err := request(t, url, "GET", counterPath, "")
		assert.ErrorIs(t, err, syscall.ECONNREFUSED, "%s is still there", name)
	}
}

// If a replica fails, a reader notices nothing. A writer gets 502 at worst. Then the
// writer does not know whether the write took place.
func TestNginxGoesOnWithoutAReplica(t *testing.T) {
	said, _ := startAll(t)
	base, _ := address(t, said, "nginx")
	require.Equal(t, 201, must(t, base, "PUT", counterPath, `{"count": 0}`).StatusCode)

	_, process := address(t, said, "replica 2")
	require.NoError(t, syscall.Kill(process, syscall.SIGKILL))
	var acknowledged, unknown int64
	for range 30 {
		switch status := must(t, base, "PATCH", counterPath, `{"add": 1}`).StatusCode; status {
		case http.StatusOK:
			acknowledged++
		case http.StatusBadGateway:
			unknown++
		default:
			assert.Equal(t, http.StatusOK, status)
		}
		resp := must(t, base, "GET", counterPath, "", "Cache-Control", "no-cache")
		require.Equal(t, http.StatusOK, resp.StatusCode)
		count := decodeView(t, resp).Count
		assert.LessOrEqual(t, acknowledged, count)
		assert.LessOrEqual(t, count, acknowledged+unknown)
	}
	assert.Positive(t, acknowledged)
	t.Logf("%d acknowledged, %d unknown", acknowledged, unknown)
}
