// Replicas serves counters from a PostgreSQL database, or from a NATS cluster. Any number of its
// processes may use one. They do not lose updates.
//
//	DATABASE_URL=postgres://… go run ./replicas -addr 127.0.0.1:8080
//	go run ./replicas -nats nats://a:4222,nats://b:4222,nats://c:4222 -copies 3
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
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/restmachine/restmachine-go/contrib/natsstore"
	"github.com/restmachine/restmachine-go/contrib/sqlstore"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 means a free port, which the log names")
	servers := flag.String("nats", "", "keep the counters on the NATS servers at these `URLs`, separated by commas, and not in the database of DATABASE_URL")
	copies := flag.Int("copies", 1, "how many NATS servers keep each counter, when the bucket is made: 1, 3 or 5")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	serve := func() error { return onPostgreSQL(ctx, os.Getenv("DATABASE_URL"), *addr) }
	if *servers != "" {
		serve = func() error { return onNATS(ctx, *servers, *copies, *addr) }
	}
	if err := serve(); err != nil {
		log.Fatal(err)
	}
}

// onPostgreSQL serves the counters of a database.
func onPostgreSQL(ctx context.Context, database, addr string) error {
	if database == "" {
		return errors.New("DATABASE_URL is not set: it must name a PostgreSQL database, or -nats must name servers")
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

// onNATS serves the counters of a bucket, which the first replica makes. The connection goes on at
// another server where its own is lost.
func onNATS(ctx context.Context, servers string, copies int, addr string) error {
	conn, err := nats.Connect(servers, nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond))
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	counters, err := natsstore.Open[string, Counter](ctx, js, jetstream.KeyValueConfig{Bucket: "counters", Replicas: copies})
	if err != nil {
		return err
	}
	return New(counters).ListenAndServe(ctx, addr)
}
