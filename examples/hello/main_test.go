// These tests check the README: its program runs, and its requests get the answers that
// it shows.

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The session in the README shows the real answers of the program. Each request is sent,
// and each response is compared. The date is not compared.
func TestTheSessionOfTheReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	url := serve(t)
	_, session, _ := strings.Cut(string(readme), "```console\n")
	session, _, _ = strings.Cut(session, "```")
	exchanges := strings.Split(session, "$ curl -i ")[1:]
	require.Len(t, exchanges, 4)
	for _, exchange := range exchanges {
		command, response, _ := strings.Cut(exchange, "\n")
		got := answer(t, request(t, command, url))
		require.Equal(t, strings.TrimSpace(response), got, "curl -i %s; mend the README, or the program", command)
	}
}

// serve builds the program with a free port, runs it, and returns its address.
func serve(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("main.go")
	require.NoError(t, err)
	require.Contains(t, string(source), "127.0.0.1:8080")
	dir := t.TempDir()
	changed, overlay, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "hello")
	require.NoError(t, os.WriteFile(changed, bytes.Replace(source, []byte(":8080"), []byte(":0"), 1), 0o600))
	original, err := filepath.Abs("main.go")
	require.NoError(t, err)
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{original: changed}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, text, 0o600))
	out, err := exec.Command("go", "build", "-overlay", overlay, "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)

	run := exec.CommandContext(t.Context(), program)
	log, err := run.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	t.Cleanup(func() { _ = run.Wait() }) // the context has killed the program
	line, err := bufio.NewReader(log).ReadString('\n')
	require.NoError(t, err)
	_, address, found := strings.Cut(strings.TrimSpace(line), "address=")
	require.True(t, found, "no address in %q", line)
	return "http://" + address
}

// request returns the request that curl would send for a line of the README.
func request(t *testing.T, command, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/note", nil)
	require.NoError(t, err)
	var words []string
	options := strings.Replace(command, "http://127.0.0.1:8080/note", "", 1)
	for i, part := range strings.Split(options, "'") {
		if quoted := i%2 == 1; quoted {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	for option := range slices.Chunk(words, 2) {
		switch option[0] {
		case "-X":
			r.Method = option[1]
		case "-H":
			name, value, _ := strings.Cut(option[1], ": ")
			r.Header.Set(name, value)
		case "-d":
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(option[1])), int64(len(option[1]))
		default:
			t.Fatalf("teach this test what curl does with %q", option)
		}
	}
	return r
}

// answer returns a response as curl -i prints it, without its date.
func answer(t *testing.T, r *http.Request) string {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	resp.Header.Del("Date")
	lines := []string{resp.Proto + " " + resp.Status}
	for _, name := range slices.Sorted(maps.Keys(resp.Header)) {
		lines = append(lines, name+": "+resp.Header.Get(name))
	}
	return strings.TrimSpace(strings.Join(append(lines, "", string(body)), "\n"))
}
