// This file checks JSON text in one pass. Text comes in, the first fault or nil goes out.
// The pass decides everything that encoding/json leaves open. It also checks the whole
// grammar. This costs nothing more and gives messages that a client can use.

package strictjson

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// maxNesting is the limit of encoding/json. It also limits the recursion here.
const maxNesting = 10_000

// check reports the first fault of data, or nil.
func check(data []byte, maxDepth int) error {
	if !utf8.Valid(data) {
		return fault("the content is not valid UTF-8")
	}
	s := scanner{data: data, maxDepth: min(maxDepth, maxNesting), names: make([]name, 0, maxCompared)}
	s.skipSpace()
	if s.pos == len(data) {
		return fault("the content is empty, but a JSON value is expected")
	}
	if err := s.value(); err != nil {
		return err
	}
	if s.skipSpace(); s.pos < len(data) {
		return fault("the content continues after its JSON value, with " + s.found())
	}
	return nil
}

// scanner is at data[pos]. Each method consumes the element that it is named after. If
// there is a fault, it stops there.
type scanner struct {
	data     []byte
	pos      int
	depth    int // of open objects and arrays
	maxDepth int
	names    []name // of the open objects, innermost last; see nameSet
}

func fault(msg string) error { return &Error{Msg: msg} }

func (s *scanner) expected(what string) error {
	return fault(fmt.Sprintf("expected %s at byte %d, but found %s", what, s.pos, s.found()))
}

// found names the character at pos.
func (s *scanner) found() string {
	if s.pos >= len(s.data) {
		return "the end of the content"
	}
	r, _ := utf8.DecodeRune(s.data[s.pos:])
	return fmt.Sprintf("%q", r)
}

// peek returns the byte at pos, or 0 at the end. A 0 in the text is as unexpected as the
// end.
func (s *scanner) peek() byte {
	if s.pos < len(s.data) {
		return s.data[s.pos]
	}
	return 0
}

func (s *scanner) skipSpace() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return
		}
	}
}

func (s *scanner) value() error {
	switch c := s.peek(); c {
	case '{':
		return s.object()
	case '[':
		return s.array()
	case '"':
		_, err := s.string()
		return err
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	default:
		if c == '-' || isDigit(c) {
			return s.number()
		}
		return s.expected("a JSON value")
	}
}

func (s *scanner) object() error {
	if err := s.open(); err != nil {
		return err
	}
	if s.peek() == '}' {
		s.close()
		return nil
	}
	set := s.newNameSet()
	for {
		start := s.pos
		if s.peek() != '"' {
			return s.expected("a name in quotes")
		}
		escaped, err := s.string()
		if err != nil {
			return err
		}
		if n := readName(s.data[start:s.pos], escaped); !set.add(n) {
			return fault(fmt.Sprintf("the name %s occurs twice in one object", brief(n)))
		}
		if s.skipSpace(); s.peek() != ':' {
			return s.expected(`":"`)
		}
		s.pos++
		s.skipSpace()
		if err := s.value(); err != nil {
			return err
		}
		if s.skipSpace(); s.peek() != ',' {
			break
		}
		s.pos++
		s.skipSpace()
	}
	if s.peek() != '}' {
		return s.expected(`"," or "}"`)
	}
	set.close()
	s.close()
	return nil
}

func (s *scanner) array() error {
	if err := s.open(); err != nil {
		return err
	}
	if s.peek() == ']' {
		s.close()
		return nil
	}
	for {
		if err := s.value(); err != nil {
			return err
		}
		if s.skipSpace(); s.peek() != ',' {
			break
		}
		s.pos++
		s.skipSpace()
	}
	if s.peek() != ']' {
		return s.expected(`"," or "]"`)
	}
	s.close()
	return nil
}

// open enters an object or array and skips the space after its bracket.
func (s *scanner) open() error {
	if s.depth >= s.maxDepth {
		return fault(fmt.Sprintf("the content nests objects and arrays more than %d levels deep", max(s.maxDepth, 0)))
	}
	s.depth++
	s.pos++
	s.skipSpace()
	return nil
}

// close leaves the object or array whose closing bracket is at pos.
func (s *scanner) close() {
	s.depth--
	s.pos++
}

func (s *scanner) literal(word string) error {
	if !bytes.HasPrefix(s.data[s.pos:], []byte(word)) {
		return s.expected("a JSON value")
	}
	s.pos += len(word)
	return nil
}

// number consumes [ "-" ] int [ frac ] [ exp ] (RFC 8259, 6).
func (s *scanner) number() error {
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' { // further digits must not follow a leading zero
		s.pos++
	} else if err := s.digits(); err != nil {
		return err
	}
	if s.peek() == '.' {
		s.pos++
		if err := s.digits(); err != nil {
			return err
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		return s.digits()
	}
	return nil
}

func (s *scanner) digits() error {
	if !isDigit(s.peek()) {
		return s.expected("a digit")
	}
	for isDigit(s.peek()) {
		s.pos++
	}
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// string consumes a string and reports whether it has escapes.
func (s *scanner) string() (escaped bool, err error) {
	s.pos++
	for s.pos < len(s.data) {
		for _, c := range s.data[s.pos:] {
			if !inString[c] {
				break
			}
			s.pos++
		}
		if s.pos == len(s.data) {
			break
		}
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			return escaped, nil
		case c < ' ':
			return false, fault(fmt.Sprintf("a string contains the control character %s, which must be escaped", s.found()))
		case c == '\\':
			escaped = true
			if err := s.escape(); err != nil {
				return false, err
			}
		}
	}
	return false, fault("a string does not end")
}

// inString holds the bytes that stand for themselves in a string, as most bytes do.
var inString = func() (is [256]bool) {
	for c := range is {
		is[c] = c >= ' ' && c != '"' && c != '\\'
	}
	return is
}()

// escape consumes one escape, or two that make a surrogate pair. Half a pair is not a
// character. encoding/json would silently replace it by U+FFFD, as it does with invalid
// UTF-8.
func (s *scanner) escape() error {
	s.pos++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos++
		return nil
	case 'u':
	default:
		return s.expected("an escape")
	}
	switch unit, err := s.hex4(); {
	case err != nil:
		return err
	case !isSurrogate(unit):
		return nil
	case isHighSurrogate(unit) && bytes.HasPrefix(s.data[s.pos:], []byte(`\u`)):
		s.pos++
		switch unit, err = s.hex4(); {
		case err != nil:
			return err
		case isSurrogate(unit) && !isHighSurrogate(unit):
			return nil
		}
	}
	return fault("a string contains half a surrogate pair, which is not a character")
}

func isSurrogate(unit uint16) bool     { return unit&0xf800 == 0xd800 }
func isHighSurrogate(unit uint16) bool { return unit&0xfc00 == 0xd800 }

// hex4 consumes a "u" and four hexadecimal digits.
func (s *scanner) hex4() (unit uint16, err error) {
	s.pos++
	for range 4 {
		c := s.peek()
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, s.expected("a hexadecimal digit")
		}
		unit = unit<<4 | uint16(c)
		s.pos++
	}
	return unit, nil
}
