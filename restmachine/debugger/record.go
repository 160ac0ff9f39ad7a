// This file makes a record of an exchange. The exchange comes in. The record goes out,
// without the secrets that redact.go finds, and short enough to be shown on a page.

package debugger

import (
	"net/http"
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
	Warnings []warning      `json:"warnings,omitempty"`
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
	Route   string        `json:"route,omitempty"`  // absent for an unknown path
	Status  int           `json:"status"`           // 0 if the connection was cut
	Last    string        `json:"last,omitempty"`   // the last row of the walk
	Why     string        `json:"why,omitempty"`    // the reason for the status, unless the status is a success
	Warned  int           `json:"warned,omitempty"` // the number of warnings
}

// A warning is a mistake of the service that the exchange showed.
type warning struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// A message is a request or a response.
type message struct {
	Header   http.Header `json:"header"`
	Content  string      `json:"content,omitempty"`  // content that is text
	Binary   []byte      `json:"base64,omitempty"`   // content that is not text
	Size     int64       `json:"size"`               // of the content, in bytes
	Redacted bool        `json:"redacted,omitempty"` // whether there was content that is not kept
	Coded    bool        `json:"coded,omitempty"`    // whether it is not kept because it has a Content-Encoding
}

// Text is cut at these lengths, in bytes. A target that is answered normally is shorter.
const (
	maxText  = 8 << 10
	maxLine  = 2 << 10
	maxLines = 100 // of a header
)

// record returns what is kept of an exchange.
func (d *Debugger) record(e *restmachine.Exchange) *record {
	s := &d.settings
	v := &veil{settings: s, patterns: d.secretPatterns()}
	r := &record{
		summary: summary{
			ID: e.ID, Started: e.Started, Took: e.Took, Method: cut(e.Request.Method, maxLine), Route: e.Route,
			Status: e.Response.StatusCode, Target: v.target(e.Request.Path, e.Route), Warned: len(e.Warnings),
		},
		Request:  v.message(e.Request.Header, e.Request.Body, e.RequestSize),
		Response: v.message(e.Response.Header, e.Response.Body, e.ResponseSize),
		Trace:    e.Trace,
	}
	if e.Err != nil {
		r.Error = v.text(e.Err.Error())
	}
	r.Trace.Visits = slices.Clone(e.Trace.Visits)
	for i := range r.Trace.Visits {
		r.Trace.Visits[i].Why = v.text(r.Trace.Visits[i].Why)
	}
	for _, w := range e.Warnings {
		r.Warnings = append(r.Warnings, warning{w.Name, v.text(w.Text)})
	}
	r.scrub(v)
	r.decided()
	return r
}

// scrub hides what any text quotes of a secret that was found in another one. Then it cuts
// what is too long: a secret that was cut in two would not be recognized.
func (r *record) scrub(v *veil) {
	r.Method = v.scrubbed(r.Method)
	r.Target = cut(v.scrubbed(r.Target), maxText)
	r.Error = cut(v.scrubbed(r.Error), maxText)
	for i := range r.Trace.Visits {
		r.Trace.Visits[i].Why = v.scrubbed(r.Trace.Visits[i].Why)
	}
	for i := range r.Warnings {
		r.Warnings[i].Text = cut(v.scrubbed(r.Warnings[i].Text), maxText)
	}
	for _, m := range []*message{&r.Request, &r.Response} {
		for _, lines := range m.Header {
			for i := range lines {
				lines[i] = cut(v.scrubbed(lines[i]), maxLine)
			}
		}
		content := v.scrubbed(m.Content)
		switch {
		case !v.settings.content:
			m.Content, m.Redacted = "", m.Size > 0
		case utf8.ValidString(content):
			m.Content = content
		default:
			m.Content, m.Binary = "", []byte(content)
		}
	}
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

// message returns a header and a content, whose secrets are noted and hidden.
func (v *veil) message(h http.Header, content []byte, size int64) message {
	m := message{Header: make(http.Header, len(h)), Size: size}
	lines := 0
	for _, name := range sortedNames(h) {
		if lines += len(h[name]); lines > maxLines {
			m.Header["…"] = []string{"more than " + strconv.Itoa(maxLines) + " field lines"}
			break
		}
		kept := make([]string, len(h[name]))
		for i, line := range h[name] {
			kept[i] = v.field(http.CanonicalHeaderKey(name), line)
		}
		m.Header[cut(name, maxLine)] = kept
	}
	if coding := h.Get("Content-Encoding"); coding != "" && coding != "identity" && !v.open {
		m.Coded = size > 0 // what is in it cannot be seen, so it cannot be hidden
		return m
	}
	m.Content = v.content(h, string(content))
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
		n += len(m.Content) + len(m.Binary)
		for name, lines := range m.Header {
			n += line + len(name)
			for _, l := range lines {
				n += line/2 + len(l)
			}
		}
	}
	for _, w := range r.Warnings {
		n += line + len(w.Name) + len(w.Text)
	}
	for _, v := range r.Trace.Visits {
		n += visit + len(v.Why) + len(v.Callback)
	}
	return n
}
