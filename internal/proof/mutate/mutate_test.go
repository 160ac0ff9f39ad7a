package main

import "testing"

// TestEveryMutationFits: a change of the library must not leave a mutation behind
// that no longer mutates anything, or that does not compile.
func TestEveryMutationFits(t *testing.T) {
	if _, err := makeAll("../../.."); err != nil {
		t.Error(err)
	}
}
