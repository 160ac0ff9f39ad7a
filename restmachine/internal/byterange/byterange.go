// Package byterange reads the Range field and frames the content that answers it: byte
// ranges (RFC 9110, 14), and the multipart/byteranges content that carries several of
// them (14.6). The lines of a field and the size of a representation come in. Ranges
// and an outcome go out.
//
// A service may always ignore a Range field and send the whole representation.
// Therefore a field that is malformed, unknown or greedy is ignored. Only a well-formed
// field that lies outside the representation is refused.
package byterange

import (
	"math"
	"strconv"
	"strings"
)

// maxRanges is the highest number of ranges in a field. A field with more is ignored.
// Video players and resumed downloads ask for one range, PDF viewers for a few.
const maxRanges = 16

// Range is Length bytes from Start, counted from 0. It lies within the representation
// that it was parsed for, and it is never empty.
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

// Parse reads the lines of a Range field for a representation of size bytes. It returns
// the ranges that can be satisfied, cut to the representation, in the order of the
// request (RFC 9110, 15.3.7.2). Ranges that overlap or touch become one range, in the
// place of the first. The ranges are nil unless the outcome is Satisfiable.
//
// Parse ignores a field of several lines, a unit other than bytes, and any range of an
// empty representation. It ignores a set of ranges that is malformed (14.1.1), that has
// more than 16 ranges, or that adds up to more than the whole representation.
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
		// The sum cannot overflow: the total so far and each length are at most size.
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

// parseSpec reads one range-spec: "first-", "first-last" or "-length". A range outside
// the representation has length 0. ok is false if spec is not a range; "5-2" is not
// one.
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

// parsePosition reads digits. A number that is too large for int64 becomes the greatest
// int64, because it lies beyond any representation (RFC 9110, 14.1.1).
func parsePosition(s string) (n int64, ok bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		digit := int64(s[i] - '0')
		if n > (math.MaxInt64-digit)/10 {
			n = math.MaxInt64
			continue // further digits do not change this
		}
		n = n*10 + digit
	}
	return n, s != ""
}

// merge adds r to ranges. No two ranges touch, before and after. r may touch several
// ranges. They become one, in the place of the first.
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
