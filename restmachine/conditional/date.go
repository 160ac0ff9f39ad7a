// This file reads the fields If-Modified-Since and If-Unmodified-Since. The lines of
// a field come in, one date goes out. A field without exactly one valid date does not
// count (RFC 9110, 13.1.3 and 13.1.4).

package conditional

import (
	"math"
	"time"
)

// A Date is the value of one If-Modified-Since or If-Unmodified-Since field, with all
// its lines. The zero Date means that the field was not sent.
type Date struct {
	lines  []string
	second int64 // of Unix time; noSecond if the field was sent but does not hold a date
}

const noSecond = math.MinInt64

// ParseDateField returns the date in the lines of a field. It keeps the lines. Only
// a single line can be valid: a recipient must ignore a field with more than one
// member.
func ParseDateField(lines []string) Date {
	second := int64(noSecond)
	if len(lines) == 1 {
		if read, ok := parseDate(trimOWS(lines[0])); ok {
			second = read
		}
	}
	return Date{lines, second}
}

// Present reports whether the field was sent, readable or not.
func (d Date) Present() bool { return len(d.lines) > 0 }

// Valid reports whether the field is one HTTP-date. An invalid field is ignored, as
// if it had not been sent.
func (d Date) Valid() bool { return len(d.lines) > 0 && d.second != noSecond }

// Time returns the date in UTC, or the zero time if the field is not valid.
func (d Date) Time() time.Time {
	if !d.Valid() {
		return time.Time{}
	}
	return time.Unix(d.second, 0).UTC()
}

// String returns the value as it was received, like [List.String].
func (d Date) String() string { return excerpt(d.lines) }
