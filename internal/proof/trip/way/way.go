// Package way records the way of a request through source files: each function of
// an instrumented program calls Pass first. Command trip adds these calls.
package way

import "sync"

// A Step is the beginning of a function: the file that has it, as a path below the
// module, and its name. A closure is named after the function around it.
type Step struct{ File, Function string }

// A Way is what one request passed, in order.
type Way struct {
	Request string
	Steps   []Step
}

var (
	mu        sync.Mutex
	recording bool
	steps     []Step
)

// Pass records a step while a way is being recorded.
func Pass(file, function string) {
	mu.Lock()
	defer mu.Unlock()
	if recording {
		steps = append(steps, Step{file, function})
	}
}

// Record calls f and returns the steps that were passed meanwhile, by whichever
// goroutine.
func Record(f func()) []Step {
	mu.Lock()
	recording, steps = true, nil
	mu.Unlock()
	f()
	mu.Lock()
	defer mu.Unlock()
	recording = false
	return steps
}
