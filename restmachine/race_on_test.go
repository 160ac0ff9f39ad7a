//go:build race

package restmachine_test

// The race detector makes sync.Pool forget, so that allocations vary.
const raceDetector = true
