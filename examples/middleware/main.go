// Middleware mounts an App under other routers. Around it is middleware that does not
// know restmachine: tracing that names the route. Pages of another origin may use the App,
// and read its streams.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

const tryIt = `try:
  curl -i http://%[1]s/api/lamps/hall
  curl -N http://%[1]s/api/lamps/hall/states
  curl -i -X PUT http://%[1]s/api/lamps/hall -H 'If-Match: "1"' -H 'Content-Type: application/json' -d '{"on": true}'`

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	underneath := flag.String("router", "servemux", "servemux or chi")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if err := serve(ctx, *addr, *underneath); err != nil {
		log.Fatal(err)
	}
}

// serve runs an http.Server, because the App is only a part of the site.
func serve(ctx context.Context, addr, underneath string) error {
	app := New()
	if err := app.Start(ctx); err != nil {
		return err
	}
	mounts := map[string]func(http.Handler, *sdk.TracerProvider) http.Handler{
		"servemux": func(h http.Handler, p *sdk.TracerProvider) http.Handler { return underServeMux(h, p) },
		"chi":      func(h http.Handler, p *sdk.TracerProvider) http.Handler { return underChi(h, p) },
	}
	under, ok := mounts[underneath]
	if !ok {
		return errors.New("unknown router " + underneath + ": choose servemux or chi")
	}
	tracing := sdk.NewTracerProvider(sdk.WithSpanProcessor(printer{}))
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return errors.Join(err, app.Shutdown(context.WithoutCancel(ctx)))
	}
	log.Printf(tryIt, listener.Addr())
	server := &http.Server{Handler: under(app, tracing), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = server.Close() // a stream would not end on its own
	}
	rest := context.WithoutCancel(ctx)
	return errors.Join(err, app.Shutdown(rest), tracing.Shutdown(rest))
}

// A printer logs spans. A real program sends them to a collector.
type printer struct{}

// OnStart does nothing, because a span gets its final name only at its end.
func (printer) OnStart(context.Context, sdk.ReadWriteSpan) {}

// OnEnd logs a span.
func (printer) OnEnd(s sdk.ReadOnlySpan) {
	log.Printf("span %q took %v", s.Name(), s.EndTime().Sub(s.StartTime()))
}

// Shutdown does nothing.
func (printer) Shutdown(context.Context) error { return nil }

// ForceFlush does nothing.
func (printer) ForceFlush(context.Context) error { return nil }
