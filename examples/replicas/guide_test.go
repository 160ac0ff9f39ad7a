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
	"strconv"
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
	folder := t.TempDir()
	binary := filepath.Join(folder, "tasks")
	build := exec.Command("go", "build", "-race", "-o", binary) // its imports are compiled already
	address := 0
	for i, file := range page.Blocks["go"] {
		if strings.HasPrefix(file, "package main\n") {
			source := filepath.Join(folder, "file"+strconv.Itoa(i)+".go")
			address += strings.Count(file, `"`+recipe.Address+`"`)
			require.NoError(t, os.WriteFile(source, []byte(strings.Replace(file, recipe.Address, "127.0.0.1:0", 1)), 0o600))
			build.Args = append(build.Args, source)
		}
	}
	require.Equal(t, 1, address, "the program listens at one address")
	out, err := build.CombinedOutput()
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
	lines, at := bufio.NewScanner(log), ""
	for at == "" && lines.Scan() {
		_, at, _ = strings.Cut(lines.Text(), "address=")
	}
	require.NotEmpty(t, at, "no line of the log has the address")
	go func() { _, _ = io.Copy(io.Discard, log) }()
	recipe.Session(t, page, httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: at}))
}
