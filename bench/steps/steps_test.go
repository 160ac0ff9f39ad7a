// The parts of counting that need no tracer, and the errors of children that take
// no turns.

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"syscall"
	"testing"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/restmachine/restmachine-go/bench/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ofTotals(totals ...int) []steps {
	var all []steps
	for _, n := range totals {
		all = append(all, steps{total: n})
	}
	return all
}

func TestTurnsAreEnoughWhenTwoOfTheCheapestAgree(t *testing.T) {
	for _, row := range []struct {
		turns []steps
		want  bool
	}{
		{nil, false},
		{ofTotals(1000), false},
		{ofTotals(1000, 1005), true},
		{ofTotals(1000, 1006), false},
		{ofTotals(1005, 1000), true},
		{ofTotals(1500, 1500, 1000), false},
		{ofTotals(1500, 1000, 1500, 1001), true},
		{ofTotals(6, 5, 4, 3, 2, 1), true}, // as many as are taken
	} {
		assert.Equal(t, row.want, enough(row.turns), "%v", row.turns)
	}
	assert.Equal(t, 1000, cheapest(ofTotals(1500, 1000, 1001)).total)
}

func TestChosenByAPartOfTheName(t *testing.T) {
	all, cases, err := chosen("", "")
	require.NoError(t, err)
	assert.Len(t, all, len(contest.All()))
	assert.Len(t, cases, len(contest.Cases()))

	for part, name := range map[string]string{"restmachine": contest.Ours, "reflection": contest.Plain, "floor": contest.Floor, "goccy": contest.Goccy} {
		one, cases, err := chosen(part, contest.Get404)
		require.NoError(t, err)
		require.Len(t, one, 1)
		assert.Equal(t, name, one[0].Name)
		require.Len(t, cases, 1)
		assert.Equal(t, contest.Get404, cases[0].Name)
	}

	_, _, err = chosen("nobody", "")
	assert.ErrorContains(t, err, `"nobody"`)
	_, _, err = chosen("", "GET 999")
	assert.ErrorContains(t, err, `"GET 999"`)
	assert.Error(t, run("plain", "", true, false), "a profile is of one case")
}

func TestTheTableHasRatiosToTheFloor(t *testing.T) {
	cases := contest.Cases()[:1]
	var out bytes.Buffer
	require.NoError(t, printTable(&out, []figure{
		{contestant: contest.Floor, name: cases[0].Name, instructions: 2000, allocations: 3},
		{contestant: "another", name: cases[0].Name, instructions: 1234567, allocations: 1},
	}, cases))
	assert.Equal(t, "instructions (ratio to the floor), allocations   GET 200\n"+
		"by hand (floor)                                  2,000 (1.00), 3 a\n"+
		"another                                          1,234,567 (617.28), 1 a\n", out.String())
}

func TestAProfileAddsUpByFunction(t *testing.T) {
	entry := uint64(reflect.ValueOf(thousands).Pointer())
	other := uint64(reflect.ValueOf(cheapest).Pointer())
	all := byFunction(map[uint64]int{entry: 2, entry + 1: 3, other: 4, 1: 1, 2: 0})
	require.Len(t, all, 3)
	assert.Equal(t, runtime.FuncForPC(uintptr(entry)).Name(), all[0].name)
	assert.Equal(t, 5, all[0].instructions)
	assert.Equal(t, 4, all[1].instructions)
	assert.Equal(t, "outside of the program", all[2].name)

	var out bytes.Buffer
	printProfile(&out, figure{contestant: "one", name: "case", instructions: 10, at: map[uint64]int{entry: 2}})
	assert.Contains(t, out.String(), "one, case: 10 instructions in 1 functions, 1 cache lines of code")
}

func TestAllocationsAreExact(t *testing.T) {
	var keep []byte
	assert.Equal(t, uint64(2), allocations(func() { keep = make([]byte, 64); keep = append(keep, 1) }))
	assert.Len(t, keep, 65)
}

func TestAChildThatTakesNoTurnsIsAnError(t *testing.T) {
	if len(processors()) == 0 {
		_, err := count(0, "anything", "nobody", "nothing")
		require.ErrorIs(t, err, errors.ErrUnsupported)
		return
	}
	_, err := count(processors()[0], "/nowhere", "nobody", "nothing")
	require.ErrorContains(t, err, "nobody, nothing: a traced child does not start")

	_, err = count(processors()[0], "/bin/false", "nobody", "nothing")
	if errors.Is(err, syscall.EPERM) {
		t.Skipf("processes may not be traced here: %v", err)
	}
	assert.ErrorContains(t, err, "nobody, nothing: the child ended: status 1")
}

func TestTheReportReadsWhatIsWritten(t *testing.T) {
	var out bytes.Buffer
	here := uint64(reflect.ValueOf(TestTheReportReadsWhatIsWritten).Pointer())
	require.NoError(t, writeJSON(&out, []figure{
		{contestant: contest.Ours, name: contest.Get200, instructions: 7, allocations: 2, at: map[uint64]int{here: 7}},
		{contestant: contest.Floor, name: contest.Get200, instructions: 9, at: map[uint64]int{here: 9}},
	}))
	var counts []report.Count
	require.NoError(t, json.Unmarshal(out.Bytes(), &counts))
	assert.Equal(t, []report.Count{
		{Contestant: contest.Ours, Case: contest.Get200, Instructions: 7, Allocations: 2, Lines: 1,
			Functions: []report.Spent{{Function: "steps.TestTheReportReadsWhatIsWritten", Instructions: 7}}},
		{Contestant: contest.Floor, Case: contest.Get200, Instructions: 9},
	}, counts)
}

func TestShortName(t *testing.T) {
	for long, want := range map[string]string{
		"github.com/a/b/walk.(*Walk).Decide":                       "walk.(*Walk).Decide",
		"github.com/a/b/decision.(*Program[go.shape.*uint8]).walk": "decision.(*Program).walk",
		"a/contest.init.0.Call1x1[go.shape.*a/b.T].func1":          "contest.init.0.Call1x1.func1",
		"runtime.mallocgc": "runtime.mallocgc",
	} {
		assert.Equal(t, want, shortName(long), long)
	}
}
