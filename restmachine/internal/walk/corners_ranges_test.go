// Corner cases H: Range and If-Range (RFC 9110, 13.1.5, 14).

package walk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

func TestCornersOfRanges(t *testing.T) { runCorners(t, rangeCorners) }

var rangeCorners = []corner{
	{"H1 the first five", "GET", "Range: bytes=0-4", nil, 206},
	{"H1 the last three", "GET", "Range: bytes=-3", nil, 206},
	{"H1 more than there are", "GET", "Range: bytes=-999", nil, 206},
	{"H2 of a HEAD", "HEAD", "Range: bytes=0-4", nil, 200},
	{"H3 of a PUT", "PUT", "Range: bytes=0-4", nil, 200},
	{"H3 of a POST", "POST", "Range: bytes=0-4", nil, 200},
	{"H4 another unit", "GET", "Range: items=0-4", nil, 200},
	{"H5 a unit in capitals", "GET", "Range: Bytes=0-4", nil, 206},
	{"H6 the last none", "GET", "Range: bytes=-0", nil, 416},
	{"H7 behind the end", "GET", "Range: bytes=99-", nil, 416},
	{"H8 backwards", "GET", "Range: bytes=5-2", nil, 200},
	{"H8 no range at all", "GET", "Range: bytes=", nil, 200},
	{"H8 signs", "GET", "Range: bytes=+0-+4", nil, 200},
	{"H9 one of two behind the end", "GET", "Range: bytes=0-1,99-100", nil, 206},
	{"H10 two parts", "GET", "Range: bytes=0-1,3-4", nil, 206},
	{"H11 the same part twice", "GET", "Range: bytes=0-9,0-9", nil, 200},
	{"H11 more than 16 parts", "GET", "Range: bytes=" + strings.Repeat("0-0,", 16) + "1-1", nil, 200},
	{"H12 If-Range hits", "GET", "Range: bytes=0-4\nIf-Range: \"A1\"", nil, 206},
	{"H12 If-Range misses", "GET", "Range: bytes=0-4\nIf-Range: \"B\"", nil, 200},
	{"H13 a weak tag in If-Range", "GET", "Range: bytes=0-4\nIf-Range: W/\"A1\"", nil, 200},
	{"H13 of a weak one", "GET", "Range: bytes=0-4\nIf-Range: \"A1\"", []func(*memoState){withTag(`W/"A1"`)}, 200},
	{"H14 a date in If-Range", "GET", "Range: bytes=0-4\nIf-Range: Mon, 15 Jan 2024 10:00:00 GMT", nil, 206},
	{"H14 a later date", "GET", "Range: bytes=0-4\nIf-Range: Mon, 15 Jan 2024 10:00:01 GMT", nil, 200},
	{"H14 a date that is none", "GET", "Range: bytes=0-4\nIf-Range: Thu, 01 Jan 1970 00:00:00 GMT", []func(*memoState){withDate(time.Unix(0, 0))}, 200},
	{"H16 a star in If-Range", "GET", "Range: bytes=0-4\nIf-Range: *", nil, 200},
	{"H16 a list in If-Range", "GET", "Range: bytes=0-4\nIf-Range: \"B\", \"A1\"", nil, 200},
	{"H16 If-Range alone", "GET", `If-Range: "A1"`, nil, 200},
	{"H17 not modified", "GET", "Range: bytes=0-4\nIf-None-Match: \"A1\"", nil, 304},
	{"H18 precondition failed", "GET", "Range: bytes=0-4\nIf-Match: \"B\"", nil, 412},
	{"H19 If-Range misses, behind the end", "GET", "Range: bytes=99-\nIf-Range: \"B\"", nil, 200},
	{"H20 nothing there", "GET", "Range: bytes=0-4", []func(*memoState){withText("")}, 200},
}

// What a partial response says of its parts.
func TestCornersOfParts(t *testing.T) {
	tests := []struct {
		name, ranges string
		want, body   string // Content-Range and content
	}{
		{"H1 the first five", "bytes=0-4", "bytes 0-4/11", "hello"},
		{"H1 the last three", "bytes=-3", "bytes 8-10/11", "rld"},
		{"H1 more than there are", "bytes=-999", "bytes 0-10/11", "hello world"},
		{"H6 the last none", "bytes=-0", "bytes */11", ""},
		{"H7 behind the end", "bytes=99-", "bytes */11", ""},
		{"H9 one of two behind the end", "bytes=0-1,99-100", "bytes 0-1/11", "he"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			talk(t, usualMemo, func(t *testing.T, say say) {
				resp := say("GET /x", "Range: "+tt.ranges)
				assert.Equal(t, tt.want, resp.Header.Get("Content-Range"))
				if tt.body != "" {
					assert.Equal(t, tt.body, string(resp.Body))
				}
			})
		})
	}
	t.Run("H10 two parts", func(t *testing.T) {
		talk(t, usualMemo, func(t *testing.T, say say) {
			resp := say("GET /x", "Range: bytes=0-1,3-4")
			assert.Contains(t, resp.Header.Get("Content-Type"), "multipart/byteranges; boundary=")
			assert.Contains(t, string(resp.Body), "Content-Range: bytes 0-1/11\r\n")
			assert.Contains(t, string(resp.Body), "Content-Range: bytes 3-4/11\r\n")
		})
	})
}

// H15: a date within the second of the response is a weak validator (RFC 9110,
// 8.8.2.2), so that it cannot promise that the parts fit together. An exchange
// that saw the next second is made again.
func TestCornerH15(t *testing.T) {
	for name, exchange := range ways {
		t.Run(name, func(t *testing.T) {
			for {
				now := time.Now()
				app, _ := newMemo([]func(*memoState){withDate(now)})
				req, lines := parsedMessage("GET /x", "Range: bytes=0-4\nIf-Range: "+now.UTC().Format(http.TimeFormat))
				resp := exchange(t, app, req, lines)
				if time.Now().Unix() == now.Unix() {
					assert.Equal(t, 200, resp.StatusCode)
					return
				}
			}
		})
	}
}

// usualMemo is the App of the usual state.
func usualMemo() *restmachine.App {
	app, _ := newMemo(nil)
	return app
}
