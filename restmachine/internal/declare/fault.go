package declare

import (
	"fmt"
	"strings"
)

// This file collects mistakes. In come single faults, in the order in which they
// are found. Out comes one error that lists them all, each once. What is odd, and may
// be meant, is a Report.

// A Report is something odd in the wiring of an App that starts nevertheless.
type Report struct {
	Severity Severity
	Text     string
}

// Severity says how odd. The numbers are those of the public type.
type Severity uint8

// The severities.
const (
	Notice Severity = iota // it does nothing, or not yet
	Risk                   // a check may be off, or cannot work: the test kit takes it for an error
)

// A Fault is a mistake in the wiring of an App: what is wrong, where it was
// registered, and what to do.
type Fault struct {
	Site  string
	Text  string
	Chain string // who needs whom, or ""
}

// Error is the fault with its place in front.
func (f *Fault) Error() string {
	if f.Chain == "" {
		return f.Site + ": " + f.Text
	}
	return f.Site + ": " + f.Text + "\nneeded by: " + f.Chain
}

// Faults are the mistakes of an App in the order in which they were found. Each is
// reported once; where several callers lead to it, the first chain is shown.
type Faults struct {
	List []error
	seen map[Fault]bool
}

// Add adds a fault at a site.
func (fs *Faults) Add(site, format string, args ...any) {
	fs.Note(Fault{Site: site, Text: fmt.Sprintf(format, args...)})
}

// Note adds a fault, unless it is there already.
func (fs *Faults) Note(f Fault) {
	key := Fault{Site: f.Site, Text: f.Text}
	if fs.seen[key] {
		return
	}
	if fs.seen == nil {
		fs.seen = map[Fault]bool{}
	}
	fs.seen[key] = true
	fs.List = append(fs.List, &f)
}

// Err is one error that lists all faults; nil where there are none.
func (fs *Faults) Err() error {
	if len(fs.List) == 0 {
		return nil
	}
	return &wiringError{fs.List}
}

type wiringError struct{ faults []error }

func (e *wiringError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "restmachine: %d wiring fault", len(e.faults))
	if len(e.faults) > 1 {
		b.WriteByte('s')
	}
	for _, f := range e.faults {
		b.WriteString("\n  - ")
		b.WriteString(strings.ReplaceAll(f.Error(), "\n", "\n    "))
	}
	return b.String()
}

// Unwrap lets errors.Is and errors.As see each fault.
func (e *wiringError) Unwrap() []error { return e.faults }
