package main

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/restmachine/restmachine-go/bench/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The whole run, sockets and instructions aside, as short as can be: every table has a figure in
// every place.
func TestMeasureAll(t *testing.T) {
	p := plan{passes: 1, turn: time.Microsecond, routes: []int{10, 40}, resources: []int{10}}
	data, err := measureAll(p)
	require.NoError(t, err)
	require.Len(t, data.Rows, len(contest.All()))
	for _, row := range data.Rows {
		require.Len(t, row.Cells, len(data.Cases), row.Name)
		for _, c := range row.Cells {
			assert.Positive(t, c.Ratio, row.Name)
		}
	}
	assert.Len(t, data.Routes.Rows, len(contest.Routers()))
	assert.Len(t, data.Starts.Rows, len(contest.Starts()))
	assert.Positive(t, data.Lock.Ratio)
	assert.NotEmpty(t, report.Page(data, "chart.svg"))
	assert.NotEmpty(t, report.Figures(data))
}

func TestMemoryIsExact(t *testing.T) {
	var keep []byte
	bytes, allocs := memory(func() { keep = make([]byte, 64) })
	assert.Equal(t, 64, bytes)
	assert.Equal(t, 1, allocs)
	assert.Len(t, keep, 64)
}

func TestQuantiles(t *testing.T) {
	v := []float64{4, 1, 3, 2, 5}
	assert.Equal(t, 3.0, median(v))
	assert.Equal(t, 1.0, quantile(v, 0))
	assert.Equal(t, 5.0, quantile(v, 1))
	assert.InDelta(t, 2.0/3, spread(v), 1e-9)
	assert.Equal(t, 1.5, median([]float64{1, 2}))
	assert.Equal(t, []float64{2, 0.5}, ratios([]float64{4, 1}, []float64{2, 2}))
}

// In each pass each turn is measured, whichever is the first.
func TestPairedMeasuresEachInEachPass(t *testing.T) {
	calls := make([]int, 3)
	turns := make([]func(), len(calls))
	for i := range turns {
		turns[i] = func() { calls[i]++ }
	}
	times := paired(turns, 2, time.Nanosecond)
	for i := range turns {
		assert.Len(t, times[i], 2)
		assert.Zero(t, calls[i]%between)
		assert.GreaterOrEqual(t, calls[i], 3*between, "once to warm up, and once in each pass")
	}
}

func TestReadReply(t *testing.T) {
	for _, row := range []struct {
		name, wire string
		status     int
		ok         bool
	}{
		{"content", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi", 200, true},
		{"none after 304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n", 304, true},
		{"another status", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", 200, false},
		{"no length", "HTTP/1.1 200 OK\r\n\r\nhi", 200, false},
		{"a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhi", 200, false},
		{"cut short", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", 200, false},
		{"cut in the header", "HTTP/1.1 200 OK\r\nContent-Le", 200, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			in := bufio.NewReader(strings.NewReader(row.wire))
			err := readReply(in, row.status)
			assert.Equal(t, row.ok, err == nil, "%v", err)
			if row.ok {
				assert.Zero(t, in.Buffered(), "the next reply begins where this one ends")
			}
		})
	}
}

func TestWireIsTheCase(t *testing.T) {
	c := contest.Cases()[1]
	assert.Equal(t, "GET /documents/doc1 HTTP/1.1\r\nHost: here\r\nAccept: */*\r\nIf-None-Match: \"1042\"\r\nUser-Agent: bench/1.0\r\n\r\n",
		string(wire(c, "here")))
}

// A PUT is sent with its content, and the server must know where it ends.
func TestWireHasTheContent(t *testing.T) {
	c := contest.Case{Method: "PUT", Path: "/x", Body: []byte("12345")}
	assert.Equal(t, "PUT /x HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\n12345", string(wire(c, "here")))
}

func TestOverSocketsAreThreeCases(t *testing.T) {
	var names []string
	for _, c := range overSockets(contest.Cases()) {
		names = append(names, c.Name)
	}
	assert.Equal(t, []string{contest.Get200, contest.Get304Tag, contest.Put200}, names)
}

func TestProcessorTimeIsThatOfThisProcess(t *testing.T) {
	before := processorTime()
	for begun := time.Now(); processorTime() == before; {
		require.Less(t, time.Since(begun), time.Minute, "the processor's time stands still")
	}
}
