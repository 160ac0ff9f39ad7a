// This file runs processes of this program with another job, which can be killed. The parts come
// in of what the process is to do, and its first line goes out, which says that it is ready.

package cluster

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// jobEnv holds the job of a process that this package has started.
const jobEnv = "RESTMACHINE_LINEAR_JOB"

// A job is what a process is to do. One of its members is set.
type job struct {
	Server *source
	Node   *node
}

// Child does the job of this process and ends it, if this package has started it. Call it first in
// main, and in TestMain.
func Child() {
	text := os.Getenv(jobEnv)
	if text == "" {
		return
	}
	var j job
	err := json.Unmarshal([]byte(text), &j)
	var ready string
	if err == nil && j.Node != nil {
		err = j.Node.run()
	} else if err == nil {
		ready, err = j.Server.serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(ready)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the program that has started it is gone
	os.Exit(0)
}

// A process runs until it is killed.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer
	ready string // its first line
	end   sync.Once
}

// start starts a process and waits until it is ready.
func start(j job) (*process, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(self)}
	p.cmd.Env = append(os.Environ(), jobEnv+"="+string(text))
	p.cmd.Stderr = os.Stderr
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.kill()
		return nil, fmt.Errorf("a process ended before it was ready: %w", err)
	}
	p.ready = strings.TrimSpace(line)
	return p, nil
}

// kill ends the process, which cannot say so to anybody.
func (p *process) kill() {
	p.end.Do(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		_ = p.stdin.Close()
	})
}
