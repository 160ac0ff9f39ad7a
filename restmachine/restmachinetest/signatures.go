package restmachinetest

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/signature"
)

// This file keeps the file of signatures. In comes an App. Out comes a file of the package
// under test, or a failure where the file is stale.

// updateSignatures is the variable of the environment that makes Signatures write.
const updateSignatures = "UPDATE_SIGNATURES"

// Signatures keeps a file that makes the types of the App's callbacks known to package fast, so
// that they are called without reflection. Write one test:
//
//	func TestSignatures(t *testing.T) {
//		restmachinetest.Signatures(t, newApp(), "signatures_gen.go")
//	}
//
// and run it once with UPDATE_SIGNATURES=1 in the environment: it writes the file, which belongs
// to the package under test. Without UPDATE_SIGNATURES the test compares, and fails when the
// file is stale: a callback has got a type that the file lacks, or the last callback of a type
// has gone. The file is a relative path. Its folder is the package's, and its name ends in
// _test.go where it is for test builds alone.
//
// A file that does not compile any more, since a type was renamed, is deleted and written anew.
// The file lists the callbacks that stay with reflection, and why: their types are declared in a
// function, or are not exported by another package, or they have more than 6 parameters.
//
// The App is not started. Where it has wiring faults, Signatures reports them.
func Signatures(t testing.TB, app *restmachine.App, file string) {
	t.Helper()
	callbacks, err := app.Callbacks()
	if err != nil {
		t.Fatalf("%v", err)
	}
	pkg, err := signature.Open(file, caller())
	if err != nil {
		t.Fatalf("Signatures cannot read the package: %v", err)
	}
	var types []reflect.Type
	for _, c := range callbacks {
		types = append(types, c.Type)
	}
	test, _, _ := strings.Cut(t.Name(), "/")
	command := updateSignatures + "=1 go test -run '^" + test + "$' ."
	source, known, err := pkg.Source(types, command)
	if err != nil {
		t.Fatalf("Signatures cannot write the file: %v", err)
	}
	was, err := os.ReadFile(file)
	switch {
	case err == nil && bytes.Equal(bytes.ReplaceAll(was, []byte("\r\n"), []byte("\n")), source):
		checkDirect(t, callbacks, known, file)
	case os.Getenv(updateSignatures) != "":
		if err := os.WriteFile(file, source, 0o644); err != nil {
			t.Fatalf("%v", err)
		}
		t.Logf("%s is written anew", file)
	default:
		t.Errorf("%s is stale: %s; run\n\t%s", file, cmp.Or(difference(string(was), string(source)), "its text is another"), command)
	}
}

// checkDirect reports what the file registers, and is called by reflection: the file is of
// another package than the one under test, or a build tag leaves it out.
func checkDirect(t testing.TB, callbacks []restmachine.Callback, known []reflect.Type, file string) {
	t.Helper()
	for _, c := range callbacks {
		if c.Reflected && slices.Contains(known, c.Type) {
			t.Errorf("%s registers %s, and %s (%s) is called by reflection: the test does not build the file", file, c.Type, c.Name, c.Site)
		}
	}
}

// caller is the function that called Signatures.
func caller() string {
	pc, _, _, _ := runtime.Caller(2)
	return runtime.FuncForPC(pc).Name()
}

// difference says which calls of package fast one of two sources has, and the other lacks.
func difference(was, is string) string {
	if was == "" {
		return "it does not exist, or is empty"
	}
	old, now := calls(was), calls(is)
	var all []string
	for _, call := range now {
		if !slices.Contains(old, call) {
			all = append(all, "it lacks "+call)
		}
	}
	for _, call := range old {
		if !slices.Contains(now, call) {
			all = append(all, fmt.Sprintf("no callback needs %s", call))
		}
	}
	return strings.Join(all, ", ")
}

// calls are the lines of a source that register a type.
func calls(source string) []string {
	var all []string
	for line := range strings.Lines(source) {
		if line = strings.TrimSpace(line); strings.Contains(line, ".Call") && strings.HasSuffix(line, "()") {
			all = append(all, line)
		}
	}
	return all
}
