// Package harness is for tests only: it holds the Apps, the resources and the
// clients that the tests of several packages share. No code of the library may
// import it.
//
// A [Probe] asks an App in process and checks what every answer must keep. A
// [Trial] is a Probe of an App that is expected to fail; it also asks over a
// connection, and its log can be read. A [Port] is an App that a test goes on
// declaring, with its log and its wiring faults.
//
// The resources are small and of three kinds. Ships in a harbour ([Ship], [Cargo],
// [Crane]) are for the wiring. A [Leaf] is for what the graph decides. A [Note] and
// a [Task] are for failures and for the lock.
package harness
