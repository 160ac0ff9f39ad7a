package exchange

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
)

// This file logs what a client must not see. In come lines about an exchange. They go out
// once the exchange holds nothing: a slog.Handler that is slow or broken keeps no lock, no
// cleanup, no temporary file and no stream waiting. What a slog.Handler panics with ends
// here, too. Warnings are also kept, for whoever looks at the exchange.

// notes are what is said of an exchange, and not to its client.
type notes struct {
	lines    []line
	warnings []Warning
	before   *Before
}

// Before is what was shown before a write: a hash of its content, and its tag.
type Before struct {
	Tag string
	Sum uint64
}

// A Warning is the public Warning, seen from inside.
type Warning struct{ Name, Text string }

// A line is a line of the log that waits until it can go out.
type line struct {
	level   slog.Level
	message string
	attrs   []any // names and values in turn
}

// LogError logs an error that a client must not see.
func (x *Exchange) LogError(err error) {
	by := "none"
	if x.calling != nil {
		by = x.calling.String()
	}
	x.Log(slog.LevelError, "restmachine: a request failed", "callback", by, "error", err)
}

// Log logs a line about the exchange, with the context of its request. The line names the
// request before its attributes. It waits as long as the exchange holds something.
func (x *Exchange) Log(level slog.Level, message string, attrs ...any) {
	of := []any{"method", x.Method(), "path", x.Path(), "route", x.At.RouteSeen}
	x.note().lines = append(x.notes.lines, line{level, message, append(of, attrs...)})
	x.Tell()
}

// note is where something is noted of the exchange.
func (x *Exchange) note() *notes {
	if x.notes == nil {
		x.notes = new(notes)
	}
	return x.notes
}

// Warn keeps a warning for whoever looks at the exchange.
func (x *Exchange) Warn(w Warning) { x.note().warnings = append(x.note().warnings, w) }

// SetBefore notes what was shown before the write.
func (x *Exchange) SetBefore(b *Before) { x.note().before = b }

// Before is what was shown before the write; nil where nobody looked.
func (x *Exchange) Before() *Before {
	if x.notes == nil {
		return nil
	}
	return x.notes.before
}

// Warnings are those of the exchange, which belong to the caller.
func (x *Exchange) Warnings() []Warning {
	if x.notes == nil {
		return nil
	}
	return slices.Clone(x.notes.warnings)
}

// Tell logs the lines that wait, unless the exchange holds something. Whoever releases
// something calls it.
func (x *Exchange) Tell() {
	if x.notes == nil || x.holds() {
		return
	}
	lines := x.notes.lines
	x.notes.lines = nil
	for _, l := range lines {
		x.Logger.Log(x.Context(), l.level, l.message, l.attrs...)
	}
}

// holds reports whether the exchange holds what others may wait for.
func (x *Exchange) holds() bool {
	return x.HasLock() || x.HasSpool() || x.HasCleanups() || x.HasClosers()
}

// Guard is a logger that a slog.Handler cannot harm: where the handler panics, the line goes
// to the standard error.
func Guard(l *slog.Logger) *slog.Logger { return slog.New(guarded{l.Handler()}) }

// guarded is a slog.Handler whose panics end here.
type guarded struct{ slog.Handler }

// Enabled reports whether the level is logged. Where nobody knows, it is.
func (g guarded) Enabled(ctx context.Context, level slog.Level) (enabled bool) {
	defer func() {
		if recover() != nil {
			enabled = true
		}
	}()
	return g.Handler.Enabled(ctx, level)
}

// Handle logs a line.
func (g guarded) Handle(ctx context.Context, r slog.Record) error {
	defer func() {
		if p := recover(); p != nil {
			_, _ = fmt.Fprintf(os.Stderr, "restmachine: the slog.Handler panicked with %v at %q\n", p, r.Message)
		}
	}()
	return g.Handler.Handle(ctx, r)
}

// WithAttrs is the handler with attributes, or without them where they cannot be added.
func (g guarded) WithAttrs(attrs []slog.Attr) (with slog.Handler) {
	defer g.unlessPanicking(&with)
	return guarded{g.Handler.WithAttrs(attrs)}
}

// WithGroup is the handler with a group, or without it where it cannot be opened.
func (g guarded) WithGroup(name string) (with slog.Handler) {
	defer g.unlessPanicking(&with)
	return guarded{g.Handler.WithGroup(name)}
}

func (g guarded) unlessPanicking(with *slog.Handler) {
	if recover() != nil {
		*with = g
	}
}
