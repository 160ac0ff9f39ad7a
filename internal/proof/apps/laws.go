// This file holds the laws about what is shown. An answer comes in, and what was true. A
// breach goes out.

package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// laws are held after each answer, in this order.
var laws = []struct {
	name  string
	holds func(*keeper, *exchange) error
}{
	{"no 5xx", noFault},
	{"what every response keeps", wellFormed},
	{"no way past a gate", gated},
	{"what is shown is what is there", truthful},
	{"a 304 is true", unmodified},
	{"a write is guarded", guarded},
	{"one write", oneWrite},
	{"a part belongs to its whole", parts},
	{"one tag, one content", tagged},
	{"Vary names what selects", varied},
	{"a HEAD is a GET", headed},
}

// errNeverGiven is about a tag that clients were not given. A walk from which requests are left
// out must not fail for this alone.
var errNeverGiven = errors.New("the tag was never given")

func noFault(_ *keeper, x *exchange) error {
	if x.resp.StatusCode < 500 {
		return nil
	}
	for _, g := range x.r.holding() {
		if g.status == x.resp.StatusCode && g.refuses(x.Header) {
			return nil
		}
	}
	return fmt.Errorf("nobody asked for a %d", x.resp.StatusCode)
}

// gated: all gates of a path hold. IsConflict is asked of a PUT alone.
func gated(_ *keeper, x *exchange) error {
	for _, g := range x.r.holding() {
		passed := x.resp.StatusCode < 300 || x.resp.StatusCode == http.StatusNotModified
		if g.refuses(x.Header) && (g.status != http.StatusConflict || x.Method == "PUT") && passed {
			return fmt.Errorf("%s refuses", g.name)
		}
	}
	return nil
}

// truthful: while nothing changes, a read shows what there is.
func truthful(k *keeper, x *exchange) error {
	if x.torn() || !x.reads() {
		return nil
	}
	now := x.moments[0]
	switch x.resp.StatusCode {
	case 200, 206, 304:
		if !now.ok {
			return fmt.Errorf("there is nothing to show")
		}
		if x.Method == "GET" && x.resp.StatusCode == 200 && x.marks != now.marks {
			return fmt.Errorf("%s is shown, and %s is there", x.marks, now.marks)
		}
	case 404:
		if now.ok && now.marks != "" && k.w.store.hasAbove(x.key) { // a gate may ask for what is above
			return fmt.Errorf("%s is there", now.marks)
		}
	}
	return nil
}

// unmodified: a 304 is sent only if what the client has was current at a moment.
func unmodified(k *keeper, x *exchange) error {
	if x.resp.StatusCode != http.StatusNotModified {
		return nil
	}
	sent, since := x.Header.Get("If-None-Match"), x.Header.Get("If-Modified-Since")
	if sent != "" && sent != "*" {
		if err := k.unmodifiedTag(x, sent); err != nil || k.w.tagsAlone {
			return err
		}
	}
	if since == "" || sent != "" && x.r.dated == nil {
		return nil
	}
	at, err := http.ParseTime(since)
	if err != nil {
		return err
	}
	if !x.during(func(m moment) bool { return m.ok && !date(m.dated).After(at) }) {
		return fmt.Errorf("it was modified since %s", since)
	}
	for marks := range k.dates[x.Path][since] {
		if sent == "" && !x.showing(marks) {
			return fmt.Errorf("%s was given with %s, which was not there", since, marks)
		}
	}
	return nil
}

// unmodifiedTag: the tag of a 304 is one that the client sent, and what it was given with
// was current.
func (k *keeper) unmodifiedTag(x *exchange, sent string) error {
	tag := x.resp.Header.Get("ETag")
	if !slices.ContainsFunc(splitTags(sent), func(t string) bool { return opaque(t) == opaque(tag) }) {
		return fmt.Errorf("the tag %s was not among %s", tag, sent)
	}
	known := false
	for other, g := range k.tags[x.Path] {
		if opaque(other) != opaque(tag) {
			continue
		}
		known = true
		for marks := range g.marks {
			if !x.showing(marks) {
				return fmt.Errorf("the tag %s was given with %s, which was not there", other, marks)
			}
		}
	}
	if !known {
		return fmt.Errorf("304 to the tag %s: %w", tag, errNeverGiven)
	}
	return nil
}

