// Fuzz tests of what the client reads of answers.

package client_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine/client"
)

var now = time.Date(1994, 11, 15, 8, 12, 31, 0, time.UTC)

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		lines []string
		date  string
		want  time.Duration // -1 is none
	}{
		{nil, "", -1},
		{[]string{"120"}, "", 2 * time.Minute},
		{[]string{"0"}, "", 0},
		{[]string{" 007\t"}, "", 7 * time.Second},
		{[]string{""}, "", -1},
		{[]string{"-1"}, "", -1},
		{[]string{"+1"}, "", -1},
		{[]string{"1.5"}, "", -1},
		{[]string{"1", "2"}, "", -1},
		{[]string{"1, 2"}, "", -1},
		{[]string{"Tue, 15 Nov 1994 08:12:41 GMT"}, "", 10 * time.Second},
		{[]string{"Tuesday, 15-Nov-94 08:12:41 GMT"}, "", 10 * time.Second},
		{[]string{"Tue Nov 15 08:12:41 1994"}, "", 10 * time.Second},
		{[]string{"Tue, 15 Nov 1994 08:12:21 GMT"}, "", 0},
		{[]string{"Tue, 15 Nov 1994 09:12:41 GMT"}, "Tue, 15 Nov 1994 09:12:31 GMT", 10 * time.Second},
		{[]string{"Tue, 15 Nov 1994 08:12:41 GMT"}, "yesterday", 10 * time.Second},
		{[]string{"Tue, 15 Nov 1994 08:12:41 CET"}, "", -1},
	}
	for _, tt := range tests {
		h := http.Header{"Retry-After": tt.lines}
		if tt.date != "" {
			h.Set("Date", tt.date)
		}
		got, ok := client.RetryAfter(h, now)
		if !ok {
			got = -1
		}
		assert.Equal(t, tt.want, got, "%q at %q", tt.lines, tt.date)
	}
}

// FuzzRetryAfter: a wait is never negative, digits never get shorter by one more digit, and what is
// neither digits nor a date is nothing.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "120", "99999999999999999999", "Tue, 15 Nov 1994 08:12:41 GMT", "9x", "-1", " 1"} {
		f.Add(seed, "Tue, 15 Nov 1994 08:12:31 GMT")
	}
	f.Fuzz(func(t *testing.T, said, date string) {
		h := http.Header{"Retry-After": {said}, "Date": {date}}
		got, ok := client.RetryAfter(h, now)
		assert.GreaterOrEqual(t, got, time.Duration(0))
		digits := strings.Trim(said, " \t")
		if digits != "" && strings.Trim(digits, "0123456789") == "" {
			assert.True(t, ok)
			longer, _ := client.RetryAfter(http.Header{"Retry-After": {digits + "0"}}, now)
			assert.GreaterOrEqual(t, longer, got)
		} else if len(digits) < 20 {
			assert.False(t, ok)
		}
	})
}

// FuzzProblem: whatever the text is, its error is one line that can be printed, and not long.
func FuzzProblem(f *testing.F) {
	for _, seed := range []string{
		`{"type":"/p","title":"T","status":422,"detail":"D","instance":"/i","errors":[{"pointer":"#/a","detail":"b"}],"x":1}`,
		`{"title":7,"errors":{"a":1}}`, `{"errors":[1,null,{}]}`, `null`, `[]`, `{`, "{\"detail\":\"a\\nb\\u001b\\u202e\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p := client.ReadProblem(text)
		var object map[string]any
		if json.Unmarshal(text, &object) != nil || object == nil {
			assert.Nil(t, p)
			return
		}
		said := p.Error()
		assert.Less(t, len(said), 25*(300+10))
		assert.Equal(t, -1, strings.IndexFunc(said, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", said)
		for _, known := range []string{"type", "title", "status", "detail", "instance"} {
			assert.NotContains(t, p.Extensions, known)
		}
	})
}
