// What a reader must know about the machine and the contestants: names,
// versions, and whether anything else was running.

package main

import (
	"os"
	"runtime/debug"
	"strings"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/restmachine/restmachine-go/bench/report"
)

// versions are those that this binary was built with, which a workspace may
// have raised above those of go.mod.
func versions(contestants []contest.Contestant) []report.Version {
	built := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			built[m.Path] = m.Version
			if m.Replace != nil && m.Replace.Version != "" {
				built[m.Path] = m.Replace.Version
			}
		}
	}
	var all []report.Version
	seen := map[string]bool{"": true}
	for _, c := range contestants {
		if !seen[c.Module] {
			seen[c.Module] = true
			all = append(all, report.Version{Module: c.Module, Version: built[c.Module]})
		}
	}
	return all
}

// cpuName is the processor's name where the system tells it.
func cpuName() string {
	b, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(b)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown CPU"
}

// loadAverage is the load of the last minute, "" where the system does not tell.
func loadAverage() string {
	b, _ := os.ReadFile("/proc/loadavg")
	one, _, _ := strings.Cut(string(b), " ")
	return one
}
