// These tests check Evaluate with a table of requests and their statuses.

package conditional

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The current representations of evaluateTable. The date has half a second, like dates from
// databases.
var (
	half     = ten.Add(500 * time.Millisecond)
	both     = Validators{ETag: `"A1"`, LastModified: half}
	tagOnly  = Validators{ETag: `"A1"`}
	dateOnly = Validators{LastModified: half}
	neither  = Validators{}
	weakTag  = Validators{ETag: `W/"A1"`, LastModified: half}
)

// Dates as clients send them, compared with the Last-Modified of the table.
const (
	before = "Mon, 15 Jan 2024 09:59:59 GMT"
	equal  = "Mon, 15 Jan 2024 10:00:00 GMT"
	after  = "Mon, 15 Jan 2024 10:00:01 GMT"
	future = "Mon, 15 Jan 2238 10:00:00 GMT"
)

// fields makes a header of names and values. A name that occurs twice makes two lines.
func fields(pairs ...string) http.Header {
	short := map[string]string{
		"IM": "If-Match", "INM": "If-None-Match", "IMS": "If-Modified-Since", "IUS": "If-Unmodified-Since",
	}
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(short[pairs[i]], pairs[i+1])
	}
	return h
}

var evaluateTable = []struct {
	name    string
	method  string
	header  http.Header
	current Validators
	combine int
	rfc9110 int // the same as combine, except for E1 and E2
}{
	{"no preconditions", "GET", fields(), both, 0, 0},

	{"A1 baseline", "GET", fields("INM", `"A1"`), both, 304, 304},
	{"A1 HEAD is as GET", "HEAD", fields("INM", `"A1"`), both, 304, 304},
	{"A1 a miss", "GET", fields("INM", `"B"`), both, 0, 0},
	{"A1 on a write", "PUT", fields("INM", `"A1"`), both, 412, 412},
	{"A1 on a method nobody knows", "FROB", fields("INM", `"A1"`), both, 412, 412},
	{"A1 methods are case-sensitive", "get", fields("INM", `"A1"`), both, 412, 412},
	{"A6 two lines", "GET", fields("INM", `"B"`, "INM", `"A1"`), both, 304, 304},
	{"A7 two lines of If-Match", "PUT", fields("IM", `"B"`, "IM", `"A1"`), both, 0, 0},
	{"A9 a decoy", "GET", fields("INM", `"x,"A1",y"`), both, 0, 0},
	{"A10 no comma, read", "GET", fields("INM", `"B" "A1"`), both, 0, 0},
	{"A10 no comma, write", "PUT", fields("INM", `"B" "A1"`), both, 400, 400},
	{"A12 unreadable before a star, write", "PUT", fields("INM", `bad one, *`), both, 400, 400},
	{"A12 unreadable If-Match, read", "GET", fields("IM", `"A1`), both, 412, 412},
	{"A12 unreadable If-Match, write", "DELETE", fields("IM", `"A1`), both, 400, 400},
	{"A12 unreadable If-Match behind a match", "PATCH", fields("IM", `"A1", "`), both, 400, 400},
	{"A15 unquoted", "GET", fields("INM", `A1`), both, 304, 304},
	{"A15 unquoted If-Match", "PUT", fields("IM", `A1`), both, 0, 0},
	{"A23 empty value", "GET", fields("INM", ``), both, 0, 0},
	{"A23 empty value, write", "PUT", fields("INM", ``), both, 0, 0},
	{"A24 empty value and a later date: the field is there", "GET", fields("INM", ``, "IMS", after), both, 0, 0},
	{"A25 only commas and a later date", "GET", fields("INM", `,`, "IMS", after), both, 0, 0},
	{"A25 unreadable and a later date", "GET", fields("INM", `"`, "IMS", after), both, 0, 0},
	{"A28 NUL on a write", "POST", fields("INM", "\x00"), both, 400, 400},

	{"B1 weak in the list", "GET", fields("INM", `W/"A1"`), both, 304, 304},
	{"B2 weak on the server", "GET", fields("INM", `"A1"`), weakTag, 304, 304},
	{"B3 weak in If-Match", "PUT", fields("IM", `W/"A1"`), both, 412, 412},
	{"B4 weak twice", "PUT", fields("IM", `W/"A1"`), weakTag, 412, 412},
	{"B5 weak on the server, If-Match", "PUT", fields("IM", `"A1"`), weakTag, 412, 412},

	{"C1 star", "GET", fields("INM", `*`), both, 304, 304},
	{"C2 star, write", "PUT", fields("INM", `*`), both, 412, 412},
	{"C4 star needs no tag", "GET", fields("INM", `*`), neither, 304, 304},
	{"C5 quoted star", "GET", fields("INM", `"*"`), both, 0, 0},
	{"C6 star in a list, read", "GET", fields("INM", `"B", *`), both, 0, 0},
	{"C6 star in a list, If-Match", "PUT", fields("IM", `"B", *`), both, 400, 400},
	{"C7 star with more", "PUT", fields("INM", `*x`), both, 400, 400},
	{"C8 no tag on the server", "GET", fields("INM", `"A1"`), dateOnly, 0, 0},
	{"C9 If-Match: *", "PUT", fields("IM", `*`), both, 0, 0},
	{"C10 If-Match: * needs no tag", "PUT", fields("IM", `*`), neither, 0, 0},
	{"C11 If-Match without a tag on the server", "PUT", fields("IM", `"A1"`), neither, 412, 412},
	{"C15 empty If-Match", "PUT", fields("IM", ``), both, 412, 412},
	{"C15 If-Match of commas", "PUT", fields("IM", `,`), both, 412, 412},
	{"C16 If-Match on GET", "GET", fields("IM", `"B"`), both, 412, 412},

	{"D1 the date sent back", "GET", fields("IMS", equal), both, 304, 304},
	{"D2 the date sent back on a write", "PUT", fields("IUS", equal), both, 0, 0},
	{"D3 one second before", "GET", fields("IMS", before), both, 0, 0},
	{"D4 after", "HEAD", fields("IMS", after), dateOnly, 304, 304},
	{"D5 in the future", "GET", fields("IMS", future), both, 304, 304},
	{"D6 RFC 850", "GET", fields("IMS", "Monday, 15-Jan-24 10:00:00 GMT"), both, 304, 304},
	{"D7 asctime", "GET", fields("IMS", "Mon Jan 15 10:00:00 2024"), both, 304, 304},
	{"D8 RFC 850 guards a write", "PUT", fields("IUS", "Monday, 15-Jan-24 09:59:59 GMT"), both, 412, 412},
	{"D8 asctime guards a write", "PUT", fields("IUS", "Mon Jan 15 09:59:59 2024"), both, 412, 412},
	{"D9 no date", "GET", fields("IMS", "yesterday"), both, 0, 0},
	{"D9 no date on a write", "PUT", fields("IUS", "yesterday"), both, 0, 0},
	{"D11 another zone", "GET", fields("IMS", "Monday, 15-Jan-24 10:00:00 PST"), both, 0, 0},
	{"D16 two lines", "GET", fields("IMS", equal, "IMS", equal), both, 0, 0},
	{"D16 two lines on a write", "PUT", fields("IUS", before, "IUS", before), both, 0, 0},
	{"D18 If-Modified-Since on PUT", "PUT", fields("IMS", after), both, 0, 0},
	{"D18 If-Modified-Since on DELETE", "DELETE", fields("IMS", after), both, 0, 0},
	{"D18 If-Modified-Since on POST", "POST", fields("IMS", before), both, 0, 0},
	{"D19 no Last-Modified", "GET", fields("IMS", after), tagOnly, 0, 0},
	{"D20 no Last-Modified on a write", "PUT", fields("IUS", before), tagOnly, 0, 0},
	{"D21 the Unix epoch is no Last-Modified", "GET", fields("IMS", after), Validators{LastModified: time.Unix(0, 0)}, 0, 0},
	{"D24 If-Unmodified-Since on GET", "GET", fields("IUS", before), both, 412, 412},

	{"E1 tag matches, date says modified", "GET", fields("INM", `"A1"`, "IMS", before), both, 0, 304},
	{"E2 star, date says modified", "GET", fields("INM", `*`, "IMS", before), both, 0, 304},
	{"E2 star without a tag, date says modified", "HEAD", fields("INM", `*`, "IMS", before), dateOnly, 0, 304},
	{"E3 tag misses, date says unmodified", "GET", fields("INM", `"B"`, "IMS", after), both, 0, 0},
	{"E4 no tag, date says unmodified", "GET", fields("INM", `"A1"`, "IMS", equal), dateOnly, 0, 0},
	{"E5 tag matches, date says unmodified", "GET", fields("INM", `"A1"`, "IMS", equal), both, 304, 304},
	{"E5 tag matches, no date on the server", "GET", fields("INM", `"A1"`, "IMS", before), tagOnly, 304, 304},
	{"E5 tag matches, no date", "GET", fields("INM", `"A1"`, "IMS", "yesterday"), both, 304, 304},
	{"E5 tag matches, two dates", "GET", fields("INM", `"A1"`, "IMS", before, "IMS", before), both, 304, 304},
	{"E6 tag misses, date says modified", "GET", fields("INM", `"B"`, "IMS", before), both, 0, 0},
	{"E7 If-Match hits, If-Unmodified-Since is ignored", "PUT", fields("IM", `"A1"`, "IUS", before), both, 0, 0},
	{"E8 If-Match: *, If-Unmodified-Since is ignored", "PUT", fields("IM", `*`, "IUS", before), both, 0, 0},
	{"E9 If-Match misses", "PUT", fields("IM", `"B"`, "IUS", after), both, 412, 412},
	{"E10 If-Match comes first", "GET", fields("IM", `"B"`, "INM", `"A1"`), both, 412, 412},
	{"E11 both lists match", "GET", fields("IM", `"A1"`, "INM", `"A1"`), both, 304, 304},
	{"E12 both lists match on a write", "PUT", fields("IM", `"A1"`, "INM", `"A1"`), both, 412, 412},
	{"E12 one list matches, the other is unreadable", "PUT", fields("IM", `"A1"`, "INM", `"`), both, 400, 400},
	{"E13 If-Unmodified-Since comes before If-None-Match", "GET", fields("IUS", before, "INM", `"A1"`), both, 412, 412},
	{"E14 tag misses on a write, the date is ignored", "PUT", fields("INM", `"B"`, "IMS", after), both, 0, 0},
	{"E14 tag matches on a write, the date is ignored", "PUT", fields("INM", `"A1"`, "IMS", before), both, 412, 412},
	{"all four agree", "GET", fields("IM", `"A1"`, "IUS", before, "INM", `"A1"`, "IMS", equal), both, 304, 304},

	{"F12 OPTIONS", "OPTIONS", fields("IM", `"B"`, "INM", `"A1"`), both, 0, 0},
	{"F12 TRACE", "TRACE", fields("IM", `"B"`), both, 0, 0},
	{"F12 CONNECT", "CONNECT", fields("IM", `"`), both, 0, 0},

	{"G5 POST to a collection that exists", "POST", fields("INM", `*`), both, 412, 412},
	{"G13 the tag of another variant", "GET", fields("INM", `"A1;text/html"`), both, 0, 0},
}

