//go:build race

package harness

// Race says whether the race detector runs. It makes a test ten times as slow: a test in one
// goroutine, which it tells nothing, plays a part of its rows there. And it makes sync.Pool forget,
// so that allocations vary.
const Race = true
