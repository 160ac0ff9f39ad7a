// Package tryit prints what to try, once the program listens. In come the log of an App and a
// text. Out go the same lines, and the text behind the one that says where the App listens.
// A reader of the text can send its requests at once.
package tryit

import (
	"context"
	"fmt"
	"io"
	"log/slog"
)

// Logger returns a logger that writes to log. Behind the line in which an App says that it
// listens, it prints text to out. %[1]s in text stands for the address.
func Logger(log, out io.Writer, text string) *slog.Logger {
	return slog.New(handler{slog.NewTextHandler(log, nil), out, text})
}

type handler struct {
	slog.Handler
	out  io.Writer
	text string
}

// Handle writes a line, and prints the text where the line has an address.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "address" {
			_, _ = fmt.Fprintf(h.out, h.text, a.Value)
		}
		return true
	})
	return err
}
