// What answers say in the corner cases: Last-Modified, ETag and the parts of a
// range.

package walk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

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

// G14: what a tag may be, and what becomes of one that is none.
func TestCornersOfGeneratedTags(t *testing.T) {
	tests := []struct {
		name, tag string
		want      string // the field; "" for a 500
	}{
		{"G14 without quotes", "v1", `"v1"`},
		{"G14 with quotes", `"v1"`, `"v1"`},
		{"G14 weak", `W/"v1"`, `W/"v1"`},
		{"G14 a line break", "a\r\nX-Evil: b", ""},
		{"G14 a line break in quotes", "\"a\r\nX-Evil: b\"", ""},
		{"G14 a space", "a b", ""},
		{"G14 a NUL", "a\x00b", ""},
		{"G14 a quote inside", `a"b`, ""},
		{"G14 longer than a request would carry", strings.Repeat("a", 1025), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			talk(t, memoWith(func(*restmachine.App) {}, withTag(tt.tag)), func(t *testing.T, say say) {
				resp := say("GET /x", "")
				assert.Equal(t, tt.want, resp.Header.Get("ETag"))
				assert.Equal(t, tt.want == "", resp.StatusCode == http.StatusInternalServerError, resp.StatusCode)
				assert.Empty(t, resp.Header.Values("X-Evil"))
			})
		})
	}
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