func TestEvaluate(t *testing.T) {
	for _, row := range evaluateTable {
		t.Run(row.name, func(t *testing.T) {
			p := FromHeader(row.header)
			assert.Equal(t, row.combine, Evaluate(row.method, p, row.current, true, Combine), "Combine")
			assert.Equal(t, row.rfc9110, Evaluate(row.method, p, row.current, true, RFC9110), "RFC9110")
		})
	}
}

func TestEvaluateNothing(t *testing.T) {
	for _, row := range []struct {
		name, method string
		header       http.Header
		want         int
	}{
		{"no preconditions", "PUT", fields(), 0},
		{"C3 If-None-Match: *", "PUT", fields("INM", `*`), 0},
		{"a list matches nothing", "PUT", fields("INM", `"A1"`), 0},
		{"an unreadable list", "PUT", fields("INM", `"`), 400},
		{"an unreadable list, read", "GET", fields("INM", `"`), 0},
		{"C12 If-Match", "PUT", fields("IM", `"A1"`), 412},
		{"C12 If-Match: *", "PUT", fields("IM", `*`), 412},
		{"C12 an unreadable If-Match", "PUT", fields("IM", `"`), 412},
		{"C12 an empty If-Match", "PUT", fields("IM", ``), 412},
		{"C17 If-Match on POST", "POST", fields("IM", `"A1"`), 412},
		{"both lists", "PUT", fields("IM", `*`, "INM", `*`), 412},
		{"no date to compare", "PUT", fields("IUS", before), 0},
		{"OPTIONS", "OPTIONS", fields("IM", `*`), 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, policy := range []Policy{Combine, RFC9110} {
				assert.Equal(t, row.want, Evaluate(row.method, FromHeader(row.header), Validators{}, false, policy))
				assert.Equal(t, row.want, Evaluate(row.method, FromHeader(row.header), both, false, policy),
					"validators of nothing are not looked at")
			}
		})
	}
}

