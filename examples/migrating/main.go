// Migrating is one small service, in seven frameworks and with restmachine: notes that are read with
// an entity-tag, replaced and deleted under If-Match, and created with a Location. The pages in
// docs/migrating show both sides, and the test holds the pages to what both sides answer.
//
//	go run . chi before
//	go run . chi after
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"syscall"

	"github.com/restmachine/restmachine-go/examples/migrating/notes"
)

func main() {
	port := flag.Int("port", 8080, "listen on this `port` of 127.0.0.1")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: migrating [-port 8080] FRAMEWORK before|after")
		for _, p := range programs() {
			fmt.Fprintln(flag.CommandLine.Output(), " ", p.name)
		}
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *port, flag.Arg(0), flag.Arg(1)); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, port int, name, side string) error {
	all := programs()
	i := slices.IndexFunc(all, func(p program) bool { return p.name == name })
	if i < 0 || side != "before" && side != "after" {
		flag.Usage()
		return errors.New("name a framework, and before or after")
	}
	handler := all[i].after
	if side == "before" {
		handler = all[i].handler
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	fmt.Fprintf(os.Stderr, "curl -i http://%s/notes/1\n", address)
	if handler != nil {
		server := &http.Server{Addr: address, Handler: handler(notes.New())}
		context.AfterFunc(ctx, func() { _ = server.Close() }) // ends ListenAndServe
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}
	if err := all[i].missing(); err != nil {
		return err
	}
	done, err := all[i].start(ctx, port, 0)
	if done != nil {
		<-done
	}
	return err
}
