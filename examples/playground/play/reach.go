// This file finds a request that gets a status. A State and a status come in, and a State whose
// request gets the status goes out. What is true stays as it is; only the request changes.
//
// The way there is one of package decision, through the graph of a route from which the answers
// are taken that the state never gives. Each candidate is then sent: only a request that really
// got the status is returned.

package play

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// A Found is a request that gets a status, and how.
type Found struct {
	Link  string   `json:"link"`
	How   []string `json:"how"` // what the request does, step by step
	Error string   `json:"error,omitempty"`
}

// Find fills in a request that gets the status, with all that the link says about the App.
func Find(link string, status int) Found {
	s, err := Parse(link)
	if err != nil {
		return Found{Link: link, Error: err.Error()}
	}
	found, ok := s.find(status)
	if !ok {
		return Found{Link: s.Link(), Error: fmt.Sprintf("no request gets %d here: change what is true", status)}
	}
	_, trace := newApp(found, slog.New(slog.DiscardHandler)).Explain(found.request())
	return Found{Link: found.Link(), How: words(trace.Visits)}
}

// words says what a request did, at the rows that it was asked at.
func words(visits []decision.Visit) []string {
	all := []string{}
	for i, v := range visits {
		how, isLast := decision.Edge{ID: v.ID, Answer: v.Answer}.How(), i == len(visits)-1
		// What a request does not send needs no words, unless the way ends there.
		if how == "" || !isLast && (v.Folded || strings.HasPrefix(how, "send no ")) {
			continue
		}
		all = append(all, v.ID.String()+": "+how)
	}
	return all
}

// find returns a state whose request gets the status. It prefers an entity-tag to a *, which
// says less.
func (s State) find(status int) (State, bool) {
	app := newApp(s, slog.New(slog.DiscardHandler))
	got := func(try State) bool { return app.Execute(try.request()).StatusCode == status }
	for _, stars := range []bool{false, true} {
		for _, r := range s.routes(app, status, stars) {
			for _, last := range r.graph.Before(decision.ID(status)) {
				way := r.graph.Way(decision.ID(status), last)
				if try := s.along(way, r.method, app); way != nil && got(try) {
					return try, true
				}
			}
		}
	}
	// A callback may answer with a status that no edge leads to, and a state may answer all.
	for _, try := range s.plains() {
		if got(try) {
			return try, true
		}
	}
	return s, false
}

// plains are the plain requests of all methods, and one to a path that the App does not have.
func (s State) plains() (all []State) {
	for _, method := range methodsKnown {
		all = append(all, s.plain(method))
	}
	nowhere := s.plain(http.MethodGet)
	nowhere.Path = "/nowhere"
	return append(all, nowhere)
}

// methodsKnown are the methods that are tried, in this order.
var methodsKnown = []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "BREW"}

// statuses returns the statuses that some request can get here, in order.
func (s State) statuses(app *restmachine.App) []int {
	var all []int
	for _, r := range s.routes(app, 0, true) {
		for _, status := range r.graph.Statuses() {
			// Where the store refuses, its error takes the place of the 500 of a failed act.
			if status != http.StatusInternalServerError || s.Store == "fails" {
				all = append(all, int(status))
			}
		}
	}
	for _, try := range s.plains() {
		all = append(all, app.Execute(try.request()).StatusCode)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A route is what is left to decide of a method.
type route struct {
	method string
	graph  decision.Graph
}

// routes returns the graphs of the note's methods, in the order in which a request that gets the
// status is looked for. Without stars, a precondition is never a *.
func (s State) routes(app *restmachine.App, status int, stars bool) (all []route) {
	routes, err := app.Routes()
	if err != nil {
		return nil
	}
	for _, r := range routes {
		names := []string{r.Method}
		switch r.Method {
		case "":
			names = s.unhandled()
		case http.MethodGet:
			names = []string{http.MethodGet, http.MethodHead}
		}
		for _, name := range names {
			all = append(all, route{name, s.settle(r.Graph, name, stars)})
		}
	}
	rank := func(r route) int {
		switch isRead := restmachine.Method(r.method).Safe(); {
		case isRead && status == http.StatusPreconditionFailed:
			return len(methodsKnown) // it is the writes that this status guards
		case r.method == s.Method:
			return -1
		}
		return slices.Index(methodsKnown, r.method)
	}
	slices.SortStableFunc(all, func(a, b route) int { return rank(a) - rank(b) })
	return all
}

// unhandled returns methods without a handler: one that HTTP defines, and one that it does not.
func (s State) unhandled() []string {
	names := []string{"BREW"}
	for _, m := range []string{"POST", "DELETE", "PATCH", "PUT", "GET"} {
		if !has(s.Methods, m) {
			return append(names, m)
		}
	}
	return append(names, "TRACE")
}

// plain is the state with the request of a method that asks for nothing in particular, and that
// no precondition stops.
func (s State) plain(method string) State {
	s.Method, s.Path, s.Content, s.Fields = method, defaultPath, "", nil
	if s.Auth == "token" {
		s.Fields = append(s.Fields, Field{"Authorization", "Bearer " + token})
	}
	switch method {
	case http.MethodPut:
		s.with("Content-Type", "application/json")
		s.Content = noteContent
	case http.MethodPatch:
		s.with("Content-Type", patchType)
		s.Content = noteContent
	case http.MethodPost:
		s.with("Content-Type", "application/json")
		s.Content = commentContent
	}
	if s.Require == "yes" && s.Exists == "yes" && slices.Contains([]string{"PUT", "PATCH", "DELETE"}, method) {
		s.with("If-Match", "*")
	}
	return s
}

// with sets a field of the request.
func (s *State) with(name, value string) {
	s.Fields = slices.DeleteFunc(slices.Clone(s.Fields), func(f Field) bool { return f.Name == name })
	s.Fields = append(s.Fields, Field{name, value})
}
