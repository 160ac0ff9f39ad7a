// Instructions: bench/steps counts them, as a program of its own, since it traces what it counts.

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"

	"github.com/restmachine/restmachine-go/bench/report"
)

// stepsPackage is the command that counts.
const stepsPackage = "github.com/restmachine/restmachine-go/bench/steps"

// measureCounts counts the instructions of every contestant in every case.
func measureCounts() ([]report.Count, error) {
	cmd := exec.Command("go", "run", stepsPackage, "-json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", stepsPackage, err)
	}
	var counts []report.Count
	return counts, json.Unmarshal(out, &counts)
}
