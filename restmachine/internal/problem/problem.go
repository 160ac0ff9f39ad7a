// Package problem is problem details (RFC 9457): a status, words for the client,
// and their two renderings, JSON and text. It knows neither requests nor graphs.
// The public type Problem has the same fields, so that either converts to the
// other.
package problem

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
)

// Details are problem details: the public Problem, seen from inside.
type Details struct {
	Type     string
	Title    string
	Status   int
	Detail   string
	Instance string

	Header     http.Header
	Extensions map[string]any
}

// Media are the media types that an error is offered as, the default first. A
// client that accepts JSON accepts problem details.
var Media = []string{JSON, "application/json", Text}

// What an error is sent as.
const (
	JSON = "application/problem+json"
	Text = "text/plain; charset=utf-8"
)

// FinalStatus is the status, or 500 where that is not one that ends a request as a
// redirect or an error.
func (d *Details) FinalStatus() int {
	if d.Status < 300 || d.Status > 599 {
		return http.StatusInternalServerError
	}
	return d.Status
}

// Text is the problem for people: its errors, where there are several, stand in lines.
func (d *Details) Text() string {
	s := fmt.Sprintf("%d %s\n", d.Status, d.Title)
	if d.Detail != "" {
		s += d.Detail + "\n"
	}
	if all := reflect.ValueOf(d.Extensions["errors"]); all.Kind() == reflect.Slice && all.Len() > 1 { // one is in the Detail
		for i := range all.Len() {
			if text, ok := all.Index(i).Interface().(fmt.Stringer); ok {
				s += text.String() + "\n"
			}
		}
	}
	return s
}

// MarshalJSON is the problem as a JSON object (RFC 9457, 3). Its extensions are members
// beside the standard ones, and cannot replace these.
func (d *Details) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	var failed error
	member := func(name string, value any) {
		if failed != nil {
			return
		}
		if b.WriteByte(','); b.Len() == 1 {
			b.Reset()
			b.WriteByte('{')
		}
		key, _ := json.Marshal(name)
		b.Write(key)
		b.WriteByte(':')
		var text []byte
		text, failed = json.Marshal(value)
		b.Write(text)
	}
	standard := []string{"type", "title", "status", "detail", "instance"}
	for i, value := range []any{d.Type, d.Title, d.FinalStatus(), d.Detail, d.Instance} {
		if value != "" {
			member(standard[i], value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Extensions)) {
		if !slices.Contains(standard, name) {
			member(name, d.Extensions[name])
		}
	}
	b.WriteByte('}')
	return b.Bytes(), failed
}

// Phrase is the reason phrase of a status. http.StatusText has the older names of
// some that RFC 9110, 15.5 has renamed.
func Phrase(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "Content Too Large"
	case http.StatusRequestURITooLong:
		return "URI Too Long"
	case http.StatusRequestedRangeNotSatisfiable:
		return "Range Not Satisfiable"
	case http.StatusUnprocessableEntity:
		return "Unprocessable Content"
	}
	return http.StatusText(status)
}

// Short cuts text of a client's, so that it does not fill a message.
func Short(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}
