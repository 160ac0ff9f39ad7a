package restmachine

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// This file holds the fields of a response while it is made: a short list, in
// place of a map, since most responses have no more than six.

// fields are a response's header. What a callback says is looked at as it is
// set: CR, LF and NUL would end the field, or the connection.
type fields struct {
	list  []field
	block []string // the lines of set, one allocation for all; never reused, since others read them later
	bad   error    // the first field that cannot be sent
}

type field struct {
	name  string // canonical
	lines []string
}

// set sets a field to one value, which is looked at.
func (f *fields) set(name, value string) {
	if !legalValue(value) {
		f.refuse(name, value)
		return
	}
	f.safe(name, value)
}

// safe is set, for a value that is known to be one.
func (f *fields) safe(name, value string) {
	n := len(f.block)
	if n == cap(f.block) {
		f.block, n = make([]string, 0, 3), 0
	}
	f.block = append(f.block, value)
	f.share(name, f.block[n:n+1:n+1])
}

// only is safe, for the only field that a response is likely to have.
func (f *fields) only(name, value string) {
	if f.block == nil {
		f.block = make([]string, 0, 1)
	}
	f.safe(name, value)
}

// share sets a field to lines that are known to be values, and stay as they are.
func (f *fields) share(name string, lines []string) {
	for i := range f.list {
		if f.list[i].name == name {
			f.list[i].lines = lines
			return
		}
	}
	n := len(f.list)
	if n == cap(f.list) {
		f.grow()
	}
	f.list = f.list[:n+1]
	one := &f.list[n] // in place: a copy of five words costs more than what it is for
	one.name, one.lines = name, lines
}

func (f *fields) grow() { f.list = slices.Grow(f.list, 4) }

// merge sets the fields of a callback's header, which is canonical.
func (f *fields) merge(h http.Header) {
	if len(h) == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if len(h[name]) == 0 {
			continue
		}
		if !legalName(name) {
			f.refuse(name, "")
		}
		for _, line := range h[name] {
			if !legalValue(line) {
				f.refuse(name, line)
			}
		}
		f.share(name, h[name])
	}
}

func (f *fields) refuse(name, value string) {
	if f.bad == nil {
		f.bad = &illegalField{name, value}
	}
}

// get is the lines of a field, nil where it is not set.
func (f *fields) get(name string) []string {
	for i := range f.list {
		if f.list[i].name == name {
			return f.list[i].lines
		}
	}
	return nil
}

// drop drops the fields for which has is true.
func (f *fields) drop(has func(name string) bool) {
	for i := len(f.list) - 1; i >= 0; i-- {
		if has(f.list[i].name) {
			f.list = slices.Delete(f.list, i, i+1)
		}
	}
}

// isValidator reports whether a field speaks of a representation's state.
func isValidator(name string) bool { return name == "Etag" || name == "Last-Modified" }

// isOfContent reports whether a field speaks of the content that follows.
func isOfContent(name string) bool {
	switch name {
	case "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "X-Content-Type-Options":
		return true
	}
	return false
}

// reset drops all fields, and keeps the room for them.
func (f *fields) reset() {
	drop(f.list)
	f.list, f.block, f.bad = f.list[:0], nil, nil
}

// addTo adds the fields to a header. What a middleware said in a field that lists
// things for several to say stays; in any other, the App knows better.
func (f *fields) addTo(h http.Header) {
	for i := range f.list {
		one := &f.list[i]
		if one.name == "Vary" || one.name == "Set-Cookie" || one.name == "Link" {
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

// header is the fields as a header of its own.
func (f *fields) header() http.Header {
	h := make(http.Header, len(f.list))
	lines := make([]string, 0, len(f.list))
	for _, one := range f.list {
		n := len(lines)
		lines = append(lines, one.lines...)
		h[one.name] = lines[n:len(lines):len(lines)]
	}
	return h
}

type illegalField struct{ name, value string }

func (e *illegalField) Error() string {
	return "the field " + strconv.Quote(e.name) + " cannot be " + strconv.Quote(e.value)
}

// legalFields reports whether a request's header holds names and values.
func legalFields(h http.Header) bool {
	for name, lines := range h {
		for _, line := range lines {
			if !legalValue(line) || !legalName(name) {
				return false
			}
		}
	}
	return true
}

// legalValue reports whether s is a field value (RFC 9110, 5.5).
func legalValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// legalName reports whether s is a token (RFC 9110, 5.6.2).
func legalName(s string) bool {
	for i := range len(s) {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return s != ""
}

// tokenBytes may stand in a token.
var tokenBytes = func() (is [256]bool) {
	for c := byte(' ' + 1); c < 0x7f; c++ {
		is[c] = strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) < 0
	}
	return is
}()

// Lines that many responses share.
var (
	noSniff     = []string{"nosniff"}
	problemJSON = problemMedia[0:1:1]
	problemText = problemMedia[2:3:3]
	varyAccept  = []string{"Accept"}
	noStore     = []string{"no-store"}
	acceptBytes = []string{"bytes"}
)

// lengths are the lines of Content-Length for short contents.
var lengths = func() (all [512][]string) {
	for n := range all {
		all[n] = []string{strconv.Itoa(n)}
	}
	return all
}()

// setLength sets Content-Length.
func (f *fields) setLength(n int64) {
	if n < int64(len(lengths)) {
		f.share("Content-Length", lengths[n])
	} else {
		f.safe("Content-Length", strconv.FormatInt(n, 10))
	}
}