func splitTags(list string) (all []string) {
	for tag := range strings.SplitSeq(list, ",") {
		all = append(all, strings.TrimSpace(tag))
	}
	return all
}

func opaque(tag string) string { return strings.TrimPrefix(tag, "W/") }

// tagged: a tag at one path stands for one content.
func tagged(k *keeper, x *exchange) error {
	tag, at, whole := x.resp.Header.Get("ETag"), x.Path, true
	status := x.resp.StatusCode
	switch own := x.resp.Header.Get("Content-Location") == x.Path; {
	case x.Method == "GET" && status == 200:
	case x.unsafe() && own && (status == 200 || status == 201):
	case x.unsafe() && status == 201 && x.resp.Header.Get("Location") != "":
		at, whole = x.resp.Header.Get("Location"), false
	case x.unsafe() && status == 201: // the target URI names what was created (RFC 9110, 15.3.2)
		whole = false
	case x.unsafe() && tag != "":
		return fmt.Errorf("a %d carries the tag %s", status, tag)
	default:
		return nil
	}
	date := x.resp.Header.Get("Last-Modified")
	k.see(x, at, tag, date)
	if tag == "" {
		return nil
	}
	g := k.tags[at][tag]
	if g == nil {
		g = &given{marks: map[string]bool{}}
		k.tags[at] = with(k.tags[at], tag, g)
	}
	defer func() { g.marks[x.marks] = true }()
	if x.reads() && x.r.early() && x.torn() {
		return nil // it may be older than the content beside it
	}
	if len(g.marks) > 0 && !g.marks[x.marks] {
		return fmt.Errorf("the tag %s was given with %v, and now with %s", tag, slices.Collect(maps.Keys(g.marks)), x.marks)
	}
	if strings.HasPrefix(tag, "W/") || !whole {
		return nil
	}
	if g.body != nil && !bytes.Equal(g.body, x.resp.Body) {
		return fmt.Errorf("the tag %s was given with %.300q, and now with %.300q", tag, g.body, x.resp.Body)
	}
	g.body = append([]byte{}, x.resp.Body...)
	return nil
}

// see keeps what a client has seen.
func (k *keeper) see(x *exchange, at, tag, date string) {
	if tag == "" && date == "" {
		return
	}
	k.sights[at] = append(k.sights[at], sight{tag, date})
	if date != "" {
		k.dates[at] = with(k.dates[at], date, with(k.dates[at][date], x.marks, true))
	}
}

// with puts a value into a map, which may be nil.
func with[V any](m map[string]V, key string, v V) map[string]V {
	if m == nil {
		m = map[string]V{}
	}
	m[key] = v
	return m
}

// varied: where two clients got different content of one state, they sent different values
// of a field that Vary names.
func varied(k *keeper, x *exchange) error {
	if x.Method != "GET" || x.resp.StatusCode != 200 {
		return nil
	}
	at := x.Path + " " + x.marks
	for _, other := range k.shown[at] {
		if bytes.Equal(other.body, x.resp.Body) && other.sent.Get("Content-Type") == x.resp.Header.Get("Content-Type") {
			continue
		}
		names := strings.Split(strings.Join(append(other.sent.Values("Vary"), x.resp.Header.Values("Vary")...), ","), ",")
		if !slices.ContainsFunc(names, func(name string) bool {
			name = strings.TrimSpace(name)
			return other.header.Get(name) != x.Header.Get(name)
		}) {
			return fmt.Errorf("%v got %.200q (%v), and %v got %.200q (%v)", other.header, other.body, other.sent, x.Header, x.resp.Body, x.resp.Header)
		}
	}
	if len(k.shown[at]) < 8 {
		k.shown[at] = append(k.shown[at], shown{x.Header, x.resp.Header, x.resp.Body})
	}
	return nil
}

// headed: a HEAD has the status and the fields of the GET. Nothing changes between them.
func headed(k *keeper, x *exchange) error {
	if x.Method != "HEAD" || x.torn() || x.Header.Get("Range") != "" {
		return nil
	}
	got := send(k.w.app, x.request, "GET")
	if got.StatusCode != x.resp.StatusCode || !maps.EqualFunc(got.Header, x.resp.Header, slices.Equal[[]string]) {
		return fmt.Errorf("the GET is %d %v", got.StatusCode, got.Header)
	}
	return nil
}
