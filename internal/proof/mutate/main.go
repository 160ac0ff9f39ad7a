// The command: each mutation is made, tested and reported.

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// testArgs are the command that has to find the mutations, no further than the
// first failure. It leaves out the tests that notice any change at all, and so
// say nothing about what a change does: of the drawing, and of allocations.
var testArgs = []string{"test", "-failfast", "-timeout", "2m", "-skip", "TestGraphSVGIsFresh|TestAllocations"}

// packages go from the small and fast to the large.
var packages = []string{"./decision", "./restmachine/conditional", "./restmachine", "./restmachine/internal/..."}

func main() {
	only := flag.String("only", "", "make the mutations whose names contain this text")
	flag.Parse()
	survived, err := run(*only)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	case survived > 0:
		os.Exit(1)
	}
}

// run makes the mutations, and returns how many survived.
func run(only string) (survived int, err error) {
	temp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(temp)
	for _, m := range mutations { // what has moved is said at once
		if _, err := m.overlay(temp); err != nil {
			return 0, err
		}
	}
	if killer, err := test(""); err != nil || killer != "" {
		return 0, errors.Join(fmt.Errorf("the tests fail without any mutation: %s", killer), err)
	}
	made, start := 0, time.Now()
	for _, m := range mutations {
		if !strings.Contains(m.name, only) {
			continue
		}
		made++
		overlay, err := m.overlay(temp)
		if err != nil {
			return survived, err
		}
		killer, err := test(overlay)
		if err != nil {
			return survived, fmt.Errorf("%s: %w", m.name, err)
		}
		verdict := "killed by " + killer
		if killer == "" {
			survived++
			verdict = "SURVIVED"
		}
		fmt.Printf("%-56s %s\n", m.name, verdict)
	}
	fmt.Printf("%d mutations, %d killed, %d survived, in %v\n", made, made-survived, survived, time.Since(start).Round(time.Second))
	return survived, nil
}

// overlay writes the mutated files below temp, and returns the file that tells
// go test to take them in place of those of the tree.
func (m mutation) overlay(temp string) (string, error) {
	texts := map[string]string{}
	for _, e := range m.edits {
		text, ok := texts[e.file]
		if !ok {
			read, err := os.ReadFile(e.file)
			if err != nil {
				return "", err
			}
			text = string(read)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return "", fmt.Errorf("%s: the text to replace is %d times in %s, and must be there once: %q", m.name, n, e.file, e.old)
		}
		texts[e.file] = strings.Replace(text, e.old, e.new, 1)
	}
	replace := map[string]string{}
	for file, text := range texts {
		from, err := filepath.Abs(file)
		if err != nil {
			return "", err
		}
		to := filepath.Join(temp, filepath.Base(file))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[from] = to
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(temp, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

var (
	failed   = regexp.MustCompile(`(?m)^\s*--- FAIL: ([^ ]+)`)
	panicked = regexp.MustCompile(`(?m)^panic: .*`)
)

// test runs the tests, and returns the name of the one that failed: "" where
// none did.
func test(overlay string) (killer string, err error) {
	args := append([]string(nil), testArgs...)
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	for _, pkg := range packages {
		out, err := exec.Command("go", append(args, pkg)...).CombinedOutput()
		if err == nil {
			continue
		}
		if killer = failure(string(out)); killer == "" {
			return "", fmt.Errorf("%w: %s", err, out)
		}
		return strings.TrimPrefix(pkg, "./") + ": " + killer, nil
	}
	return "", nil
}

// failure is the first test that failed, with the first of its subtests that
// did, or the panic that ended them all, as that of -timeout does.
func failure(out string) (name string) {
	for _, found := range failed.FindAllStringSubmatch(out, -1) {
		if name != "" && !strings.HasPrefix(found[1], name+"/") {
			break
		}
		name = found[1]
	}
	if name == "" {
		name = panicked.FindString(out)
	}
	return name
}
