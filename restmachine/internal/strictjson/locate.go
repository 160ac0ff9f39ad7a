// This file finds the place of a value in the content. The content and an offset come in. A
// path goes out in the client's words: items[2].title. The path that encoding/json reports
// lacks indices, and may have names of embedded Go structs. Its offset is exact.

package strictjson

import (
	"strconv"
	"strings"
)

// step is one open object or array on the path to a value.
type step struct {
	object bool
	name   name // of the member, in an object
	index  int  // of the element, in an array
}

// locate finds the path of the value that encoding/json means by offset. The path "" is
// the whole content. For an object or array, the offset is just after its opening
// bracket. For any other value, it is at the end of the value or one byte after it. found
// is false if the offset does not mean a value. For example, an unmarshaler may have
// counted it from elsewhere. The data has passed check.
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

// skipScalar consumes a string, number or literal. It reports whether it has escapes.
func (s *scanner) skipScalar() (escaped bool) {
	if s.peek() == '"' {
		escaped, _ = s.string() // checked before
		return escaped
	}
	_ = s.value()
	return false
}

// isName reports whether the scalar that ends at pos is the name of a member. In an
// object, a ":" follows only names.
func (s *scanner) isName(steps []step) bool {
	if len(steps) == 0 || !steps[len(steps)-1].object {
		return false
	}
	s.skipSpace()
	return s.peek() == ':'
}

// pathOf writes steps as a path. Of a long path it writes only the end, which is the most
// useful part.
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
