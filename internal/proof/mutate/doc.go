// Command mutate breaks the library on purpose, one fault at a time, and shows
// that a test notices each.
//
// The faults are those that servers in the field have had with conditional
// requests. What comes in is the table of mutations: each names a function or a row
// of a table, in whatever package it is, and a change of its syntax tree. The
// change is made in a copy of the file. The tests run on the copy by go test's
// -overlay, so that the tree itself is never touched. A mutation that seems killed
// must have been made: so a name that is not there exactly once is an error, and so
// is code that does not compile, or a tree whose tests fail to begin with.
//
// What goes out is a line for each mutation: the test that killed it, or that it
// survived. The command exits with status 1 where one did. With -only it makes those
// alone whose names contain the text:
//
//	go run ./internal/proof/mutate -only RFC850
//
// There are two tables. Those of mutations.go must be found by any test. Those of
// promises.go break what the library promises with default options. Each names the
// tests that are about it, and only these are run. With -promises the command makes
// those alone.
package main
