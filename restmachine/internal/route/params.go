// The values of parameters are cut out of the path when they are asked for: most
// requests ask for one, and few paths have anything escaped.

package route

import "strings"

// Params are the parameters of a path that a pattern matches, decoded. They may
// be kept. The zero Params has none. (It has four words, so that it is passed in
// registers: a copy through memory that was just written to waits for that.)
type Params struct {
	pattern *Pattern
	path    string
	decoded *[]string // from left to right; nil: path has them as they are
}

// Pattern is the pattern that matched, nil for the zero Params.
func (p Params) Pattern() *Pattern { return p.pattern }

// Names are the names of the parameters, from left to right, for reading only.
func (p Params) Names() []string {
	if p.pattern == nil {
		return nil
	}
	return p.pattern.names
}

// Value is the value of the i-th parameter, from the left.
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

// begin is where the n-th segment of a path begins.
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

// Key returns the path up to and including the last parameter, or all of it if
// there is none. However a path was escaped, it has one key; and two lists of
// values never have the same one, since a "/" in a value is not written as a "/".
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
	var buffer [128]byte // on the stack: keys are short
	key, i := buffer[:0], 0
	for _, seg := range p.pattern.segments[:last+1] {
		key = append(key, '/')
		if seg.kind == literal {
			key = append(key, seg.shape...)
			continue
		}
		key = appendEscaped(key, p.Value(i))
		i++
	}
	return string(key)
}
