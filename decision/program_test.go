// These tests compare programs with a plain walk, on random graphs and on HTTP.

package decision

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A request, in these tests, holds the answers that it gives.
type request struct {
	answers map[ID]Answer
	asked   []ID // in order
}

func ask(id ID) Question[*request] {
	return func(r *request) Answer {
		r.asked = append(r.asked, id)
		return r.answers[id]
	}
}

// randomGraph returns a graph that can be walked: each row leads to later places or to
// statuses.
func randomGraph(rng *rand.Rand) (g Graph, entries []ID) {
	places := make([]ID, 1+rng.IntN(20))
	for i, n := range rng.Perm(26 * maxRow)[:len(places)] {
		places[i] = ID('A'+n/maxRow)<<colBits + ID(1+n%maxRow)<<rowBits + ID(rng.IntN(maxSub+1))
	}
	target := func(i int) ID {
		if n := i + 1 + rng.IntN(6); n < len(places) {
			return places[n]
		}
		return ID(100 + rng.IntN(500))
	}
	g = Graph{}
	for i, id := range places {
		g[id] = Row{target(i), target(i), fmt.Sprintf("Question %d?", i)}
	}
	return g, []ID{places[0], places[rng.IntN(len(places))]}
}

// A program ends where a plain walk ends, by the same path, for all settled rows and
// all answers. It asks those rows of the path that are not settled, in order, and
// nothing else.
func TestFoldingKeepsPathAndStatus(t *testing.T) {
	rng := rand.New(rand.NewPCG(9110, 5789))
	for n := range 4000 {
		g, entries := HTTP, []ID{Start, G7}
		if n%2 == 1 {
			g, entries = randomGraph(rng)
		}
		settled, answers := map[ID]Answer{}, map[ID]Answer{}
		fraction := rng.Float64()
		for id := range g.All() {
			answers[id] = Answer(rng.IntN(2))
			if rng.Float64() < fraction {
				settled[id] = answers[id]
			} else if rng.IntN(20) == 0 {
				answers[id] = Status(100 + rng.IntN(500))
			}
		}
		p, err := Specialize(g, entries, func(id ID) (Answer, Question[*request]) {
			if a, ok := settled[id]; ok {
				return a, nil
			}
			return No, ask(id)
		})
		require.NoError(t, err)
		for _, entry := range entries {
			holdToPlainWalk(t, p, entry, settled, answers)
		}
		status, _ := p.Walk(entries[0], &request{answers: answers})
		assert.Equal(t, status, p.Run(&request{answers: answers}))
		if t.Failed() {
			t.Fatalf("round %d: settled %v, answers %v", n, settled, answers)
		}
	}
}

// Leaps lead where the rows would have led. They change neither the status nor the
// last row of a walk. They ask only rows that the walk would have asked. A trace is
// the same as without leaps.
func TestLeapsKeepStatusAndLastRow(t *testing.T) {
	rng := rand.New(rand.NewPCG(9110, 7232))
	leapt := 0
	for n := range 4000 {
		g, entries := HTTP, []ID{Start, G7}
		if n%2 == 1 {
			g, entries = randomGraph(rng)
		}
		settled, answers := map[ID]Answer{}, map[ID]Answer{}
		for id := range g.All() {
			answers[id] = Answer(rng.IntN(2))
			if rng.IntN(3) == 0 {
				settled[id] = answers[id]
			}
		}
		bind := func(id ID) (Answer, Question[*request]) {
			if a, ok := settled[id]; ok {
				return a, nil
			}
			return No, ask(id)
		}
		var leaps []Leap[*request]
		for id := range g.All() {
			if rng.IntN(3) > 0 {
				continue
			}
			ahead, _ := walk(g, id, func(id ID) Answer { return answers[id] })
			edges := make([]Edge, len(ahead))
			for i, row := range ahead {
				edges[i] = Edge{row, answers[row]}
			}
			take := rng.IntN(len(edges)+1) - 1
			leaps = append(leaps, Leap[*request]{id, edges, func(*request) int { return take }})
		}
		plain, err := Specialize(g, entries, bind)
		require.NoError(t, err)
		leaping, err := Specialize(g, entries, bind, leaps...)
		require.NoError(t, err)
		for _, entry := range entries {
			by, across := &request{answers: answers}, &request{answers: answers}
			status, last := plain.Walk(entry, by)
			gotStatus, gotLast := leaping.Walk(entry, across)
			assert.Equal(t, status, gotStatus, "round %d", n)
			assert.Equal(t, last, gotLast, "round %d", n)
			assert.Subset(t, by.asked, across.asked, "round %d", n)
			leapt += len(by.asked) - len(across.asked)

			traced := &request{answers: answers}
			leaping.Trace(entry, traced, new(Trace), nil)
			assert.Equal(t, by.asked, traced.asked, "round %d", n)
		}
	}
	assert.Greater(t, leapt, 2000)
}

