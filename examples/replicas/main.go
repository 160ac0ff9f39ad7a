// Replicas serves counters from a PostgreSQL database. Any number of its
// processes may run on one database: no update is lost between them.
//
//	DATABASE_URL=postgres://… go run ./replicas -addr 127.0.0.1:8080
//
// run.sh starts three of them behind nginx, with a database of their own; see
// the README.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 is a free one, which the log says")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, os.Getenv("DATABASE_URL"), *addr); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, database, addr string) error {
	if database == "" {
		return errors.New("DATABASE_URL is not set: it says which PostgreSQL to use")
	}
	counters, err := OpenPostgres(ctx, database)
	if err != nil {
		return err
	}
	defer counters.Close()
	return New(counters).ListenAndServe(ctx, addr)
}
