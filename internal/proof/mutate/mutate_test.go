package main

import "testing"

// TestEveryMutationFits: a change of the library must not leave a mutation behind
// that no longer mutates anything.
func TestEveryMutationFits(t *testing.T) {
	t.Chdir("../../..")
	for _, m := range mutations {
		if _, err := m.overlay(t.TempDir()); err != nil {
			t.Error(err)
		}
	}
}
