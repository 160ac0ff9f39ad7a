package restmachine

import (
	"fmt"
	"strings"
)

// A fault is a mistake in the wiring of an App: what is wrong, where it was
// registered, and what to do.
type fault struct {
	site  string
	text  string
	chain string // who asks whom, or ""
}

func (f *fault) Error() string {
	if f.chain == "" {
		return f.site + ": " + f.text
	}
	return f.site + ": " + f.text + "\nasked by: " + f.chain
}

// faults are all the mistakes of an App, each once, in the order found: one
// that several chains lead to is told with the first of them.
type faults struct {
	list []error
	seen map[fault]bool
}

func (fs *faults) add(site, format string, args ...any) {
	fs.note(fault{site: site, text: fmt.Sprintf(format, args...)})
}

func (fs *faults) note(f fault) {
	key := fault{site: f.site, text: f.text}
	if fs.seen[key] {
		return
	}
	if fs.seen == nil {
		fs.seen = map[fault]bool{}
	}
	fs.seen[key] = true
	fs.list = append(fs.list, &f)
}

// err is one error that lists them all, nil where there are none.
func (fs *faults) err() error {
	if len(fs.list) == 0 {
		return nil
	}
	return &wiringError{fs.list}
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
