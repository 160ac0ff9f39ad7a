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
	second, ok := parseDate(s)
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(second, 0).UTC(), true
}

// parseDate is ParseDate as a second of Unix time.
func parseDate(s string) (second int64, ok bool) {
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
func parseIMF(s string) (second int64, ok bool) {
	if !isShortDayName(s[:3]) || s[3:5] != ", " || s[7] != ' ' || s[11] != ' ' || s[16] != ' ' || s[25:] != " GMT" {
		return 0, false
	}
	return instant(four(s[12:16]), s[8:11], two(s[5:7]), s[17:25])
}

// parseASCTime reads the form of C's asctime, "Sun Nov  6 08:49:37 1994".
func parseASCTime(s string) (second int64, ok bool) {
	if !isShortDayName(s[:3]) || s[3] != ' ' || s[7] != ' ' || s[10] != ' ' || s[19] != ' ' {
		return 0, false
	}
	day := two(s[8:10])
	if s[8] == ' ' {
		day = two("0" + s[9:10])
	}
	return instant(four(s[20:]), s[4:7], day, s[11:19])
}

// parseRFC850 reads the form of RFC 850, "Sunday, 06-Nov-94 08:49:37 GMT".
func parseRFC850(s string, now time.Time) (second int64, ok bool) {
	day, s, ok := strings.Cut(s, ", ")
	if !ok || !isDayName(day) || len(s) != lenRFC850 || s[2] != '-' || s[6] != '-' || s[9] != ' ' || s[18:] != " GMT" {
		return 0, false
	}
	short := two(s[7:9])
	if short < 0 {
		return 0, false
	}
	year := now.UTC().Year() + 50
	year -= (year - short) % 100
	second, ok = instant(year, s[3:6], two(s[:2]), s[10:18])
	if !ok || time.Unix(second, 0).After(now.AddDate(50, 0, 0)) {
		return instant(year-100, s[3:6], two(s[:2]), s[10:18])
	}
	return second, true
}

// isDayName reports whether s is the full name of a day.
func isDayName(s string) bool {
	switch s {
	case "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday":
		return true
	}
	return false
}

// instant makes a second of Unix time of the parts of a date. It refuses a date that the
// calendar or the clock does not have. A negative number means that a part is missing.
func instant(year int, monthName string, day int, clock string) (second int64, ok bool) {
	month := monthOf(monthName)
	h, m, s := two(clock[:2]), two(clock[3:5]), two(clock[6:])
	switch {
	case year < 0, month < time.January, day < 1, day > 28 && day > daysIn(month, year):
	case h < 0, h > 23, clock[2] != ':', m < 0, m > 59, clock[5] != ':', s < 0, s > 60:
	default:
		return int64(days(year, int(month), day))*24*60*60 + int64(h*60*60+m*60+s), true
	}
	return 0, false
}

// days returns the number of days from the day on which Unix time begins. It counts years from
// March on, so that a leap day is the last one of a year, and from 400 years before the first, so
// that nothing is negative.
func days(year, month, day int) int {
	if month -= 3; month < 0 {
		month += 12
		year--
	}
	year += 400
	const before = 400*365 + 97 + 719468 // the years that were added, and those from year 0 to 1970
	return year*365 + year/4 - year/100 + year/400 + (153*month+2)/5 + day - 1 - before
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
	switch s {
	case "Jan":
		return time.January
	case "Feb":
		return time.February
	case "Mar":
		return time.March
	case "Apr":
		return time.April
	case "May":
		return time.May
	case "Jun":
		return time.June
	case "Jul":
		return time.July
	case "Aug":
		return time.August
	case "Sep":
		return time.September
	case "Oct":
		return time.October
	case "Nov":
		return time.November
	case "Dec":
		return time.December
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

// two returns the value of two digits, or -1 for any other two bytes.
func two(s string) int {
	tens, ones := s[0]-'0', s[1]-'0'
	if tens > 9 || ones > 9 {
		return -1
	}
	return 10*int(tens) + int(ones)
}

// four returns the value of four digits, or a negative number for any other four bytes.
func four(s string) int {
	high, low := two(s[:2]), two(s[2:4])
	if high < 0 || low < 0 {
		return -1
	}
	return 100*high + low
}

// appendTwo appends n with two digits.
func appendTwo(b []byte, n int) []byte {
	return append(b, byte('0'+n/10), byte('0'+n%10))
}
