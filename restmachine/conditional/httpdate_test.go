// These tests check dates: the forms that are read, the form that is written, and how
// dates compare.

package conditional

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ten is the date that the tables use, in whole seconds.
var ten = time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)

// never is the zero time, which means that there is no date.
var never time.Time

var dateTable = []struct {
	name, in string
	want     time.Time
}{
	{"IMF-fixdate", "Mon, 15 Jan 2024 10:00:00 GMT", ten},
	{"D6 RFC 850", "Monday, 15-Jan-24 10:00:00 GMT", ten},
	{"D7 asctime", "Mon Jan 15 10:00:00 2024", ten},
	{"asctime, day of one digit", "Sun Nov  6 08:49:37 1994", time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC)},
	{"asctime, day with a zero", "Sun Nov 06 08:49:37 1994", time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC)},
	{"last second of the day", "Mon, 15 Jan 2024 23:59:59 GMT", time.Date(2024, time.January, 15, 23, 59, 59, 0, time.UTC)},
	{"D13 wrong day of the week", "Tue, 15 Jan 2024 10:00:00 GMT", ten},
	{"D13 wrong day of the week, RFC 850", "Wednesday, 15-Jan-24 10:00:00 GMT", ten},
	{"D15 leap second", "Sat, 31 Dec 2016 23:59:60 GMT", time.Date(2017, time.January, 1, 0, 0, 0, 0, time.UTC)},
	{"leap day", "Thu, 29 Feb 2024 10:00:00 GMT", time.Date(2024, time.February, 29, 10, 0, 0, 0, time.UTC)},
	{"leap day of a century", "Tue, 29 Feb 2000 10:00:00 GMT", time.Date(2000, time.February, 29, 10, 0, 0, 0, time.UTC)},
	{"the Unix epoch", "Thu, 01 Jan 1970 00:00:00 GMT", time.Unix(0, 0).UTC()},
	{"last year", "Fri, 31 Dec 9999 23:59:59 GMT", time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)},

	{"empty", "", never},
	{"D9 a word", "yesterday", never},
	{"D9 ISO 8601", "2024-01-15T10:00:00Z", never},
	{"D9 a numeric zone", "Mon, 15 Jan 2024 10:00:00 +0000", never},
	{"D10 UTC", "Mon, 15 Jan 2024 10:00:00 UTC", never},
	{"D10 lower-case zone", "Mon, 15 Jan 2024 10:00:00 gmt", never},
	{"D11 another zone", "Mon, 15 Jan 2024 10:00:00 PST", never},
	{"D11 another zone, RFC 850", "Monday, 15-Jan-24 10:00:00 PST", never},
	{"D11 UTC, RFC 850", "Monday, 15-Jan-24 10:00:00 UTC", never},
	{"no zone", "Mon, 15 Jan 2024 10:00:00", never},
	{"asctime with a zone", "Mon Jan 15 10:00:00 2024 GMT", never},
	{"D14 day of one digit", "Tue, 2 Jan 2024 10:00:00 GMT", never},
	{"D14 day of one digit after a space", "Tue,  2 Jan 2024 10:00:00 GMT", never},
	{"hour of one digit", "Mon, 15 Jan 2024 9:00:00 GMT", never},
	{"D17 a parameter behind it", "Mon, 15 Jan 2024 10:00:00 GMT; length=11", never},
	{"fractions", "Mon, 15 Jan 2024 10:00:00.5 GMT", never},
	{"D16 a list", "Mon, 15 Jan 2024 10:00:00 GMT, Mon, 15 Jan 2024 10:00:00 GMT", never},
	{"white space around it", " Mon, 15 Jan 2024 10:00:00 GMT ", never},
	{"names are case-sensitive", "mon, 15 jan 2024 10:00:00 GMT", never},
	{"no name of a day", "Xxx, 15 Jan 2024 10:00:00 GMT", never},
	{"two halves of a name", "onT, 15 Jan 2024 10:00:00 GMT", never},
	{"short name of a day, RFC 850", "Mon, 15-Jan-24 10:00:00 GMT", never},
	{"four digits of the year, RFC 850", "Monday, 15-Jan-2024 10:00:00 GMT", never},
	{"letters in the year, RFC 850", "Monday, 15-Jan-x4 10:00:00 GMT", never},
	{"no comma, RFC 850", "Monday 15-Jan-24 10:00:00 GMT...", never},
	{"no name of a month", "Mon, 15 Abc 2024 10:00:00 GMT", never},
	{"day 0", "Mon, 00 Jan 2024 10:00:00 GMT", never},
	{"day 32", "Mon, 32 Jan 2024 10:00:00 GMT", never},
	{"day 31 of a short month", "Wed, 31 Apr 2024 10:00:00 GMT", never},
	{"no leap day", "Wed, 29 Feb 2023 10:00:00 GMT", never},
	{"no leap day in this century", "Mon, 29 Feb 2100 10:00:00 GMT", never},
	{"hour 24", "Mon, 15 Jan 2024 24:00:00 GMT", never},
	{"minute 60", "Mon, 15 Jan 2024 10:60:00 GMT", never},
	{"second 61", "Mon, 15 Jan 2024 10:00:61 GMT", never},
	{"a sign for a digit", "Mon, +5 Jan 2024 10:00:00 GMT", never},
	{"a sign in the year", "Mon, 15 Jan -024 10:00:00 GMT", never},
	{"no colons", "Mon, 15 Jan 2024 10.00.00 GMT", never},
	{"digits that are not US-ASCII", "Mon, 15 Jan 2024 1\u0660:00:0 GMT", never},
}

