// The program and the session of docs/stores.md are what works. The program is built and run on a
// free port, in an empty folder, and the session is played against it.

package main

import (
	"bufio"
	"io"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
)

func TestTheProgramOfTheGuideOnStores(t *testing.T) {
	text, err := os.ReadFile(recipe.Beside(t, "../../docs/stores.md"))
	require.NoError(t, err)
	page := recipe.Parse(string(text))
	program := page.Blocks["go"][0]
	require.Contains(t, program, `"`+recipe.Address+`"`)
	folder := t.TempDir()
	source, binary := filepath.Join(folder, "main.go"), filepath.Join(folder, "tasks")
	require.NoError(t, os.WriteFile(source, []byte(strings.Replace(program, recipe.Address, "127.0.0.1:0", 1)), 0o600))
	out, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput()
	require.NoError(t, err, "%s", out)

	running := exec.Command(binary)
	running.Dir = folder
	log, err := running.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, running.Start())
	t.Cleanup(func() {
		assert.NoError(t, running.Process.Signal(os.Interrupt))
		assert.NoError(t, running.Wait(), "an orderly end")
	})
	lines, address := bufio.NewScanner(log), ""
	for address == "" && lines.Scan() {
		_, address, _ = strings.Cut(lines.Text(), "address=")
	}
	require.NotEmpty(t, address, "no line of the log has the address")
	go func() { _, _ = io.Copy(io.Discard, log) }()
	recipe.Session(t, page, httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address}))
}
