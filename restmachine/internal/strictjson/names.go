// This file holds the names of one object, to find a name that occurs twice. Most objects
// have a few names. For these it compares each name with each other, which is faster than
// hashing and does not need memory. A large object gets a map, so the time stays linear.

package strictjson

import (
	"bytes"
	"encoding/json"
	"unicode"
	"unicode/utf8"
)

// maxCompared is the number of names that an object may have before it gets a map.
const maxCompared = 16

// name is the text of a name, unescaped.
type name []byte

// readName returns the text of a checked string literal.
func readName(literal []byte, escaped bool) name {
	if !escaped {
		return literal[1 : len(literal)-1]
	}
	var text string
	_ = json.Unmarshal(literal, &text) // cannot fail: the literal has been checked
	return []byte(text)
}

// nameSet holds the names of one open object: either on the scanner's stack from base, or
// all of them in folded.
type nameSet struct {
	scanner *scanner
	base    int
	folded  map[string]struct{}
}

func (s *scanner) newNameSet() nameSet {
	return nameSet{scanner: s, base: len(s.names)}
}

// add adds n and reports whether it is new.
func (set *nameSet) add(n name) bool {
	if set.folded != nil {
		return set.addFolded(n)
	}
	s := set.scanner
	for _, other := range s.names[set.base:] {
		if bytes.EqualFold(n, other) {
			return false
		}
	}
	s.names = append(s.names, n)
	if len(s.names)-set.base > maxCompared {
		set.folded = make(map[string]struct{}, 4*maxCompared)
		for _, n := range s.names[set.base:] {
			set.addFolded(n)
		}
		set.close()
	}
	return true
}

func (set *nameSet) addFolded(n name) bool {
	var buffer [64]byte
	key := appendFolded(buffer[:0], n)
	if _, known := set.folded[string(key)]; known {
		return false
	}
	set.folded[string(key)] = struct{}{}
	return true
}

// close removes the names of the object from the stack.
func (set *nameSet) close() {
	set.scanner.names = set.scanner.names[:set.base]
}

// appendFolded appends n in a folded form. Two names have the same folded form exactly if
// bytes.EqualFold, and therefore encoding/json, treats them as equal.
func appendFolded(dst []byte, n name) []byte {
	for i := 0; i < len(n); {
		if c := n[i]; c < utf8.RuneSelf {
			if 'a' <= c && c <= 'z' {
				c -= 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(n[i:])
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
