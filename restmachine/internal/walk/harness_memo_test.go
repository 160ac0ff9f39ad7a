// The memo: the resource of the corner cases, and how a case changes it.

package walk_test

import (
	"log/slog"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A memoState is what there is when a request comes: by default a memo with the
// strong tag "A1", changed half a second after printed.
type memoState struct {
	place   place
	tag     string
	date    time.Time
	content []byte
	options []restmachine.Option
}

func withTag(tag string) func(*memoState)      { return func(s *memoState) { s.tag = tag } }
func withDate(date time.Time) func(*memoState) { return func(s *memoState) { s.date = date } }
func inPlace(p place) func(*memoState)         { return func(s *memoState) { s.place = p } }
func withText(c string) func(*memoState)       { return func(s *memoState) { s.content = []byte(c) } }
func withOption(o restmachine.Option) func(*memoState) {
	return func(s *memoState) { s.options = append(s.options, o) }
}

// A memo is a resource with content that is bytes, so that ranges apply.
type memo struct{ content []byte }

// newMemo makes the App of a state, and counts the writes.
func newMemo(in []func(*memoState)) (app *restmachine.App, writes *int) {
	s := memoState{tag: `"A1"`, date: printed.Add(time.Second / 2), content: []byte("hello world")}
	for _, change := range in {
		change(&s)
	}
	app = restmachine.New(append(s.options, restmachine.WithLogger(slog.New(slog.DiscardHandler)))...)
	writes = new(int)
	write := func(restmachine.Optional[*memo]) { *writes++ }
	app.ResourceExists(func() (*memo, bool) { return &memo{s.content}, s.place.exists() })
	app.Provides("text/plain", func(n *memo) []byte { return n.content })
	app.AllowMissingPost(func() bool { return s.place.creatable() })
	x := app.Get("/x", func(n *memo) *memo { return n }).Delete(write)
	x.GenerateETag(func(*memo) string { return s.tag })
	x.LastModified(func(*memo) time.Time { return s.date })
	if s.place.creatable() {
		x.Put(func(n restmachine.Optional[*memo]) *memo { write(n); return &memo{s.content} })
		x.Post(func(n restmachine.Optional[*memo]) *restmachine.Reply[any] {
			write(n)
			return restmachine.Created[any]("/x", nil)
		})
		return app, writes
	}
	replace := func(n *memo) *memo { *writes++; return n }
	x.Put(replace).Patch(replace).Post(replace)
	return app, writes
}

// States that several cases begin with.
var (
	untagged = withTag("")
	gone     = inPlace(missingPlain)
)

// usualMemo is the App of the usual state.
func usualMemo() *restmachine.App {
	app, _ := newMemo(nil)
	return app
}

// memoWith builds the App of a state with more facts.
func memoWith(more func(*restmachine.App), in ...func(*memoState)) func() *restmachine.App {
	return func() *restmachine.App {
		app, _ := newMemo(in)
		more(app)
		return app
	}
}
