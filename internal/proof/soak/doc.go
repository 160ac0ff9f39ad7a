// Command soak lets 64 clients loose on an App, over the loopback interface, and
// asserts what must stay true however long that goes on:
//
//   - no acknowledged increment is lost, though the store of the App compares
//     nothing: what keeps writes apart is the App's lock;
//   - no client is shown a state older than one that it has seen, and no
//     response breaks what restmachinetest.CheckResponse checks, nor what a
//     Ledger of all of them does;
//   - while the clients hold still nothing is locked, and whoever is refused
//     changes nothing and is told why;
//   - every hostile request gets its refusal, and nothing else suffers;
//   - memory is flat, and goroutines are back to where they were;
//   - a shutdown with writes in flight answers them all, and what was
//     acknowledged is in the store.
//
// Half of the requests read, four in ten write, one in ten is hostile. It prints
// figures, and exits with status 1 where an assertion fails:
//
//	go run ./internal/proof/soak -minutes 30
//
// With -lock=false nothing keeps writes apart. That must fail, or the command
// proves nothing.
package main
