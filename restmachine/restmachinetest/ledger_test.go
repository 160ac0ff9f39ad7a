// These tests check that a Ledger finds exchanges that contradict each other.

package restmachinetest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A shown is an exchange that a ledger is shown. Its path is /x unless the method names
// another path: "GET /y".
type shown struct {
	method string
	asks   []string // fields, names and values in turn
	status int
	has    []string
	body   string
}

func (s shown) to(t testing.TB, l *restmachinetest.Ledger) {
	method, path, found := strings.Cut(s.method, " ")
	if !found {
		path = "/x"
	}
	l.Check(t, restmachine.Request{Method: method, Path: path, Header: header(s.asks...)},
		restmachine.Response{StatusCode: s.status, Header: header(s.has...), Body: []byte(s.body)})
}

// checkLedger asserts what a ledger reports about exchanges. If there are two exchanges,
// it checks both orders.
func checkLedger(t *testing.T, want string, exchanges ...shown) {
	t.Helper()
	expectFault(t, want, ledgerFaults(t, exchanges...))
	if len(exchanges) == 2 {
		first, _, _ := strings.Cut(want, ":")
		expectFault(t, first, ledgerFaults(t, exchanges[1], exchanges[0]))
	}
}

func ledgerFaults(t *testing.T, exchanges ...shown) []string {
	var l restmachinetest.Ledger
	return reports(t, func(t testing.TB) {
		for _, e := range exchanges {
			e.to(t, &l)
		}
	})
}

const parted = "--b\r\nContent-Range: bytes 0-0/4\r\n\r\na\r\n--b\r\nContent-Range: bytes 2-3/4\r\n\r\n%s\r\n--b--\r\n"

func TestLedgerOfContent(t *testing.T) {
	tag := []string{"ETag", `"1"`}
	get := shown{"GET", nil, 200, tag, "abcd"}
	part := func(contentRange, body string) shown {
		return shown{"GET", nil, 206, append([]string{"Content-Range", contentRange}, tag...), body}
	}
	parts := func(last string) shown {
		return shown{"GET", nil, 206, append([]string{"Content-Type", "multipart/byteranges; boundary=b"}, tag...), fmt.Sprintf(parted, last)}
	}
	itself := append([]string{"Content-Location", "/x"}, tag...)
	weak := []string{"ETag", `W/"1"`}
	const v8 = "breaks V8 one strong entity-tag has one content (RFC 9110, 8.8.1)"
	tests := []struct {
		name string
		with shown
		want string
	}{
		{"other content", shown{"GET", nil, 200, tag, "abcX"}, v8 + ": ETag: \"1\" is the tag of `abcX` (0-3 of 4), and was the tag of `abcd` (0-3 of 4)"},
		{"less content", shown{"GET", nil, 200, tag, "abc"}, v8},
		{"no content", shown{"GET", nil, 200, tag, ""}, v8},
		{"another coding", shown{"GET", nil, 200, append([]string{"Content-Encoding", "gzip"}, tag...), "\x1f\x8b"}, v8},
		{"what a PUT sent as the representation", shown{"PUT", nil, 200, itself, "new"}, v8},
		{"another range", part("bytes 1-2/4", "bX"), v8},
		{"a range of something longer", part("bytes 1-2/5", "bc"), v8},
		{"a range of something of another length", part("bytes 0-0/1", "a"), v8},
		{"another one of several ranges", parts("cX"), v8},
		{"the length that a HEAD has", shown{"HEAD", nil, 200, append([]string{"Content-Length", "5"}, tag...), ""}, v8},

		{"the same content", get, ""},
		{"another tag", shown{"GET", nil, 200, []string{"ETag", `"2"`}, "abcX"}, ""},
		{"another resource", shown{"GET /y", nil, 200, tag, "abcX"}, ""},
		{"another query is another resource", shown{"GET /x?y", nil, 200, tag, "abcX"}, ""},
		{"a weak tag", shown{"GET", nil, 200, weak, "abcX"}, ""},
		{"no tag", shown{"GET", nil, 200, nil, "abcX"}, ""},
		{"a range", part("bytes 1-2/4", "bc"), ""},
		{"a range of who knows how much", part("bytes 1-2/*", "bc"), ""},
		{"several ranges", parts("cd"), ""},
		{"a range that cannot be read", part("lines 1-2/4", "XX"), ""},
		{"the length of a HEAD", shown{"HEAD", nil, 200, append([]string{"Content-Length", "4"}, tag...), ""}, ""},
		{"a HEAD without length", shown{"HEAD", nil, 200, tag, ""}, ""},
		{"a 304 has no content", shown{"GET", nil, 304, tag, ""}, ""},
		{"what a PUT says of what it did", shown{"PUT", nil, 200, tag, "done"}, ""},
		{"what a PUT sent of something else", shown{"PUT", nil, 200, append([]string{"Content-Location", "/log"}, tag...), "done"}, ""},
		{"what a POST made", shown{"POST", nil, 201, append([]string{"Location", "/y"}, tag...), "y"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkLedger(t, tt.want, get, tt.with) })
	}
	t.Run("two ranges", func(t *testing.T) { checkLedger(t, v8, part("bytes 0-1/4", "ab"), part("bytes 1-2/4", "Xc")) })
	t.Run("two ranges apart", func(t *testing.T) { checkLedger(t, "", part("bytes 0-1/4", "ab"), part("bytes 2-3/4", "cd")) })
	t.Run("a write in between", func(t *testing.T) {
		checkLedger(t, v8, get, shown{"PUT", nil, 204, nil, ""}, shown{"GET", nil, 200, tag, "abcX"})
	})
}

