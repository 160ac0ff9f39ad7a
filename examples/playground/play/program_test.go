// These tests build the programs that the page shows, and send them the requests that the page
// sends.

package play

import (
	"encoding/json"
	"fmt"
	"go/format"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProgramsAreFormatted(t *testing.T) {
	for _, s := range drawn() {
		text := s.Program()
		formatted, err := format.Source([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, string(formatted), text, s.Link())
	}
}

// sender is a program that imports the others, and prints the statuses.
const sender = `package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/restmachine/restmachine-go/restmachine"
%s)

func main() {
	var requests []restmachine.Request
	if err := json.NewDecoder(os.Stdin).Decode(&requests); err != nil {
		panic(err)
	}
	for i, app := range []func() *restmachine.App{%s} {
		resp := app().Execute(requests[i])
		fmt.Println(resp.StatusCode, resp.Header.Get("ETag"))
	}
}
`

// varied returns drawn states in which each option of each setting is chosen at least once.
func varied() (states []State) {
	chosen := map[string]bool{}
	for _, s := range slices.Backward(drawn()) {
		adds := false
		for _, setting := range Settings {
			for value := range strings.SplitSeq(setting.Value(s), ",") {
				adds = adds || !chosen[setting.Name+"="+value]
				chosen[setting.Name+"="+value] = true
			}
		}
		if adds && s.Methods != "" {
			states = append(states, s)
		}
	}
	return states
}

// TestProgramsAnswerTheSame compiles the programs of all presets and of varied states, each as a
// package that only the compiler sees.
func TestProgramsAnswerTheSame(t *testing.T) {
	var states []State
	for _, p := range Presets {
		s, err := Parse(p.Link)
		require.NoError(t, err)
		states = append(states, s)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, s := range varied() {
		states = append(states, s.plain(methodsKnown[random.IntN(len(methodsKnown))]))
	}

	dir := t.TempDir()
	here, err := os.Getwd()
	require.NoError(t, err)
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	write := func(name, text string) {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		overlay.Replace[filepath.Join(here, name)] = file
	}
	var imports, apps strings.Builder
	var requests []any
	for i, s := range states {
		text, ok := strings.CutPrefix(s.Program(), "package main\n")
		require.True(t, ok)
		write(fmt.Sprintf("built/p%d/p.go", i), fmt.Sprintf("package p%d\n", i)+strings.Replace(text, "func main()", "func Main()", 1))
		fmt.Fprintf(&imports, "\t\"github.com/restmachine/restmachine-go/examples/playground/play/built/p%d\"\n", i)
		fmt.Fprintf(&apps, "p%d.NewApp, ", i)
		requests = append(requests, s.request())
	}
	write("built/main.go", fmt.Sprintf(sender, imports.String(), apps.String()))
	text, err := json.Marshal(overlay)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), text, 0o600))

	send := exec.CommandContext(t.Context(), "go", "run", "-overlay", filepath.Join(dir, "overlay.json"), "./built")
	input, err := json.Marshal(requests)
	require.NoError(t, err)
	send.Stdin = strings.NewReader(string(input))
	var faults strings.Builder
	send.Stderr = &faults
	output, err := send.Output()
	require.NoError(t, err, "%s", faults.String())

	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	require.Len(t, lines, len(states))
	for i, s := range states {
		a := s.Answer()
		want := fmt.Sprint(a.Status, " ")
		for _, f := range a.Response {
			if f.Name == "Etag" {
				want += f.Value
			}
		}
		assert.Equal(t, strings.TrimSpace(want), strings.TrimSpace(lines[i]), s.Link())
	}
}
