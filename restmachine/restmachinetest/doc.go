// Package restmachinetest tests restmachine Apps, in process.
//
// A [Client] sends requests and says what it expects of the responses. It also checks
// each response for what must hold for every App: the response alone ([CheckResponse]),
// the response compared with earlier ones ([Ledger]), and its trace ([CheckTrace]). A
// client that is [Client.Watching] a state also expects that refusals change nothing.
// [RaceWrites] shows that no update is lost. [CheckDocument] holds the App to its OpenAPI
// document.
//
// Three functions walk through an App by themselves, each in one line of a test. [Explore] asks
// each path with each method under each precondition, and finds most mistakes that the start of
// an App cannot see. [CheckValidators] is the part of it that holds entity-tags and dates to what
// is shown. [CheckGuarded] asks everything without credentials, and lists what answers.
//
//	type Note struct{ Text string }
//
//	func NewApp() *restmachine.App {
//		var note atomic.Pointer[Note]
//		note.Store(&Note{"Hello"})
//		app := restmachine.New()
//		app.ResourceExists(note.Load)
//		app.GenerateETag(func(n *Note) string { return restmachine.HashETag(n) })
//		app.Get("/note", func(n *Note) *Note { return n })
//		app.Put("/note", func(_ *Note, in restmachine.Body[Note]) *Note { note.Store(&in.Value); return &in.Value })
//		return app
//	}
//
//	func TestNote(t *testing.T) {
//		app := NewApp()
//		restmachinetest.Check(t, app)
//		client := restmachinetest.NewClient(app)
//
//		tag := client.Get("/note").Expect(t).Status(200).Body(`{"Text":"Hello"}`).ETag()
//		client.Get("/note").IfNoneMatch(tag).Expect(t).Status(304)
//
//		update := client.Put("/note").IfMatch(tag).JSON(Note{"Hello again"})
//		restmachinetest.RaceWrites(t, app, update.Request(), 8)
//		update.Expect(t).Status(412).Problem("does not match the current entity-tag")
//	}
//
// An expectation that fails says why the App answered so. It prints every decision on the
// path, with its reason and the callback that was asked.
//
// # Responses from elsewhere
//
// [CheckResponse], [CheckHead], [CheckNotModified], [CheckUnchanged] and a [Ledger] do
// not need an App. They also work for responses that were read from a connection. Some
// invariants are about more than one response, or about more than responses:
//
//   - V3, V10: a 304 or a HEAD has the fields of the GET beside it
//     ([CheckNotModified], [CheckHead]);
//   - V6: a refused request has changed nothing ([CheckUnchanged]);
//   - V8: equal strong entity-tags have equal content ([Ledger]);
//   - V12: if there are several representations, Vary says so ([Ledger]);
//   - V17: when all exchanges have ended, nothing is locked ([CheckIdle]);
//   - V18: a trace is a real path through the graph ([CheckTrace]).
//
// # Reports
//
// All functions report with t.Errorf. A test therefore shows every fault at once. They
// may be called from any goroutine of the test. If a test cannot go on in a useful way,
// they stop it with t.Fatalf. Their comments say when.
package restmachinetest
