// The exchanges that both sides of each migration are asked, in their order, and what is compared of
// the answers.

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// An exchange is one request.
type exchange struct {
	name         string
	method, path string
	field, value string // one more field of the request
	content      string
	contentType  string
	fresh        bool // on a note that was made for this, whose tag is "1"
	whole        bool // the content of an error, and X-Request-Id, are compared, too
}

const (
	text   = `{"text":"Hello, you"}`
	isJSON = "application/json"
)

var common = []exchange{
	{name: "a read", method: "GET", path: "/notes/1"},
	{name: "a read with the tag", method: "GET", path: "/notes/1", field: "If-None-Match", value: `"1"`},
	{name: "a read with two tags", method: "GET", path: "/notes/1", field: "If-None-Match", value: `"7", "1"`},
	{name: "a read with the tag made weak", method: "GET", path: "/notes/1", field: "If-None-Match", value: `W/"1"`},
	{name: "a read with `If-None-Match: *`", method: "GET", path: "/notes/1", field: "If-None-Match", value: "*"},
	{name: "a read with an old `If-Match`", method: "GET", path: "/notes/1", field: "If-Match", value: `"7"`},
	{name: "HEAD", method: "HEAD", path: "/notes/1"},
	{name: "a read as text", method: "GET", path: "/notes/1", field: "Accept", value: "text/plain"},
	{name: "a read with JSON at q=0.1, and text", method: "GET", path: "/notes/1", field: "Accept", value: "application/json;q=0.1, text/plain"},
	{name: "a read as a picture", method: "GET", path: "/notes/1", field: "Accept", value: "image/png"},
	{name: "a read of a missing note", method: "GET", path: "/notes/99"},
	{name: "PUT with the tag", method: "PUT", path: "/notes/1", field: "If-Match", value: `"1"`, content: text, contentType: isJSON},
	{name: "the same PUT again", method: "PUT", path: "/notes/1", field: "If-Match", value: `"1"`, content: text, contentType: isJSON},
	{name: "a read after it", method: "GET", path: "/notes/1"},
	{name: "PUT without a tag", method: "PUT", fresh: true, content: text, contentType: isJSON},
	{name: "PUT with two tags", method: "PUT", fresh: true, field: "If-Match", value: `"7", "1"`, content: text, contentType: isJSON},
	{name: "PUT with the tag made weak", method: "PUT", fresh: true, field: "If-Match", value: `W/"1"`, content: text, contentType: isJSON},
	{name: "PUT with `If-None-Match: *`", method: "PUT", fresh: true, field: "If-None-Match", value: "*", content: text, contentType: isJSON},
	{name: "PUT with `If-Match: *`", method: "PUT", fresh: true, field: "If-Match", value: "*", content: text, contentType: isJSON},
	{name: "PUT of a missing note", method: "PUT", path: "/notes/99", content: text, contentType: isJSON},
	{name: "PUT of CSV", method: "PUT", fresh: true, content: "text\nHello", contentType: "text/csv"},
	{name: "PUT of CSV with an old tag", method: "PUT", fresh: true, field: "If-Match", value: `"7"`, content: "text\nHello", contentType: "text/csv"},
	{name: "PUT of broken JSON", method: "PUT", fresh: true, content: `{"text":`, contentType: isJSON},
	{name: "PUT without a text", method: "PUT", fresh: true, content: `{}`, contentType: isJSON},
	{name: "POST", method: "POST", path: "/notes", content: text, contentType: isJSON},
	{name: "POST of CSV", method: "POST", path: "/notes", content: "text\nHello", contentType: "text/csv"},
	{name: "DELETE with an old tag", method: "DELETE", fresh: true, field: "If-Match", value: `"7"`},
	{name: "DELETE with the tag", method: "DELETE", fresh: true, field: "If-Match", value: `"1"`},
	{name: "DELETE of a missing note", method: "DELETE", path: "/notes/99"},
	{name: "PATCH", method: "PATCH", path: "/notes/1", content: text, contentType: isJSON},
	{name: "OPTIONS", method: "OPTIONS", path: "/notes/1"},
	{name: "an unknown path", method: "GET", path: "/unknown"},
}

// further are those of one framework.
var further = map[string][]exchange{
	"python": {
		{name: "PUT of text", method: "PUT", fresh: true, content: "Hello, text", contentType: "text/plain"},
		{name: "the error for a person", method: "GET", path: "/notes/99", field: "Accept", value: "text/html,*/*;q=0.8", whole: true},
		{name: "the error for a program", method: "GET", path: "/notes/99", field: "Accept", value: "application/json", whole: true},
		{name: "the ID of a request", method: "GET", path: "/notes/1", field: "X-Request-Id", value: "abc", whole: true},
		{name: "the ID of a request that fails", method: "GET", path: "/notes/99", field: "X-Request-Id", value: "abc", whole: true},
	},
}

