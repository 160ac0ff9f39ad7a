//go:build !linux || !amd64

// Elsewhere nothing is counted.

package main

import (
	"errors"
	"fmt"
	"runtime"
)

func processors() []int { return nil }

func trace(int, string, []string, func([]steps) bool) (empty steps, turns []steps, said string, err error) {
	return empty, nil, "", fmt.Errorf("instructions are counted on linux/amd64 alone, and this is %s/%s: %w", runtime.GOOS, runtime.GOARCH, errors.ErrUnsupported)
}
