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
	"slices"
	"strings"
	"time"
)

// testArgs are the command that has to find the mutations, no further than the
// first failure. It leaves out the tests that notice any change at all, and so
// say nothing about what a change does: of the drawing, and of allocations.
var testArgs = []string{"test", "-failfast", "-timeout", "2m", "-skip", "TestGraphSVGIsFresh|TestAllocations"}

// packages go from the small and fast to the large. The package that a mutation
// changes is tested ahead of them.
var packages = []string{"./decision", "./restmachine/conditional", "./restmachine", "./restmachine/..."}

func main() {
	only := flag.String("only", "", "make the mutations whose names contain this text")
	narrow := flag.Bool("promises", false, "make those of promises.go alone, which takes a few minutes")
	flag.Parse()
	survived, err := run(*only, *narrow)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	case survived > 0:
		os.Exit(1)
	}
}

// run makes the mutations whose names contain only, and returns how many survived. Where
// narrow is set it makes only those that name their tests.
func run(only string, narrow bool) (survived int, err error) {
	temp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(temp)
	mutants, err := makeAll(".")
	if err != nil { // what has moved is said at once
		return 0, err
	}
	if killer, err := test("", packages); err != nil || killer != "" {
		return 0, errors.Join(fmt.Errorf("the tests fail without any mutation: %s", killer), err)
	}
	made, start := 0, time.Now()
	for i, m := range trials() {
		if !strings.Contains(m.name, only) || narrow && m.killer == "" {
			continue
		}
		made++
		overlay, err := overlay(temp, mutants[i])
		if err != nil {
			return survived, err
		}
		killer, err := test(overlay, m.killers(mutants[i].dir))
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

// overlay writes a mutated file below temp. It returns the file that tells go test
// to take it in place of the file of the tree.
func overlay(temp string, s *source) (string, error) {
	from, err := filepath.Abs(filepath.Join(s.dir, s.name))
	if err != nil {
		return "", err
	}
	to := filepath.Join(temp, s.name)
	if err := os.WriteFile(to, []byte(s.text), 0o600); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{from: to}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(temp, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// killers are the packages whose tests have to find a mutation in a folder.
func (t trial) killers(dir string) []string {
	in, tests, narrow := strings.Cut(t.killer, " ")
	switch {
	case !narrow:
		return append([]string{"./" + dir}, packages...)
	case in != "restmachine":
		in = "restmachine/internal/" + in
	}
	return []string{"./" + in + " " + tests}
}

var (
	failed   = regexp.MustCompile(`(?m)^\s*--- FAIL: ([^ ]+)`)
	panicked = regexp.MustCompile(`(?m)^panic: .*`)
	failedIn = regexp.MustCompile(`(?m)^FAIL\t(\S+)\t`)
)

// test runs the tests, and returns the package and the name of the one that failed:
// "" where none did.
//
// A package may have, behind a space, what of it is run.
func test(overlay string, packages []string) (killer string, err error) {
	args := append([]string(nil), testArgs...)
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	for _, pkg := range packages {
		own := slices.Clip(args)
		if dir, tests, narrow := strings.Cut(pkg, " "); narrow {
			pkg, own = dir, append(own, "-run", "^("+tests+")")
		}
		out, err := exec.Command("go", append(own, pkg)...).CombinedOutput()
		if err == nil {
			continue
		}
		if killer = failure(string(out)); killer == "" {
			return "", fmt.Errorf("%w: %s", err, out)
		}
		if in := failedIn.FindStringSubmatch(string(out)); in != nil {
			pkg = in[1]
		}
		return pkg + ": " + killer, nil
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