func TestLeapsNeedEdges(t *testing.T) {
	for _, row := range []struct {
		from ID
		to   Edge
		says string
	}{
		{G8, Edge{412, No}, "decision: a leap from G8: 412 no is not an edge"},
		{G8, Edge{G11, 412}, "decision: a leap from G8: G11 412 is not an edge"},
		{412, Edge{G11, No}, "decision: a leap from 412: 412 no is not an edge"},
	} {
		_, err := Specialize(HTTP, []ID{Start}, func(ID) (Answer, Question[yes]) { return Yes, nil },
			Leap[yes]{From: row.from, To: []Edge{row.to}})
		assert.EqualError(t, err, row.says)
	}
}

// A leap to an edge that the program cannot take goes on row by row.
func TestLeapsKeepToTheProgram(t *testing.T) {
	for _, row := range []struct {
		settled Edge
		to      Edge
		reason  string
	}{
		{Edge{G11, Yes}, Edge{G11, No}, "the row is settled otherwise"},
		{Edge{G8, No}, Edge{G9, Yes}, "the row is never reached"},
	} {
		asked := 0
		p, err := Specialize(HTTP, []ID{G7}, func(id ID) (Answer, Question[yes]) {
			if id == row.settled.ID {
				return row.settled.Answer, nil
			}
			return No, func(yes) Answer { asked++; return Yes }
		}, Leap[yes]{From: G7, To: []Edge{row.to}, Take: func(yes) int { return 0 }})
		require.NoError(t, err)
		p.Walk(G7, yes{})
		assert.NotZero(t, asked, row.reason)
	}
}

func holdToPlainWalk(t *testing.T, p *Program[*request], entry ID, settled, answers map[ID]Answer) {
	path, status := walk(p.graph, entry, func(id ID) Answer { return answers[id] })
	var asked []ID
	for _, id := range path {
		if _, ok := settled[id]; !ok {
			asked = append(asked, id)
			assert.Contains(t, p.Steps(), id)
		}
		assert.True(t, p.Reaches(id), "%v", id)
	}
	if last := answers[path[len(path)-1]]; last == Yes || last == No {
		assert.True(t, p.Reaches(ID(status)), "%d", status)
	}

	if len(asked) > 0 { // the remaining graph leads to the same end
		left, end := walk(p.Graph(), asked[0], func(id ID) Answer { return answers[id] })
		assert.Equal(t, asked, left)
		assert.Equal(t, status, end)
	}

	run := &request{answers: answers}
	got, last := p.Walk(entry, run)
	assert.Equal(t, status, got)
	assert.Equal(t, path[len(path)-1], last)
	assert.Equal(t, asked, run.asked)

	var trace Trace
	traced := &request{answers: answers}
	assert.Equal(t, status, p.Trace(entry, traced, &trace, nil))
	assert.Equal(t, status, trace.Status)
	assert.Equal(t, asked, traced.asked)
	var visited []ID
	for _, v := range trace.Visits {
		visited = append(visited, v.ID)
		_, folded := settled[v.ID]
		assert.Equal(t, folded, v.Folded, "%v", v.ID)
		assert.Equal(t, answers[v.ID], v.Answer, "%v", v.ID)
		assert.Equal(t, p.graph[v.ID].Label, v.Label)
	}
	assert.Equal(t, path, visited)
}

// A program reaches exactly what some walk reaches. A row that a settled answer cuts
// off is not bound, and the rows behind it are not reached.
func TestReaches(t *testing.T) {
	var bound []ID
	g := Graph{B13: {B12, B11, "A?"}, B12: {B10, 501, "B?"}, B11: {B10, 502, "C?"}, B10: {200, 503, "D?"}}
	p, err := Specialize(g, []ID{B13}, func(id ID) (Answer, Question[*request]) {
		bound = append(bound, id)
		if id == B13 {
			return Yes, nil
		}
		return No, ask(id)
	})
	require.NoError(t, err)
	for id, want := range map[ID]bool{
		B13: true, B12: true, B11: false, B10: true, 200: true, 501: true, 502: false, 503: true, 404: false, C3: false,
	} {
		assert.Equal(t, want, p.Reaches(id), "%v", id)
	}
	assert.Equal(t, []ID{B13, B12, B10}, bound)
	assert.Equal(t, []ID{B12, B10}, p.Steps())
}

