// This file parses a pattern, once at start. Text comes in, segments and a shape go out.
// The shape is the pattern without the names of its parameters. Patterns of the same
// shape match the same paths.

package route

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// A kind says what a segment of a pattern matches. A smaller kind is more specific.
type kind uint8

const (
	literal   kind = iota // its own text
	parameter             // one segment that is not empty
	rest                  // the rest of the path, which may be empty
)

// The shapes of parameters. A literal never has one of these shapes, because ":" and "*"
// are escaped in literals.
const (
	parameterShape = ":p"
	restShape      = "*p"
)

// maxParameters is the highest number of parameters in a pattern. The router counts them in
// one byte.
const maxParameters = 255

type segment struct {
	kind  kind
	name  string // of a parameter
	shape string // of a literal: its text, escaped
}

// Pattern is a path with parameters, made by Parse. It is immutable and safe for concurrent
// use.
type Pattern struct {
	written  string
	segments []segment
	names    []string
	at       []int // the indices of the segments that are parameters
	shape    string
}

// Parse reads a pattern, for example /posts/{post_id} or /files/{path...}. A name
// consists of letters, digits and "_", does not begin with a digit, and occurs once.
//
// Literal segments may be percent-encoded. Characters that mean something else in a pattern
// must be: % as %25, ? as %3F, # as %23, { as %7B, } as %7D, and, at the beginning of a
// segment, : as %3A and * as %2A.
func Parse(s string) (Pattern, error) {
	p, err := parse(s)
	if err != nil {
		return Pattern{}, fmt.Errorf("pattern %q: %w", s, err)
	}
	return p, nil
}

func parse(s string) (Pattern, error) {
	if !strings.HasPrefix(s, "/") {
		return Pattern{}, errors.New(`a pattern must begin with "/", without a method or a host; write it like /posts/{post_id}`)
	}
	if err := Clean(s); err != nil {
		return Pattern{}, err
	}
	p := Pattern{written: s}
	texts := strings.Split(s[1:], "/")
	var shape strings.Builder
	for i, text := range texts {
		seg, err := parseSegment(text, i == len(texts)-1)
		if err != nil {
			return Pattern{}, err
		}
		if seg.kind != literal {
			if slices.Contains(p.names, seg.name) {
				return Pattern{}, fmt.Errorf("two parameters are named %q; give each its own name", seg.name)
			}
			p.names = append(p.names, seg.name)
			p.at = append(p.at, i)
		}
		p.segments = append(p.segments, seg)
		shape.WriteByte('/')
		shape.WriteString(seg.shape)
	}
	if len(p.names) > maxParameters {
		return Pattern{}, fmt.Errorf("there are %d parameters; use at most %d", len(p.names), maxParameters)
	}
	p.shape = shape.String()
	return p, nil
}

func parseSegment(text string, last bool) (segment, error) {
	inner, opened := strings.CutPrefix(text, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	if !opened || !closed || strings.ContainsAny(inner, "{}") {
		return parseLiteral(text, last)
	}
	if inner == "$" {
		return segment{}, errors.New(`{$} is not needed, because a pattern that ends in "/" matches only that path; leave {$} out`)
	}
	name, isRest := strings.CutSuffix(inner, "...")
	if !isName(name) {
		return segment{}, fmt.Errorf("the name in %s is not valid; use letters, digits and _, as in {post_id}", text)
	}
	if !isRest {
		return segment{kind: parameter, name: name, shape: parameterShape}, nil
	}
	if !last {
		return segment{}, fmt.Errorf("%s takes the rest of the path, so nothing can follow; make it the last segment, or write {%s}", text, name)
	}
	return segment{kind: rest, name: name, shape: restShape}, nil
}

func parseLiteral(text string, last bool) (segment, error) {
	switch {
	case text == "" && !last:
		return segment{}, errors.New(`there is an empty segment; write "/" once`)
	case text == "." || text == "..":
		return segment{}, fmt.Errorf("clients resolve the segment %q before they send a path; leave it out", text)
	case strings.ContainsAny(text, "?#"):
		return segment{}, fmt.Errorf("%s: a pattern cannot have a query or a fragment; write a literal ? as %%3F and a literal # as %%23", text)
	case strings.HasPrefix(text, ":"):
		return segment{}, fmt.Errorf("%s: a segment cannot begin with a colon; write a parameter as {name}, and a literal colon as %%3A", text)
	case strings.HasPrefix(text, "*"):
		return segment{}, fmt.Errorf("%s: a segment cannot begin with an asterisk; write the rest of a path as {name...}, and a literal asterisk as %%2A", text)
	case strings.ContainsAny(text, "{}"):
		return segment{}, fmt.Errorf("%s: a parameter must be a whole segment; write it as in /{name}/, and literal braces as %%7B and %%7D", text)
	}
	decoded, err := url.PathUnescape(text)
	if err != nil {
		return segment{}, err
	}
	return segment{shape: string(appendEscaped(nil, decoded))}, nil
}

// isName reports whether s looks like a Go identifier. Keywords are allowed: {type} is a
// good name.
func isName(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// String returns the pattern as it was written.
func (p Pattern) String() string { return p.written }

// Names returns the names of the parameters, from left to right.
func (p Pattern) Names() []string { return slices.Clone(p.names) }

// A Segment is one segment of a pattern, for comparison.
type Segment struct {
	Text  string // of a literal: its canonical spelling; of a parameter: its name, with "..." for the rest of a path
	Param bool
}

// Segments returns the segments of the pattern, from left to right.
func (p Pattern) Segments() []Segment {
	all := make([]Segment, len(p.segments))
	for i, s := range p.segments {
		switch s.kind {
		case literal:
			all[i] = Segment{Text: s.shape}
		case parameter:
			all[i] = Segment{Text: s.name, Param: true}
		case rest:
			all[i] = Segment{Text: s.name + "...", Param: true}
		}
	}
	return all
}

// Join returns segments as a pattern.
func Join(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		if s.Param {
			b.WriteString("{" + s.Text + "}")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Conflict says why p and q cannot both be in a Table, or returns "" if they can. They
// cannot if they match the same paths. The names of their parameters do not matter.
func (p Pattern) Conflict(q Pattern) string {
	switch {
	case p.shape != q.shape:
		return ""
	case slices.Equal(p.names, q.names):
		return fmt.Sprintf("%s and %s match the same paths; keep one of them", p, q)
	}
	return fmt.Sprintf("%s and %s match the same paths; give their parameters the same names", p, q)
}
