// These tests check that each invariant of a single exchange finds its faults.

package restmachinetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// recorder is a testing.TB that keeps reports. It shows which faults the checks find.
type recorder struct {
	testing.TB
	faults []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

func header(fields ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(fields); i += 2 {
		h.Add(fields[i], fields[i+1])
	}
	return h
}

// conditionalGet and guardedPut have a condition, so 304 and 412 are possible answers.
var (
	get            = restmachine.Request{Method: "GET", Path: "/x"}
	head           = restmachine.Request{Method: "HEAD", Path: "/x"}
	put            = restmachine.Request{Method: "PUT", Path: "/x"}
	post           = restmachine.Request{Method: "POST", Path: "/x"}
	patch          = restmachine.Request{Method: "PATCH", Path: "/x"}
	conditionalGet = restmachine.Request{Method: "GET", Path: "/x", Header: header("If-None-Match", `"1"`)}
	guardedPut     = restmachine.Request{Method: "PUT", Path: "/x", Header: header("If-Match", `"1"`)}
	rangeGet       = restmachine.Request{Method: "GET", Path: "/x", Header: header("Range", "bytes=0-1")}
)

// usual is a response of a table, with what errors usually have.
func usual(status int, h http.Header, body string) restmachine.Response {
	if h = h.Clone(); h == nil {
		h = http.Header{}
	}
	if status >= 400 {
		h.Set("Cache-Control", "no-store")
	}
	return restmachine.Response{StatusCode: status, Header: h, Body: []byte(body)}
}

// TestErrorsSayHowLongTheyAreStored: by either field.
func TestErrorsSayHowLongTheyAreStored(t *testing.T) {
	for _, status := range []int{400, 404, 405, 410, 412, 414, 500, 501, 503} {
		for field, want := range map[string]int{"X-A": 1, "Cache-Control": 0, "Expires": 0} {
			r := &recorder{TB: t}
			h := header(field, "max-age=1", "Allow", "POST", "Content-Type", "application/problem+json")
			restmachinetest.CheckResponse(r, conditionalGetWithMatch, restmachine.Response{StatusCode: status, Header: h})
			if assert.Len(t, r.faults, want, "%d %s", status, field) && want == 1 {
				assert.Contains(t, r.faults[0], "V17")
			}
			h.Del("Content-Type")
			r = &recorder{TB: t}
			restmachinetest.CheckResponse(r, conditionalGetWithMatch, restmachine.Response{StatusCode: status, Header: h})
			if status == 400 || status == 412 || status == 500 || status == 503 {
				want = 0 // it may be the server's own
			}
			assert.Len(t, r.faults, want, "%d %s, without content", status, field)
		}
	}
}

var conditionalGetWithMatch = restmachine.Request{Method: "GET", Path: "/x", Header: header("If-Match", `"1"`)}

func TestCheckResponseFindsEachFault(t *testing.T) {
	const past, future = "Wed, 21 Oct 2015 07:28:00 GMT", "Sat, 21 Oct 2115 07:28:00 GMT"
	tests := []struct {
		name   string // the fault
		req    restmachine.Request
		status int
		header http.Header
		body   string
		want   []string // what each report contains, in order
	}{
		{"no status at all", get, 0, nil, "", []string{"V1"}},
		{"an interim status is not final", get, 103, nil, "", []string{"V1"}},
		{"content of a 204", put, 204, nil, "x", []string{"V2"}},
		{"content of a HEAD", head, 200, header("Content-Length", "1"), "x", []string{"V2"}},
		{"Content-Length 0 on a 304", conditionalGet, 304, header("ETag", `"1"`, "Content-Length", "0"), "", []string{"V3", "Content-Length"}},
		{"Content-Type on a 304", conditionalGet, 304, header("ETag", `"1"`, "Content-Type", "text/plain"), "", []string{"V3", "Content-Type"}},
		{"both validators on a 304", conditionalGet, 304, header("ETag", `"1"`, "Last-Modified", past), "", []string{"V3", "Last-Modified"}},
		{"304 to a PUT", guardedPut, 304, nil, "", []string{"V4", "304 answers a PUT"}},
		{"304 to a plain GET", get, 304, nil, "", []string{"V4", "without If-None-Match"}},
		{"412 to a plain PUT", put, 412, nil, "", []string{"V4", "without a precondition"}},
		{"428 to a PUT with If-Match", guardedPut, 428, nil, "", []string{"V4", "nothing is missing"}},
		{"206 to a plain GET", get, 206, header("Content-Range", "bytes 0-0/1"), "x", []string{"V4", "without a GET that carries Range"}},
		{"206 that does not say which part", rangeGet, 206, nil, "x", []string{"V4", "Content-Range"}},
		{"an unquoted tag", get, 200, header("ETag", "1"), "", []string{"V7", "is not an entity-tag"}},
		{"a lower-case weakness", get, 200, header("ETag", `w/"1"`), "", []string{"V7", "is not an entity-tag"}},
		{"a space inside a tag", get, 200, header("ETag", `"1 2"`), "", []string{"V7", "is not an entity-tag"}},
		{"two tags", get, 200, header("ETag", `"1"`, "ETag", `"2"`), "", []string{"V7", "2 times"}},
		{"a very long tag", get, 200, header("ETag", `"`+strings.Repeat("x", 1<<10)+`"`), "", []string{"V7", "1026 bytes"}},
		{"a date in another form", get, 200, header("Last-Modified", "2015-10-21"), "", []string{"V9", "is not of the form"}},
		{"a date to come", get, 200, header("Last-Modified", future), "", []string{"V9", "is later than"}},
		{"401 without a challenge", get, 401, nil, "", []string{"V11", "WWW-Authenticate"}},
		{"405 without Allow", put, 405, nil, "", []string{"V11", "Allow"}},
		{"405 that allows what it refuses", put, 405, header("Allow", "GET, PUT"), "", []string{"V11", "names PUT"}},
		{"415 to POST with an empty Accept", post, 415, header("Accept", ""), "", []string{"V11", "Accept"}},
		{"415 to PATCH with an empty Accept-Patch", patch, 415, header("Accept-Patch", ""), "", []string{"V11", "Accept-Patch"}},
		{"a line break in a value", get, 200, header("X-A", "a\r\nX-B: b"), "", []string{"V13", "X-A"}},
		{"a name with a space", get, 200, http.Header{"X A": {"a"}}, "", []string{"V13", "is not a field name"}},
		{"a name that Get does not find", get, 200, http.Header{"ETag": {`"1"`}}, "", []string{"V13", "canonical"}},
		{"a wrong length", get, 200, header("Content-Length", "2"), "x", []string{"V14", "has 1 bytes"}},
		{"a length that is not a number", get, 200, header("Content-Length", "+1"), "x", []string{"V14", "not one number"}},
		{"a length of a 204", put, 204, header("Content-Length", "0"), "", []string{"V14", "204"}},
		{"a 304 to a tag that is not current", conditionalGet, 304, header("ETag", `"2"`), "", []string{"V5"}},
		{"a 304 to a tag, of what has none", conditionalGet, 304, nil, "", []string{"V5"}},
		{"markup in an error", get, 404, header("Content-Type", "application/problem+json"), `{"detail":"<SCRIPT>"}`, []string{"V15"}},
		{"a tag on a 412", guardedPut, 412, header("ETag", `"2"`), "", []string{"V16", "ETag"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{TB: t}
			restmachinetest.CheckResponse(r, tt.req, usual(tt.status, tt.header, tt.body))
			if !assert.Len(t, r.faults, 1) {
				return
			}
			for _, want := range tt.want {
				assert.Contains(t, r.faults[0], want)
			}
		})
	}
}

func TestCheckResponseLetsGoodOnesPass(t *testing.T) {
	tests := []struct {
		name   string
		req    restmachine.Request
		status int
		header http.Header
		body   string
	}{
		{"a representation", get, 200, header("ETag", `W/"1"`, "Content-Length", "1", "Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"), "x"},
		{"an empty entity-tag", get, 200, header("ETag", `""`), ""},
		{"HEAD has the GET's length", head, 200, header("Content-Length", "10"), ""},
		{"a 304", conditionalGet, 304, header("ETag", `"1"`, "Vary", "Accept"), ""},
		{"a 304, where GET goes without saying, and names are not canonical",
			restmachine.Request{Path: "/x", Header: http.Header{"if-none-match": {"*"}}}, 304, nil, ""},
		{"a 412", guardedPut, 412, nil, "stale"},
		{"a part", rangeGet, 206, header("Content-Range", "bytes 0-1/9", "Content-Length", "2"), "ab"},
		{"several parts", rangeGet, 206, header("Content-Type", "multipart/byteranges; boundary=x"), "..."},
		{"428 asks for what is missing", put, 428, nil, ""},
		{"415 by the coding", post, 415, header("Accept-Encoding", "gzip"), ""},
		{"415 by a fact", post, 415, nil, ""},
		{"201 to PUT needs no Location", put, 201, nil, ""},
		{"201 to POST without Location is about the target URI", post, 201, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{TB: t}
			restmachinetest.CheckResponse(r, tt.req, usual(tt.status, tt.header, tt.body))
			assert.Empty(t, r.faults)
		})
	}
}

