// This file answers the request of a state. The fragment of a link comes in. The Answer goes
// out: all that the page shows, ready for JSON.

package play

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// An Answer is what the page shows of a state.
type Answer struct {
	Link    string            `json:"link"`
	Error   string            `json:"error,omitempty"` // why the link could not be read; the rest is of the default then
	Chosen  map[string]string `json:"chosen"`          // by the name of the setting
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Fields  []Field           `json:"fields"`
	Content string            `json:"content"`

	Status   int              `json:"status"`
	Reason   string           `json:"reason"`
	Last     string           `json:"last"` // the decision that settled the status
	Response []Field          `json:"response"`
	Entity   string           `json:"entity"` // the content of the response, decoded
	Note     string           `json:"note"`   // what the content is, where it is not shown as it was sent
	Way      []decision.Visit `json:"way"`
	Log      []string         `json:"log"`
	Statuses []Status         `json:"statuses"` // those that some request gets here
	Program  string           `json:"program"`
	Curl     string           `json:"curl"`
}

// A Status is a status and its name.
type Status struct {
	Code int    `json:"code"`
	Name string `json:"name"`
}

// Open answers the request of a link. A link that cannot be read is answered as the default, and
// Error says why.
func Open(link string) Answer {
	s, err := Parse(link)
	a := s.Answer()
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

// Answer answers the request of the state.
func (s State) Answer() Answer {
	log := &logLines{}
	app := newApp(s, slog.New(log))
	resp, trace := app.Explain(s.request())
	a := Answer{
		Link: s.Link(), Chosen: map[string]string{}, Method: s.Method, Path: s.Path, Fields: append([]Field{}, s.Fields...), Content: s.Content,
		Status: resp.StatusCode, Reason: http.StatusText(resp.StatusCode), Response: fieldsOf(resp.Header),
		Way: trace.Visits, Statuses: []Status{}, Program: s.Program(), Curl: s.Curl(),
	}
	for _, setting := range Settings {
		a.Chosen[setting.Name] = setting.Value(s)
	}
	if len(trace.Visits) > 0 {
		a.Last = trace.Visits[len(trace.Visits)-1].ID.String()
	}
	a.Entity, a.Note = shown(resp)
	for _, code := range s.statuses(app) {
		a.Statuses = append(a.Statuses, Status{code, http.StatusText(code)})
	}
	a.Log = append([]string{}, *log...)
	return a
}

// request is the request of the state.
func (s State) request() restmachine.Request {
	header := http.Header{}
	for _, f := range s.Fields {
		header.Add(f.Name, f.Value)
	}
	return restmachine.Request{Method: s.Method, Path: s.Path, Header: header, Body: []byte(s.Content)}
}

// fieldsOf returns the fields of a header, by name.
func fieldsOf(h http.Header) []Field {
	fields := []Field{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			fields = append(fields, Field{name, value})
		}
	}
	return fields
}

// shown returns the content of a response as text, and a note where it was sent otherwise.
func shown(resp restmachine.Response) (text, note string) {
	content := resp.Body
	if resp.Header.Get("Content-Encoding") == "gzip" {
		if r, err := gzip.NewReader(bytes.NewReader(content)); err == nil {
			if plain, err := io.ReadAll(r); err == nil {
				note = strconv.Itoa(len(plain)) + " bytes, sent as " + strconv.Itoa(len(content)) + " bytes of gzip"
				content = plain
			}
		}
	}
	if !utf8.Valid(content) {
		return "", strconv.Itoa(len(content)) + " bytes that are not text"
	}
	return string(content), note
}

// logLines is a slog.Handler that keeps what the App logs from WARN on, as lines for the page.
type logLines []string

func (l *logLines) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }
func (l *logLines) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l *logLines) WithGroup(string) slog.Handler                    { return l }

// Handle keeps a line: its level, its message, and its error if it has one.
func (l *logLines) Handle(_ context.Context, r slog.Record) error {
	line := r.Level.String() + " " + r.Message
	r.Attrs(func(a slog.Attr) bool {
		if a.Key != "stack" {
			line += " " + a.Key + "=" + strings.TrimSpace(a.Value.String())
		}
		return true
	})
	*l = append(*l, line)
	return nil
}
