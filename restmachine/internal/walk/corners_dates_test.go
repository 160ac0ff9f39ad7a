// Corner cases D and E: dates, and tags together with dates (RFC 9110, 5.6.7,
// 13.1.3, 13.1.4, 13.2.2).

package walk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

func TestCornersOfDates(t *testing.T) { runCorners(t, dateCorners) }

func TestCornersOfBoth(t *testing.T) { runCorners(t, bothCorners) }

var undatedMemo = withDate(time.Time{})

// inTwoDigits is a date of the RFC 850 format, years from now. Its weekday is
// seldom right, which D13 allows.
func inTwoDigits(years int) string {
	return fmt.Sprintf("Monday, 15-Jan-%02d 10:00:00 GMT", (time.Now().Year()+years)%100)
}

var dateCorners = []corner{
	{"D1 the second of the date", "GET", "If-Modified-Since: Mon, 15 Jan 2024 10:00:00 GMT", nil, 304},
	{"D2 of a write", "PUT", "If-Unmodified-Since: Mon, 15 Jan 2024 10:00:00 GMT", nil, 200},
	{"D3 the second before", "GET", "If-Modified-Since: Mon, 15 Jan 2024 09:59:59 GMT", nil, 200},
	{"D3 of a write", "PUT", "If-Unmodified-Since: Mon, 15 Jan 2024 09:59:59 GMT", nil, 412},
	{"D4 between the date and now", "GET", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT", nil, 304},
	{"D5 in the future", "GET", "If-Modified-Since: Mon, 15 Jan 2085 10:00:00 GMT", nil, 304},
	{"D6 RFC 850", "GET", "If-Modified-Since: Monday, 15-Jan-24 10:00:00 GMT", nil, 304},
	{"D7 asctime", "GET", "If-Modified-Since: Mon Jan 15 10:00:00 2024", nil, 304},
	{"D8 RFC 850 in a write", "PUT", "If-Unmodified-Since: Monday, 15-Jan-24 09:59:59 GMT", nil, 412},
	{"D8 asctime in a write", "PUT", "If-Unmodified-Since: Mon Jan 15 09:59:59 2024", nil, 412},
	{"D9 a word", "GET", "If-Modified-Since: yesterday", nil, 200},
	{"D9 ISO 8601", "GET", "If-Modified-Since: 2085-01-15T10:00:00Z", nil, 200},
	{"D9 an offset", "GET", "If-Modified-Since: Mon, 15 Jan 2085 10:00:00 +0000", nil, 200},
	{"D10 UTC", "GET", "If-Modified-Since: Mon, 15 Jan 2085 10:00:00 UTC", nil, 200},
	{"D11 another zone", "GET", "If-Modified-Since: Monday, 15-Jan-24 10:00:00 PST", nil, 200},
	{"D12 a year of two digits, past", "GET", "If-Modified-Since: " + inTwoDigits(-40), nil, 200},
	{"D12 a year of two digits, to come", "GET", "If-Modified-Since: " + inTwoDigits(45), nil, 304},
	{"D12 more than 50 years ahead is past", "GET", "If-Modified-Since: " + inTwoDigits(55), nil, 200},
	{"D13 the wrong weekday", "GET", "If-Modified-Since: Sun, 15 Jan 2024 10:00:00 GMT", nil, 304},
	{"D14 a day of one digit", "GET", "If-Modified-Since: Thu, 1 Feb 2024 10:00:00 GMT", nil, 200},
	{"D15 a leap second", "GET", "If-Modified-Since: Mon, 15 Jan 2024 10:00:60 GMT", nil, 304},
	{"D15 in a write", "PUT", "If-Unmodified-Since: Mon, 15 Jan 2024 09:58:60 GMT", nil, 412},
	{"D16 two lines", "GET", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT" + unmodified, nil, 200},
	{"D16 two lines in a write", "PUT", "If-Unmodified-Since: yesterday\nIf-Unmodified-Since: Mon, 15 Jan 2024 09:59:59 GMT", nil, 200},
	{"D16 a list", "GET", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT, Tue, 16 Jan 2024 10:00:00 GMT", nil, 200},
	{"D17 a length behind", "GET", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT; length=11", nil, 200},
	{"D18 in a PUT", "PUT", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT", nil, 200},
	{"D18 in a POST", "POST", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT", nil, 200},
	{"D18 in a DELETE", "DELETE", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT", nil, 204},
	{"D19 no date to compare", "GET", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT", []func(*memoState){undatedMemo}, 200},
	{"D20 no date to guard", "PUT", "If-Unmodified-Since: Mon, 15 Jan 2024 09:59:59 GMT", []func(*memoState){undatedMemo}, 200},
	{"D21 the epoch is no date", "GET", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT", []func(*memoState){withDate(time.Unix(0, 0))}, 200},
	{"D22 a change to come", "GET", "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT", []func(*memoState){withDate(time.Now().Add(time.Hour))}, 200},
	{"D23 a date in another zone", "GET", "If-Modified-Since: Mon, 15 Jan 2024 10:00:00 GMT", []func(*memoState){withDate(printed.In(time.FixedZone("", 9000)))}, 304},
	{"D24 a guarded read", "GET", "If-Unmodified-Since: Mon, 15 Jan 2024 09:59:59 GMT", nil, 412},
}

// What Last-Modified says, where the date is not as a field would have it.
func TestCornersOfLastModified(t *testing.T) {
	tests := []struct {
		name string
		date time.Time
		want string
	}{
		{"D1 cut to the second", printed.Add(time.Second / 2), "Mon, 15 Jan 2024 10:00:00 GMT"},
		{"D21 the zero time", time.Time{}, ""},
		{"D21 the epoch", time.Unix(0, 0), ""},
		{"D23 in another zone", printed.In(time.FixedZone("", 9000)), "Mon, 15 Jan 2024 10:00:00 GMT"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			build := func() *restmachine.App {
				app, _ := newMemo([]func(*memoState){withDate(tt.date)})
				return app
			}
			talk(t, build, func(t *testing.T, say say) {
				assert.Equal(t, tt.want, say("GET /x", "").Header.Get("Last-Modified"))
			})
		})
	}
}

const (
	changedSince   = "\nIf-Modified-Since: Mon, 15 Jan 2024 09:59:59 GMT"
	unchangedSince = "\nIf-Modified-Since: Mon, 15 Jan 2024 10:00:00 GMT"
	guardFails     = "\nIf-Unmodified-Since: Mon, 15 Jan 2024 09:59:59 GMT"
	guardHolds     = "\nIf-Unmodified-Since: Mon, 15 Jan 2024 10:00:00 GMT"
)

var tagDecides = withOption(restmachine.WithPrecedence(restmachine.RFC9110))

var bothCorners = []corner{
	{"E1 hit, modified", "GET", `If-None-Match: "A1"` + changedSince, nil, 200},
	{"E1 by RFC9110", "GET", `If-None-Match: "A1"` + changedSince, []func(*memoState){tagDecides}, 304},
	{"E2 star, modified", "GET", `If-None-Match: *` + changedSince, []func(*memoState){untagged}, 200},
	{"E2 by RFC9110", "GET", `If-None-Match: *` + changedSince, []func(*memoState){untagged, tagDecides}, 304},
	{"E3 miss, not modified", "GET", `If-None-Match: "B"` + unchangedSince, nil, 200},
	{"E3 by RFC9110", "GET", `If-None-Match: "B"` + unchangedSince, []func(*memoState){tagDecides}, 200},
	{"E4 no tag, not modified", "GET", `If-None-Match: "A1"` + unchangedSince, []func(*memoState){untagged}, 200},
	{"E4 by RFC9110", "GET", `If-None-Match: "A1"` + unchangedSince, []func(*memoState){untagged, tagDecides}, 200},
	{"E5 hit, no date sent", "GET", `If-None-Match: "A1"`, nil, 304},
	{"E5 hit, not a date", "GET", `If-None-Match: "A1"` + "\nIf-Modified-Since: yesterday", nil, 304},
	{"E5 hit, two dates", "GET", `If-None-Match: "A1"` + changedSince + changedSince, nil, 304},
	{"E5 hit, no date to compare", "GET", `If-None-Match: "A1"` + changedSince, []func(*memoState){undatedMemo}, 304},
	{"E6 miss, modified", "GET", `If-None-Match: "B"` + changedSince, nil, 200},
	{"E7 If-Match hits, guard fails", "PUT", `If-Match: "A1"` + guardFails, nil, 200},
	{"E8 If-Match star, guard fails", "PUT", `If-Match: *` + guardFails, nil, 200},
	{"E9 If-Match misses, guard holds", "PUT", `If-Match: "B"` + guardHolds, nil, 412},
	{"E10 If-Match comes first", "GET", "If-Match: \"B\"\nIf-None-Match: \"A1\"", nil, 412},
	{"E11 both hit in a read", "GET", "If-Match: \"A1\"\nIf-None-Match: \"A1\"", nil, 304},
	{"E12 both hit in a write", "PUT", "If-Match: \"A1\"\nIf-None-Match: \"A1\"", nil, 412},
	{"E13 the guard comes first", "GET", `If-None-Match: "A1"` + guardFails, nil, 412},
	{"E14 a write looks at no If-Modified-Since", "PUT", `If-None-Match: "B"` + unchangedSince, nil, 200},
}
