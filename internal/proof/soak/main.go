// This file runs the phases of a soak, one after the other. Flags come in. The exit
// status says whether all assertions held.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"time"
)

// clients is the number of clients that send at the same time.
const clients = 64

func main() {
	minutes := flag.Float64("minutes", 1, "how long the clients send requests, in minutes")
	lock := flag.Bool("lock", true, "let the App lock its resources; without it, updates must be lost")
	flag.Parse()
	if err := soak(time.Duration(*minutes*float64(time.Minute)), *lock); err != nil {
		fmt.Fprintln(os.Stderr, "soak: failed:", err)
		os.Exit(1)
	}
	fmt.Println("soak: passed")
}

// soak runs all phases, and returns every assertion that failed.
func soak(length time.Duration, lock bool) error {
	baseline := runtime.NumGoroutine()
	s, err := serve(lock)
	if err != nil {
		return err
	}
	b := newBench(s.address)
	var g gauge
	serving := runtime.NumGoroutine()
	b.work(length, func() {
		b.still(s)
		b.transport.CloseIdleConnections() // the heap must hold the service alone
		_, err := settled(serving + clients)
		b.faults.note(err)
		g.read()
	})
	faults := errors.Join(b.faults.all(), b.lost(s.store), g.flat(length))
	b.print()
	g.print()

	faults = errors.Join(faults, b.shutDown(s))
	b.transport.CloseIdleConnections()
	left, err := settled(baseline)
	fmt.Printf("goroutines: %d before, %d after\n", baseline, left)
	return errors.Join(faults, err)
}

// shutDown stops the service while every client has a running write. Each write must be
// acknowledged, and must be in the store.
func (b *bench) shutDown(s *service) error {
	answers := make(chan error, clients)
	for i := range clients {
		go func() { answers <- b.lastWrite(fmt.Sprintf("last-%d", i)) }()
	}
	for range clients {
		<-s.entered
	}
	s.stop()
	close(s.leave)
	var faults []error
	for range clients {
		faults = append(faults, <-answers)
	}
	if err := <-s.ended; err != nil {
		faults = append(faults, fmt.Errorf("ListenAndServe: %w", err))
	}
	kept := 0
	for i := range clients {
		kept += s.store.get(fmt.Sprintf("last-%d", i)).N
	}
	fmt.Printf("shutdown: %d writes in flight, %d in the store\n", clients, kept)
	if kept != clients {
		faults = append(faults, fmt.Errorf("shutdown: %d writes of %d are in the store", kept, clients))
	}
	if _, err := b.send(context.Background(), http.MethodGet, "/counters/0", "", nil); err == nil {
		faults = append(faults, errors.New("shutdown: the service still answers"))
	}
	return errors.Join(faults...)
}

// settled waits until there are at most as many goroutines as before. It waits up to ten
// seconds.
func settled(baseline int) (left int, err error) {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left = runtime.NumGoroutine()
		switch {
		case left <= baseline:
			return left, nil
		case time.Now().After(deadline):
			return left, fmt.Errorf("%d goroutines are left, but there were %d", left, baseline)
		}
	}
}
