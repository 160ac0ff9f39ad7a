//go:build !race

package harness

// Race says whether the race detector runs.
const Race = false
