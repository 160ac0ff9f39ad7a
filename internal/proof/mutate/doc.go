// Command mutate breaks the library on purpose, one fault at a time, and shows
// that a test notices each.
//
// The faults are those that servers in the field have had with conditional
// requests. Each is a replacement of text in a copy of a file; the tests run on
// the copy by go test's -overlay, so that the tree itself is never touched. Text
// that is not there exactly once, code that does not compile and a tree whose
// tests fail to begin with are errors, lest a mutation seem killed that was never
// made.
//
// It prints for each mutation the test that killed it, or that it survived, and
// exits with status 1 where one did. With -only it makes those alone whose names
// contain the text:
//
//	go run ./internal/proof/mutate -only RFC850
package main