func TestStrictHeader(t *testing.T) {
	for _, row := range []struct {
		name            string
		method          string
		header          http.Header
		lenient, strict int
	}{
		{"A15 unquoted, read", "GET", fields("INM", `A1`), 304, 0},
		{"A15 unquoted If-Match, read", "GET", fields("IM", `A1`), 0, 412},
		{"A15 unquoted If-Match, write", "PUT", fields("IM", `A1`), 0, 400},
		{"A15 unquoted If-None-Match, write", "PUT", fields("INM", `B`), 0, 400},
		{"quoted", "GET", fields("INM", `"A1"`), 304, 304},
		{"star", "PUT", fields("INM", `*`), 412, 412},
		{"dates are no matter of quotes", "GET", fields("IMS", equal), 304, 304},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.lenient, Evaluate(row.method, FromHeader(row.header), both, true, RFC9110))
			assert.Equal(t, row.strict, Evaluate(row.method, FromHeaderStrict(row.header), both, true, RFC9110))
		})
	}
}

func TestGuards(t *testing.T) {
	for _, row := range []struct {
		name        string
		header      http.Header
		any, guards bool
	}{
		{"nothing", fields(), false, false},
		{"If-Match", fields("IM", `"A1"`), true, true},
		{"If-Match: *", fields("IM", `*`), true, true},
		{"an empty If-Match", fields("IM", ``), true, true},
		{"an unreadable If-Match", fields("IM", `"`), true, true},
		{"If-None-Match: *", fields("INM", `*`), true, true},
		{"a list in If-None-Match guards nothing", fields("INM", `"A1"`), true, false},
		{"an empty If-None-Match", fields("INM", ``), true, false},
		{"a star in a list is none", fields("INM", `"A1", *`), true, false},
		{"If-Unmodified-Since", fields("IUS", before), true, true},
		{"If-Unmodified-Since that is not a date", fields("IUS", "yesterday"), true, false},
		{"If-Unmodified-Since twice", fields("IUS", before, "IUS", before), true, false},
		{"If-Modified-Since is for reading", fields("IMS", before), true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := FromHeader(row.header)
			assert.Equal(t, row.any, p.Any())
			assert.Equal(t, row.guards, p.Guards())
		})
	}
}

