package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/examples/migrating/after"
	"github.com/restmachine/restmachine-go/examples/migrating/chi"
	"github.com/restmachine/restmachine-go/examples/migrating/echo"
	"github.com/restmachine/restmachine-go/examples/migrating/huma"
	"github.com/restmachine/restmachine-go/examples/migrating/notes"
	"github.com/restmachine/restmachine-go/examples/migrating/python"
)

// A program is the notes, in one framework, before the migration. It is written in Go, or it is run
// by others.
type program struct {
	name    string
	handler func(*notes.Notes) http.Handler // in Go
	run     func(build string) []string     // the command of others; build is an empty folder
	probe   []string                        // a command that fails where something is not installed
	needs   string                          // what probe looks for
	after   func(*notes.Notes) http.Handler // the same service with restmachine
}

func programs() []program {
	common := func(all *notes.Notes) http.Handler { return after.New(all) }
	return []program{
		{name: "chi", handler: chi.New, after: common},
		{name: "echo", handler: echo.New, after: common},
		{name: "huma", handler: huma.New, after: common},
		{
			name: "python", after: func(all *notes.Notes) http.Handler { return python.New(all) },
			run:   func(string) []string { return []string{"python3", "python/before.py"} },
			probe: []string{"python3", "-c", "import restmachine"},
			needs: "python3, and restmachine for Python in PYTHONPATH, with jinja2 and anyio",
		},
		{
			name: "liberator", after: common,
			run:   func(string) []string { return append(jvm(), "liberator/before.clj") },
			probe: append(jvm(), "-e", "(System/exit (if (every? clojure.java.io/resource [\"liberator/core.clj\" \"ring/adapter/jetty.clj\" \"clojure/data/json.clj\"]) 0 1))"),
			needs: "java, and in CLASSPATH clojure, liberator, ring-jetty-adapter and data.json (Debian has them)",
		},
		{
			name: "webmachine", after: common,
			run: erlang("webmachine"), probe: modules("webmachine", "mochiweb_http", "mochijson2"),
			needs: "erl, and in ERL_LIBS webmachine and mochiweb",
		},
		{
			name: "cowboy", after: common,
			run: erlang("cowboy"), probe: modules("cowboy", "ranch", "cow_http", "jiffy"),
			needs: "erl, and in ERL_LIBS cowboy, cowlib, ranch and jiffy",
		},
	}
}

// erlang compiles NAME/before.erl and runs it.
func erlang(name string) func(build string) []string {
	return func(build string) []string {
		compile := fmt.Sprintf("{ok, _} = compile:file(%q, [{outdir, %q}]), before:start().", name+"/before.erl", build)
		return []string{"erl", "-noshell", "-pa", build, "-eval", compile}
	}
}

// jvm runs Clojure. It is asked to begin soon, and not to be fast in the end.
func jvm() []string { return []string{"java", "-XX:TieredStopAtLevel=1", "clojure.main"} }

// modules is a command that fails where a module of Erlang is missing.
func modules(names ...string) []string {
	return []string{"erl", "-noshell", "-eval", fmt.Sprintf(
		"halt(length([M || M <- [%s], code:which(M) =:= non_existing])).", strings.Join(names, ", "))}
}

// missing says what the program needs that is not installed; nil: nothing.
func (p program) missing() error {
	if p.run == nil {
		return nil
	}
	probe := exec.Command(p.probe[0], p.probe[1:]...)
	probe.Env = environment()
	if err := probe.Run(); err != nil {
		return fmt.Errorf("%s needs %s (%w)", p.name, p.needs, err)
	}
	return nil
}

// jars are what liberator/before.clj needs, by their names in Debian, with versions left out.
const jars = "clojure liberator data.json data.csv hiccup ring-core ring-codec ring-servlet ring-jetty-adapter " +
	"crypto-random crypto-equality clj-time joda-time commons-codec " +
	"commons-fileupload commons-io servlet-api jetty9-server jetty9-http jetty9-io jetty9-util slf4j-api"

// environment is the one of this process. Where it has no CLASSPATH, the jars are in it that Debian has.
func environment() []string {
	env := os.Environ()
	if os.Getenv("CLASSPATH") == "" {
		var files []string
		for name := range strings.FieldsSeq(jars) {
			files = append(files, "/usr/share/java/"+name+".jar")
		}
		env = append(env, "CLASSPATH="+strings.Join(files, ":"))
	}
	return env
}

// start runs a program that is not written in Go, until the context ends. It returns once that
// listens. done is closed once it has ended.
func (p program) start(ctx context.Context, port int, pause time.Duration) (done <-chan struct{}, err error) {
	build, err := os.MkdirTemp("", "migrating")
	if err != nil {
		return nil, err
	}
	args := p.run(build)
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Env = append(environment(), "PORT="+strconv.Itoa(port), "PAUSE="+strconv.FormatInt(pause.Milliseconds(), 10))
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(build))
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // it was killed: by the context, or by itself
		_ = os.RemoveAll(build)
		close(ended)
	}()
	return ended, await(ctx, port, ended)
}

// await returns once somebody listens on the port.
func await(ctx context.Context, port int, ended <-chan struct{}) error {
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute) // a JVM on a busy machine
	defer stop()
	for {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ended:
			return errors.New("the program ended before it listened")
		case <-ctx.Done():
			return fmt.Errorf("the program does not listen: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
