// This test runs the program in the package comment.

package restmachinetest_test

import (
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

type Note struct{ Text string }

func NewApp() *restmachine.App {
	var note atomic.Pointer[Note]
	note.Store(&Note{"Hello"})
	app := restmachine.New()
	app.ResourceExists(note.Load)
	app.GenerateETag(func(n *Note) string { return restmachine.HashETag(n) })
	app.Get("/note", func(n *Note) *Note { return n })
	app.Put("/note", func(_ *Note, in restmachine.Body[Note]) *Note { note.Store(&in.Value); return &in.Value })
	return app
}

func TestNote(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)

	tag := client.Get("/note").Expect(t).Status(200).Body(`{"Text":"Hello"}`).ETag()
	client.Get("/note").IfNoneMatch(tag).Expect(t).Status(304)

	update := client.Put("/note").IfMatch(tag).JSON(Note{"Hello again"})
	restmachinetest.RaceWrites(t, app, update.Request(), 8)
	update.Expect(t).Status(412).Problem("does not match the current entity-tag")
}

// The program in the package comment is the one above, which runs.
func TestDocIsTested(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	this, err := os.ReadFile("doc_test.go")
	require.NoError(t, err)
	code, shown := string(this), 0
	for line := range strings.Lines(string(doc)) {
		if line, isCode := strings.CutPrefix(line, "//\t"); isCode {
			shown++
			_, after, found := strings.Cut(code, line)
			if assert.True(t, found, "doc.go has a line of its own: %s", line) {
				code = after
			}
		}
	}
	assert.Greater(t, shown, 20)
}
