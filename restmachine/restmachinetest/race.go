// The race: whether the check of a precondition and the write that it guards are
// one step.

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

// beforeWrite is how long each exchange is held up between the check of its
// precondition and its write: long enough for the others to be checked, too.
const beforeWrite = 2 * time.Millisecond

// RaceWrites sends n copies of a write at once, 2 at least. The write carries a
// precondition that only the first one can meet: an If-Match with the current
// entity-tag, or an If-None-Match: * where nothing is there yet. RaceWrites
// expects exactly one 2xx, and for all others 412; after a DELETE 404 or 410
// will do. Every response goes through [CheckResponse].
//
// Each copy waits two milliseconds, whenever its context is asked whether it has
// ended. An App asks that last thing before a write, so that one which does not
// keep check and write together is found out in one round, and not by luck.
func RaceWrites(t testing.TB, app *restmachine.App, request restmachine.Request, n int) {
	t.Helper()
	first := newExchange(request, restmachine.Response{})
	switch {
	case n < 2:
		t.Fatalf("a race has 2 writes at least, not %d", n)
	case first.is("GET", "HEAD", "OPTIONS"):
		t.Fatalf("%s writes nothing", first.req.Method)
	case !first.guarded():
		t.Fatalf("%s %s carries no precondition: each of %d may be written", request.Method, request.Path, n)
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

// A slowContext takes its time to say that it has not ended.
type slowContext struct{ context.Context }

func (c slowContext) Err() error {
	time.Sleep(beforeWrite)
	return c.Context.Err()
}

// atOnce sends n copies of a request, none before all are ready.
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

// judge says what is wrong with the outcome of a race, "" where nothing is.
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
		return fmt.Sprintf("%d were written, and only the last of them is kept", won) + tally(responses) + lostUpdates
	case won == 0:
		return "none was written; is the precondition true before the race?" + tally(responses)
	case others > 0:
		return fmt.Sprintf("one was written, but %d of the others were not refused with 412", others) + tally(responses)
	}
	return ""
}

// lostUpdates is how more than one write can have met the precondition.
const lostUpdates = `
Either the first write leaves the precondition true (If-Match: *, or a tag that does not change),
or its check and the write are not one step: let the App hold its resource lock (no WithoutResourceLock;
a LockKey where two paths lead to one record), or write only over the version that was checked, and
return ErrStale where there is another.`

// tally is a line for each status: how many have it, and the content of one.
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
