// This file writes the log. In come requests and how they ended. Out goes one line for each
// request, and a request ID in every line that belongs to it: those of the App, of its
// handlers, and of the access log.

package main

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/trace"

	"github.com/restmachine/restmachine-go/restmachine"
)

// newLogger writes lines of JSON. Each line of a request has its ID.
func newLogger(out io.Writer) *slog.Logger {
	return slog.New(withID{slog.NewJSONHandler(out, nil)})
}

// accessLog is the observer. It logs with the context of the request, where the ID is.
func accessLog(log *slog.Logger) func(restmachine.Outcome) {
	return func(o restmachine.Outcome) {
		level, attrs := slog.LevelInfo, []slog.Attr{
			slog.String("method", o.Method),
			slog.String("path", o.Path),
			slog.String("route", o.Route),
			slog.Int("status", o.Status),
			slog.String("decision", o.Decision),
			slog.Int64("bytes", o.Bytes),
			slog.Duration("duration", o.Duration),
		}
		if o.Status >= 500 || o.Status == 0 {
			level = slog.LevelError
		}
		if o.Err != nil {
			attrs = append(attrs, slog.String("error", firstLine(o.Err)))
		}
		log.LogAttrs(o.Context, level, "request", attrs...)
	}
}

// requestIDs gives each request an ID. It keeps one that the client or a proxy sent, if that
// is short and plain, and the client sees it in the response.
func requestIDs(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !isPlain(id) {
			id = rand.Text()
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestID{}, id)))
	})
}

// firstLine is the text of an error, without the stack of a panic.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

type requestID struct{}

// isPlain reports whether an ID can stand in a log: others could fill it.
func isPlain(id string) bool {
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// withID is a slog.Handler that adds the IDs of the request and of its trace from the context.
type withID struct{ slog.Handler }

// Handle logs a line.
func (h withID) Handle(ctx context.Context, r slog.Record) error {
	if id, ok := ctx.Value(requestID{}).(string); ok {
		r.AddAttrs(slog.String("request_id", id))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		r.AddAttrs(slog.String("trace_id", span.TraceID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the IDs in a logger that has attributes.
func (h withID) WithAttrs(attrs []slog.Attr) slog.Handler { return withID{h.Handler.WithAttrs(attrs)} }

// WithGroup keeps the IDs in a logger that has a group.
func (h withID) WithGroup(name string) slog.Handler { return withID{h.Handler.WithGroup(name)} }
