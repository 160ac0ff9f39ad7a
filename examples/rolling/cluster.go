// This file starts nginx and three processes, and restarts these one after another. In comes
// how to restart. It is what a deployment script does.

package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/examples/internal/local"
)

//go:embed nginx.conf
var recipe string

// drainDelay is how long a process goes on to take requests after SIGTERM.
const drainDelay = time.Second

// patience is how long the script waits for anything. A process ends well before.
const patience = 20 * time.Second

type settings struct {
	how   string                    // ask, term or kill: see main
	delay time.Duration             // of each process
	edit  func(nginx string) string // changes the recipe; may be nil
}

type cluster struct {
	settings
	folder, program, front string
	nginx                  *program
	processes              [3]*program
	addrs                  [3]string
}

// startCluster starts all of it, on free ports. The caller calls stop in the end.
func startCluster(how settings) (*cluster, error) {
	nginx, err := local.Program("nginx")
	if err != nil {
		return nil, errMissing
	}
	c := &cluster{settings: how}
	if c.program, err = os.Executable(); err != nil {
		return nil, err
	}
	if c.folder, err = os.MkdirTemp("", "rolling-"); err != nil {
		return nil, err
	}
	if err = c.start(nginx); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

var errMissing = errors.New("nginx is not installed: apt-get install nginx")

func (c *cluster) start(nginx string) error {
	free, err := local.Ports(1 + len(c.processes))
	if err != nil {
		return err
	}
	front := fmt.Sprint("127.0.0.1:", free[0])
	c.front = "http://" + front
	ports := []string{"127.0.0.1:8000", front}
	for i := range c.processes {
		c.addrs[i] = fmt.Sprint("127.0.0.1:", free[1+i])
		ports = append(ports, fmt.Sprintf("127.0.0.1:808%d", i+1), c.addrs[i])
		if err := c.launch(i); err != nil {
			return err
		}
	}
	text := recipe
	if c.edit != nil {
		text = c.edit(text)
	}
	text = strings.NewReplacer(ports...).Replace(text)
	if err := os.WriteFile(filepath.Join(c.folder, "nginx.conf"), []byte(text), 0o644); err != nil {
		return err
	}
	cmd := exec.Command(nginx, "-p", ".", "-c", "nginx.conf", "-e", "error.log")
	if os.Getuid() == 0 { // its workers could not enter the folder
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		if err := os.Chown(c.folder, nobody, nobody); err != nil {
			return err
		}
	}
	if c.nginx, err = c.run(cmd); err != nil {
		return err
	}
	return c.until(context.Background(), "nginx answers", func() bool { return status(c.front+"/readyz") == http.StatusNoContent })
}

// launch starts a process, and returns when it is ready.
func (c *cluster) launch(i int) error {
	cmd := exec.Command(c.program, "-serve", c.addrs[i], "-journal", filepath.Join(c.folder, "journal"), "-delay", c.delay.String())
	var err error
	if c.processes[i], err = c.run(cmd); err != nil {
		return err
	}
	err = c.until(context.Background(), "the process is ready", func() bool {
		return status("http://"+c.addrs[i]+"/readyz") == http.StatusNoContent || c.processes[i].hasEnded()
	})
	if c.processes[i].hasEnded() {
		output, _ := os.ReadFile(filepath.Join(c.folder, "output.log"))
		return fmt.Errorf("the process ended: %s", output)
	}
	return err
}

// restart ends a process and starts the next one, and returns when nginx uses that.
func (c *cluster) restart(ctx context.Context, i int) error {
	if err := c.end(ctx, i); err != nil {
		return err
	}
	if err := c.launch(i); err != nil {
		return err
	}
	return c.until(ctx, "nginx uses the new process", func() bool { return c.tried() == c.addrs[i] })
}

// end ends a process, by SIGTERM or by force.
func (c *cluster) end(ctx context.Context, i int) error {
	p := c.processes[i]
	if c.how == "kill" {
		err := p.cmd.Process.Kill()
		<-p.ended
		return err
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if c.how == "ask" {
		// Each question tells nginx, if it comes to the process that drains.
		if err := c.until(ctx, "nginx knows that the process drains", func() bool { return strings.Contains(c.tried(), c.addrs[i]+",") }); err != nil {
			return err
		}
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		return errors.New("the process does not end")
	}
	if p.err != nil {
		return fmt.Errorf("the process failed: %w", p.err)
	}
	return nil
}

// tried asks nginx for /readyz, and returns the addresses that it tried.
func (c *cluster) tried() string {
	resp, err := http.Get(c.front + "/readyz")
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	return resp.Header.Get("X-Tried")
}

func (c *cluster) until(ctx context.Context, what string, holds func() bool) error {
	for deadline := time.Now().Add(patience); !holds(); {
		if time.Now().After(deadline) {
			return errors.New("in vain: " + what)
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// summary says what the journal has.
func (c *cluster) summary(w io.Writer) error {
	notes, count, err := c.written()
	_, _ = fmt.Fprintf(w, "in the journal: %d notes, count %d\n", notes, count)
	return err
}

// written returns how many notes the journal has, and the count.
func (c *cluster) written() (notes, count int, err error) {
	j, err := OpenJournal(filepath.Join(c.folder, "journal"))
	if err != nil {
		return 0, 0, err
	}
	defer j.Close()
	entries, err := j.After(0)
	for _, e := range entries {
		if e.Count == nil {
			notes++
		}
	}
	return notes, j.counter.Count, err
}

// stop ends everything, and deletes the folder.
func (c *cluster) stop() {
	for _, p := range append(c.processes[:], c.nginx) {
		if p != nil {
			_ = p.cmd.Process.Kill()
			<-p.ended
		}
	}
	_ = os.RemoveAll(c.folder)
}

// A program is a running one.
type program struct {
	cmd   *exec.Cmd
	ended chan struct{}
	err   error // once it has ended
}

// run starts a command. What it writes goes to a file in the folder.
func (c *cluster) run(cmd *exec.Cmd) (*program, error) {
	log, err := os.OpenFile(filepath.Join(c.folder, "output.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.folder, log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &program{cmd: cmd, ended: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

func status(url string) int {
	resp, err := http.Get(url)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
