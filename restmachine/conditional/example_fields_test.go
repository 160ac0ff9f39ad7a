// These examples show the fields one by one: entity-tags, lists of them, dates.

package conditional_test

import (
	"fmt"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

var changed = time.Date(2024, time.January, 15, 10, 0, 0, 123456000, time.UTC)

func ExampleETag() {
	tag := conditional.ETag(`"7"`)
	fmt.Println(tag.Opaque(), tag.IsWeak())
	fmt.Println(tag.Weak(), tag.Weak().IsWeak())
	// Output:
	// 7 false
	// W/"7" true
}

// Two weak tags do not match strongly, even when they are equal.
func ExampleStrongMatch() {
	fmt.Println(conditional.StrongMatch(`"7"`, `"7"`), conditional.StrongMatch(`W/"7"`, `W/"7"`))
	// Output: true false
}

func ExampleList() {
	for _, lines := range [][]string{nil, {`*`}, {`W/"7"`, `"8"`}, {`"7`}} {
		l := conditional.ParseList(lines, true)
		fmt.Println(l.Present(), l.Readable(), l.Star(), l.Weak(`"7"`), l.Strong(`"7"`))
	}
	// Output:
	// false true false false false
	// true true true false false
	// true true false true false
	// true false false false false
}

func ExampleDate() {
	d := conditional.ParseDateField([]string{"Mon, 15 Jan 2024 10:00:00 GMT"})
	fmt.Println(d.Present(), d.Valid(), d.Time())
	// Output: true true 2024-01-15 10:00:00 +0000 UTC
}

// A date that is sent twice is not valid.
func ExampleParseDateField() {
	day := "Mon, 15 Jan 2024 10:00:00 GMT"
	fmt.Println(conditional.ParseDateField([]string{day}).Valid())
	fmt.Println(conditional.ParseDateField([]string{day, day}).Valid())
	// Output:
	// true
	// false
}

func ExampleFormatDate() {
	fmt.Println(conditional.FormatDate(changed))
	// Output: Mon, 15 Jan 2024 10:00:00 GMT
}

func ExampleIsZeroDate() {
	fmt.Println(conditional.IsZeroDate(time.Time{}), conditional.IsZeroDate(time.Unix(0, 0)), conditional.IsZeroDate(changed))
	// Output: true true false
}

// Fractions of a second do not count: the client does not know them.
func ExampleModifiedAfter() {
	told, _ := conditional.ParseDate(conditional.FormatDate(changed))
	fmt.Println(conditional.ModifiedAfter(changed, told), conditional.ModifiedAfter(changed.Add(time.Second), told))
	// Output: false true
}

func ExamplePreconditions() {
	p := conditional.FromHeader(http.Header{"If-Match": {`"7"`}})
	fmt.Println(p.Any(), p.IfMatch, p.IfNoneMatch.Present())
	// Output: true "7" false
}

// Some clients leave out the quotes.
func ExampleFromHeader() {
	p := conditional.FromHeader(http.Header{"If-None-Match": {`7`}})
	fmt.Println(p.IfNoneMatch.Weak(`"7"`))
	// Output: true
}

func ExampleFromHeaderStrict() {
	p := conditional.FromHeaderStrict(http.Header{"If-None-Match": {`7`}})
	fmt.Println(p.IfNoneMatch.Weak(`"7"`))
	// Output: false
}

// A resource may have a date without a tag.
func ExampleValidators() {
	v := conditional.Validators{LastModified: changed}
	p := conditional.FromHeader(http.Header{"If-Modified-Since": {conditional.FormatDate(changed)}})
	fmt.Println(conditional.Evaluate("GET", p, v, true, conditional.Combine))
	// Output: 304
}

func ExampleList_Lines() {
	fmt.Printf("%q\n", conditional.ParseList([]string{`"1"`, `"2", W/"3"`}, false).Lines())
	// Output: ["\"1\"" "\"2\", W/\"3\""]
}

func ExampleList_IsTag() {
	for _, value := range []string{`W/"1"`, `"1", "2"`, `1`, `*`} {
		fmt.Print(conditional.ParseList([]string{value}, false).IsTag(), " ")
	}
	// Output: true false false false
}

func ExamplePreconditions_Read() {
	var p conditional.Preconditions
	p.Read(http.Header{"If-Match": {`7`}}, true)
	fmt.Println(p.IfMatch.Present(), p.IfMatch.Readable())
	// Output: true false
}