// raceName is the exchange that is four: PUTs with the same tag at the same moment.
const raceName = "four PUTs at once, with one tag"

// exchangesOf are all of a framework.
func exchangesOf(name string) []exchange { return slices.Concat(common, further[name]) }

// An answer is what is compared of a response. Content is that of a success, JSON without what spaces
// tell, and text as it is.
type answer struct {
	Name     string
	Status   int    `json:",omitempty"`
	ETag     string `json:",omitempty"`
	Location string `json:",omitempty"`
	Allow    string `json:",omitempty"`
	Type     string `json:",omitempty"`
	Content  string `json:",omitempty"`
	ID       string `json:",omitempty"`
	at       string // the whole Location
}

// Both sides make notes under other numbers, where one of them takes what the other refuses.
var (
	numbers = regexp.MustCompile(`[0-9]+$`)
	id      = regexp.MustCompile(`"id":"[0-9]+"`)
)

// play asks a server all exchanges, and then four at once.
func play(t *testing.T, server string, all []exchange) (answers []answer) {
	t.Helper()
	for _, e := range all {
		answers = append(answers, ask(t, server, e))
	}
	answers = append(answers, race(t, server))
	for i := range answers {
		answers[i].at = "" // not compared
	}
	return answers
}

func ask(t *testing.T, server string, e exchange) answer {
	t.Helper()
	if e.fresh {
		e.path = ask(t, server, exchange{name: e.name, method: "POST", path: "/notes", content: text, contentType: isJSON}).at
		require.NotEmpty(t, e.path, "a POST names what it has made")
	}
	req, err := http.NewRequest(e.method, server+e.path, strings.NewReader(e.content))
	require.NoError(t, err)
	if e.contentType != "" {
		req.Header.Set("Content-Type", e.contentType)
	}
	req.Header.Set("Accept", "*/*")
	if e.field != "" {
		req.Header.Set(e.field, e.value)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err, e.name)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	require.NoError(t, err, e.name)
	a := answer{Name: e.name, Status: resp.StatusCode, ETag: resp.Header.Get("ETag")}
	if e.method == "OPTIONS" || resp.StatusCode == http.StatusMethodNotAllowed {
		a.Allow = sorted(strings.Join(resp.Header.Values("Allow"), ","))
	}
	if to, err := url.Parse(resp.Header.Get("Location")); err == nil {
		a.at = to.Path
		a.Location = numbers.ReplaceAllString(to.Path, "N")
	}
	if len(content) > 0 && (resp.StatusCode < 300 && e.method != "OPTIONS" || e.whole) {
		a.Type, _, _ = mime.ParseMediaType(resp.Header.Get("Content-Type"))
		a.Content = id.ReplaceAllString(canonical(content), `"id":"N"`)
	}
	if e.whole {
		a.ID = resp.Header.Get("X-Request-Id")
		if e.field != "X-Request-Id" && a.ID != "" {
			a.ID = "some"
		}
	}
	return a
}

// sorted is a list of methods in the order of the alphabet.
func sorted(list string) string {
	methods := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

func canonical(content []byte) string {
	var value any
	if json.Unmarshal(content, &value) != nil {
		return string(content)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return string(content)
	}
	return string(text)
}

// rounds are how often four writers race. What loses updates may be lucky in one round, and not in all.
const rounds = 5

// race sends four replacements with the current tag at once, and counts how many were done.
func race(t *testing.T, server string) answer {
	t.Helper()
	a := answer{Name: raceName, Content: "one is 200, three are 412"}
	for range rounds {
		tag := ask(t, server, exchange{name: raceName, method: "GET", path: "/notes/1"}).ETag
		statuses := writeAtOnce(server, tag)
		slices.Sort(statuses)
		if slices.Equal(statuses, []int{200, 412, 412, 412}) {
			continue
		}
		require.Subset(t, []int{200, 412}, statuses)
		require.Contains(t, statuses, 200)
		a.Content = "more than one is 200: updates are lost"
		break
	}
	return a
}

// writeAtOnce returns the statuses of four replacements with one tag; 0: there was no answer.
func writeAtOnce(server, tag string) []int {
	var wait sync.WaitGroup
	statuses := make([]int, 4)
	for i := range statuses {
		wait.Go(func() {
			req, err := http.NewRequest("PUT", server+"/notes/1", strings.NewReader(fmt.Sprintf(`{"text":"of writer %d"}`, i)))
			if err != nil {
				return
			}
			req.Header.Set("Content-Type", isJSON)
			req.Header.Set("If-Match", tag)
			if resp, err := http.DefaultTransport.RoundTrip(req); err == nil {
				statuses[i] = resp.StatusCode
				_ = resp.Body.Close()
			}
		})
	}
	wait.Wait()
	return statuses
}
