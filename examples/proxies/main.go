// Proxies runs the application of this folder, directly or behind a proxy.
//
//	go run ./proxies
//	go run ./proxies -behind nginx
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
	"strings"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// handler serves the App at the root, and also below /api.
func handler(app *restmachine.App) http.Handler {
	below := http.StripPrefix("/api", app)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			below.ServeHTTP(w, r)
			return
		}
		app.ServeHTTP(w, r)
	})
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	behind := flag.String("behind", "", "start this `proxy`, too: nginx, varnish, apache, haproxy, squid or caddy")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, *behind); err != nil {
		log.Fatal(err)
	}
}

// run serves the App until ctx ends, and a proxy before it, if there is a name of one.
func run(ctx context.Context, addr, behind string) error {
	app := New()
	if err := app.Start(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Println("the App: http://" + listener.Addr().String() + "/notes/a")
	server := &http.Server{Handler: handler(app), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if behind != "" {
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		p, err := start(behind, port, nil)
		if err != nil {
			return errors.Join(err, server.Close(), app.Shutdown(ctx))
		}
		defer p.stop()
		fmt.Println(behind + ": http://" + p.plain + "/notes/a")
		if p.secure != "" {
			fmt.Println(behind + " with TLS: https://" + p.secure + "/notes/a")
		}
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = server.Close() // streams never end by themselves
	}
	return errors.Join(err, app.Shutdown(context.WithoutCancel(ctx)))
}
