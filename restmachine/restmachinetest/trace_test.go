// These tests check that CheckTrace finds traces that are not true.

package restmachinetest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// walk returns a trace of rows and their answers, for example "B13 yes B12 503", and the
// status at its end.
func walk(t *testing.T, status int, path string) decision.Trace {
	t.Helper()
	words := strings.Fields(path)
	trace := decision.Trace{Status: status}
	for i := 0; i < len(words); i += 2 {
		var v decision.Visit
		require.NoError(t, v.ID.UnmarshalText([]byte(words[i])))
		require.NoError(t, v.Answer.UnmarshalText([]byte(words[i+1])))
		v.Label = decision.HTTP[v.ID].Label
		trace.Visits = append(trace.Visits, v)
	}
	return trace
}

const (
	toG5   = "B13 yes B12 yes B11 no B10 yes B9 no B3 no B8 yes B7 no B6 yes B5 yes B4 yes C3 no D4 no E5 no F6 no "
	toG7   = toG5 + "G5 yes G6 yes "
	toM16  = "G7 yes G7a no G7b yes G7c no G7d no G8 no H10 no I12 no L13 no M16 no N16 no O16 yes O14 no "
	stale  = toM16 + "O15 409 "
	puts   = toM16 + "O15 yes O20 no"
	refuse = "G7 yes G7a no G7b yes G7c no G7d no G8 yes G9 no G10 yes G11 no"
)

func TestCheckTrace(t *testing.T) {
	problem := func(status int, decided string) restmachine.Response {
		return restmachine.Response{StatusCode: status, Header: header("Content-Type", "application/problem+json"), Body: []byte(`{"decision":"` + decided + `"}`)}
	}
	of := func(status int) restmachine.Response { return restmachine.Response{StatusCode: status} }
	tests := []struct {
		name  string
		req   restmachine.Request
		resp  restmachine.Response
		trace decision.Trace
		want  string
	}{
		{"nothing", get, of(404), walk(t, 404, ""), "B13: the walk stops before this row"},
		{"it begins somewhere else", put, of(204), walk(t, 204, puts), "G7: the walk should be at B13"},
		{"a row is left out", put, of(204), walk(t, 204, toG5+"G6 yes "+puts), "G6: the walk should be at G5"},
		{"it takes the other edge", get, of(404), walk(t, 404, toG7+"G7 yes I7 no K7 no L7 no"), "I7: the walk should be at G7a"},
		{"it stops on its way", put, of(204), walk(t, 204, toG7+toM16), "O15: the walk stops before this row"},
		{"it goes on behind its end", guardedPut, of(204), walk(t, 204, toG7+refuse+" "+puts), "G7: the walk should be at 412"},
		{"it ends at another status", guardedPut, of(204), walk(t, 204, toG7+refuse), "status: G11 leads to 412"},
		{"its status is another one", put, of(204), walk(t, 200, toG7+puts), "status: the trace ends with 200"},
		{"it ends without a status", put, of(204), walk(t, 0, toG7+puts), "status: the trace ends with 0"},
		{"the problem names another row", guardedPut, problem(412, "H12"), walk(t, 412, toG7+refuse), "decision: the problem names H12, but the last row was G11"},
		{"the problem names a row that answered otherwise", put, problem(500, "O20"), walk(t, 500, toG7+puts), "status: O20 leads to 204"},
		{"four repetitions", put, of(204), walk(t, 204, toG7+stale+stale+stale+stale+puts), "G7: the walk should be at 409"},
		{"a repetition of a POST", post, of(204), walk(t, 204, toG7+stale+puts), "G7: the walk should be at 409"},
		{"a repetition of a write that asks for anything", restmachine.Request{Method: "PUT", Path: "/x", Header: header("If-Match", "*")}, of(204),
			walk(t, 204, toG7+stale+strings.Replace(puts, "G8 no H10 no", "G8 yes G9 yes", 1)), ""},
		{"a repetition of a write with a precondition", guardedPut, of(204), walk(t, 204, toG7+stale+puts), "G7: the walk should be at 409"},

		{"a write", put, of(204), walk(t, 204, toG7+puts), ""},
		{"a refusal", guardedPut, problem(412, "G11"), walk(t, 412, toG7+refuse), ""},
		{"a refusal in other words", guardedPut, of(412), walk(t, 412, toG7+refuse), ""},
		{"a problem of the service, with a decision of its own", put, problem(403, "denied"), walk(t, 403, toG7+toM16+"O15 403"), ""},
		{"an answer that is a status", get, of(503), walk(t, 503, "B13 503"), ""},
		{"an answer that could not be made", put, of(500), walk(t, 500, toG7+puts), ""},
		{"three repetitions", put, of(204), walk(t, 204, toG7+stale+stale+stale+puts), ""},
		{"three repetitions, in vain", put, of(409), walk(t, 409, toG7+stale+stale+stale+stale), ""},
		{"a refusal while the client waits", guardedPut, problem(412, "G11"), walk(t, 412, toG5+"G5 412"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			faults := reports(t, func(t testing.TB) { restmachinetest.CheckTrace(t, tt.req, tt.resp, tt.trace) })
			expectFault(t, tt.want, faults)
			if tt.want != "" && len(faults) == 1 {
				assert.Contains(t, faults[0], "breaks V18 the trace tells the truth (docs/tracing.md)")
			}
		})
	}
	t.Run("another label", func(t *testing.T) {
		trace := walk(t, 204, toG7+puts)
		trace.Visits[0].Label = "Open?"
		expectFault(t, `B13: asks "Open?", but the graph asks "Available?"`, reports(t, func(t testing.TB) {
			restmachinetest.CheckTrace(t, put, of(204), trace)
		}))
	})
}

