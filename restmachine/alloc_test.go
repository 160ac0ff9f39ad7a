// What a request costs in allocations, exactly: a change that makes it dearer must say
// so here. The race detector changes the figures, so this runs without it:
//
//	go test -run TestAllocations ./restmachine

package restmachine_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// discard is a ResponseWriter that keeps nothing but the status.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

func TestAllocations(t *testing.T) {
	if harness.Race {
		t.Skip("the race detector makes sync.Pool forget")
	}
	tests := []struct {
		name, method, path string
		header             http.Header
		content            string
		status             int
		direct, plain      float64
		reason             string
	}{
		{"GET 200", "GET", "/docs/1", nil, "", 200, 2, 8, "the callback's tag, the lines; quoted tag and date are kept"},
		{"304 by tag", "GET", "/docs/1", http.Header{"If-None-Match": {`"1042"`}}, "", 304, 1, 4, "the callback's tag; the line of the request goes back"},
		{"304 by date", "GET", "/docs/1", http.Header{"If-Modified-Since": {"Mon, 15 Jan 2024 10:00:00 GMT"}}, "", 304, 2, 7, "the callback's tag, its line"},
		{"404", "GET", "/docs/2", nil, "", 404, 0, 1, "nothing"},
		{"412", "PUT", "/docs/1", http.Header{"If-Match": {`"1041"`}}, `{"Title": "x"}`, 412, 1, 4, "the callback's tag"},
		{"PUT 200", "PUT", "/docs/1", http.Header{"If-Match": {`"1042"`}}, `{"Title": "x"}`, 200, 4, 12, "the callback's tag, the body, its string, the lines"},
	}
	for _, test := range tests {
		for kind, direct := range map[string]bool{"direct": true, "plain": false} {
			app := harness.NewPriced(direct)
			r := httptest.NewRequest(test.method, test.path, nil)
			r.Header = http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}
			for name, lines := range test.header {
				r.Header[name] = lines
			}
			content := bytes.NewReader(nil)
			if test.content != "" {
				r.Body, r.ContentLength = io.NopCloser(content), int64(len(test.content))
			}
			w := &discard{header: http.Header{}}
			got := testing.AllocsPerRun(200, func() {
				content.Reset([]byte(test.content))
				clear(w.header)
				app.ServeHTTP(w, r)
			})
			assert.Equal(t, test.status, w.status, test.name)
			if test.content != "" {
				got-- // the test's own copy of the content
			}
			want := test.plain
			if direct {
				want = test.direct
			}
			assert.Equal(t, want, got, "%s, %s: %s", test.name, kind, test.reason)
		}
	}
}