func TestParseDate(t *testing.T) {
	for _, row := range dateTable {
		t.Run(row.name, func(t *testing.T) {
			got, ok := ParseDate(row.in)
			assert.Equal(t, row.want, got)
			assert.Equal(t, row.want != never, ok)
		})
	}
}

// TestTwoDigitYear checks that the rule moves with the clock (RFC 9110, 5.6.7).
func TestTwoDigitYear(t *testing.T) {
	now := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name, in string
		now      time.Time
		year     int
	}{
		{"the past", "Sunday, 06-Nov-94 08:49:37 GMT", now, 1994},
		{"this year", "Sunday, 06-Nov-26 08:49:37 GMT", now, 2026},
		{"D12 ahead by less than 50 years", "Sunday, 06-Nov-69 08:49:37 GMT", now, 2069},
		{"D12 ahead by 50 years less a second", "Sunday, 21-Nov-76 11:59:59 GMT", now, 2076},
		{"D12 ahead by 50 years", "Sunday, 21-Nov-76 12:00:00 GMT", now, 2076},
		{"D12 ahead by 50 years and a second", "Sunday, 21-Nov-76 12:00:01 GMT", now, 1976},
		{"ahead by 51 years", "Sunday, 06-Nov-77 08:49:37 GMT", now, 1977},
		{"over the end of the century", "Sunday, 06-Nov-05 08:49:37 GMT", now.AddDate(70, 0, 0), 2105},
		{"a clock in another zone", "Friday, 31-Dec-76 23:59:59 GMT", time.Date(2027, time.January, 1, 1, 0, 0, 0, time.FixedZone("", 3600)), 2076},
		{"29 February 2100 can only be that of 2000", "Tuesday, 29-Feb-00 00:00:00 GMT", now.AddDate(30, 0, 0), 2000},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := parseRFC850(row.in, row.now)
			require.True(t, ok)
			assert.Equal(t, row.year, time.Unix(got, 0).UTC().Year())
		})
	}
}

// TestEveryDay: each day that an HTTP-date can say, and the one after its month.
func TestEveryDay(t *testing.T) {
	day := time.Date(0, time.January, 1, 0, 0, 0, 0, time.UTC)
	for ; day.Year() < 10000; day = day.AddDate(0, 0, 1) {
		y, m, d := day.Date()
		if got := int64(days(y, int(m), d)) * 24 * 60 * 60; got != day.Unix() {
			t.Fatalf("%v is %d, and not %d", day, got, day.Unix())
		}
		if d > 27 {
			got, ok := ParseDate(FormatDate(day))
			require.True(t, ok && got == day, "%v", day)
			next := day.AddDate(0, 0, 1).Month()
			_, ok = instant(y, monthNames[3*(m-1):][:3], d+1, "00:00:00")
			require.Equal(t, next == m, ok, "%v: the day after", day)
		}
	}
}

func TestFormatDate(t *testing.T) {
	cest := time.FixedZone("CEST", 2*3600)
	for _, row := range []struct {
		name string
		in   time.Time
		want string
	}{
		{"whole seconds", ten, "Mon, 15 Jan 2024 10:00:00 GMT"},
		{"D1 fractions are cut off", ten.Add(999_999_999), "Mon, 15 Jan 2024 10:00:00 GMT"},
		{"D23 another zone is converted", time.Date(2024, time.January, 15, 0, 30, 0, 0, cest), "Sun, 14 Jan 2024 22:30:00 GMT"},
		{"before 1970, fractions are cut off towards the past", time.Unix(-1, 500_000_000), "Wed, 31 Dec 1969 23:59:59 GMT"},
		{"year 33", time.Date(33, time.April, 3, 15, 0, 0, 0, time.UTC), "Sun, 03 Apr 0033 15:00:00 GMT"},
		{"year 10000", time.Date(10000, time.January, 1, 0, 0, 0, 0, time.UTC), ""},
		{"year 9999 somewhere else", time.Date(10000, time.January, 1, 1, 0, 0, 0, cest), "Fri, 31 Dec 9999 23:00:00 GMT"},
		{"before the year 0", time.Date(-1, time.January, 1, 0, 0, 0, 0, time.UTC), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, FormatDate(row.in))
			assert.Equal(t, "Date: "+row.want, string(AppendDate([]byte("Date: "), row.in)))
		})
	}
}

