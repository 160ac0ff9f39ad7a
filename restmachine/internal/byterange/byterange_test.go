// These tests check how a Range field is read.

package byterange

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hello = "hello world" // 11 bytes

// The rows H1 to H11 and H20 are about the field itself. The method, If-Range and the other
// preconditions (H12 to H19) are decided before the field is parsed.
var parseRows = []struct {
	name   string
	field  []string
	size   int64
	want   string // the outcome, or "start+length ..." if it is Satisfiable
	reason string
}{
	{"H1 first", []string{"bytes=0-4"}, 11, "0+5", "14.1.2"},
	{"H1 suffix", []string{"bytes=-3"}, 11, "8+3", "the last three"},
	{"H1 long suffix", []string{"bytes=-999"}, 11, "0+11", "longer than the representation: all of it"},
	{"H4 unit", []string{"items=0-4"}, 11, "ignore", "MUST ignore an unknown unit, 14.2"},
	{"H5 case", []string{"Bytes=0-4"}, 11, "0+5", "units are case-insensitive, 14.1"},
	{"H6 no bytes", []string{"bytes=-0"}, 11, "unsatisfiable", "a suffix needs a length other than 0, 14.1.2"},
	{"H7 beyond", []string{"bytes=99-"}, 11, "unsatisfiable", "first-pos is behind the end"},
	{"H8 reversed", []string{"bytes=5-2"}, 11, "ignore", "invalid, 14.1.1"},
	{"H8 no set", []string{"bytes="}, 11, "ignore", "at least one range"},
	{"H8 signs", []string{"bytes=+0-+4"}, 11, "ignore", "only digits"},
	{"H9 one of two", []string{"bytes=0-1,99-100"}, 11, "0+2", "what can be satisfied"},
	{"H10 two", []string{"bytes=0-1,3-4"}, 11, "0+2 3+2", "multipart"},
	{"H11 twice", []string{"bytes=0-9,0-9"}, 11, "ignore", "20 bytes of 11"},
	{"H20 empty", []string{"bytes=0-4"}, 0, "ignore", "nothing to cut"},
	{"H20 empty, suffix", []string{"bytes=-1"}, 0, "ignore", "nothing to cut"},

	{"absent", nil, 11, "ignore", "no field"},
	{"two lines", []string{"bytes=0-1", "bytes=3-4"}, 11, "ignore", "Range is not a list field"},
	{"two equal lines", []string{"bytes=0-1", "bytes=0-1"}, 11, "ignore", "Range is not a list field"},
	{"blank", []string{""}, 11, "ignore", "no unit"},
	{"no unit", []string{"0-4"}, 11, "ignore", "no unit"},
	{"space before =", []string{"bytes =0-4"}, 11, "ignore", "no white space there"},
	{"size unknown", []string{"bytes=0-4"}, -1, "ignore", "nothing to compare with"},
	{"open end", []string{"bytes=4-"}, 11, "4+7", "to the end"},
	{"whole", []string{"bytes=0-"}, 11, "0+11", "a 206 all the same"},
	{"last byte", []string{"bytes=10-10"}, 11, "10+1", "positions count from 0 and include the last"},
	{"behind the last byte", []string{"bytes=11-11"}, 11, "unsatisfiable", ""},
	{"cut", []string{"bytes=9-99"}, 11, "9+2", "last-pos is cut to the end"},
	{"first beyond int64", []string{"bytes=99999999999999999999-"}, 11, "unsatisfiable", "14.1.1: large numbers"},
	{"last beyond int64", []string{"bytes=0-99999999999999999999"}, 11, "0+11", "14.1.1: large numbers"},
	{"suffix beyond int64", []string{"bytes=-99999999999999999999"}, 11, "0+11", "14.1.1: large numbers"},
	{"greatest size", []string{"bytes=9223372036854775806-9223372036854775807"}, math.MaxInt64, "9223372036854775806+1", "no overflow"},
	{"dash", []string{"bytes=-"}, 11, "ignore", "without first and last"},
	{"two dashes", []string{"bytes=--1"}, 11, "ignore", "not a number"},
	{"spaces within", []string{"bytes=0 - 4"}, 11, "ignore", "not a number"},
	{"hexadecimal", []string{"bytes=0x0-0x4"}, 11, "ignore", "not a number"},
	{"word", []string{"bytes=all"}, 11, "ignore", "other-range means nothing for bytes"},
	{"one bad spoils all", []string{"bytes=0-1,5-2"}, 11, "ignore", "the set is invalid, 14.1.1"},
	{"white space", []string{"bytes= 0-1 ,\t3-4 "}, 11, "0+2 3+2", "around members"},
	{"empty members", []string{"bytes=,0-1,,3-4,"}, 11, "0+2 3+2", "5.6.1.2"},
	{"only commas", []string{"bytes=,,"}, 11, "ignore", "no range"},
	{"all beyond", []string{"bytes=99-,-0,11-12"}, 11, "unsatisfiable", ""},
	{"overlap", []string{"bytes=0-4,3-6"}, 11, "0+7", "become one, 15.3.7.2"},
	{"adjacent", []string{"bytes=0-1,2-3"}, 11, "0+4", "become one"},
	{"gap of one", []string{"bytes=0-1,3-3"}, 11, "0+2 3+1", "stay two"},
	{"adjacent, descending", []string{"bytes=2-3,0-1"}, 11, "0+4", "become one"},
	{"descending", []string{"bytes=8-9,0-1"}, 11, "8+2 0+2", "order of the request, 15.3.7.2"},
	{"bridge", []string{"bytes=6-7,0-1,10-10,2-5"}, 11, "0+8 10+1", "one range joins two, in the place of the first"},
	{"contained", []string{"bytes=0-8,1-2"}, 11, "0+9", "11 bytes asked of 11"},
	{"together everything", []string{"bytes=0-4,5-10"}, 11, "0+11", "as bytes=0-"},
	{"more than everything", []string{"bytes=0-5,5-10"}, 11, "ignore", "12 bytes of 11"},
	{"what is beyond adds nothing", []string{"bytes=0-,99-999"}, 11, "0+11", "only what can be sent counts"},
	{"16 ranges", []string{"bytes=" + every(2, 16)}, 99, pairs(2, 16), "the most"},
	{"17 ranges", []string{"bytes=" + every(2, 17)}, 99, "ignore", "too many"},
	{"17 adjacent ranges", []string{"bytes=" + every(1, 17)}, 99, "ignore", "counted before they become one"},
	{"17 beyond", []string{"bytes=" + strings.Repeat("99-,", 17)}, 11, "ignore", "counted even if they cannot be satisfied"},
}

