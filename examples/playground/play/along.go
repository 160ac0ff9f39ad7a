// This file makes the request that goes a way. The way comes in, as rows and the answers that
// they need, and the State with the request goes out.

package play

import (
	"net/http"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// A tag that the note does not have any more, and what is not a list of tags.
const (
	oldTag     = `"v1"`
	unreadable = `"v2`
)

// along is the state with a request of the method that goes the way.
func (s State) along(way []decision.Edge, method string, app *restmachine.App) State {
	to := s.bare(method)
	for _, e := range way {
		if change := changes[e]; change != nil {
			change(&to)
		}
	}
	to.preconditions(way, app)
	return to
}

// changes has what a request needs for an answer, except for preconditions.
var changes = map[decision.Edge]func(*State){
	{ID: decision.B11, Answer: decision.Yes}: func(s *State) { s.Path += "?long=" + strings.Repeat("x", s.tooLong()) },
	{ID: decision.B9, Answer: decision.Yes}: func(s *State) {
		if s.Path = defaultPath + "?malformed"; s.Malformed != "yes" {
			s.Path = "/notes/%FF"
		}
	},
	{ID: decision.B8, Answer: decision.No}: func(s *State) { s.without("Authorization") },
	{ID: decision.B5, Answer: decision.No}: func(s *State) {
		s.with("Content-Type", "application/xml")
		s.Content = "<title>Milk</title>"
	},
	{ID: decision.B4, Answer: decision.No}: func(s *State) {
		s.Content = `{"text": "` + strings.Repeat("milk ", 200) + `"}`
	},
	{ID: decision.C4, Answer: decision.Yes}: func(s *State) { s.with("Accept", "*/*") },
	{ID: decision.C4, Answer: decision.No}:  func(s *State) { s.with("Accept", "image/png") },
	{ID: decision.D5, Answer: decision.Yes}: func(s *State) { s.with("Accept-Language", s.Languages) },
	{ID: decision.D5, Answer: decision.No}:  func(s *State) { s.with("Accept-Language", "fr") },
	{ID: decision.F7, Answer: decision.Yes}: func(s *State) { s.with("Accept-Encoding", "gzip") },
	{ID: decision.F7, Answer: decision.No}:  func(s *State) { s.with("Accept-Encoding", "identity;q=0") },
	{ID: decision.G7, Answer: decision.No}: func(s *State) {
		if s.Exists == "yes" {
			s.Path = missingPath
		}
	},
	{ID: decision.P19, Answer: decision.Yes}: func(s *State) {
		s.with("Range", "bytes=0-9")
		if s.Types != "text" {
			s.with("Accept", "text/plain")
		}
	},
	{ID: decision.P20, Answer: decision.No}: func(s *State) { s.with("If-Range", oldTag) },
	{ID: decision.P21, Answer: decision.No}: func(s *State) { s.with("Range", "bytes=9000-") },
}

// tooLong is a length that the target must not have.
func (s State) tooLong() int {
	if s.Target == "100" {
		return 100
	}
	return 8 << 10
}

// bare is the plain request without a precondition.
func (s State) bare(method string) State {
	s = s.plain(method)
	s.without("If-Match")
	return s
}

// without removes a field of the request.
func (s *State) without(name string) {
	var left []Field
	for _, f := range s.Fields {
		if f.Name != name {
			left = append(left, f)
		}
	}
	s.Fields = left
}

// preconditions adds the preconditions of the way.
func (s *State) preconditions(way []decision.Edge, app *restmachine.App) {
	on := func(id decision.ID, a decision.Answer) bool {
		for _, e := range way {
			if e == (decision.Edge{ID: id, Answer: a}) {
				return true
			}
		}
		return false
	}
	switch yes, no := decision.Yes, decision.No; {
	case on(decision.G9, yes):
		s.with("If-Match", "*")
	case on(decision.G10, no):
		s.with("If-Match", unreadable)
	case on(decision.G11, yes):
		s.with("If-Match", s.current(app))
	case on(decision.G8, yes), on(decision.H7, yes):
		s.with("If-Match", oldTag)
	}
	s.date(on, decision.H10, decision.H11, decision.H12, "If-Unmodified-Since")
	switch yes, no := decision.Yes, decision.No; {
	case on(decision.I13, yes), on(decision.P2, no):
		s.with("If-None-Match", "*")
	case on(decision.J13, no), on(decision.H8, no):
		s.with("If-None-Match", unreadable)
	case on(decision.K13, yes):
		s.with("If-None-Match", s.current(app))
	case on(decision.I12, yes):
		s.with("If-None-Match", oldTag)
	}
	if on(decision.J19, decision.Yes) {
		s.with("If-Modified-Since", s.dateField(-time.Hour))
	}
	s.date(on, decision.L13, decision.L14, decision.L17, "If-Modified-Since")
}

// date adds a date: a text that is not a date, a date before the last change, or the date of the
// last change.
func (s *State) date(on func(decision.ID, decision.Answer) bool, asked, read, modified decision.ID, field string) {
	switch {
	case !on(asked, decision.Yes):
	case on(read, decision.No) || s.Date == "":
		s.with(field, "yesterday")
	case on(modified, decision.Yes):
		s.with(field, s.dateField(-time.Hour))
	default:
		s.with(field, s.dateField(0))
	}
}

// dateField is the date of the last change, or one before it, as an HTTP-date.
func (s State) dateField(away time.Duration) string {
	changed, _ := time.Parse(dateForm, s.Date)
	return changed.Add(away).Format(http.TimeFormat)
}

// current is the entity-tag of what the request asks for. A GET of the same says it. Where there is
// no GET, it is the tag of the note.
func (s State) current(app *restmachine.App) string {
	get := s
	get.Method, get.Content = http.MethodGet, ""
	if tag := app.Execute(get.request()).Header.Get("ETag"); tag != "" {
		return tag
	}
	if s.Tag == "weak" {
		return `W/"v2"`
	}
	return `"v2"`
}
