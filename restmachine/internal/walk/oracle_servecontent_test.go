// A second opinion on conditional requests: http.ServeContent, which knows GET
// and HEAD of content with a tag and a date, by the policy RFC9110. Left out is
// what it decides differently on purpose or by mistake: lists that cannot be
// read or come in several lines, and a HEAD with Range (RFC 9110, 14.2).

package walk_test

import (
	"bytes"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A served is content that both an App and http.ServeContent can answer with.
type served struct {
	app     *restmachine.App
	tag     string
	date    time.Time
	content []byte
}

func newServed(t *testing.T) *served {
	t.Helper()
	s := &served{app: restmachine.New(restmachine.WithPrecedence(restmachine.RFC9110)), content: []byte("hello world")}
	hello := s.app.Get("/hello", func() []byte { return s.content })
	hello.GenerateETag(func() string { return s.tag })
	hello.LastModified(func() time.Time { return s.date })
	require.NoError(t, s.app.Start(t.Context()))
	return s
}

// compare sends one request to both and compares what they answer.
func (s *served) compare(t *testing.T, method string, header http.Header) {
	t.Helper()
	req := restmachine.Request{Method: method, Path: "/hello", Header: header}
	got := s.app.Execute(req)
	restmachinetest.CheckResponse(t, req, got)

	want := httptest.NewRecorder()
	want.Header().Set("Content-Type", "application/octet-stream")
	if s.tag != "" {
		want.Header().Set("ETag", s.tag)
	}
	http.ServeContent(want, &http.Request{Method: method, Header: header}, "", s.date, bytes.NewReader(s.content))

	if got.StatusCode != want.Code {
		t.Fatalf("%s with the tag %s: %d, http.ServeContent %d: %v", method, s.tag, got.StatusCode, want.Code, header)
	}
	if want.Code >= 400 {
		return // http.ServeContent sends a text of its own, and validators that describe nothing
	}
	for _, field := range []string{"Etag", "Last-Modified", "Content-Length", "Content-Range", "Content-Type"} {
		if g, w := got.Header.Get(field), want.Header().Get(field); g != w {
			t.Fatalf("%s with the tag %s: %d with %s %q, http.ServeContent %q: %v", method, s.tag, got.StatusCode, field, g, w, header)
		}
	}
	if !bytes.Equal(got.Body, want.Body.Bytes()) {
		t.Fatalf("%s with the tag %s: content %q, http.ServeContent %q: %v", method, s.tag, got.Body, want.Body, header)
	}
}

func TestLikeServeContent(t *testing.T) {
	s, all := newServed(t), harness.Figure(t, "situations")
	dates := [...]time.Time{{}, printed, printed.Add(time.Second / 2)}
	ifRanges := []string{"", `"A1"`, `W/"A1"`, `"B"`, printed.Format(http.TimeFormat), printed.Add(time.Second).Format(http.TimeFormat)}
	for tag := noTag; tag <= weakTag; tag++ {
		for date := noDate; date <= subSecond; date++ {
			s.tag, s.date = [...]string{"", `"A1"`, `W/"A1"`}[tag], dates[date]
			for row := range situations(situation{tag: tag, date: date}) {
				if row.place != existing || !row.read() || row.ifMatch == unreadableList || row.ifNoneMatch == unreadableList {
					continue
				}
				header := row.request().Header
				s.compare(t, row.method, header)
				all.Add(1)
				if row.method == "HEAD" {
					continue
				}
				header.Set("Range", "bytes=2-4")
				header.Set("If-Range", ifRanges[rowNumber(row)%len(ifRanges)])
				if header.Get("If-Range") == "" {
					header.Del("If-Range")
				}
				s.compare(t, row.method, header)
				all.Add(1)
			}
		}
	}
}

// rowNumber spreads what is not worth a dimension over the situations.
func rowNumber(s situation) int {
	return int(s.ifMatch) + 2*int(s.ifUnmodifiedSince) + 3*int(s.ifNoneMatch) + 4*int(s.ifModifiedSince)
}

// Lists of tags that look alike, in one line and well formed, mean the same to
// both.
func TestListsLikeServeContent(t *testing.T) {
	s := newServed(t)
	random := rand.New(rand.NewPCG(9110, 13))
	pick := func(of []string) string { return of[random.IntN(len(of))] }
	tags := []string{`"A1"`, `W/"A1"`, `"a1"`, `"A"`, `"A,1"`, `"A1,"`, `""`, `W/""`, `"W/A1"`, `"A\1"`, "\"A\xfc1\""}
	list := func() string {
		members := make([]string, 1+random.IntN(4))
		for i := range members {
			members[i] = pick(tags)
		}
		return strings.Join(members, pick([]string{",", ", ", " ,", "\t,\t", ",,", ", ,"}))
	}
	for range 5000 {
		s.tag = pick(tags[:len(tags)-1]) // obs-text is read, never written
		header := http.Header{}
		if random.IntN(2) == 0 {
			header.Set("If-None-Match", list())
		}
		if random.IntN(2) == 0 {
			header.Set("If-Match", list())
		}
		s.compare(t, pick([]string{"GET", "HEAD"}), header)
	}
}
