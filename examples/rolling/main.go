// Rolling restarts three processes one after another, behind nginx, while clients read, write
// and follow events. No request fails.
//
//	go run ./rolling
//	go run ./rolling -- wrk -t2 -c16 -d60s -s rolling/load.lua {}
//
// The second line restarts for as long as the command runs. {} stands for the address.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

func main() {
	serves := flag.String("serve", "", "be one of the processes, on this `address`")
	journal := flag.String("journal", "journal", "the `file` that the processes share")
	delay := flag.Duration("delay", drainDelay, "the drain delay of each process")
	how := flag.String("how", "ask", "ask nginx for /readyz during the drain delay, do not ask (term), or kill")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if *serves != "" {
		err = serve(ctx, *serves, *journal, *delay)
	} else {
		err = roll(ctx, settings{how: *how, delay: *delay}, flag.Args())
	}
	if err != nil {
		log.Fatal(err)
	}
}

// serve is one process, from its start to SIGTERM.
func serve(ctx context.Context, addr, file string, delay time.Duration) error {
	journal, err := OpenJournal(file)
	if err != nil {
		return err
	}
	app := New(journal, restmachine.WithDrainDelay(delay))
	return errors.Join(app.ListenAndServe(ctx, addr), journal.Close())
}

// readers is how many clients follow the events while a command runs.
const readers = 8

// roll restarts the processes in turn, until the command ends; without one, until ctx ends.
func roll(ctx context.Context, how settings, command []string) error {
	c, err := startCluster(how)
	if err != nil {
		return err
	}
	defer c.stop()
	fmt.Println("nginx: " + c.front + "/counter")
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	follower := follow(ctx, c.front, readers)
	ended := make(chan error, 1)
	if len(command) > 0 {
		for i := range command {
			command[i] = strings.ReplaceAll(command[i], "{}", c.front)
		}
		load := exec.CommandContext(ctx, command[0], command[1:]...)
		load.Stdout, load.Stderr = os.Stdout, os.Stderr
		go func() { ended <- load.Run(); cancel() }()
	}
	restarts := 0
	for ; ctx.Err() == nil; restarts++ {
		if err := c.restart(ctx, restarts%len(c.processes)); err != nil && ctx.Err() == nil {
			return fmt.Errorf("restart %d: %w", restarts+1, err)
		}
	}
	if len(command) > 0 {
		err = <-ended
	}
	seen := follower.wait()
	fmt.Printf("%d restarts\n%d event streams: %d events, connected %d times, %d missing or twice\n", restarts, readers, seen.events, seen.connections, seen.wrong)
	return errors.Join(err, c.summary(os.Stdout))
}
