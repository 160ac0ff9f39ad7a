// Package restmachinetest tests restmachine Apps, in process.
//
// A [Client] sends requests and says what it expects of the responses. Each one
// is also checked for what every response keeps, whatever the callbacks of the
// App say: by itself ([CheckResponse]), beside those before it ([Ledger]), and as
// its trace tells it ([CheckTrace]). A client that is [Client.Watching] a state
// also expects refusals to change nothing. [RaceWrites] shows that no update is
// lost.
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
// An expectation that fails says why the answer is what it is: it prints every
// decision on the way, with its reason and the callback that was asked.
//
// # Responses from elsewhere
//
// [CheckResponse], [CheckHead], [CheckNotModified], [CheckUnchanged] and a
// [Ledger] take nothing from an App, so they hold for what was read from a
// connection, too. Some invariants are about more than one response, or about
// more than responses:
//
//   - V3, V10: a 304 or a HEAD has the fields of the GET beside it
//     ([CheckNotModified], [CheckHead]);
//   - V6: who was refused has changed nothing ([CheckUnchanged]);
//   - V8: equal strong entity-tags are of equal content ([Ledger]);
//   - V12: where there are several representations, Vary says so ([Ledger]);
//   - V17: when all is over, nothing is locked ([CheckIdle]);
//   - V18: a trace is the way through the graph that it says it is ([CheckTrace]).
//
// # Reports
//
// All functions report with t.Errorf, so that one look shows every fault, and
// may be called from any goroutine of the test. Where nothing sensible can
// follow they stop the test with t.Fatalf, and say so.
package restmachinetest
