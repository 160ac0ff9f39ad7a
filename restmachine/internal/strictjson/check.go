// This file checks JSON text where one pass of the library is not enough. Text comes in, the
// first fault or nil goes out. It finds names that the library does not compare, since they
// differ in case alone, and it has words for what the library refuses.

package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// check reports the first fault of data, or nil. Where names fold, two that differ only in
// case are one.
func check(data []byte, fold bool) error {
	if !utf8.Valid(data) {
		return fault("the content is not valid UTF-8")
	}
	c := checkers.Get().(*checker)
	c.text = *bytes.NewBuffer(data)
	c.decoder.Reset(&c.text, jsontext.AllowDuplicateNames(true)) // they are compared here
	c.fold = fold
	err := c.value()
	c.forget()
	checkers.Put(c)
	return err
}

// A checker reads one JSON text.
type checker struct {
	text    bytes.Buffer
	decoder jsontext.Decoder
	fold    bool
	open    []names // of the open objects and arrays, outermost first
	keys    []key   // of the open objects, innermost last
	folded  []byte  // the texts of keys
	name    []byte  // the last name, without its quotes
}

// A key is a part of checker.folded.
type key struct{ start, end int }

// names are those of one open object: its keys from first on, or all in many. Most objects
// have few names. Comparing these is faster than hashing, and needs no memory. A large
// object gets a map, so that the time stays linear.
type names struct {
	first int
	many  map[string]struct{}
}

// maxCompared is the number of names that an object may have before it gets a map.
const maxCompared = 16

var checkers = sync.Pool{New: func() any { return new(checker) }}

// forget keeps nothing of the content.
func (c *checker) forget() {
	clear(c.open[:cap(c.open)])
	clear(c.folded[:cap(c.folded)])
	clear(c.name[:cap(c.name)])
	c.open, c.keys, c.folded, c.name = c.open[:0], c.keys[:0], c.folded[:0], c.name[:0]
	if cap(c.folded)+cap(c.name) > maxKept {
		c.folded, c.name = nil, nil
	}
	c.text = bytes.Buffer{}
	c.decoder.Reset(&c.text)
}

// maxKept is how long the room for names may be, in bytes, to be used again.
const maxKept = 4 << 10

func fault(msg string) error { return &Error{Msg: msg} }

// value checks the only value, and that nothing follows it.
func (c *checker) value() error {
	if c.decoder.PeekKind() == 0 && len(bytes.TrimLeft(c.decoder.UnreadBuffer(), space)) == 0 {
		return fault("the content is empty, but a JSON value is expected")
	}
	for {
		if err := c.token(); err != nil {
			return err
		}
		if c.decoder.StackDepth() == 0 {
			break
		}
	}
	if rest := bytes.TrimLeft(c.decoder.UnreadBuffer(), space); len(rest) > 0 {
		r, _ := utf8.DecodeRune(rest)
		return fault(fmt.Sprintf("the content continues after its JSON value, with %q", r))
	}
	return nil
}

// space is what may stand around JSON tokens.
const space = " \t\r\n"

// token checks the next token.
func (c *checker) token() error {
	if in, i := c.decoder.StackIndex(c.decoder.StackDepth()); in == '{' && i%2 == 0 && c.decoder.PeekKind() == '"' {
		return c.member()
	}
	token, err := c.decoder.ReadToken()
	if err != nil {
		return notJSON(err)
	}
	switch token.Kind() {
	case '{', '[':
		if c.open = append(c.open, names{first: len(c.keys)}); len(c.open) > MaxDepth {
			return fault(fmt.Sprintf("the content nests objects and arrays more than %d levels deep", MaxDepth))
		}
	case '}', ']':
		last := len(c.open) - 1
		c.dropKeys(c.open[last].first)
		c.open = c.open[:last]
	}
	return nil
}

// member checks the name of a member.
func (c *checker) member() error {
	quoted, err := c.decoder.ReadValue()
	if err != nil {
		return notJSON(err)
	}
	c.name, _ = jsontext.AppendUnquote(c.name[:0], quoted) // cannot fail: it was read as a string
	start := len(c.folded)
	if c.fold {
		c.folded = appendFolded(c.folded, c.name)
	} else {
		c.folded = append(c.folded, c.name...)
	}
	if !c.open[len(c.open)-1].add(c, key{start, len(c.folded)}) {
		return fault(fmt.Sprintf("the name %s occurs twice in one object", brief(c.name)))
	}
	return nil
}

// add adds a key, the last of c.folded, and reports whether it is new.
func (n *names) add(c *checker, k key) bool {
	if n.many != nil {
		before := len(n.many)
		n.many[string(c.textOf(k))] = struct{}{}
		c.folded = c.folded[:k.start]
		return len(n.many) > before
	}
	for _, other := range c.keys[n.first:] {
		if bytes.Equal(c.textOf(k), c.textOf(other)) {
			return false
		}
	}
	if c.keys = append(c.keys, k); len(c.keys)-n.first > maxCompared {
		n.many = make(map[string]struct{}, 4*maxCompared)
		for _, k := range c.keys[n.first:] {
			n.many[string(c.textOf(k))] = struct{}{}
		}
		c.dropKeys(n.first)
	}
	return true
}

func (c *checker) textOf(k key) []byte { return c.folded[k.start:k.end] }

// dropKeys drops the keys from first on.
func (c *checker) dropKeys(first int) {
	if first < len(c.keys) {
		c.folded = c.folded[:c.keys[first].start]
		c.keys = c.keys[:first]
	}
}

// notJSON is the fault of text that the library refuses.
func notJSON(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Msg: "the content ends before its JSON value does", cause: err}
	case errors.As(err, &syntax) && syntax.Err != nil:
		return &Error{Msg: fmt.Sprintf("%s, at byte %d", strings.TrimPrefix(syntax.Err.Error(), "jsontext: "), syntax.ByteOffset), cause: err}
	}
	return &Error{Msg: "the content is not JSON", cause: err}
}

// appendFolded appends a name in a folded form. Two names have the same folded form exactly
// if bytes.EqualFold, and therefore encoding/json, treats them as equal.
func appendFolded(dst, name []byte) []byte {
	for i := 0; i < len(name); {
		if c := name[i]; c < utf8.RuneSelf {
			if 'a' <= c && c <= 'z' {
				c -= 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(name[i:])
		dst = utf8.AppendRune(dst, foldRune(r))
		i += size
	}
	return dst
}

// foldRune returns the least of the runes that differ from r only in case. SimpleFold goes
// through them in a circle, upwards until it wraps.
func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}
