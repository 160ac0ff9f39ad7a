// From the sources in the tree to an instrumented program, and from that to ways.
// The go command is told by an overlay which files to read in place of which.

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/restmachine/restmachine-go/internal/proof/trip/way"
)

const (
	module  = "github.com/restmachine/restmachine-go"
	proof   = module + "/internal/proof/" // what proves is not what is proved
	journey = proof + "trip/journey"
)

// sources are those of one package, as go list describes it.
type sources struct {
	ImportPath, Dir string
	GoFiles         []string
}

// build builds the instrumented command journey in dir and returns its path.
func build(dir string) (string, error) {
	packages, err := list()
	if err != nil {
		return "", err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for _, p := range packages {
		for _, name := range p.GoFiles {
			from := filepath.Join(p.Dir, name)
			to := filepath.Join(dir, fmt.Sprintf("%d.go", len(overlay.Replace)))
			if err := rewrite(from, to, strings.TrimPrefix(p.ImportPath, module+"/")+"/"+name); err != nil {
				return "", err
			}
			overlay.Replace[from] = to
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	file, program := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "journey")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", err
	}
	_, err = output("go", "build", "-buildvcs=false", "-overlay", file, "-o", program, journey)
	return program, err
}

// rewrite writes the instrumented form of a file; where is how a step names it.
func rewrite(from, to, where string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if text, err = instrument(where, text); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

// list finds the packages of this module that journey is made of.
func list() ([]sources, error) {
	out, err := output("go", "list", "-deps", "-json=ImportPath,Dir,GoFiles", journey)
	if err != nil {
		return nil, err
	}
	var all []sources
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p sources
		err := d.Decode(&p)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if strings.HasPrefix(p.ImportPath, module+"/") && !strings.HasPrefix(p.ImportPath, proof) {
			all = append(all, p)
		}
	}
}

// travel runs the program and returns the ways that it went.
func travel(program string) ([]way.Way, error) {
	out, err := output(program)
	if err != nil {
		return nil, err
	}
	var ways []way.Way
	if err := json.Unmarshal(out, &ways); err != nil {
		return nil, fmt.Errorf("what journey writes: %w", err)
	}
	return ways, nil
}

// output runs a command and returns its output; the error has what it complained of.
func output(name string, args ...string) ([]byte, error) {
	out, err := exec.Command(name, args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, exit.Stderr)
	}
	return out, err
}
