// This file reads and writes HTTP-date, the form of dates in header fields (RFC 9110,
// 5.6.7). It reads three forms and writes one. It also compares two dates in whole
// seconds.

package conditional

import (
	"strings"
	"time"
)

const (
	dayNames   = "SunMonTueWedThuFriSat" // in the order of time.Weekday
	monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"

	lenIMF     = len("Sun, 06 Nov 1994 08:49:37 GMT")
	lenASCTime = len("Sun Nov  6 08:49:37 1994")
	lenRFC850  = len("06-Nov-94 08:49:37 GMT") // after the name of the day
)

// ParseDate reads an HTTP-date in any of the three forms that a recipient must accept.
// It reports whether s is an HTTP-date. The result is in UTC.
//
// GMT is the only time zone, and names are case-sensitive, as in the grammar. ParseDate
// accepts a wrong day of the week, because the date is clear without it. To refuse it
// would remove the guard of a write with If-Unmodified-Since. ParseDate also accepts
// second 60, which is the first second of the next minute.
//
// The obsolete form has a two-digit year. It means the latest such year that is at
// most 50 years ahead.
func ParseDate(s string) (time.Time, bool) {
	switch len(s) {
	case lenIMF:
		return parseIMF(s)
	case lenASCTime:
		return parseASCTime(s)
	}
	return parseRFC850(s, time.Now())
}

// FormatDate returns t as an HTTP-date in the preferred form, in UTC and in whole
// seconds. Fractions are cut off. It returns "" if the year does not have four digits,
// because an HTTP-date cannot express it.
func FormatDate(t time.Time) string {
	var b [lenIMF]byte
	return string(AppendDate(b[:0], t))
}

// AppendDate appends the result of [FormatDate] to b.
func AppendDate(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return b
	}
	hour, minute, second := t.Clock()
	b = append(b, dayNames[3*t.Weekday():][:3]...)
	b = append(b, ", "...)
	b = append(appendTwo(b, day), ' ')
	b = append(b, monthNames[3*(month-1):][:3]...)
	b = append(b, ' ')
	b = appendTwo(b, year/100)
	b = append(appendTwo(b, year%100), ' ')
	b = append(appendTwo(b, hour), ':')
	b = append(appendTwo(b, minute), ':')
	b = appendTwo(b, second)
	return append(b, " GMT"...)
}

// IsZeroDate reports whether t means that there is no date. This is the zero time, or
// the second at which Unix time begins. File systems and databases return the latter
// if they do not know a date.
func IsZeroDate(t time.Time) bool { return t.IsZero() || t.Unix() == 0 }

// ModifiedAfter reports whether lastModified is later than date, in whole seconds. A
// field holds whole seconds only. A client that sends a Last-Modified back must find
// it equal.
func ModifiedAfter(lastModified, date time.Time) bool {
	return lastModified.Unix() > date.Unix()
}

// parseIMF reads IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT".
func parseIMF(s string) (time.Time, bool) {
	if !isShortDayName(s[:3]) || s[3:5] != ", " || s[7] != ' ' || s[11] != ' ' || s[16] != ' ' || s[25:] != " GMT" {
		return time.Time{}, false
	}
	return instant(number(s[12:16]), s[8:11], number(s[5:7]), s[17:25])
}

// parseASCTime reads the form of C's asctime, "Sun Nov  6 08:49:37 1994".
func parseASCTime(s string) (time.Time, bool) {
	if !isShortDayName(s[:3]) || s[3] != ' ' || s[7] != ' ' || s[10] != ' ' || s[19] != ' ' {
		return time.Time{}, false
	}
	day := s[8:10]
	if day[0] == ' ' {
		day = day[1:]
	}
	return instant(number(s[20:]), s[4:7], number(day), s[11:19])
}

// parseRFC850 reads the form of RFC 850, "Sunday, 06-Nov-94 08:49:37 GMT".
func parseRFC850(s string, now time.Time) (time.Time, bool) {
	day, s, ok := strings.Cut(s, ", ")
	if !ok || !isDayName(day) || len(s) != lenRFC850 || s[2] != '-' || s[6] != '-' || s[9] != ' ' || s[18:] != " GMT" {
		return time.Time{}, false
	}
	short := number(s[7:9])
	if short < 0 {
		return time.Time{}, false
	}
	year := now.UTC().Year() + 50
	year -= (year - short) % 100
	t, ok := instant(year, s[3:6], number(s[:2]), s[10:18])
	if !ok || t.After(now.AddDate(50, 0, 0)) {
		return instant(year-100, s[3:6], number(s[:2]), s[10:18])
	}
	return t, true
}

// isDayName reports whether s is the full name of a day.
func isDayName(s string) bool {
	switch s {
	case "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday":
		return true
	}
	return false
}

// instant makes a time of the parts of a date. It refuses a date that the calendar or
// the clock does not have. A negative number means that a part is missing.
func instant(year int, monthName string, day int, clock string) (time.Time, bool) {
	month := monthOf(monthName)
	hour, minute, second := number(clock[:2]), number(clock[3:5]), number(clock[6:])
	switch {
	case year < 0, month < time.January, day < 1, day > daysIn(month, year):
	case hour < 0, hour > 23, clock[2] != ':', minute < 0, minute > 59, clock[5] != ':', second < 0, second > 60:
	default:
		return time.Date(year, month, day, hour, minute, second, 0, time.UTC), true
	}
	return time.Time{}, false
}

// daysIn returns the number of days in a month of the Gregorian calendar.
func daysIn(month time.Month, year int) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// monthOf returns the month of a three-letter name, or 0.
func monthOf(s string) time.Month {
	for i := 0; i < len(monthNames); i += 3 {
		if monthNames[i+2] == s[2] && monthNames[i+1] == s[1] && monthNames[i] == s[0] { // the last letter tells most
			return time.Month(i/3 + 1)
		}
	}
	return 0
}

// isShortDayName reports whether s is the three-letter name of a day.
func isShortDayName(s string) bool {
	switch s {
	case "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat":
		return true
	}
	return false
}

// number returns the value of a string of digits, or -1 for any other string.
func number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// appendTwo appends n with two digits.
func appendTwo(b []byte, n int) []byte {
	return append(b, byte('0'+n/10), byte('0'+n%10))
}
