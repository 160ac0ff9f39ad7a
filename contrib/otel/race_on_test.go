//go:build race

package otel_test

// The race detector makes sync.Pool forget, so that allocations vary.
const raceDetector = true
