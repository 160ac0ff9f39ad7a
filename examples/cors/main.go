// Cors is a service and a page that uses it from another origin: the page signs a user in, and
// writes a note with If-Match. If somebody else was faster, it sees the 412 and says so.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"html/template"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	service := flag.String("addr", "127.0.0.1:8080", "address of the service")
	page := flag.String("page", "127.0.0.1:8081", "address of the page")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *service, *page); err != nil {
		log.Fatal(err)
	}
}

// serve runs the service and the server of the page, until ctx ends.
func serve(ctx context.Context, service, page string) error {
	listener, err := net.Listen("tcp", page)
	if err != nil {
		return err
	}
	origin := "http://" + listener.Addr().String()
	log.Printf("try: open %s in a browser, twice", origin)
	server := &http.Server{Handler: pageFor("http://" + service), ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	err = New(origin).ListenAndServe(ctx, service)
	_ = server.Close()
	if failed := <-ended; !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	return err
}

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// pageFor serves the page. service is where the service is.
func pageFor(service string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := pageTemplate.Execute(w, service); err != nil {
			log.Print(err)
		}
	})
	return mux
}
