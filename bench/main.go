// Bench measures restmachine beside a handler written by hand and beside its
// peers, and writes what it found.
//
//	go run .
//
// writes docs/performance.md, which is for users, the chart beside it, and
// docs/internals/performance.md, which has all figures. It takes about five minutes,
// on linux/amd64, where instructions can be counted. It refuses to measure
// contestants that do not give the same answers.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/bench/contest"
	"github.com/restmachine/restmachine-go/bench/report"
)

// A plan says how much is measured.
type plan struct {
	passes    int
	turn      time.Duration // of each contestant, in each pass
	load      time.Duration // of each server, in each pass
	count     bool          // instructions
	routes    []int
	resources []int
}

func main() {
	log.SetFlags(0)
	out := flag.String("out", "../docs/performance.md", "the page for users; the chart goes beside it, as .svg, and all figures into the folder internals")
	passes := flag.Int("passes", 11, "how often each contestant is measured")
	turn := flag.Duration("time", 40*time.Millisecond, "how long each measurement takes")
	load := flag.Duration("load", 200*time.Millisecond, "how long each server is loaded in each pass; 0 is not at all")
	quick := flag.Bool("quick", false, "a short run, to see that all works; its figures mean little")
	serve := flag.String("serve", "", "serve as the contestant of this name; bench starts itself with it")
	flag.Parse()

	if *serve != "" {
		log.Fatal(serveAs(*serve))
	}
	p := plan{*passes, *turn, *load, true, []int{10, 100, 1_000, 10_000}, []int{1, 1_000, 10_000}}
	if *quick {
		p = plan{3, 5 * time.Millisecond, 50 * time.Millisecond, true, []int{10, 100}, []int{1, 100}}
	}
	if err := run(p, *out); err != nil {
		log.Fatal(err)
	}
}

func run(p plan, out string) error {
	figures := filepath.Join(filepath.Dir(out), "internals", filepath.Base(out))
	if err := os.MkdirAll(filepath.Dir(figures), 0o755); err != nil { // before minutes are spent
		return err
	}
	data, err := measureAll(p)
	if err != nil {
		return err
	}
	chart := strings.TrimSuffix(out, filepath.Ext(out)) + ".svg"
	if err := os.WriteFile(chart, report.Chart(data), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(figures, report.Figures(data), 0o644); err != nil {
		return err
	}
	return os.WriteFile(out, report.Page(data, filepath.Base(chart)), 0o644)
}

// measureAll checks the contestants and measures everything that the page shows.
func measureAll(p plan) (*report.Data, error) {
	begun, before := time.Now(), machine()
	log.Print("start-up")
	starts := measureStarts(p) // before there are contestants, with which Apps share programs
	contestants, cases := contest.All(), contest.Cases()
	if err := contest.Check(contestants, cases); err != nil {
		return nil, fmt.Errorf("the contestants differ, so that their times say nothing:\n%w", err)
	}
	data := &report.Data{Date: begun, Passes: p.passes, Turn: p.turn, Machine: before, Versions: versions(contestants), Starts: starts}
	for _, c := range cases {
		data.Cases = append(data.Cases, c.Name)
	}

	if p.count {
		log.Print("instructions")
		var err error
		if data.Counts, err = measureCounts(); err != nil {
			return nil, err
		}
	}
	log.Printf("%d contestants, %d cases", len(contestants), len(cases))
	data.Rows = measureCases(p, contestants, cases)
	log.Print("routes")
	data.Routes = measureRoutes(p)
	log.Print("lock")
	data.Lock = measureLock(p)
	if p.load > 0 {
		log.Print("loopback")
		var err error
		if data.Loopback, err = measureLoopback(p, contestants, overSockets(cases)); err != nil {
			return nil, err
		}
	}
	data.Took, data.Machine.LoadAfter = time.Since(begun), loadAverage()
	return data, nil
}

// overSockets are the cases that are asked over sockets.
func overSockets(cases []contest.Case) []contest.Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c contest.Case) bool {
		return c.Name != contest.Get200 && c.Name != contest.Get304Tag && c.Name != contest.Put200
	})
}

// machine is what the figures were measured on.
func machine() report.Machine {
	return report.Machine{
		Cores: runtime.NumCPU(), CPU: cpuName(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Go: runtime.Version(), Load: loadAverage(),
	}
}
