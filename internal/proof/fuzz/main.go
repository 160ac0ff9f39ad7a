// Command fuzz runs every fuzz target of the module, one after the other. It prints how
// often each was executed. go test can fuzz only one target at a time.
//
// Without this command, go test runs all targets on their seeds: on the seeds in the code
// and on those below testdata/fuzz. If an input fails, Go writes it there, and the
// command exits with status 1.
//
//	go run ./internal/proof/fuzz -time 10m
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	length := flag.Duration("time", time.Minute, "how long each target runs")
	flag.Parse()
	targets, err := find()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(2)
	}
	status := 0
	for _, t := range targets {
		said, err := t.run(*length)
		fmt.Printf("%-34s %-18s %s\n", t.dir, t.name, said)
		if err != nil {
			fmt.Fprintln(os.Stderr, "fuzz:", err)
			status = 1
		}
	}
	os.Exit(status)
}

// A target is a fuzz target, and the directory of its package.
type target struct{ dir, name string }

var declared = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)

// find finds the fuzz targets below the working directory. It skips other modules.
func find() (all []target, err error) {
	err = filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != ".":
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil || strings.HasPrefix(d.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		case !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, found := range declared.FindAllSubmatch(text, -1) {
			all = append(all, target{"./" + filepath.ToSlash(filepath.Dir(name)), string(found[1])})
		}
		return nil
	})
	return all, err
}

// onlyEnded reports whether the failure was only the end of fuzzing. At the end of
// -fuzztime, Go 1.26 sometimes reports its own deadline as a failure
// (go.dev/issue/75804). A real finding leaves a failing input.
func onlyEnded(out []byte) bool {
	return bytes.Contains(out, []byte("context deadline exceeded")) && !bytes.Contains(out, []byte("Failing input written to"))
}

var executions = regexp.MustCompile(`execs: \d+`)

// run fuzzes one target. It returns the last count of executions that go test printed.
func (t target) run(length time.Duration) (string, error) {
	out, err := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", length.String(), t.dir).CombinedOutput()
	if err != nil && !onlyEnded(out) {
		return "FAILED", fmt.Errorf("%s %s: %w\n%s", t.dir, t.name, err, out)
	}
	all := executions.FindAllString(string(out), -1)
	if len(all) == 0 {
		return "", fmt.Errorf("%s %s: no executions in %q", t.dir, t.name, out)
	}
	return all[len(all)-1], nil
}
