// These tests check traces: their visits, their text and their JSON.

package decision

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// untimed returns the visits without their times.
func untimed(t Trace) []Visit {
	visits := append([]Visit(nil), t.Visits...)
	for i := range visits {
		visits[i].Took = 0
	}
	return visits
}

// small is a graph with an entry for a second turn. B12 is settled in its program.
var small = Graph{
	B13: {B12, 503, "Available?"},
	B12: {G7, 501, "Known method?"},
	G7:  {O15, 404, "Exists?"},
	O15: {204, 500, "Write!"},
}

func smallProgram(t *testing.T, write Question[*request]) *Program[*request] {
	p, err := Specialize(small, []ID{B13, G7}, func(id ID) (Answer, Question[*request]) {
		switch id {
		case B12:
			return Yes, nil
		case O15:
			return No, write
		default:
			return No, func(*request) Answer { return Yes }
		}
	})
	require.NoError(t, err)
	return p
}

func note(id ID, a Answer) (why, callback string) {
	if id == O15 && a == 412 {
		return "stale", "Update (store.go:7)"
	}
	return "", ""
}

func TestTraceRecordsVisits(t *testing.T) {
	p := smallProgram(t, func(*request) Answer { return Status(412) })
	var trace Trace
	assert.Equal(t, 412, p.Trace(B13, nil, &trace, note))
	assert.Equal(t, []Visit{
		{ID: B13, Label: "Available?", Answer: Yes},
		{ID: B12, Label: "Known method?", Answer: Yes, Folded: true},
		{ID: G7, Label: "Exists?", Answer: Yes},
		{ID: O15, Label: "Write!", Answer: 412, Why: "stale", Callback: "Update (store.go:7)"},
	}, untimed(trace))
}

// An exchange can take several turns: a write that lost a race enters again.
func TestTraceAppendsTurns(t *testing.T) {
	turn := 0
	p := smallProgram(t, func(*request) Answer {
		if turn++; turn == 1 {
			return Status(409)
		}
		return Yes
	})
	var trace Trace
	assert.Equal(t, 409, p.Trace(B13, nil, &trace, nil))
	assert.Equal(t, "B13 B12 G7 O15 409", trace.String())
	assert.Equal(t, 204, p.Trace(G7, nil, &trace, nil))
	assert.Equal(t, "B13 B12 G7 O15 G7 O15 204", trace.String())
}

func TestTraceEndsAtAQuestionThatPanics(t *testing.T) {
	p := smallProgram(t, func(*request) Answer { panic("broken") })
	trace := Trace{Status: 409} // from an earlier turn
	assert.PanicsWithValue(t, "broken", func() { p.Trace(G7, nil, &trace, nil) })
	assert.Equal(t, "G7 O15", trace.String())
	assert.Zero(t, trace.Status)
}

func TestZeroTrace(t *testing.T) {
	assert.Empty(t, Trace{}.String())
	assert.Empty(t, Trace{}.Table())
}

func TestTraceJSONRoundTrip(t *testing.T) {
	p := smallProgram(t, func(*request) Answer { return Status(412) })
	var trace, back Trace
	p.Trace(B13, nil, &trace, note)
	text, err := json.Marshal(trace)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, trace, back)
}

func TestGraphJSONRoundTrip(t *testing.T) {
	text, err := json.Marshal(HTTP)
	require.NoError(t, err)
	var back Graph
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, HTTP, back)
}
