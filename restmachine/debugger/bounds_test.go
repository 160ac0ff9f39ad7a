// This test checks that the memory of a Debugger is bounded.

package debugger_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/debugger"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The ring is bounded by number and by memory. Five seconds of 1,000 exchanges each leave
// as much as one second.
func TestTheRingDoesNotGrow(t *testing.T) {
	d := debugger.New("/debug/", debugger.Keep(100, 1<<20), debugger.ShowContent())
	app := notes(d)
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	second := func() {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 250 {
					send(app, "PUT", "/notes/1", `{"Text":"`+strings.Repeat("x", 1000)+`"}`, "If-Match", `"1-1"`, "Content-Type", "application/json")
				}
			})
		}
		all.Wait()
	}
	second()
	before := heap()
	for range 4 {
		second()
	}
	assert.Less(t, heap(), before+(1<<20), "bytes on the heap")
	kept, bytes := sizes(t, d)
	assert.Equal(t, 100, kept)
	assert.LessOrEqual(t, bytes, 1<<20)

	for range 40 {
		send(app, "PUT", "/notes/1", strings.Repeat("y", 60<<10), "If-Match", `"1-1"`, "Content-Type", "application/json")
	}
	kept, bytes = sizes(t, d)
	assert.LessOrEqual(t, bytes, 1<<20, "the limit in bytes holds, too")
	assert.Less(t, kept, 20)
	assert.Positive(t, kept)
}

func sizes(t *testing.T, d http.Handler) (kept, bytes int) {
	t.Helper()
	var list struct{ Kept, Bytes int }
	require.NoError(t, json.Unmarshal(look(d, "/debug/", "Accept", asJSON).Body.Bytes(), &list))
	return list.Kept, list.Bytes
}

func TestAnExchangeThatIsTooLargeIsNotKept(t *testing.T) {
	d := debugger.New("/debug/", debugger.Keep(10, 9<<10), debugger.ShowContent())
	app := notes(d)
	send(app, "GET", "/notes/1", "")
	send(app, "POST", "/sessions", strings.Repeat("z", 20<<10), "Content-Type", "text/plain")
	kept, _ := sizes(t, d)
	assert.Equal(t, 1, kept, "and drives nothing out")
}

func TestHugeFieldsAreCut(t *testing.T) {
	d := debugger.New("/debug/")
	app := notes(d)
	fields := []string{"X-Long", strings.Repeat("é", 5000)}
	for i := range 200 {
		fields = append(fields, fmt.Sprintf("X-%d", i), "v")
	}
	send(app, "GET", "/notes/1", "", fields...)
	text := look(d, lastPage(t, d)).Body.String()
	assert.Less(t, len(text), 20<<10)
	assert.Contains(t, text, "more than 100 field lines")
}
