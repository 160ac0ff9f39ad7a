// Command soak runs 64 clients against an App, over the loopback interface. It asserts
// what must stay true for any length of time:
//
//   - No acknowledged increment is lost, although the store of the App compares nothing.
//     Only the App's lock keeps writes apart.
//   - No client is shown a state older than one that it has seen. No response breaks an
//     invariant that restmachinetest.CheckResponse or a Ledger of all responses checks.
//   - While all clients are stopped, nothing is locked. A refused request changes
//     nothing, and its trace says why it was refused.
//   - Every hostile request is refused, and other requests do not suffer.
//   - Memory does not grow. After the soak, there are as many goroutines as before.
//   - A shutdown with running writes answers them all, and acknowledged writes are in the
//     store.
//
// Half of the requests are reads, four in ten are writes, one in ten is hostile. The
// command prints figures. It exits with status 1 if an assertion fails:
//
//	go run ./internal/proof/soak -minutes 30
//
// With -lock=false nothing keeps writes apart. Then the command must fail. Otherwise it
// proves nothing.
package main