func TestIsZeroDate(t *testing.T) {
	assert.True(t, IsZeroDate(time.Time{}))
	assert.True(t, IsZeroDate(time.Time{}.In(time.FixedZone("", 3600))))
	assert.True(t, IsZeroDate(time.Unix(0, 0)))
	assert.True(t, IsZeroDate(time.Unix(0, 5)), "a field would say the epoch")
	assert.False(t, IsZeroDate(time.Unix(1, 0)))
	assert.False(t, IsZeroDate(time.Unix(-1, 0)))
}

func TestModifiedAfter(t *testing.T) {
	assert.False(t, ModifiedAfter(ten.Add(500*time.Millisecond), ten), "D1: a field cannot say the half second")
	assert.False(t, ModifiedAfter(ten, ten))
	assert.True(t, ModifiedAfter(ten, ten.Add(-time.Second)), "D3")
	assert.True(t, ModifiedAfter(ten, ten.Add(-time.Nanosecond)), "the second before")
	assert.False(t, ModifiedAfter(ten, ten.Add(time.Hour)), "D4")
	assert.False(t, ModifiedAfter(ten.In(time.FixedZone("", 3600)), ten), "zones are nothing to an instant")
}

func TestDateField(t *testing.T) {
	imf := FormatDate(ten)
	first := "Mon, 01 Jan 0001 00:00:00 GMT"
	for _, row := range []struct {
		name           string
		lines          []string
		present, valid bool
		want           time.Time
		text           string
	}{
		{"absent", nil, false, false, never, ""},
		{"one line", lines(imf), true, true, ten, imf},
		{"white space around it", lines(" " + imf + "\t"), true, true, ten, imf},
		{"an empty value", lines(""), true, false, never, ""},
		{"no date", lines("yesterday"), true, false, never, "yesterday"},
		{"D16 two lines, though they agree", lines(imf, imf), true, false, never, imf + ", " + imf},
		{"D16 two lines, one empty", lines(imf, ""), true, false, never, imf + ", "},
		{"the zero time is a date like any other", lines(first), true, true, never, first},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := ParseDateField(row.lines)
			assert.Equal(t, row.present, d.Present())
			assert.Equal(t, row.valid, d.Valid())
			assert.Equal(t, row.want, d.Time())
			assert.Equal(t, row.text, d.String())
		})
	}
}

// TestDateRoundTrip parses formatted dates, for every day of 400 years. After that the
// calendar repeats itself.
func TestDateRoundTrip(t *testing.T) {
	for day := range 146_097 {
		want := time.Date(1800, time.January, 1+day, day%24, day%60, day%59, 0, time.UTC)
		s := FormatDate(want)
		got, ok := ParseDate(s)
		if !ok || !got.Equal(want) || s != want.Format(http.TimeFormat) {
			t.Fatalf("%v became %q and then %v", want, s, got)
		}
	}
}

// FuzzDate accepts only the zone GMT, and compares with net/http.
func FuzzDate(f *testing.F) {
	for _, row := range dateTable {
		f.Add(row.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := ParseDate(s)
		if !ok {
			require.Zero(t, got)
			return
		}
		require.Equal(t, time.UTC, got.Location())
		require.Zero(t, got.Nanosecond())
		again, ok := ParseDate(FormatDate(got))
		if got.Year() <= 9999 { // A leap second at the end of 9999 is in year 10000.
			require.True(t, ok)
			require.Equal(t, got, again)
		}
		if len(s) == lenASCTime {
			return // the only form without a time zone
		}
		require.True(t, strings.HasSuffix(s, " GMT"))
		if len(s) == lenIMF && s[23:25] != "60" { // net/http does not know leap seconds.
			witness, err := http.ParseTime(s)
			require.NoError(t, err)
			require.True(t, got.Equal(witness), "%v, and net/http has %v", got, witness)
		}
	})
}

// FuzzFormatDate is the other direction: we write and read what net/http writes.
func FuzzFormatDate(f *testing.F) {
	f.Add(int64(0), int64(0))
	f.Add(ten.Unix(), int64(500_000_000))
	f.Add(int64(-62135596800), int64(0))
	f.Fuzz(func(t *testing.T, seconds, nanoseconds int64) {
		at := time.Unix(seconds%200_000_000_000, nanoseconds%1_000_000_000).UTC()
		if at.Year() < 0 || at.Year() > 9999 {
			require.Empty(t, FormatDate(at))
			return
		}
		require.Equal(t, at.Format(http.TimeFormat), FormatDate(at))
		got, ok := ParseDate(FormatDate(at))
		require.True(t, ok)
		require.Equal(t, at.Truncate(time.Second).Unix(), got.Unix())
	})
}