func TestLedgerOfNegotiation(t *testing.T) {
	asks := func(fields ...string) []string { return fields }
	has := func(vary, media string, more ...string) []string {
		return append([]string{"Vary", vary, "Content-Type", media}, more...)
	}
	html := shown{"GET", asks("Accept", "text/html"), 200, has("Accept", "text/html"), "<p>"}
	json := func(vary string) shown {
		return shown{"GET", asks("Accept", "application/json"), 200, has(vary, "application/json"), "{}"}
	}
	german := func(vary string, more ...string) shown {
		return shown{"GET", asks(append([]string{"Accept", "text/html", "Accept-Language", "de"}, more...)...), 200,
			has(vary, "text/html", "Content-Language", "de"), "<p>"}
	}
	const v12 = "breaks V12 Vary names what was negotiated (RFC 9110, 12.5.5)"
	tests := []struct {
		name string
		with shown
		want string
	}{
		{"another type, and no Vary", json(""), v12 + `: Vary: ["application/json" "" ""] and ["text/html" "" ""] were chosen by Accept, but Vary is "" and "Accept"`},
		{"another type, and Vary names something else", json("Cookie"), v12},
		{"another language, and one Vary does not say so", german("Accept, Accept-Language"), v12},
		{"another coding, and no Vary", shown{"GET", asks("Accept", "text/html", "Accept-Encoding", "gzip"), 200, has("Accept", "text/html", "Content-Encoding", "gzip"), ""}, v12},
		{"a HEAD", shown{"HEAD", asks("Accept", "application/json"), 200, has("", "application/json"), ""}, v12},
		{"a 304 without Vary", shown{"GET", asks("Accept", "text/html", "If-None-Match", `"1"`), 304, nil, ""}, v12},
		{"a 304 with another Vary", shown{"GET", asks("Accept", "text/html", "If-None-Match", `"1"`), 304, has("Accept, Cookie", ""), ""}, v12},
		{"a 406 without Vary", shown{"GET", asks("Accept", "image/png"), 406, nil, ""}, v12},
		{"a 406 with another Vary", shown{"GET", asks("Accept", "image/png"), 406, has("Accept-Language", ""), ""}, v12},

		{"Vary names it", json("Accept"), ""},
		{"Vary names it among others, in small letters", json("cookie,accept"), ""},
		{"Vary names all", json("*"), ""},
		{"another field may have chosen", shown{"GET", asks("Accept", "application/json", "Authorization", "me"), 200, has("", "application/json"), ""}, ""},
		{"the same type for another request", shown{"GET", asks("Accept", "*/*"), 200, has("Accept", "text/html"), "<p>"}, ""},
		{"another type for the same request is another state", shown{"GET", asks("Accept", "text/html"), 200, has("Accept", "text/plain"), ""}, ""},
		{"another resource", shown{"GET /y", asks("Accept", "application/json"), 200, has("", "application/json"), ""}, ""},
		{"another method", shown{"POST", asks("Accept", "application/json"), 200, has("", "application/json"), ""}, ""},
		{"a range", shown{"GET", asks("Accept", "text/html", "Accept-Language", "de", "Range", "bytes=0-"), 206, has("", "multipart/byteranges"), ""}, ""},
		{"a 304 with its Vary", shown{"GET", asks("Accept", "text/html", "If-None-Match", `"1"`), 304, has("accept", ""), ""}, ""},
		{"a 406 with its Vary, and that of its own content", shown{"GET", asks("Accept", "image/png"), 406, has("Accept, Accept-Language", ""), ""}, ""},
		{"an error is not a representation", shown{"GET", asks("Accept", "application/json"), 404, has("", "application/problem+json"), ""}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkLedger(t, tt.want, html, tt.with) })
	}
	t.Run("one of two fields is enough", func(t *testing.T) {
		plain := shown{"GET", asks("Accept", "text/plain"), 200, has("Accept", "text/plain"), ""}
		checkLedger(t, "", plain, german("Accept"))
	})
	t.Run("a write in between", func(t *testing.T) {
		checkLedger(t, "", html, shown{"PUT /y", nil, 204, nil, ""}, json(""))
		checkLedger(t, v12, html, shown{"PUT /y", nil, 412, nil, ""}, json(""))
	})
}

