// Package byterange reads the Range field and frames what it asks for: byte
// ranges (RFC 9110, 14), and the multipart/byteranges content that carries
// several of them (14.6).
//
// A Range field is a wish that a service may always decline by sending the
// whole representation, so whatever is malformed, unknown or greedy is ignored;
// only a well-formed field that lies outside the representation is refused.
package byterange

import (
	"math"
	"strconv"
	"strings"
)

// maxRanges is how many ranges a field may name before it is ignored. Video
// players and resumed downloads ask for one, PDF viewers for a handful.
const maxRanges = 16

// Range is Length bytes from Start, counted from 0. It lies within the
// representation that it was parsed for and is never empty.
type Range struct{ Start, Length int64 }

// ContentRange returns the value of Content-Range for r within a representation
// of size bytes: "bytes 0-4/11" (RFC 9110, 14.4).
func (r Range) ContentRange(size int64) string {
	return "bytes " + strconv.FormatInt(r.Start, 10) + "-" +
		strconv.FormatInt(r.end()-1, 10) + "/" + strconv.FormatInt(size, 10)
}

func (r Range) end() int64 { return r.Start + r.Length }

// Unsatisfied returns the value of Content-Range for a 416: "bytes */11".
func Unsatisfied(size int64) string {
	return "bytes */" + strconv.FormatInt(size, 10)
}

// Outcome says what to do with a Range field.
type Outcome int

const (
	// Ignore: answer as if there were no Range field.
	Ignore Outcome = iota
	// Satisfiable: answer 206 with the ranges.
	Satisfiable
	// Unsatisfiable: answer 416.
	Unsatisfiable
)

// Parse reads the lines of a Range field for a representation of size bytes.
// The ranges are those that can be satisfied, in the order of the request
// (RFC 9110, 15.3.7.2), cut to the representation; ranges that overlap or touch
// become one, in the place of the first. They are nil unless the outcome is
// Satisfiable.
//
// Ignored are a field of several lines, a unit other than bytes, a set that is
// malformed (14.1.1), names more than 16 ranges or adds up to more than the
// whole representation, and any range of an empty one.
func Parse(field []string, size int64) ([]Range, Outcome) {
	if len(field) != 1 || size <= 0 {
		return nil, Ignore
	}
	unit, set, found := strings.Cut(field[0], "=")
	if !found || !strings.EqualFold(unit, "bytes") {
		return nil, Ignore
	}
	var ranges []Range
	asked, total := 0, int64(0)
	for more := true; more; {
		var spec string
		spec, set, more = strings.Cut(set, ",")
		if spec = strings.Trim(spec, " \t"); spec == "" {
			continue // a recipient ignores empty members (RFC 9110, 5.6.1.2)
		}
		r, ok := parseSpec(spec, size)
		if asked++; !ok || asked > maxRanges {
			return nil, Ignore
		}
		if r.Length == 0 {
			continue
		}
		// No sum overflows: the total so far and each length are at most size.
		if r.Length > size-total {
			return nil, Ignore
		}
		total += r.Length
		ranges = merge(ranges, r)
	}
	switch {
	case asked == 0:
		return nil, Ignore
	case len(ranges) == 0:
		return nil, Unsatisfiable
	}
	return ranges, Satisfiable
}

// parseSpec reads one range-spec, "first-", "first-last" or "-length". What
// lies outside the representation has length 0; ok is false for what is no
// range at all, "5-2" included.
func parseSpec(spec string, size int64) (r Range, ok bool) {
	from, to, found := strings.Cut(spec, "-")
	if !found {
		return Range{}, false
	}
	if from == "" {
		length, ok := parsePosition(to)
		length = min(length, size)
		return Range{size - length, length}, ok
	}
	first, ok := parsePosition(from)
	last := int64(math.MaxInt64)
	if ok && to != "" {
		last, ok = parsePosition(to)
	}
	if !ok || last < first {
		return Range{}, false
	}
	if first >= size {
		return Range{}, true
	}
	return Range{first, min(last, size-1) - first + 1}, true
}

// parsePosition reads digits. A number that no int64 holds becomes the greatest
// one, since it means a place beyond any representation (RFC 9110, 14.1.1).
func parsePosition(s string) (n int64, ok bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		digit := int64(s[i] - '0')
		if n > (math.MaxInt64-digit)/10 {
			n = math.MaxInt64
			continue // what is beyond stays beyond, whatever digits follow
		}
		n = n*10 + digit
	}
	return n, s != ""
}

// merge adds r to ranges, of which no two touch, and keeps them so. What r
// touches is drawn into the first of them; r may bridge several.
func merge(ranges []Range, r Range) []Range {
	place := len(ranges)
	kept := ranges[:0]
	for i, old := range ranges {
		if old.end() < r.Start || r.end() < old.Start {
			kept = append(kept, old)
			continue
		}
		place = min(place, i)
		start := min(old.Start, r.Start)
		r = Range{start, max(old.end(), r.end()) - start}
	}
	kept = append(kept, Range{})
	copy(kept[place+1:], kept[place:])
	kept[place] = r
	return kept
}
