// What an App keeps in memory, with some room: bytes are the same on every machine, for one
// version of Go. The race detector changes the figures, so this runs without it.

package restmachine_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type (
	note  struct{ Text string }
	notes struct{ one note }
)

func findNote(path restmachine.PathParams, n *notes) *note            { return &n.one }
func noteTag(*note) string                                            { return "1" }
func noteDate(*note) time.Time                                        { return time.Time{} }
func showNote(n *note) *note                                          { return n }
func changeNote(n *note, in restmachine.Body[note], all *notes) *note { return n }

// manyNotes is an App of so many resources, ready to serve. get makes the handler of each GET.
func manyNotes(t *testing.T, resources int, get func() restmachine.Func) *restmachine.App {
	app := restmachine.New()
	app.LockKey(restmachine.ByPath)
	app.OnStartup(func() *notes { return new(notes) })
	app.ResourceExists(findNote)
	app.GenerateETag(noteTag)
	app.LastModified(noteDate)
	for i := range resources {
		r := app.Resource(fmt.Sprintf("/tenants/t%d/notes/{note}", i))
		r.Get(get())
		r.Put(changeNote)
	}
	require.NoError(t, app.Start(t.Context()))
	return app
}

// kept is how many bytes stay for what build makes. Other goroutines of the test binary may
// free or take some meanwhile, so it is the least of a few tries.
func kept(build func() any) int {
	least := 1 << 62
	for range 3 {
		before := alive()
		made := build()
		least = min(least, alive()-before)
		runtime.KeepAlive(made)
	}
	return least
}

// alive is how many bytes of the heap are in use.
func alive() int {
	runtime.GC()
	runtime.GC() // once more for what pools kept through the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func TestMemory(t *testing.T) {
	if harness.Race {
		t.Skip("the race detector makes everything larger")
	}
	named := func() restmachine.Func { return showNote }
	closure := func() restmachine.Func {
		seen := 0
		return func(n *note) *note { seen++; return n }
	}
	for _, row := range []struct {
		name      string
		resources int
		get       func() restmachine.Func
		most      int
		reason    string
	}{
		{"one resource", 1, named, 22_000, "its plan, and the programs of its methods, which other Apps share"},
		{"10,000 resources of a loop", 10_000, named, 15_500_000, "one plan: 1.3 kB each for what was declared, pattern, route and key"},
		{"1,000 resources of closures", 1_000, closure, 8_000_000, "a plan each, of 7 kB"},
	} {
		t.Run(row.name, func(t *testing.T) {
			manyNotes(t, 1, named) // what all Apps of a process share is there
			got := kept(func() any { return manyNotes(t, row.resources, row.get) })
			t.Logf("%d bytes", got)
			assert.LessOrEqual(t, got, row.most, row.reason)
		})
	}
}