// An App also begins again, fails while it answers, and asks before it reads the content.
// Its traces are still true.
func TestTracesOfAnApp(t *testing.T) {
	stale, seen := 0, map[string]bool{}
	app := restmachine.New(quiet, restmachine.WithTrace(restmachine.TracerFunc(func(e *restmachine.Exchange) {
		restmachinetest.CheckTrace(t, e.Request, e.Response, e.Trace)
		last := e.Trace.Visits[len(e.Trace.Visits)-1]
		seen[fmt.Sprint(last.ID, " ", last.Answer)] = true
	})))
	app.ResourceExists(func() *page { return &page{} })
	app.GenerateETag(func(*page) string { return "1" })
	app.Put("/stale/{times}", func(_ *page, path restmachine.PathParams, _ restmachine.Body[page]) error {
		if stale++; fmt.Sprint(stale) <= path.Get("times") {
			return restmachine.ErrStale
		}
		return nil
	})
	app.Get("/stream", func() io.Reader { return io.MultiReader(strings.NewReader("some"), broken{}) })
	server := httptest.NewServer(app)
	defer server.Close()

	for _, tt := range []struct {
		method, path string
		want         int
		fields       []string
	}{
		{"PUT", "/stale/0", 204, nil},
		{"PUT", "/stale/2", 204, nil},
		{"PUT", "/stale/9", 409, nil},
		{"PUT", "/stale/9", 412, []string{"If-Match", `"1"`}},
		{"PUT", "/stale/0", 412, []string{"If-Match", `"0"`, "Expect", "100-continue"}},
		{"GET", "/stream", 500, nil},
		{"GET", "/nowhere", 404, nil},
	} {
		stale = 0
		req := restmachine.Request{Method: tt.method, Path: tt.path, Header: header(tt.fields...), Body: []byte("{}")}
		resp, trace := app.Explain(req)
		assert.Equal(t, tt.want, resp.StatusCode, "%s: %s", tt.path, trace)
		restmachinetest.CheckTrace(t, req, resp, trace)
		if tt.want == 500 {
			continue // a real connection would be cut
		}
		stale = 0
		r, err := http.NewRequestWithContext(context.Background(), tt.method, server.URL+tt.path, strings.NewReader("{}"))
		require.NoError(t, err)
		r.Header = req.Header
		r.Header.Set("Content-Type", "application/json")
		got, err := server.Client().Do(r)
		require.NoError(t, err)
		require.NoError(t, got.Body.Close())
		assert.Equal(t, tt.want, got.StatusCode, tt.path)
	}
	server.Close()
	for _, end := range []string{"O20 no", "O15 409", "O15 412", "G11 no", "G5 412", "P19 no", "L7 no"} {
		assert.True(t, seen[end], "no exchange ends with %s: %v", end, seen)
	}
}

// broken is content that cannot be read.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
