package declare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// This file collects mistakes. In come single faults, in the order in which they
// are found. Out comes one error that lists them, each once, and none that follows from
// another: see consequence.go. What is odd, and may be meant, is a Report.

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

// A Fault is a mistake in the wiring of an App: what is wrong, and what to do. One mistake may
// be seen at many places.
type Fault struct {
	Text  string     // what is wrong, and what to do. [Where] stands for where it was seen
	Cause any        // faults of one cause are one fault; nil: those of one site and text are
	Label string     // of the list of all who see it, such as "needed by"; "": there is no such list
	Seen  []Sighting // in the order in which it was seen
	Depth Depth
	Gaps  []Gap // what cannot be known as long as it stands
}

// Where is a place in the text of a fault: there stand the first places where it was seen.
const Where = "\x00"

// A Sighting is where a fault was seen.
type Sighting struct {
	Site  string // file:line of the registration
	Who   string // a sighting is told once for each site and Who
	Where string // for the text or the list: a route, or the chain of callbacks that led there
	From  []Clue // see Fault.follows
}

// Error is the fault with its place in front.
func (f *Fault) Error() string {
	var wheres []string
	for _, s := range f.Seen {
		wheres = Union(wheres, []string{s.Where})
	}
	text := f.Seen[0].Site + ": " + strings.ReplaceAll(f.Text, Where, Few(wheres))
	if f.Label == "" {
		return text
	}
	indent := "\n" + strings.Repeat(" ", len(f.Label)+2)
	text += "\n" + f.Label + ": " + strings.Join(wheres[:min(mostListed, len(wheres))], indent)
	if len(wheres) <= mostListed {
		return text
	}
	var sites []string
	for _, s := range f.Seen {
		if slices.Index(wheres, s.Where) >= mostListed {
			sites = Union(sites, []string{s.Site})
		}
	}
	return text + indent + "and " + others(len(wheres)-mostListed) + ": " + strings.Join(sites, ", ")
}

// How many places a fault shows in full: in a list, and in a sentence.
const (
	mostListed = 6
	mostSaid   = 3
)

// Few are the first of a list, in words, and how many more there are: "a, b, c and 2 others".
func Few(items []string) string {
	last := len(items) - 1
	switch {
	case last < 1:
		return strings.Join(items, "")
	case last > mostSaid:
		return strings.Join(items[:mostSaid], ", ") + " and " + others(len(items)-mostSaid)
	}
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

func others(n int) string {
	if n == 1 {
		return "1 other"
	}
	return fmt.Sprint(n, " others")
}

// Faults are the mistakes of an App in the order in which they were found.
type Faults struct {
	List  []*Fault
	Noted int // how often one was found, the same one again included
	known map[any]*Fault
	seen  map[sighted]bool
}

// A siteText is the cause of a fault that does not name one.
type siteText struct{ site, text string }

// A sighted is a sighting that is known.
type sighted struct {
	cause     any
	site, who string
}

// Add adds a fault at a site. It may be told more of it.
func (fs *Faults) Add(site, format string, args ...any) *Fault {
	return fs.Note(Fault{Text: fmt.Sprintf(format, args...), Seen: []Sighting{{Site: site}}})
}

// On is Add for a fault that many places may show: where is one of them, and stands in the
// text where [Where] does.
func (fs *Faults) On(where, site, format string, args ...any) *Fault {
	return fs.Note(Fault{Text: fmt.Sprintf(format, args...), Seen: []Sighting{{Site: site, Where: where}}})
}

// Note adds a fault. Of one that is there already it adds where it was seen, and what it
// leaves unknown. It returns the fault that is there then.
func (fs *Faults) Note(f Fault) *Fault {
	fs.Noted++
	cause := f.Cause
	if cause == nil {
		cause = siteText{f.Seen[0].Site, f.Text}
	}
	if fs.known == nil {
		fs.known, fs.seen = map[any]*Fault{}, map[sighted]bool{}
	}
	to := fs.known[cause]
	if to == nil {
		to = &Fault{Text: f.Text, Cause: cause, Label: f.Label, Depth: f.Depth}
		fs.known[cause] = to
		fs.List = append(fs.List, to)
	}
	for _, s := range f.Seen {
		if key := (sighted{cause, s.Site, cmp.Or(s.Who, s.Where)}); !fs.seen[key] {
			fs.seen[key] = true
			to.Seen = append(to.Seen, s)
		}
	}
	to.Gaps = append(to.Gaps, f.Gaps...)
	return to
}

// Err is one error that lists the faults that do not follow from others; nil where there are
// none.
func (fs *Faults) Err() error {
	if len(fs.List) == 0 {
		return nil
	}
	return &wiringError{fs.told()}
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
