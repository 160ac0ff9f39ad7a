// What restmachine costs, held to a file: more instructions or allocations than it
// says are a mistake, and fewer are worth writing down.

package main

import (
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/instructions.golden anew")

const (
	golden    = "testdata/instructions.golden"
	tolerance = 3 // percent, of instructions; allocations are exact
)

// held are the contestants whose figures are kept: those of restmachine, and what
// they are compared with.
var held = []string{contest.Floor, contest.Tuned, contest.Ideal, contest.Ours, contest.Plain, contest.Observed}

func TestInstructionsAreThoseOfTheGoldenFile(t *testing.T) {
	if testing.Short() {
		t.Skip("short: instructions take half a minute to count")
	}
	if len(processors()) == 0 {
		t.Skip("instructions are counted on linux/amd64 alone")
	}
	program := build(t)
	text, err := os.ReadFile(golden)
	if !*update {
		require.NoError(t, err, "go test ./steps -update writes it")
		if of := heldFor(text); of != builtBy(t, program) {
			t.Skipf("%s is of %s, and this is %s: another compiler makes other instructions", golden, of, builtBy(t, program))
		}
	}

	contestants := slices.DeleteFunc(contest.All(), func(c contest.Contestant) bool { return !slices.Contains(held, c.Name) })
	require.Len(t, contestants, len(held))
	figures, err := countAll(program, contestants, contest.Cases())
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.ENOSYS) {
		t.Skipf("processes may not be traced here: %v", err)
	}
	require.NoError(t, err)

	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		require.NoError(t, os.WriteFile(golden, written(builtBy(t, program), figures), 0o644))
		return
	}
	want := read(t, text)
	assert.Len(t, figures, len(want), "%s has other figures; go test ./steps -update", golden)
	for _, f := range figures {
		w, found := want[f.contestant+f.name]
		if !assert.True(t, found, "%s lacks %s, %s; go test ./steps -update", golden, f.contestant, f.name) {
			continue
		}
		t.Logf("%-20s %-12s %6d instructions (%+.2f %%)  %2d allocations", f.contestant, f.name, f.instructions, more(f, w), f.allocations)
		assert.LessOrEqual(t, math.Abs(more(f, w)), float64(tolerance), "%s, %s: %d instructions, %+.1f %% beside the %d in %s; if that is meant, go test ./steps -update",
			f.contestant, f.name, f.instructions, more(f, w), w.instructions, golden)
		assert.Equal(t, w.allocations, f.allocations, "%s, %s: allocations; if that is meant, go test ./steps -update", f.contestant, f.name)
	}
}

// more is how many percent more f takes than w.
func more(f, w figure) float64 { return 100 * (float64(f.instructions)/float64(w.instructions) - 1) }

// build builds this command as it is without the flags of the test, which may ask
// for the race detector.
func build(t *testing.T) string {
	program := filepath.Join(t.TempDir(), "steps")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

// builtBy is what the instructions of a program depend on beside its source.
func builtBy(t *testing.T, program string) string {
	info, err := buildinfo.ReadFile(program)
	require.NoError(t, err)
	said := []string{info.GoVersion}
	for _, s := range info.Settings {
		if slices.Contains([]string{"GOARCH", "GOAMD64", "GOEXPERIMENT", "-race", "-cover", "-gcflags"}, s.Key) {
			said = append(said, s.Key+"="+s.Value)
		}
	}
	slices.Sort(said[1:])
	return strings.Join(said, " ")
}

const (
	head   = "# Instructions and allocations of one request. go test ./steps -update writes this file.\n"
	ofLine = "# Built by "
)

// written is the golden file of figures.
func written(by string, figures []figure) []byte {
	b := fmt.Appendf(nil, "%s%s%s\n", head, ofLine, by)
	for _, f := range figures {
		b = fmt.Appendf(b, "%-20s  %-12s %6d instructions  %2d allocations\n", f.contestant, f.name, f.instructions, f.allocations)
	}
	return b
}

// heldFor is what the figures of a golden file were built by.
func heldFor(text []byte) string {
	_, rest, _ := strings.Cut(string(text), ofLine)
	by, _, _ := strings.Cut(rest, "\n")
	return by
}

var line = regexp.MustCompile(`^(.+?) {2,}(.+?) +(\d+) instructions +(\d+) allocations$`)

// read is the figures of a golden file, by contestant and case.
func read(t *testing.T, text []byte) map[string]figure {
	all := map[string]figure{}
	for l := range strings.Lines(string(text)) {
		if strings.HasPrefix(l, "#") {
			continue
		}
		found := line.FindStringSubmatch(strings.TrimSpace(l))
		require.NotNil(t, found, "%s: %q", golden, l)
		f := figure{contestant: found[1], name: found[2]}
		var errs [2]error
		f.instructions, errs[0] = strconv.Atoi(found[3])
		f.allocations, errs[1] = strconv.Atoi(found[4])
		require.NoError(t, errors.Join(errs[:]...))
		all[f.contestant+f.name] = f
	}
	return all
}

func TestTheGoldenFileIsReadAsItWasWritten(t *testing.T) {
	figures := []figure{
		{contestant: contest.Ours, name: contest.Put412, instructions: 8883, allocations: 1},
		{contestant: contest.Floor, name: contest.Get404, instructions: 412345, allocations: 0},
	}
	text := written("go1.2.3 GOARCH=amd64", figures)
	assert.Equal(t, "go1.2.3 GOARCH=amd64", heldFor(text))
	assert.Equal(t, map[string]figure{
		contest.Ours + contest.Put412:  figures[0],
		contest.Floor + contest.Get404: figures[1],
	}, read(t, text))
}
