// Linear checks that an App on a store is linearizable: that its answers, to many clients at the
// same time, are those of one value that changes at once. It runs servers on an engine, sends
// random requests, kills processes meanwhile, and lets porcupine search for an order that explains
// all answers.
//
//	go run ./linear -engine sqlite -minutes 2
//
// The engines careless and stale are controls, which must fail. See the README.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/examples/linear/cluster"
)

func main() {
	cluster.Child()
	var p plan
	flag.StringVar(&p.engine, "engine", "memory", "check this `engine`: "+strings.Join(cluster.Engines, ", "))
	minutes := flag.Float64("minutes", 1, "how long the clients send requests, in `minutes`")
	flag.Uint64Var(&p.seed, "seed", 1, "the seed of what is random")
	flag.IntVar(&p.every, "every", 5, "kill a process in each so many `rounds`; 0 for never")
	flag.IntVar(&p.each, "updates", 1000, "increments of one record by client.Update, of each of 8 clients; 0 for none")
	flag.Parse()
	p.length = time.Duration(*minutes * float64(time.Minute))

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, p); err != nil {
		fmt.Fprintln(os.Stderr, "linear: failed:", err)
		stop()
		os.Exit(1)
	}
	fmt.Println("linear: passed")
}

// run plays the plan in a folder that is removed afterwards, and prints the figures.
func run(ctx context.Context, p plan) error {
	folder, err := os.MkdirTemp("", "linear-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o711); err != nil { // PostgreSQL may run as another user
		return err
	}
	p.folder, p.drawings = folder, os.TempDir()
	f, err := play(ctx, p)
	f.print(os.Stdout)
	return errors.Join(err, f.fault())
}

// fault says what is wrong with the histories. A history that nobody could decide about proves
// nothing.
func (f figures) fault() error {
	if len(f.Illegal) > 0 || f.Undecided > 0 {
		return fmt.Errorf("%d histories cannot have happened, and %d are undecided", len(f.Illegal), f.Undecided)
	}
	return nil
}
