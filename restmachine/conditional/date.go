package conditional

// This file is about the fields If-Modified-Since and If-Unmodified-Since: one
// date, or nothing that counts (RFC 9110, 13.1.3 and 13.1.4).

import (
	"math"
	"time"
)

// A Date is the value of one If-Modified-Since or If-Unmodified-Since field: all
// its lines. The zero Date is that of a field that was not sent.
type Date struct {
	lines  []string
	second int64 // of Unix time; noSecond where a field that was sent holds no date
}

const noSecond = math.MinInt64

// ParseDateField returns the date that stands in the lines of a field, which it
// keeps. Only a single line can be valid: a recipient must ignore a field with
// more than one member.
func ParseDateField(lines []string) Date {
	second := int64(noSecond)
	if len(lines) == 1 {
		if t, ok := ParseDate(trimOWS(lines[0])); ok {
			second = t.Unix()
		}
	}
	return Date{lines, second}
}

// Present reports whether the field was sent, readable or not.
func (d Date) Present() bool { return len(d.lines) > 0 }

// Valid reports whether the field is one HTTP-date. One that is not is ignored,
// as if it had not been sent.
func (d Date) Valid() bool { return len(d.lines) > 0 && d.second != noSecond }

// Time returns the date, in UTC; the zero time if it is not valid.
func (d Date) Time() time.Time {
	if !d.Valid() {
		return time.Time{}
	}
	return time.Unix(d.second, 0).UTC()
}

// String returns the value as it was received, as [List.String] does.
func (d Date) String() string { return excerpt(d.lines) }
