// This file makes a record of an exchange. The exchange comes in. The record goes out,
// without secrets, and short enough to be shown on a page.

package debugger

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// A record is an exchange as it is kept and shown.
type record struct {
	summary
	Request  message        `json:"request"`
	Response message        `json:"response"`
	Error    string         `json:"error,omitempty"`
	Trace    decision.Trace `json:"trace"`

	number uint64 // counts exchanges in the order in which they end; the ID counts them as they begin
}

// A summary is the line of a record in the list.
type summary struct {
	ID      uint64        `json:"id"`
	Started time.Time     `json:"started"`
	Took    time.Duration `json:"nanoseconds"`
	Method  string        `json:"method"`
	Target  string        `json:"target"`
	Route   string        `json:"route,omitempty"` // absent for an unknown path
	Status  int           `json:"status"`          // 0 if the connection was cut
	Last    string        `json:"last,omitempty"`  // the last row of the walk
	Why     string        `json:"why,omitempty"`   // the reason for the status, unless the status is a success
}

// A message is a request or a response.
type message struct {
	Header   http.Header `json:"header"`
	Content  string      `json:"content,omitempty"`
	Size     int64       `json:"size"`               // of the content, in bytes
	Redacted bool        `json:"redacted,omitempty"` // whether there was content that is not kept
}

// Text is cut at these lengths, in bytes. A target that is answered normally is shorter.
const (
	maxText  = 8 << 10
	maxLine  = 2 << 10
	maxLines = 100 // of a header
)

const redacted = "[redacted]"

// record returns what is kept of an exchange.
func (s *settings) record(e *restmachine.Exchange) *record {
	r := &record{
		summary: summary{
			ID: e.ID, Started: e.Started, Took: e.Took, Method: cut(e.Request.Method, maxLine),
			Target: cut(s.target(e.Request.Path), maxText), Route: e.Route, Status: e.Response.StatusCode,
		},
		Request:  s.message(e.Request.Header, e.Request.Body, e.RequestSize),
		Response: s.message(e.Response.Header, e.Response.Body, e.ResponseSize),
		Trace:    e.Trace,
	}
	if e.Err != nil {
		r.Error = cut(e.Err.Error(), maxText)
	}
	r.decided()
	return r
}

// decided sets the last row. If the status is not a success, it also sets the reason. It
// skips reasons that say that a field is absent, because such a field does not decide
// anything.
func (r *record) decided() {
	visits := r.Trace.Visits
	if len(visits) > 0 {
		r.Last = visits[len(visits)-1].ID.String()
	}
	if r.Status/100 == 2 {
		return
	}
	if r.Route == "" && r.Status == http.StatusNotFound {
		r.Why = "no route has this path"
		return
	}
	for _, v := range slices.Backward(visits) {
		if !v.Folded && v.Why != "" && !strings.HasPrefix(v.Why, "no If-") && !strings.HasPrefix(v.Why, "no Accept") {
			r.Why = cut(v.Why, maxLine)
			return
		}
	}
}

// target returns what is kept of a request target.
func (s *settings) target(target string) string {
	path, query, found := strings.Cut(target, "?")
	if !found || s.open {
		return target
	}
	params := strings.Split(query, "&")
	for i, param := range params {
		name, _, _ := strings.Cut(param, "=")
		if plain, err := url.QueryUnescape(name); err == nil && s.secret[http.CanonicalHeaderKey(plain)] {
			params[i] = name + "=" + redacted
		}
	}
	return path + "?" + strings.Join(params, "&")
}

// message returns what is kept of a header and a content.
func (s *settings) message(h http.Header, content []byte, size int64) message {
	m := message{Header: make(http.Header, len(h)), Size: size}
	lines := 0
	for _, name := range sortedNames(h) {
		if lines += len(h[name]); lines > maxLines {
			m.Header["…"] = []string{"more than " + strconv.Itoa(maxLines) + " field lines"}
			break
		}
		kept := make([]string, len(h[name]))
		for i, line := range h[name] {
			if kept[i] = cut(line, maxLine); !s.open && s.secret[http.CanonicalHeaderKey(name)] {
				kept[i] = redacted
			} else if name == "Location" || name == "Content-Location" || name == "Referer" {
				kept[i] = cut(s.target(line), maxLine)
			}
		}
		m.Header[cut(name, maxLine)] = kept
	}
	switch {
	case !s.content:
		m.Redacted = size > 0
	case utf8.Valid(content):
		m.Content = string(content)
	default:
		m.Content = strings.ToValidUTF8(string(content), "\uFFFD")
	}
	return m
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// cut returns text, cut to n bytes. The result is a copy, because a slice would keep the
// whole text in memory.
func cut(text string, n int) string {
	if len(text) <= n {
		return strings.Clone(text)
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}

// bytes estimates how much memory the record takes.
func (r *record) bytes() int {
	const fixed, line, visit = 512, 48, 112
	n := fixed + len(r.Target) + len(r.Error) + len(r.Why)
	for _, m := range []message{r.Request, r.Response} {
		n += len(m.Content)
		for name, lines := range m.Header {
			n += line + len(name)
			for _, l := range lines {
				n += line/2 + len(l)
			}
		}
	}
	for _, v := range r.Trace.Visits {
		n += visit + len(v.Why) + len(v.Callback)
	}
	return n
}
