// This file holds the expectations about a response. A response and its trace come in.
// Errors of the test go out, with the decisions that led to the answer.

package restmachinetest

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

const problemMedia = "application/problem+json"

// maxExcerpt is how much content a report shows, in bytes.
const maxExcerpt = 1 << 10

// A Result is a response with expectations. A method that returns the Result reports with
// t.Errorf, and the test goes on. A method that returns a value for the next request
// (ETag, LastModified, Location) stops the test with t.Fatalf if there is no value. JSON
// does the same if it cannot read the content. The first report of a Result shows the
// content of the response and every decision on the path to its status.
type Result struct {
	Response restmachine.Response // for checks without a method here

	t         testing.TB
	request   restmachine.Request
	trace     decision.Trace
	explained bool
}

// Status expects the status.
func (r *Result) Status(want int) *Result {
	r.t.Helper()
	if got := r.Response.StatusCode; got != want {
		r.report(r.t.Errorf, "status is %d %s, not %d %s", got, http.StatusText(got), want, http.StatusText(want))
	}
	return r
}

// Header expects the field to have the value. Several lines make one value, joined by
// commas (RFC 9110, 5.3).
func (r *Result) Header(name, want string) *Result {
	r.t.Helper()
	lines := r.Response.Header.Values(name)
	if got := strings.Join(lines, ", "); len(lines) == 0 {
		r.report(r.t.Errorf, "%s is missing, not %#q", name, want)
	} else if got != want {
		r.report(r.t.Errorf, "%s is %#q, not %#q", name, got, want)
	}
	return r
}

// NoHeader expects the field to be missing.
func (r *Result) NoHeader(name string) *Result {
	r.t.Helper()
	if lines := r.Response.Header.Values(name); len(lines) > 0 {
		r.report(r.t.Errorf, "%s is %#q, and should be missing", name, lines)
	}
	return r
}

// Body expects exactly this content. "" means that there is none.
func (r *Result) Body(want string) *Result {
	r.t.Helper()
	if string(r.Response.Body) != want {
		r.report(r.t.Errorf, "the content is not %#q", excerpt([]byte(want)))
	}
	return r
}

// JSON decodes the content, which must be JSON, into v. It refuses problem details,
// because most types would accept them and stay empty.
func (r *Result) JSON(v any) *Result {
	r.t.Helper()
	switch media := r.mediaType(); {
	case media == problemMedia:
		r.report(r.t.Fatalf, "the content is a problem, not a %T", v)
	case media != "application/json" && !strings.HasSuffix(media, "+json"):
		r.report(r.t.Fatalf, "Content-Type is %#q, which is not JSON", media)
	}
	if err := json.Unmarshal(r.Response.Body, v); err != nil {
		r.report(r.t.Fatalf, "the content cannot be read into a %T: %v", v, err)
	}
	return r
}

// Problem expects problem details (RFC 9457) whose detail contains fragment. Every detail
// contains "".
func (r *Result) Problem(fragment string) *Result {
	r.t.Helper()
	var problem struct{ Detail string }
	if media := r.mediaType(); media != problemMedia {
		r.report(r.t.Errorf, "Content-Type is %#q, not %s", media, problemMedia)
	} else if err := json.Unmarshal(r.Response.Body, &problem); err != nil {
		r.report(r.t.Errorf, "the problem details cannot be read: %v", err)
	} else if !strings.Contains(problem.Detail, fragment) {
		r.report(r.t.Errorf, "the problem's detail is %#q, without %#q", problem.Detail, fragment)
	}
	return r
}

// ETag returns the entity-tag of the response with its quotes, for the next IfMatch or
// IfNoneMatch.
func (r *Result) ETag() string {
	r.t.Helper()
	return r.need("ETag")
}

// LastModified returns the date when the representation was last modified, for the next
// IfModifiedSince.
func (r *Result) LastModified() time.Time {
	r.t.Helper()
	date, err := http.ParseTime(r.need("Last-Modified"))
	if err != nil {
		r.report(r.t.Fatalf, "Last-Modified: %v", err)
	}
	return date
}

// Location returns the Location of the response, for the next request.
func (r *Result) Location() string {
	r.t.Helper()
	return r.need("Location")
}

// need returns the value of a field. It stops the test if the field is missing.
func (r *Result) need(name string) string {
	r.t.Helper()
	value := r.Response.Header.Get(name)
	if value == "" {
		r.report(r.t.Fatalf, "%s is missing", name)
	}
	return value
}

// mediaType returns the media type of the content, without its parameters.
func (r *Result) mediaType() string {
	field := r.Response.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(field)
	if err != nil {
		return field
	}
	return media
}

// report passes a failed expectation to how, which is t.Errorf or t.Fatalf. The first
// report also says why the App answered so.
func (r *Result) report(how func(format string, args ...any), format string, args ...any) {
	r.t.Helper()
	text := fmt.Sprintf("%s %s: %s", r.request.Method, r.request.Path, fmt.Sprintf(format, args...))
	if !r.explained {
		r.explained = true
		text += fmt.Sprintf("\ncontent: %#q", excerpt(r.Response.Body))
		if len(r.trace.Visits) > 0 {
			asked, settled := asked(r.trace)
			text += fmt.Sprintf("\ndecisions, without %d that the App knew at start:\n%s", settled, asked.Table())
		}
	}
	how("%s", strings.TrimSuffix(text, "\n"))
}

// asked is a trace without the rows that were settled, and how many these are. The last row stays: it
// led to the status.
func asked(t decision.Trace) (decision.Trace, int) {
	last, all := len(t.Visits)-1, len(t.Visits)
	visits := make([]decision.Visit, 0, all)
	for i, v := range t.Visits {
		if !v.Folded || i == last {
			visits = append(visits, v)
		}
	}
	t.Visits = visits
	return t, all - len(visits)
}

func excerpt(content []byte) string {
	if len(content) > maxExcerpt {
		return string(content[:maxExcerpt]) + "…"
	}
	return string(content)
}
