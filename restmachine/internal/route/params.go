// This file holds the values of parameters. A pattern and a path come in, values and the
// key of the path go out. A value is cut out of the path when it is asked for: most
// requests ask for one value, and few paths have escapes.

package route

import "strings"

// Params are the decoded parameters of a path that a pattern matches. They may be kept. The
// zero Params has none. (Params has four words, so Go passes it in registers. This avoids a
// store-forwarding stall.)
type Params struct {
	pattern *Pattern
	path    string
	decoded *[]string // from left to right; nil if the path holds the values unescaped
}

// Pattern returns the pattern that matched, or nil for the zero Params.
func (p Params) Pattern() *Pattern { return p.pattern }

// Names returns the names of the parameters, from left to right. The result must not be
// changed.
func (p Params) Names() []string {
	if p.pattern == nil {
		return nil
	}
	return p.pattern.names
}

// Value returns the value of the i-th parameter, from the left.
func (p Params) Value(i int) string {
	if p.decoded != nil {
		return (*p.decoded)[i]
	}
	at := p.pattern.at[i]
	if at == len(p.pattern.segments)-1 && p.pattern.segments[at].kind != rest {
		return p.path[strings.LastIndexByte(p.path, '/')+1:]
	}
	value := p.path[begin(p.path, at):]
	if p.pattern.segments[at].kind != rest {
		value, _, _ = strings.Cut(value, "/")
	}
	return value
}

// begin returns the index where the n-th segment of a path begins.
func begin(path string, n int) int {
	for i := range len(path) {
		if path[i] != '/' {
			continue
		}
		if n == 0 {
			return i + 1
		}
		n--
	}
	return len(path)
}

// Key returns the path up to the last parameter and including it. Without parameters it
// returns the whole path. All spellings of a path have one key. Two different lists of
// values never have the same key, because a "/" in a value is escaped.
func (p Params) Key() string {
	n := len(p.pattern.at)
	if n == 0 {
		return p.pattern.shape
	}
	last := p.pattern.at[n-1]
	if p.decoded == nil && p.pattern.segments[last].kind != rest {
		if last == len(p.pattern.segments)-1 {
			return p.path
		}
		return p.path[:begin(p.path, last+1)-1]
	}
	return p.Prefix(last+1, p.Value)
}

// Prefix returns the key of the first n segments of the path. value returns what stands in
// the key for the i-th parameter, from the left.
func (p Params) Prefix(n int, value func(i int) string) string {
	var buffer [128]byte // on the stack, because keys are short
	key, i := buffer[:0], 0
	for _, seg := range p.pattern.segments[:n] {
		key = append(key, '/')
		if seg.kind == literal {
			key = append(key, seg.shape...)
			continue
		}
		key = appendEscaped(key, value(i))
		i++
	}
	return string(key)
}