func TestCheckHead(t *testing.T) {
	full := restmachine.Response{StatusCode: 200, Header: header("ETag", `"1"`, "Date", "now"), Body: []byte("x")}
	tests := []struct {
		name string
		head restmachine.Response
		want string
	}{
		{"equal but for Date", restmachine.Response{StatusCode: 200, Header: header("ETag", `"1"`, "Date", "later")}, ""},
		{"another status", restmachine.Response{StatusCode: 204, Header: header("ETag", `"1"`)}, "answered 204"},
		{"content", restmachine.Response{StatusCode: 200, Header: header("ETag", `"1"`), Body: []byte("x")}, "1 bytes of content"},
		{"a field is missing", restmachine.Response{StatusCode: 200}, "Etag"},
		{"a field too many", restmachine.Response{StatusCode: 200, Header: header("ETag", `"1"`, "Allow", "GET")}, "Allow"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{TB: t}
			restmachinetest.CheckHead(r, full, tt.head)
			expectFault(t, tt.want, r.faults)
		})
	}
}

func TestCheckNotModified(t *testing.T) {
	tagged := header("ETag", `"1"`, "Vary", "Accept", "Last-Modified", "m", "Content-Type", "a/b")
	dated := header("Last-Modified", "m")
	tests := []struct {
		name        string
		get         http.Header
		notModified restmachine.Response
		want        string
	}{
		{"what a cache needs", tagged, restmachine.Response{StatusCode: 304, Header: header("ETag", `"1"`, "Vary", "Accept")}, ""},
		{"a date stands in for a tag", dated, restmachine.Response{StatusCode: 304, Header: dated}, ""},
		{"no date and no tag", dated, restmachine.Response{StatusCode: 304}, "Last-Modified"},
		{"no Vary", tagged, restmachine.Response{StatusCode: 304, Header: header("ETag", `"1"`)}, "Vary"},
		{"another tag", tagged, restmachine.Response{StatusCode: 304, Header: header("ETag", `"2"`, "Vary", "Accept")}, "Etag"},
		{"not a 304", dated, restmachine.Response{StatusCode: 200, Header: dated}, "status is 200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{TB: t}
			restmachinetest.CheckNotModified(r, restmachine.Response{StatusCode: 200, Header: tt.get}, tt.notModified)
			expectFault(t, tt.want, r.faults)
		})
	}
}

// expectFault asserts that faults is one report that contains want. If want is empty,
// faults must be empty, too.
func expectFault(t *testing.T, want string, faults []string) {
	t.Helper()
	if want == "" {
		assert.Empty(t, faults)
		return
	}
	if assert.Len(t, faults, 1) {
		assert.Contains(t, faults[0], want)
	}
}
