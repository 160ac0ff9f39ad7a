// This file starts a proxy. In come the name of a recipe and the port of an App. Out comes a
// running proxy on free ports, with all its files in one folder. It needs no privileges.

package main

import (
	"embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/examples/internal/local"
)

//go:embed nginx varnish apache haproxy squid caddy
var recipes embed.FS

// files are the recipes by name. The command that starts each stands in the file itself.
var files = map[string]string{
	"nginx": "nginx/nginx.conf", "varnish": "varnish/default.vcl", "apache": "apache/httpd.conf",
	"haproxy": "haproxy/haproxy.cfg", "squid": "squid/squid.conf", "caddy": "caddy/Caddyfile",
}

// A proxy is a running one.
type proxy struct {
	plain, secure string // addresses, the second with TLS, if the proxy has it
	folder        string
	cmd           *exec.Cmd
	ended         chan struct{}
}

// errMissing means that the program of a recipe is not installed.
var errMissing = errors.New("is not installed")

// commandOf returns the command that a recipe gives for itself: the indented line of its
// first comment.
func commandOf(text string) string {
	_, rest, _ := strings.Cut(text, "\n#\t")
	command, _, _ := strings.Cut(rest, "\n")
	return command
}

// start starts the recipe of a name before the App on a port. edit changes the text of the
// recipe; it may be nil. The caller calls stop in the end.
func start(name, appPort string, edit func(string) string) (*proxy, error) {
	text, err := recipes.ReadFile(files[name])
	if err != nil {
		return nil, fmt.Errorf("there is no recipe %q: %w", name, err)
	}
	if program, _, _ := strings.Cut(commandOf(string(text)), " "); !installed(program) {
		return nil, fmt.Errorf("%s %w: apt-get install %s", program, errMissing, map[string]string{"apache": "apache2"}[name]+name)
	}
	recipe := string(text)
	if edit != nil {
		recipe = edit(recipe)
	}
	for range 3 { // somebody else may take a port that was free
		var p *proxy
		if p, err = launch(name, recipe, appPort); err == nil {
			return p, nil
		}
	}
	return nil, err
}

func installed(program string) bool {
	_, err := local.Program(program)
	return err == nil
}

// launch writes the files of a recipe and starts it.
func launch(name, recipe, appPort string) (*proxy, error) {
	free, err := local.Ports(2)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "proxy-")
	if err != nil {
		return nil, err
	}
	p := &proxy{folder: folder, ended: make(chan struct{})}
	plain, secure := strconv.Itoa(free[0]), strconv.Itoa(free[1])
	recipe = strings.NewReplacer("8000", plain, "8443", secure, "8080", appPort).Replace(recipe)
	p.plain = "127.0.0.1:" + plain
	if strings.Contains(recipe, secure) {
		p.secure = "127.0.0.1:" + secure
	}
	err = errors.Join(writeCertificate(folder), os.WriteFile(filepath.Join(folder, path.Base(files[name])), []byte(recipe), 0o644))
	if err == nil {
		err = p.run(commandOf(recipe))
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// nobody is the user that a proxy runs as if we are root. Otherwise it runs as we do.
const nobody = 65534

// run runs the command in the folder of the proxy, and returns when the proxy listens.
func (p *proxy) run(command string) error {
	log, err := os.Create(filepath.Join(p.folder, "output.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	p.cmd = exec.Command("sh", "-c", "exec "+command)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = p.folder, log, log
	p.cmd.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":"+local.Servers, "HOME="+p.folder, "XDG_DATA_HOME="+p.folder, "XDG_CONFIG_HOME="+p.folder)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() == 0 {
		p.cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		if err := filepath.Walk(p.folder, func(name string, _ os.FileInfo, err error) error {
			return errors.Join(err, os.Chown(name, nobody, nobody))
		}); err != nil {
			return err
		}
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go func() {
		_ = p.cmd.Wait() // its end is what counts
		close(p.ended)
	}()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", p.plain); err == nil {
			return conn.Close()
		}
		select {
		case <-p.ended:
			return fmt.Errorf("%s ended: %s", command, p.log())
		default:
		}
	}
	return fmt.Errorf("%s does not listen: %s", command, p.log())
}

// log returns what the proxy wrote.
func (p *proxy) log() string {
	var all strings.Builder
	for _, name := range []string{"output.log", "error.log", "cache.log"} {
		text, _ := os.ReadFile(filepath.Join(p.folder, name)) // most write only one of them
		all.Write(text)
	}
	return all.String()
}

// stop ends the proxy and what it started, and deletes its folder.
func (p *proxy) stop() {
	if p.cmd != nil && p.cmd.Process != nil {
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		select {
		case <-p.ended:
		case <-time.After(10 * time.Second):
		}
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // its group, which may be empty by now
		<-p.ended
	}
	_ = os.RemoveAll(p.folder)
}
