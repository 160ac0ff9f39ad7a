// This example shows how RaceWrites reports a lost update.

package restmachinetest_test

import (
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A tag made of a date without fractions does not change if two writes fall into one
// second.
func ExampleRaceWrites_lost() {
	now := time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)
	app := restmachine.New()
	app.ResourceExists(func() *Note { return &Note{"Hello"} })
	app.GenerateETag(func(*Note) string { return restmachine.TimeETag(now) })
	app.Get("/note", func(n *Note) *Note { return n })
	app.Put("/note", func(_ *Note, in restmachine.Body[Note]) *Note { return &in.Value })
	client := restmachinetest.NewClient(app)

	tag := client.Get("/note").Expect(t).ETag()
	restmachinetest.RaceWrites(t, app, client.Put("/note").IfMatch(tag).JSON(Note{"Mine"}).Request(), 3)
	// Output:
	// PUT /note, 3 at once: 3 writes succeeded, and only the last of them is kept
	// 3 × 200: `{"Text":"Mine"}`
	// There are two possible causes. The first write leaves the precondition true (If-Match: *, or a
	// tag that does not change). Or the check and the write are not one step. Then let the App hold its
	// resource lock: do not use WithoutResourceLock, and give two paths that lead to one record the same
	// LockKey. Or write only over the version that was checked, and return ErrStale if there is another
	// version.
}
