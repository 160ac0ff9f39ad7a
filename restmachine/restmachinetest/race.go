// This file runs a race of writes. An App and a write with a precondition come in. An
// error of the test goes out unless exactly one write succeeds. It shows whether the
// check of a precondition and the write are one step.

package restmachinetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// beforeWrite is the delay of each exchange between the check of its precondition and its
// write. It is long enough for the checks of all other exchanges.
const beforeWrite = 2 * time.Millisecond

// RaceWrites sends n copies of a write at the same time. n must be at least 2. The write
// has a precondition that only the first copy can meet: an If-Match with the current
// entity-tag, or an If-None-Match: * on a resource that does not exist. RaceWrites
// expects exactly one 2xx. All others must be 412. After a DELETE, 404 and 410 are
// accepted, too. [CheckResponse] checks every response.
//
// Each copy waits two milliseconds whenever its context is asked for its error. An App
// asks for it immediately before a write. So an App that does not keep check and write
// together is found in one round, without luck.
func RaceWrites(t testing.TB, app *restmachine.App, request restmachine.Request, n int) {
	t.Helper()
	first := newExchange(request, restmachine.Response{})
	switch {
	case n < 2:
		t.Fatalf("a race needs at least 2 writes, not %d", n)
	case first.isSafe():
		t.Fatalf("%s does not write", first.req.Method)
	case !first.guarded():
		t.Fatalf("%s %s does not have a precondition: each of the %d writes may succeed", request.Method, request.Path, n)
	}
	start(t, app)
	responses := atOnce(slowContext{t.Context()}, app, request, n)
	for _, resp := range responses {
		CheckResponse(t, request, resp)
	}
	if fault := judge(first, responses); fault != "" {
		t.Errorf("%s %s, %d at once: %s", request.Method, request.Path, n, fault)
	}
}

// A slowContext takes some time to say that it has not ended.
type slowContext struct{ context.Context }

func (c slowContext) Err() error {
	time.Sleep(beforeWrite)
	return c.Context.Err()
}

// atOnce sends n copies of a request. It begins when all are ready.
func atOnce(ctx context.Context, app *restmachine.App, request restmachine.Request, n int) []restmachine.Response {
	responses := make([]restmachine.Response, n)
	ready := make(chan struct{})
	var all sync.WaitGroup
	for i := range responses {
		all.Go(func() {
			<-ready
			responses[i] = app.ExecuteContext(ctx, request)
		})
	}
	close(ready)
	all.Wait()
	return responses
}

// judge says what is wrong with the outcome of a race, or returns "".
func judge(first exchange, responses []restmachine.Response) string {
	won, refused := 0, 0
	for _, resp := range responses {
		x := exchange{first.req, resp}
		switch {
		case resp.StatusCode/100 == 2:
			won++
		case x.status(412), x.is("DELETE") && x.status(404, 410):
			refused++
		}
	}
	others := len(responses) - won - refused
	switch {
	case won > 1:
		return fmt.Sprintf("%d writes succeeded, and only the last of them is kept", won) + tally(responses) + lostUpdates
	case won == 0:
		return "no write succeeded; is the precondition true before the race?" + tally(responses)
	case others > 0:
		return fmt.Sprintf("one write succeeded, but %d of the others were not refused with 412", others) + tally(responses)
	}
	return ""
}

// lostUpdates explains how more than one write can meet the precondition.
const lostUpdates = `
There are two possible causes. The first write leaves the precondition true (If-Match: *, or a
tag that does not change). Or the check and the write are not one step. Then let the App hold its
resource lock: do not use WithoutResourceLock, and give two paths that lead to one record the same
LockKey. Or write only over the version that was checked, and return ErrStale if there is another
version.`

// tally returns a line for each status: how many responses have it, and the content of one.
func tally(responses []restmachine.Response) string {
	byStatus := map[int][]restmachine.Response{}
	for _, resp := range responses {
		byStatus[resp.StatusCode] = append(byStatus[resp.StatusCode], resp)
	}
	var b strings.Builder
	for _, status := range slices.Sorted(maps.Keys(byStatus)) {
		same := byStatus[status]
		fmt.Fprintf(&b, "\n%d × %d: %#q", len(same), status, excerpt(same[0].Body))
	}
	return b.String()
}
