// Accesslog writes one line for each request: route, status, the decision that led to it,
// bytes and duration. Every line that belongs to a request has its ID. Beside the log are
// metrics for Prometheus, at /metrics, and spans of OpenTelemetry.
//
//	go run ./accesslog
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

const tryIt = `Try it, and see the log:

  curl -i http://%[1]s/counters/doors
  curl -i http://%[1]s/counters/doors -H 'If-None-Match: "1"'
  curl -i -X PUT http://%[1]s/counters/doors -H 'If-Match: "7"' -H 'Content-Type: application/json' -d '{"count": 5}'
  curl -i -X PUT http://%[1]s/counters/windows -H 'X-Request-Id: mine' -H 'Content-Type: application/json' -d '{"count": 1}'
  curl -s http://%[1]s/metrics | grep requests_total

`

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}

// serve puts around the App what makes the IDs.
func serve(ctx context.Context, addr string) error {
	logger := newLogger(os.Stderr)
	handler, app := observed(logger, spansTo{logger})
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf(tryIt, listener.Addr())
	return app.Serve(ctx, listener, &http.Server{Handler: handler})
}