// every names n single bytes. gap bytes lie between them.
func every(gap, n int) string {
	specs := make([]string, n)
	for i := range specs {
		at := strconv.Itoa(i * gap)
		specs[i] = at + "-" + at
	}
	return strings.Join(specs, ",")
}

// pairs returns the parsed form of every.
func pairs(gap, n int) string {
	ranges := make([]string, n)
	for i := range ranges {
		ranges[i] = strconv.Itoa(i*gap) + "+1"
	}
	return strings.Join(ranges, " ")
}

func describe(ranges []Range, outcome Outcome) string {
	switch outcome {
	case Ignore:
		return "ignore"
	case Unsatisfiable:
		return "unsatisfiable"
	}
	var words []string
	for _, r := range ranges {
		words = append(words, strconv.FormatInt(r.Start, 10)+"+"+strconv.FormatInt(r.Length, 10))
	}
	return strings.Join(words, " ")
}

func TestParse(t *testing.T) {
	for _, row := range parseRows {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, describe(Parse(row.field, row.size)), row.reason)
		})
	}
}

func TestContentRange(t *testing.T) {
	assert.Equal(t, "bytes 0-4/11", Range{0, 5}.ContentRange(11))
	assert.Equal(t, "bytes 10-10/11", Range{10, 1}.ContentRange(11))
	assert.Equal(t, "bytes */11", Unsatisfied(11))
}

// TestParseCoversWhatWasAsked compares Parse with a bitmap. For every set of three ranges
// over four bytes, the result covers the bytes that were asked for, each once.
func TestParseCoversWhatWasAsked(t *testing.T) {
	const size = 4
	specs := []string{"-0", "-1", "-3", "-9", "4-", "9-9"}
	for first := range size {
		specs = append(specs, strconv.Itoa(first)+"-")
		for last := first; last < size+1; last++ {
			specs = append(specs, strconv.Itoa(first)+"-"+strconv.Itoa(last))
		}
	}
	bytesOf := func(set string) (bitmap [size]int, total int) {
		ranges, _ := Parse([]string{"bytes=" + set}, size)
		for _, r := range ranges {
			for i := range r.Length {
				bitmap[r.Start+i]++
				total++
			}
		}
		return bitmap, total
	}
	for _, a := range specs {
		for _, b := range specs {
			for _, c := range specs {
				set := a + "," + b + "," + c
				var want [size]int
				asked := 0
				for _, spec := range []string{a, b, c} {
					bitmap, n := bytesOf(spec)
					asked += n
					for i := range bitmap {
						want[i] = max(want[i], bitmap[i])
					}
				}
				if asked > size {
					want = [size]int{} // the field is ignored
				}
				got, _ := bytesOf(set)
				require.Equal(t, want, got, set)
			}
		}
	}
}

func TestParseLinearTime(t *testing.T) {
	for _, piece := range []string{",", " ", "9", "-", "0-0,", "99-,", "bytes="} {
		start := time.Now()
		Parse([]string{"bytes=" + strings.Repeat(piece, 1<<20/len(piece))}, 1<<20)
		assert.Less(t, time.Since(start), 10*time.Second, piece) // a quadratic parser takes minutes
	}
}

func FuzzParse(f *testing.F) {
	for _, row := range parseRows {
		f.Add(strings.Join(row.field, "\n"), row.size)
	}
	f.Fuzz(func(t *testing.T, field string, size int64) {
		ranges, outcome := Parse([]string{field}, size)
		require.Equal(t, outcome == Satisfiable, len(ranges) > 0)
		require.LessOrEqual(t, len(ranges), maxRanges)
		var total int64
		for i, r := range ranges {
			require.Positive(t, r.Length)
			require.GreaterOrEqual(t, r.Start, int64(0))
			require.LessOrEqual(t, r.Start, size-r.Length, "within the representation")
			total += r.Length
			for _, other := range ranges[:i] {
				require.True(t, r.end() < other.Start || other.end() < r.Start, "%v touches %v", r, other)
			}
		}
		require.LessOrEqual(t, total, max(size, 0))

		// A parsed field that is written again is parsed to the same ranges.
		if outcome == Satisfiable {
			specs := make([]string, len(ranges))
			for i, r := range ranges {
				specs[i] = strconv.FormatInt(r.Start, 10) + "-" + strconv.FormatInt(r.end()-1, 10)
			}
			again, _ := Parse([]string{"bytes=" + strings.Join(specs, ",")}, size)
			require.Equal(t, ranges, again)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, row := range []struct{ name, field string }{{"one", "bytes=0-4"}, {"sixteen", "bytes=" + every(2, 16)}} {
		field := []string{row.field}
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(field, 1<<20)
			}
		})
	}
}
