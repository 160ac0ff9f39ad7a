// Over sockets: each contestant in a process of its own, all up, one loaded in
// turn, so that none shares a collector with the client or with another. What is
// measured is the processor's time of both, which other programs disturb less than
// throughput.

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/restmachine/restmachine-go/bench/report"
)

// serveAs is what a server process does: it says where it listens. For each line of
// its standard input it says how much processor time it has taken. It ends with that
// input, and so with the process that started it.
func serveAs(name string) error {
	all := contest.All()
	i := slices.IndexFunc(all, func(c contest.Contestant) bool { return c.Name == name && c.Serve != nil })
	if i < 0 {
		return fmt.Errorf("no contestant %q serves", name)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			fmt.Println(int64(processorTime()))
		}
		os.Exit(0)
	}()
	return all[i].Serve(l)
}

// A server is a process that serves as a contestant.
type server struct {
	addr string
	in   io.Writer
	out  *bufio.Reader
	stop func() error
}

// processorTime is what the server has taken so far.
func (s *server) processorTime() (time.Duration, error) {
	if _, err := io.WriteString(s.in, "?\n"); err != nil {
		return 0, err
	}
	line, err := s.out.ReadString('\n')
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	return time.Duration(n), err
}

func startServer(name string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-serve", name)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	addr, err := lines.ReadString('\n')
	stop := func() error { return errors.Join(in.Close(), cmd.Wait()) }
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the server of %s did not start: %w", name, err), stop())
	}
	return &server{strings.TrimSpace(addr), in, lines, stop}, nil
}

// measureLoopback measures what a request costs those who serve; ratios are to the
// first.
func measureLoopback(p plan, contestants []contest.Contestant, cases []contest.Case) (*report.Loopback, error) {
	result := &report.Loopback{Connections: connections, Time: p.load / shortPasses}
	var servers []*server
	defer func() {
		for _, s := range servers {
			if err := s.stop(); err != nil {
				log.Print(err)
			}
		}
	}()
	var taking []contest.Contestant
	for _, one := range contestants {
		if one.Serve == nil {
			continue
		}
		s, err := startServer(one.Name)
		if err != nil {
			return nil, err
		}
		servers, taking = append(servers, s), append(taking, one)
		result.Rows = append(result.Rows, report.LoadRow{Name: one.Name})
	}
	for _, c := range cases {
		result.Cases = append(result.Cases, c.Name)
		costs, err := loadAll(p, servers, taking, c)
		if err != nil {
			return nil, err
		}
		for i := range costs {
			r := ratios(costs[i], costs[0])
			result.Rows[i].Loads = append(result.Rows[i].Loads, report.Load{
				Ratio: median(r), Low: quantile(r, 0.25), High: quantile(r, 0.75), Took: time.Duration(median(costs[i]))})
		}
	}
	return result, nil
}

// loadAll loads one server after another, in each pass: [server][pass] nanoseconds of
// processor time for a request, client and server together. What else the machine does changes within seconds, so that many
// short passes say more than a few long ones. The first pass fills pools and
// caches, and does not count.
func loadAll(p plan, servers []*server, taking []contest.Contestant, c contest.Case) ([][]float64, error) {
	costs := make([][]float64, len(servers))
	for pass := range 1 + p.passes*shortPasses {
		for k := range servers {
			i := (pass + k) % len(servers)
			cost, err := servers[i].cost(wire(taking[i].Prepare(c), servers[i].addr), c.Status, p.load/shortPasses)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", taking[i].Name, c.Name, err)
			}
			if pass > 0 {
				costs[i] = append(costs[i], cost)
			}
		}
	}
	return costs, nil
}

// cost is the processor time of one request, in nanoseconds.
func (s *server) cost(request []byte, status int, d time.Duration) (float64, error) {
	before, err := s.processorTime()
	if err != nil {
		return 0, err
	}
	own := processorTime()
	replies, err := load(s.addr, request, status, d)
	if err != nil {
		return 0, err
	}
	own = processorTime() - own
	after, err := s.processorTime()
	return float64(own+after-before) / float64(max(replies, 1)), err
}

// shortPasses are what a pass of the other measurements is here.
const shortPasses = 5

// wire is a case as the bytes of a request.
func wire(c contest.Case, host string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", c.Method, c.Path, host)
	_ = c.Header.Write(&b)
	if c.Body != nil {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(c.Body))
	}
	b.WriteString("\r\n")
	b.Write(c.Body)
	return b.Bytes()
}
