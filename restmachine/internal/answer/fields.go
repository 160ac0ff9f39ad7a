package answer

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
)

// This file holds the fields of a response while it is made: a short list instead of a
// map, since most responses have six at the most. In come names, which are canonical, and
// values. Out comes a header that can be sent, or the first field that cannot.

// Fields are a response's header. What a callback says is checked as it is set.
type Fields struct {
	list    []field
	lengths uint64   // of the names that were set, from 64 on taken for one another
	block   []string // the lines of Set, in one allocation; it is never used again, since others read the lines later
	bad     error    // the first field that cannot be sent
}

type field struct {
	name  string
	lines []string
}

// Set sets a field to one value, which is checked.
func (f *Fields) Set(name, value string) {
	if !header.LegalValue(value) {
		f.refuse(name, value)
		return
	}
	f.setLegal(name, value)
}

// setLegal sets a field to one value that is known to be legal.
func (f *Fields) setLegal(name, value string) {
	n := len(f.block)
	if n == cap(f.block) {
		f.block, n = make([]string, 0, 3), 0
	}
	f.block = append(f.block, value)
	f.Share(name, f.block[n:n+1:n+1])
}

// setOnly is setLegal for a field that is likely to be the only one.
func (f *Fields) setOnly(name, value string) {
	if f.block == nil {
		f.block = make([]string, 0, 1)
	}
	f.setLegal(name, value)
}

// Share sets a field to lines that are known to be legal, and that nobody changes.
func (f *Fields) Share(name string, lines []string) {
	if f.lengths&(1<<(len(name)%64)) == 0 { // as nearly always: no other name is as long
		f.push(name, lines)
		return
	}
	for i := range f.list {
		if f.list[i].name == name {
			f.list[i].lines = lines
			return
		}
	}
	f.push(name, lines)
}

// push is Share for a field that is not set yet.
func (f *Fields) push(name string, lines []string) {
	n := len(f.list)
	if n == cap(f.list) {
		f.grow()
	}
	f.list = f.list[:n+1]
	f.lengths |= 1 << (len(name) % 64)
	one := &f.list[n] // assigned in place: a copy of five words would cost more
	one.name, one.lines = name, lines
}

// Add adds a line to a field. One that is not legal is left out.
func (f *Fields) Add(name, value string) {
	if header.LegalValue(value) {
		f.Share(name, append(slices.Clone(f.Get(name)), value))
	}
}

func (f *Fields) grow() { f.list = slices.Grow(f.list, 4) }

// merge sets the fields of a callback's header, which is canonical.
func (f *Fields) merge(h http.Header) {
	if len(h) == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if len(h[name]) == 0 {
			continue
		}
		if !header.LegalName(name) {
			f.refuse(name, "")
		}
		for _, line := range h[name] {
			if !header.LegalValue(line) {
				f.refuse(name, line)
			}
		}
		f.Share(name, h[name])
	}
}

func (f *Fields) refuse(name, value string) {
	if f.bad == nil {
		f.bad = &illegalField{name, value}
	}
}

// Get are the lines of a field; nil where it is not set.
func (f *Fields) Get(name string) []string {
	for i := range f.list {
		if f.list[i].name == name {
			return f.list[i].lines
		}
	}
	return nil
}

// remove removes the fields for which has is true.
func (f *Fields) remove(has func(name string) bool) {
	for i := len(f.list) - 1; i >= 0; i-- {
		if has(f.list[i].name) {
			f.list = slices.Delete(f.list, i, i+1)
		}
	}
}

// isValidator reports whether a field describes the state of a representation.
func isValidator(name string) bool { return name == "Etag" || name == "Last-Modified" }

// isOfContent reports whether a field describes the content that follows.
func isOfContent(name string) bool {
	switch name {
	case "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "X-Content-Type-Options":
		return true
	}
	return false
}

// reset removes all fields, and keeps the room for them.
func (f *Fields) reset() {
	for i := len(f.list) - 1; i >= 0; i-- { // down, so that it does not become the runtime's clear
		f.list[i] = field{}
	}
	f.list, f.lengths, f.block, f.bad = f.list[:0], 0, nil, nil
}

// addTo adds the fields to a header. A field that lists things for several writers keeps
// what a middleware wrote to it. Every other one is replaced.
func (f *Fields) addTo(h http.Header) {
	fresh := len(h) == 0
	for i := range f.list {
		one := &f.list[i]
		if !fresh && (one.name == "Vary" || one.name == "Set-Cookie" || one.name == "Link") {
			one.lines = behind(h[one.name], one.lines)
		}
		h[one.name] = one.lines
	}
}

func behind(before, lines []string) []string {
	if len(before) == 0 {
		return lines
	}
	return append(slices.Clip(before), lines...)
}

// header is a copy of the fields as a header.
func (f *Fields) header() http.Header {
	h := make(http.Header, len(f.list))
	lines := make([]string, 0, len(f.list))
	for i := range f.list {
		one, n := &f.list[i], len(lines)
		lines = append(lines, one.lines...)
		h[one.name] = lines[n:len(lines):len(lines)]
	}
	return h
}

type illegalField struct{ name, value string }

func (e *illegalField) Error() string {
	return "the field " + strconv.Quote(e.name) + " has the illegal value " + strconv.Quote(e.value)
}

// Lines that many responses share.
var (
	noSniff     = []string{"nosniff"}
	problemJSON = []string{problem.JSON}
	problemText = []string{problem.Text}
	varyAccept  = []string{"Accept"}
	noStore     = []string{"no-store"}
	acceptBytes = []string{"bytes"}
	noBuffering = []string{"no"}
)

// lengths are the lines of Content-Length for short contents.
var lengths = func() (all [512][]string) {
	for n := range all {
		all[n] = []string{strconv.Itoa(n)}
	}
	return all
}()

// setLength sets Content-Length.
func (f *Fields) setLength(n int64) {
	if n < int64(len(lengths)) {
		f.Share("Content-Length", lengths[n])
	} else {
		f.setLegal("Content-Length", strconv.FormatInt(n, 10))
	}
}
