//go:build race

package harness

// Race says whether the race detector runs, which makes a test ten times as slow. A test in one
// goroutine, which it tells nothing, plays a part of its rows there.
const Race = true