// The memory of a ledger is bounded, and the last exchanges count.
func TestLedgerForgets(t *testing.T) {
	var l restmachinetest.Ledger
	tagged := func(n int, body string) shown {
		return shown{"GET", nil, 200, []string{"ETag", fmt.Sprintf(`"%d"`, n)}, body}
	}
	faults := reports(t, func(t testing.TB) {
		for n := range 2000 {
			shown{fmt.Sprint("GET /", n), nil, 200, []string{"ETag", `"1"`}, "first"}.to(t, &l)
		}
		for n := range 1000 {
			tagged(n, "first").to(t, &l)
		}
		tagged(0, "second").to(t, &l)
		tagged(999, "second").to(t, &l)
	})
	expectFault(t, `"999" is the tag of`, faults)
}

func TestLedgerIsForMany(t *testing.T) {
	var l restmachinetest.Ledger
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 100 {
				shown{"GET", []string{"Accept", fmt.Sprint("a/", i)}, 200, []string{"ETag", `"1"`, "Vary", "Accept"}, "x"}.to(t, &l)
			}
		})
	}
	all.Wait()
}

// Each client has a ledger, and clients that are derived from it share the ledger.
func TestClientKeepsALedger(t *testing.T) {
	said := "Hello"
	app := restmachine.New(quiet)
	app.Get("/counted", func() *restmachine.Reply[any] {
		said += "!"
		return &restmachine.Reply[any]{Header: header("ETag", `"1"`), Entity: said}
	})
	client := restmachinetest.NewClient(app)
	faults := reports(t, func(t testing.TB) {
		client.Get("/counted").Expect(t)
		client.Header("X", "y").Get("/counted").Expect(t)
	})
	expectFault(t, "GET /counted: the response breaks V8", faults)
	assert.Empty(t, reports(t, func(t testing.TB) { restmachinetest.NewClient(app).Get("/counted").Expect(t) }), "a client of its own")
}
