//go:build !unix

package main

import "time"

var begun = time.Now()

// processorTime is the time that has passed, since the processor's is not known here.
func processorTime() time.Duration { return time.Since(begun) }
