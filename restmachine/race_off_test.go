//go:build !race

package restmachine_test

const raceDetector = false
