// These examples use the package in a plain net/http handler, and show its policies.

package conditional_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// A plain net/http handler that answers conditional requests.
func ExampleEvaluate() {
	current := conditional.Validators{
		ETag:         `"7"`,
		LastModified: time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC),
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", string(current.ETag))
		p := conditional.FromHeader(r.Header)
		if status := conditional.Evaluate(r.Method, p, current, true, conditional.RFC9110); status != 0 {
			w.WriteHeader(status)
			return
		}
		fmt.Fprint(w, "Hello")
	})

	for _, try := range [][3]string{
		{"GET", "If-None-Match", `"6"`},
		{"GET", "If-None-Match", `W/"6", "7"`},
		{"GET", "If-Modified-Since", "Mon, 15 Jan 2024 10:00:00 GMT"},
		{"PUT", "If-Match", `"6"`},
		{"PUT", "If-Match", `"7`},
	} {
		r := httptest.NewRequest(try[0], "/", nil)
		r.Header.Set(try[1], try[2])
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(try[0], try[1]+":", try[2], "is", w.Code)
	}
	// Output:
	// GET If-None-Match: "6" is 200
	// GET If-None-Match: W/"6", "7" is 304
	// GET If-Modified-Since: Mon, 15 Jan 2024 10:00:00 GMT is 304
	// PUT If-Match: "6" is 412
	// PUT If-Match: "7 is 400
}

// The two policies differ if the tag matches and the date says modified, for example
// after a backup was restored.
func ExamplePolicy() {
	current := conditional.Validators{
		ETag:         `"7"`,
		LastModified: time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC),
	}
	p := conditional.FromHeader(http.Header{
		"If-None-Match":     {`"7"`},
		"If-Modified-Since": {"Sun, 14 Jan 2024 10:00:00 GMT"},
	})
	for _, policy := range []conditional.Policy{conditional.Combine, conditional.RFC9110} {
		fmt.Println(policy, conditional.Evaluate("GET", p, current, true, policy))
	}
	// Output:
	// Combine 0
	// RFC9110 304
}

// A server that requires a guard answers 428 to a write without one.
func ExamplePreconditions_Guards() {
	for _, h := range []http.Header{
		{},
		{"If-Match": {`"7"`}},
		{"If-None-Match": {`*`}},
		{"If-None-Match": {`"7"`}},
	} {
		fmt.Println(conditional.FromHeader(h).Guards())
	}
	// Output:
	// false
	// true
	// true
	// false
}

func ExampleQuote() {
	for _, version := range []string{"1-7", `W/"1-7"`, "a b"} {
		tag, err := conditional.Quote(version)
		fmt.Println(tag, err)
	}
	// Output:
	// "1-7" <nil>
	// W/"1-7" <nil>
	//  conditional: "a b" cannot be written as an entity-tag: it contains " "
}

func ExampleETag_WithSuffix() {
	tag := conditional.ETag(`"7"`)
	fmt.Println(tag.WithSuffix("text/html").WithSuffix("gzip"))
	// Output: "7;text/html;gzip"
}

func ExampleParseETag() {
	tag, err := conditional.ParseETag(`W/"7"`)
	fmt.Println(tag.Opaque(), tag.IsWeak(), err)
	_, err = conditional.ParseETag(`7`)
	fmt.Println(err)
	// Output:
	// 7 true <nil>
	// conditional: "7" is not an entity-tag
}

func ExampleWeakMatch() {
	fmt.Println(conditional.WeakMatch(`W/"7"`, `"7"`))
	fmt.Println(conditional.StrongMatch(`W/"7"`, `"7"`))
	// Output:
	// true
	// false
}

func ExampleParseList() {
	l := conditional.ParseList([]string{`"6", W/"7"`, `8`}, false)
	fmt.Println(l, l.Weak(`"7"`), l.Strong(`"7"`), l.Strong(`"8"`))
	// Output: "6", W/"7", 8 true false true
}

func ExampleParseDate() {
	for _, s := range []string{
		"Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
		"Sun, 06 Nov 1994 08:49:37 PST",
	} {
		t, ok := conditional.ParseDate(s)
		fmt.Println(t.Unix() == 784111777, ok)
	}
	// Output:
	// true true
	// true true
	// true true
	// false false
}

func ExampleAppendDate() {
	at := time.Date(1994, time.November, 6, 9, 49, 37, 0, time.FixedZone("CET", 3600))
	fmt.Println(string(conditional.AppendDate([]byte("Last-Modified: "), at)))
	// Output: Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
}
