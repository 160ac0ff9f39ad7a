// This file is a run: rounds of random requests to one engine, each checked when it has ended. A
// plan comes in, and figures go out.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/examples/linear/cluster"
	"github.com/restmachine/restmachine-go/examples/linear/history"
	"github.com/restmachine/restmachine-go/examples/linear/load"
)

// A plan says what a run does.
type plan struct {
	engine   string
	seed     uint64
	rounds   int           // 0 if the time is the limit
	length   time.Duration // 0 if the rounds are the limit
	every    int           // each so many rounds something is killed; 0 for never
	each     int           // increments of each client in the law of sums
	folder   string        // where the engine keeps its records
	drawings string        // where histories are drawn that cannot have happened
}

// limit is how long the search for the order of one key may take.
const limit = 20 * time.Second

// figures are the outcome of a run.
type figures struct {
	history.Report
	plan    plan
	rounds  int
	notSent int64
	answers map[int]int64
	kills   map[string]int
	sum     load.Sum
}

// play runs the plan. An error says that the run could not be made, or that a sum is wrong.
// Histories that cannot have happened are among the figures.
func play(ctx context.Context, p plan) (f figures, err error) {
	f.plan = p
	servers, err := cluster.Start(ctx, p.engine, p.folder)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, servers.Close()) }()
	clients := load.New(servers.Address)
	defer clients.Close()

	random := rand.New(rand.NewPCG(p.seed, 0))
	disturb := func() error { return servers.Disturb(ctx, random) }
	calm := func() error { return nil }
	begin := time.Now()
	for (p.rounds == 0 || f.rounds < p.rounds) && (p.length == 0 || time.Since(begin) < p.length) && len(f.Illegal) == 0 {
		what := calm
		if p.every > 0 && f.rounds%p.every == p.every-1 {
			what = disturb
		}
		operations, err := clients.Round(ctx, fmt.Sprint("r", f.rounds), random.Uint64(), what)
		if err != nil {
			return f, err
		}
		f.rounds++
		f.Report.Add(history.Check(operations, limit, p.drawings))
	}
	f.notSent, f.answers = clients.NotSent.Load(), clients.Answers()
	if p.each > 0 {
		f.sum, err = increment(ctx, servers, p, random)
	}
	f.kills = servers.Kills()
	return f, err
}

// increment plays the law of sums. If something is killed in this run, it is killed while the
// clients increment, too.
func increment(ctx context.Context, servers *cluster.Cluster, p plan, random *rand.Rand) (load.Sum, error) {
	ended, killed := make(chan struct{}), make(chan error, 1)
	go func() {
		for p.every > 0 {
			select {
			case <-ended:
				killed <- nil
				return
			case <-time.After(2 * time.Second):
			}
			if err := servers.Disturb(ctx, random); err != nil {
				killed <- err
				return
			}
		}
		killed <- nil
	}()
	sum, err := load.Increment(ctx, servers.Address, "sum", p.each)
	close(ended)
	return sum, errors.Join(err, <-killed)
}

// print prints the figures.
func (f figures) print(w io.Writer) {
	fmt.Fprintf(w, "engine: %s, seed %d\n", f.plan.engine, f.plan.seed)
	fmt.Fprintf(w, "histories: %d of one key each, in %d rounds; the longest has %d operations\n", f.Keys, f.rounds, f.Longest)
	fmt.Fprintf(w, "operations: %d, of them %d of unknown outcome; %d requests did not reach a server\n", f.Operations, f.Unknown, f.notSent)
	var answers []string
	for _, status := range slices.Sorted(maps.Keys(f.answers)) {
		if status != 0 {
			answers = append(answers, fmt.Sprintf("%d: %d", status, f.answers[status]))
		}
	}
	fmt.Fprintf(w, "answers: %s\n", strings.Join(answers, ", "))
	for _, what := range slices.Sorted(maps.Keys(f.kills)) {
		fmt.Fprintf(w, "kills: %d %s\n", f.kills[what], what)
	}
	fmt.Fprintf(w, "time of checking: %v\n", f.Took.Round(time.Millisecond))
	fmt.Fprintf(w, "illegal: %d, undecided: %d\n", len(f.Illegal), f.Undecided)
	if s := f.sum; s.Increments > 0 {
		fmt.Fprintf(w, "sum of %d increments by client.Update: %d; changes made: %d, unknown: %d, failed: %d; %v\n",
			s.Increments, s.Value, s.Calls, s.Unknown, s.Failed, s.Took.Round(time.Millisecond))
	}
	for _, text := range f.Illegal {
		fmt.Fprintln(w, text)
	}
}
