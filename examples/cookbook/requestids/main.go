// Requestids gives each request an ID. The client sees it in the response and in each problem, and
// every line of the log that the request causes has it.
//
//	go run ./cookbook/requestids
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
)

const field = "X-Request-Id"

// A RequestID names one request. Callbacks take it as they take everything else.
type RequestID string

// A Note is a text.
type Note struct {
	Text    string `json:"text"`
	Version string `json:"-"`
}

// NewApp returns the App, and around it the middleware that makes the IDs.
func NewApp(logger *slog.Logger) (*restmachine.App, http.Handler) {
	logger = slog.New(withID{logger.Handler()})
	app := restmachine.New(restmachine.WithLogger(logger), restmachine.WithObserver(func(o restmachine.Outcome) {
		logger.InfoContext(o.Context, "request", "method", o.Method, "route", o.Route, "status", o.Status)
	}))
	app.Dependency(func(ctx context.Context) RequestID { return idOf(ctx) })
	app.RenderError(func(p *restmachine.Problem, id RequestID) *restmachine.Problem {
		if p.Extensions == nil {
			p.Extensions = map[string]any{}
		}
		p.Extensions["request_id"] = id
		p.Header.Set("Content-Type", "application/problem+json")
		return p
	})
	app.Field(field, "Name it when you ask the support.") // for the document: the middleware sets it

	app.ResourceExists(findNote)
	app.GenerateETag(func(n *Note) string { return n.Version })
	app.Get("/notes/{id}", func(n *Note) *Note { return n })
	return app, requestIDs(app)
}

// findNote stands for a store. One of its notes cannot be read.
func findNote(ctx context.Context, path restmachine.PathParams, logger *slog.Logger) (*Note, error) {
	switch path.Get("id") {
	case "1":
		return &Note{"buy milk", "v1"}, nil
	case "2":
		return nil, errors.New("disk 3 does not answer")
	}
	logger.WarnContext(ctx, "somebody asks for a note that was never there")
	return nil, nil
}

type key struct{}

// requestIDs gives each request an ID, before the App sees it. An ID that came with the request is
// kept if it is short and plain.
func requestIDs(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := RequestID(r.Header.Get(field))
		if !id.isPlain() {
			id = RequestID(rand.Text())
		}
		w.Header().Set(field, string(id))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, id)))
	})
}

func idOf(ctx context.Context) RequestID {
	id, _ := ctx.Value(key{}).(RequestID)
	return id
}

// isPlain reports whether an ID may stand in a log: a longer one could fill it, and others could
// break its lines.
func (id RequestID) isPlain() bool {
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// withID adds the ID of the context to each line of a log.
type withID struct{ slog.Handler }

func (h withID) Handle(ctx context.Context, r slog.Record) error {
	if id := idOf(ctx); id != "" {
		r.AddAttrs(slog.String("request_id", string(id)))
	}
	return h.Handler.Handle(ctx, r)
}

func (h withID) WithAttrs(attrs []slog.Attr) slog.Handler { return withID{h.Handler.WithAttrs(attrs)} }
func (h withID) WithGroup(name string) slog.Handler       { return withID{h.Handler.WithGroup(name)} }

// Forward is the Transport of an http.Client whose requests carry the ID on to other services.
type Forward struct{ http.RoundTripper }

// RoundTrip sends the request with the ID of its context.
func (f Forward) RoundTrip(r *http.Request) (*http.Response, error) {
	if id := idOf(r.Context()); id != "" {
		r = r.Clone(r.Context())
		r.Header.Set(field, string(id))
	}
	return f.RoundTripper.RoundTrip(r)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app, handler := NewApp(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	listener, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		log.Fatal(err)
	}
	if err := app.Serve(ctx, listener, &http.Server{Handler: handler}); err != nil {
		log.Fatal(err)
	}
}