func TestSpecializeRefuses(t *testing.T) {
	fine := Graph{B13: {200, B12, "A?"}, B12: {200, 404, "B?"}}
	for _, tt := range []struct {
		name    string
		g       Graph
		entries []ID
		settled Answer
		want    string
	}{
		{"no entry", fine, nil, Yes, "a program needs an entry"},
		{"an entry that is not a row", fine, []ID{B13, G7}, Yes, "entry G7 is not a row"},
		{"a status as an entry", fine, []ID{200}, Yes, "entry 200 is not a row"},
		{"a dangling edge", Graph{B13: {200, B12, "A?"}}, []ID{B13}, Yes, "dangling edge B13-B12"},
		{"a dangling edge out of reach", Graph{B13: {200, 404, "A?"}, B12: {C3, 200, "B?"}}, []ID{B13}, Yes, "dangling edge B12-C3"},
		{"a cycle, settled or not", Graph{B13: {B12, 404, "A?"}, B12: {B13, 200, "B?"}}, []ID{B13}, Yes, "cycle [B13 B12 B13]"},
		{"a row that is not a coordinate", Graph{B13: {200, 404, "A?"}, 7: {200, 404, "B?"}}, []ID{B13}, Yes, "row ID(7) is not a coordinate"},
		{"a settled status", fine, []ID{B13}, Status(404), "the settled answer of B13 is 404"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Specialize(tt.g, tt.entries, func(ID) (Answer, Question[*request]) { return tt.settled, nil })
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, p)
		})
	}
}

func TestWhollySettledProgramAsksNothing(t *testing.T) {
	p, err := Specialize(HTTP, []ID{Start}, func(id ID) (Answer, Question[*request]) { return get.answer(id), nil })
	require.NoError(t, err)
	assert.Empty(t, p.Steps())
	assert.Equal(t, 200, p.Run(nil))
}

// A number that is not an answer ends the walk as a fault, and never as a yes.
func TestAnswerOutOfRangeIs500(t *testing.T) {
	for _, a := range []Answer{-1, 2, 99, 600} {
		p, err := Specialize(HTTP, []ID{Start}, func(id ID) (Answer, Question[*request]) {
			return Yes, ask(id)
		})
		require.NoError(t, err)
		r := &request{answers: map[ID]Answer{B13: a}}
		assert.Equal(t, 500, p.Run(r))
		var trace Trace
		assert.Equal(t, 500, p.Trace(Start, r, &trace, nil))
		assert.Equal(t, []Visit{{ID: B13, Label: "Available?", Answer: Status(500)}}, untimed(trace))
	}
}

func TestWalkPanicsIfNoEntry(t *testing.T) {
	p, err := Specialize(HTTP, []ID{Start}, func(id ID) (Answer, Question[*request]) { return Yes, nil })
	require.NoError(t, err)
	assert.PanicsWithValue(t, "decision: G7 is not an entry of the program", func() { p.Walk(G7, nil) })
}

// getProgram returns the program of a GET with validators, as a plain route has it.
// Without settle, every row is asked, and the program is the whole graph.
func getProgram(t testing.TB, settle bool) *Program[yes] {
	asks := []ID{C3, F6, G7, G8, H10, I12, I13, J13, K13, L13, L14, L17, O18, O20, O19, P19}
	p, err := Specialize(HTTP, []ID{Start, G7}, func(id ID) (Answer, Question[yes]) {
		if settle && !slices.Contains(asks, id) {
			return get.answer(id), nil
		}
		return No, func(y yes) Answer { return y.answer(id) }
	})
	require.NoError(t, err)
	return p
}

func TestRunAllocatesNothing(t *testing.T) {
	p := getProgram(t, true)
	matched := get.on(I12, K13)
	assert.Zero(t, testing.AllocsPerRun(100, func() { p.Run(get) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { p.Run(matched) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { p.Walk(G7, matched) }))
}

func TestProgramIsSafeForConcurrentUse(t *testing.T) {
	p := getProgram(t, true)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				var trace Trace
				assert.Equal(t, 200, p.Run(get))
				assert.Equal(t, 200, p.Trace(Start, get, &trace, nil))
				assert.True(t, p.Reaches(304))
			}
		})
	}
	wg.Wait()
}

// The questions cost almost nothing, so this measures the walk.
func BenchmarkRun(b *testing.B) {
	for _, bm := range []struct {
		name   string
		settle bool
	}{{"GET", true}, {"whole graph", false}} {
		steps := getProgram(b, bm.settle).Steps()
		p, err := Specialize(HTTP, []ID{Start}, func(id ID) (Answer, Question[int]) {
			answer := get.answer(id)
			if !slices.Contains(steps, id) {
				return answer, nil
			}
			return No, func(int) Answer { return answer }
		})
		require.NoError(b, err)
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Run(0)
			}
			b.ReportMetric(float64(len(p.Steps())), "steps")
		})
	}
}

func BenchmarkTrace(b *testing.B) {
	p := getProgram(b, true)
	b.ReportAllocs()
	for b.Loop() {
		var t Trace
		p.Trace(Start, get, &t, nil)
	}
}

func BenchmarkSpecialize(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		getProgram(b, true)
	}
}
