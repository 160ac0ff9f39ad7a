// Corner cases A to C: lists of entity-tags, their strength, star, and what is
// missing (RFC 9110, 8.8.3, 13.1.1, 13.1.2).

package walk_test

import (
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

func TestCornersOfLists(t *testing.T) { runCorners(t, listCorners) }

func TestCornersOfWeak(t *testing.T) { runCorners(t, weakCorners) }

func TestCornersOfStar(t *testing.T) { runCorners(t, starCorners) }

var strictTags = withOption(restmachine.WithStrictTags())

const unmodified = "\nIf-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT"

var listCorners = []corner{
	{"A1 the tag", "GET", `If-None-Match: "A1"`, nil, 304},
	{"A2 a list with spaces", "GET", `If-None-Match: "B", "C", "A1"`, nil, 304},
	{"A3 a list without", "GET", `If-None-Match: "B","A1"`, nil, 304},
	{"A4 empty members", "GET", `If-None-Match: , ,"B",, "A1" ,`, nil, 304},
	{"A5 tabs around commas", "GET", "If-None-Match: \"B\"\t,\t\"A1\"\t", nil, 304},
	{"A6 two lines", "GET", "If-None-Match: \"B\"\nIf-None-Match: \"A1\"", nil, 304},
	{"A6 lines whose names differ in case", "GET", "if-none-match: \"B\"\nIF-NONE-MATCH: \"A1\"", nil, 304},
	{"A7 two lines of If-Match", "PUT", "If-Match: \"B\"\nIf-Match: \"A1\"", nil, 200},
	{"A8 a comma inside a tag", "GET", `If-None-Match: "A,1"`, []func(*memoState){withTag(`"A,1"`)}, 304},
	{"A9 a tag inside garbage", "GET", `If-None-Match: "x,"A1",y"`, nil, 200},
	{"A9 in a write", "PUT", `If-Match: "x,"A1",y"`, nil, 400},
	{"A10 no comma", "GET", `If-None-Match: "B" "A1"`, nil, 200},
	{"A10 no comma, hit first", "GET", `If-None-Match: "A1" "B"`, nil, 200},
	{"A10 in a write", "PUT", `If-None-Match: "B" "C"`, nil, 400},
	{"A10 If-Match of a read", "GET", `If-Match: "A1" "B"`, nil, 412},
	{"A11 a bad member first", "GET", `If-None-Match: bad one, "A1"`, nil, 200},
	{"A12 a bad member before a star", "PUT", `If-None-Match: bad one, *`, nil, 400},
	{"A12 a bare one before a star", "PUT", `If-None-Match: bad, *`, nil, 400},
	{"A12 in If-Match", "PUT", `If-Match: bad, *`, nil, 400},
	{"A12 where PUT would create", "PUT", `If-None-Match: bad, *`, []func(*memoState){inPlace(missingCreatable)}, 400},
	{"A13 no closing quote", "GET", `If-None-Match: "A1`, nil, 200},
	{"A13 in a write", "DELETE", `If-Match: "A1`, nil, 400},
	{"A14 single quotes", "GET", `If-None-Match: 'A1'`, nil, 200},
	{"A15 no quotes", "GET", `If-None-Match:A1`, nil, 304},
	{"A15 no quotes in If-Match", "PUT", `If-Match: A1`, nil, 200},
	{"A15 no quotes, strictly", "GET", `If-None-Match: A1`, []func(*memoState){strictTags}, 200},
	{"A15 in a write, strictly", "PUT", `If-Match: A1`, []func(*memoState){strictTags}, 400},
	{"A16 a list without quotes", "GET", `If-None-Match: B, A1`, nil, 304},
	{"A16 strictly", "GET", `If-None-Match: B, A1`, []func(*memoState){strictTags}, 200},
	{"A17 a small w", "GET", `If-None-Match: w/"A1"`, nil, 200},
	{"A18 tags have case", "GET", `If-None-Match: "a1"`, nil, 200},
	{"A19 obs-text beside the tag", "GET", "If-None-Match: \"A\xfc1\", \"A1\"", nil, 304},
	{"A19 obs-text is never generated", "GET", "If-None-Match: \"A\xfc1\"", []func(*memoState){withTag("\"A\xfc1\"")}, 500},
	{"A20 a space inside", "GET", `If-None-Match: "A 1"`, nil, 200},
	{"A20 a space is never generated", "GET", `If-None-Match: "A 1"`, []func(*memoState){withTag("A 1")}, 500},
	{"A21 a backslash escapes nothing", "GET", `If-None-Match: "A\1"`, []func(*memoState){withTag(`"A\1"`)}, 304},
	{"A21 nor does it stand for less", "GET", `If-None-Match: "A\1"`, nil, 200},
	{"A22 an empty tag", "GET", `If-None-Match: ""`, []func(*memoState){withTag(`""`)}, 304},
	{"A23 an empty value", "GET", `If-None-Match:`, nil, 200},
	{"A24 an empty value, and a date", "GET", `If-None-Match:` + unmodified, nil, 200},
	{"A25 a comma, and a date", "GET", `If-None-Match: ,` + unmodified, nil, 200},
	{"A26 ten thousand tags", "GET", "If-None-Match: " + strings.Repeat(`"0123456", `, 10_000) + `"A1"`, nil, 304},
	{"A27 a suffix that we did not add", "GET", `If-None-Match: "A1-gzip"`, nil, 200},
	{"A28 a NUL", "GET", "If-None-Match: \"A1\x00\"", nil, 400},
	{"A28 a bare CR", "PUT", "If-Match: \"A1\"\r, \"B\"", nil, 400},
	{"A29 a folded line", "GET", "If-None-Match: \"B\",\n \"A1\"", nil, 304},
}

var weakCorners = []corner{
	{"B1 weak in a read", "GET", `If-None-Match: W/"A1"`, nil, 304},
	{"B2 of a weak one", "GET", `If-None-Match: "A1"`, []func(*memoState){withTag(`W/"A1"`)}, 304},
	{"B3 weak in a write", "PUT", `If-Match: W/"A1"`, nil, 412},
	{"B4 weak on both sides", "PUT", `If-Match: W/"A1"`, []func(*memoState){withTag(`W/"A1"`)}, 412},
	{"B5 of a weak one", "PUT", `If-Match: "A1"`, []func(*memoState){withTag(`W/"A1"`)}, 412},
	{"B6 If-Range compares strongly", "GET", "Range: bytes=0-4\nIf-Range: W/\"A1\"", []func(*memoState){withTag(`W/"A1"`)}, 200},
}

var (
	untagged   = withTag("")
	gone       = inPlace(missingPlain)
	couldExist = inPlace(missingCreatable)
)

var starCorners = []corner{
	{"C1 a read", "GET", `If-None-Match: *`, nil, 304},
	{"C2 a write", "PUT", `If-None-Match: *`, nil, 412},
	{"C2 at a path where it could create", "PUT", `If-None-Match: *`, []func(*memoState){inPlace(existingCreatable)}, 412},
	{"C3 a creating write", "PUT", `If-None-Match: *`, []func(*memoState){couldExist}, 201},
	{"C4 without a tag", "GET", `If-None-Match: *`, []func(*memoState){untagged}, 304},
	{"C5 quoted", "GET", `If-None-Match: "*"`, nil, 200},
	{"C5 quoted in a write", "PUT", `If-Match: "*"`, nil, 412},
	{"C6 in a list", "GET", `If-None-Match: "B", *`, nil, 200},
	{"C6 in a list of a write", "PUT", `If-None-Match: "B", *`, nil, 400},
	{"C6 in a list of If-Match", "PUT", `If-Match: "B", *`, nil, 400},
	{"C6 on a line of its own", "PUT", "If-Match: \"B\"\nIf-Match: *", nil, 400},
	{"C6 twice", "PUT", `If-Match: *, *`, nil, 400},
	{"C7 with something behind", "GET", `If-None-Match: *x`, nil, 200},
	{"C7 in a write", "PUT", `If-Match: *x`, nil, 400},
	{"C8 a tag, where there is none", "GET", `If-None-Match: "A1"`, []func(*memoState){untagged}, 200},
	{"C9 If-Match", "PUT", `If-Match: *`, nil, 200},
	{"C10 If-Match without a tag", "PUT", `If-Match: *`, []func(*memoState){untagged}, 200},
	{"C11 a tag in If-Match, where there is none", "PUT", `If-Match: "A1"`, []func(*memoState){untagged}, 412},
	{"C12 nothing there", "PUT", `If-Match: "A1"`, []func(*memoState){couldExist}, 412},
	{"C12 nothing there, star", "PUT", `If-Match: *`, []func(*memoState){couldExist}, 412},
	{"C12 nothing there, unreadable", "PUT", `If-Match: "A1`, []func(*memoState){couldExist}, 412},
	{"C12 where nothing can be", "PUT", `If-Match: *`, []func(*memoState){gone}, 404},
	{"C13 a read of nothing", "GET", `If-Match: *`, []func(*memoState){gone}, 404},
	{"C13 a read of nothing, a tag", "GET", `If-Match: "A1"`, []func(*memoState){couldExist}, 404},
	{"C14 nothing to delete", "DELETE", `If-Match: "A1"`, []func(*memoState){gone}, 404},
	{"C15 an empty list", "PUT", `If-Match: ,`, nil, 412},
	{"C15 an empty value", "PUT", `If-Match:`, nil, 412},
	{"C16 a read that does not match", "GET", `If-Match: "B"`, nil, 412},
	{"C17 a creating POST", "POST", `If-Match: "A1"`, []func(*memoState){couldExist}, 412},
}
