// This test checks which output of go test is a finding, and which is only the end of
// fuzzing.

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOnlyEnded(t *testing.T) {
	for out, want := range map[string]bool{
		"fuzz: elapsed: 20s, execs: 7\n--- FAIL: FuzzX (20.01s)\n    context deadline exceeded\nFAIL\n":                       true,
		"--- FAIL: FuzzX (0.20s)\n    context deadline exceeded\n    Failing input written to testdata/fuzz/FuzzX/ab\nFAIL\n": false,
		"--- FAIL: FuzzX (0.20s)\n    x_test.go:7: wrong\nFAIL\n":                                                             false,
	} {
		assert.Equal(t, want, onlyEnded([]byte(out)), out)
	}
}
