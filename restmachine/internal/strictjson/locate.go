package strictjson

import (
	"strconv"
	"strings"
)

// Where in the content a value stands, in the client's words: items[2].title.
// The path that encoding/json reports lacks the indices and may have the names
// of embedded Go structs in it; the offset that it reports is exact.

// step is one open object or array on the way to a value.
type step struct {
	object bool
	name   name // of the member, in an object
	index  int  // of the element, in an array
}

// locate finds the path of the value ("" is the whole content) that
// encoding/json means by offset: just behind the bracket of an object or array,
// and at the end of any other value or one byte beyond. An offset that means no
// value, such as one that an unmarshaler counted from elsewhere, is not found.
// The data has passed check.
func locate(data []byte, offset int) (path string, found bool) {
	var steps []step
	s := scanner{data: data}
	for s.skipSpace(); s.pos < offset && s.pos < len(data); s.skipSpace() {
		switch start, c := s.pos, s.peek(); c {
		case '{', '[':
			s.pos++
			if offset == s.pos {
				return pathOf(steps), true
			}
			steps = append(steps, step{object: c == '{'})
		case '}', ']':
			s.pos++
			steps = steps[:len(steps)-1]
		case ',':
			s.pos++
			steps[len(steps)-1].index++
		case ':':
			s.pos++
		default:
			escaped := s.skipScalar()
			if end := s.pos; s.isName(steps) {
				steps[len(steps)-1].name = readName(data[start:end], escaped)
			} else if offset == end || offset == end+1 {
				return pathOf(steps), true
			}
		}
	}
	return "", false
}

// skipScalar consumes a string, number or literal, and reports whether it has
// escapes.
func (s *scanner) skipScalar() (escaped bool) {
	if s.peek() == '"' {
		escaped, _ = s.string() // checked before
		return escaped
	}
	_ = s.value()
	return false
}

// isName reports whether the scalar that ends at pos is the name of a member:
// in an object, a ":" follows names and nothing else.
func (s *scanner) isName(steps []step) bool {
	if len(steps) == 0 || !steps[len(steps)-1].object {
		return false
	}
	s.skipSpace()
	return s.peek() == ':'
}

// pathOf writes steps as a path. Of a long one it leaves the end, which says
// the most.
func pathOf(steps []step) string {
	const most = 8
	var path strings.Builder
	if len(steps) > most {
		path.WriteString("…")
		steps = steps[len(steps)-most:]
	}
	for i, step := range steps {
		switch {
		case !step.object:
			path.WriteString("[" + strconv.Itoa(step.index) + "]")
			continue
		case i > 0:
			path.WriteByte('.')
		}
		path.WriteString(shorten(step.name))
	}
	return path.String()
}
