// Replicas serves counters from a PostgreSQL database. Any number of its processes may
// use one database. They do not lose updates.
//
//	DATABASE_URL=postgres://… go run ./replicas -addr 127.0.0.1:8080
//
// run.sh starts a database and three replicas behind nginx. See the README.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/restmachine/restmachine-go/contrib/sqlstore"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 means a free port, which the log names")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, os.Getenv("DATABASE_URL"), *addr); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, database, addr string) error {
	if database == "" {
		return errors.New("DATABASE_URL is not set: it must name a PostgreSQL database")
	}
	db, err := sql.Open("pgx", database)
	if err != nil {
		return err
	}
	defer db.Close()
	counters, err := openCounters(ctx, db)
	if err != nil {
		return err
	}
	return New(counters).ListenAndServe(ctx, addr)
}

// openCounters opens the table of counters. The first replica creates it.
func openCounters(ctx context.Context, db *sql.DB) (Counters, error) {
	return sqlstore.Open[string, Counter](ctx, db, sqlstore.PostgreSQL, "counters")
}
