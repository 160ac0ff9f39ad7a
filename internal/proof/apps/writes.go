// This file holds the laws about writes and about parts.

package main

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// oneWrite: an acknowledged write was made once, and a refused one not at all.
func oneWrite(_ *keeper, x *exchange) error {
	want := 0
	if x.unsafe() && x.resp.StatusCode < 400 {
		want = 1
	}
	if own := x.moments[len(x.moments)-1].own; own != want {
		return fmt.Errorf("a %d to %s made %d writes", x.resp.StatusCode, x.Method, own)
	}
	return nil
}

// written is the place of the first moment after the handler's write, 0 if there is none.
func (x *exchange) written() int {
	return max(0, slices.IndexFunc(x.moments, func(m moment) bool { return m.own > 0 }))
}

// guarded: a write whose preconditions do not hold is not acknowledged.
func guarded(k *keeper, x *exchange) error {
	at := x.written()
	if at == 0 {
		return nil
	}
	h, before := x.Header, x.moments[at-1]
	match, none, since := h.Get("If-Match"), h.Get("If-None-Match"), h.Get("If-Unmodified-Since")
	isRecord := x.r.kind != nil && x.r.pattern != x.r.kind.collection()
	if match != "" && isRecord && before.rev == 0 {
		return fmt.Errorf("it was made under If-Match where there was nothing")
	}
	if none == "*" && (before.ok || isRecord && before.rev != 0) {
		return fmt.Errorf("it was made under If-None-Match: * where there was something")
	}
	mustGuard := slices.Contains(x.r.at.required, x.Method)
	if mustGuard && match == "" && none == "" && since == "" {
		return fmt.Errorf("it was made without a precondition, and one is required")
	}
	// What the client had was there, and nobody has written to the record since.
	current := func(is func(moment) bool) bool {
		for i := at - 1; i >= 0 && (!isRecord || x.moments[i].rev == before.rev); i-- {
			if is(x.moments[i]) {
				return true
			}
		}
		return false
	}
	if match != "" && match != "*" {
		marks := k.marksOf(x, match)
		if len(marks) == 0 {
			return fmt.Errorf("it was made under If-Match: %s: %w", match, errNeverGiven)
		}
		if !current(func(m moment) bool { return m.ok && slices.Contains(marks, m.marks) }) {
			return fmt.Errorf("it was made under If-Match: %s, which is of %v", match, marks)
		}
	}
	if match == "" && since != "" && before.rev != 0 && x.r.dated != nil && slices.Contains(x.r.methods, "GET") {
		last, err := http.ParseTime(since)
		if err != nil || !current(func(m moment) bool { return !date(m.dated).After(last) }) {
			return fmt.Errorf("it was made although it was modified since %s", since)
		}
	}
	return nil
}

// marksOf are the marks that the tags of a list were given with, or stand for.
func (k *keeper) marksOf(x *exchange, list string) (marks []string) {
	sent := splitTags(list)
	for _, tag := range sent {
		if g := k.tags[x.r.sightsAt(x.Path, x.key)][tag]; g != nil && !strings.HasPrefix(tag, "W/") {
			for m := range g.marks {
				marks = append(marks, m)
			}
		}
	}
	if x.r.proves == nil {
		return marks
	}
	for _, m := range x.moments {
		if tag := `"` + plainTag(m.marks) + `"`; m.ok && slices.Contains(sent, tag) {
			marks = append(marks, m.marks)
		}
	}
	return marks
}

// parts: what a part is of is what the client has the rest of.
func parts(k *keeper, x *exchange) error {
	if x.resp.StatusCode != http.StatusPartialContent {
		return nil
	}
	var first, last, size int
	if _, err := fmt.Sscanf(x.resp.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &size); err != nil {
		return fmt.Errorf("Content-Range cannot be read: %w", err)
	}
	had := x.Header.Get("If-Range")
	if had == "" {
		had = x.resp.Header.Get("ETag")
	}
	g := k.tags[x.Path][had]
	if g == nil || g.body == nil {
		return nil
	}
	if size != len(g.body) || last >= size || !bytes.Equal(x.resp.Body, g.body[first:last+1]) {
		return fmt.Errorf("the part %d-%d of %d is %q, and %s was given with %q", first, last, size, x.resp.Body, had, g.body)
	}
	return nil
}