func TestPolicyString(t *testing.T) {
	assert.Equal(t, "Combine", Combine.String())
	assert.Equal(t, "RFC9110", RFC9110.String())
	assert.Equal(t, "Policy(7)", Policy(7).String())
	assert.Equal(t, Combine, Policy(0), "the zero value is the default")
}

// TestAllocations checks that the preconditions of a request do not allocate memory.
func TestAllocations(t *testing.T) {
	sink := 0
	for _, row := range evaluateTable {
		allocs := testing.AllocsPerRun(10, func() {
			sink += Evaluate(row.method, FromHeader(row.header), row.current, true, Combine)
		})
		assert.Zero(t, allocs, row.name)
	}
	buffer := make([]byte, 0, lenIMF)
	assert.Zero(t, testing.AllocsPerRun(10, func() { buffer = AppendDate(buffer[:0], ten) }))
	assert.LessOrEqual(t, testing.AllocsPerRun(10, func() { sink += len(FormatDate(ten)) }), 1.0)
	assert.NotZero(t, sink)
}

func BenchmarkEvaluate(b *testing.B) {
	for name, h := range map[string]http.Header{
		"tag":  fields("INM", `"A1"`),
		"date": fields("IMS", equal),
		"none": fields(),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Evaluate("GET", FromHeader(h), both, true, Combine)
			}
		})
	}
}
