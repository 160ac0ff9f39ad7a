// Package history says whether what clients have seen can have happened. Operations come in, each
// with the times of its request and of its answer. The verdict goes out: whether there is an order
// of the operations that agrees with these times and in which each answer is right. That is
// linearizability, and porcupine searches for the order.
//
// This file is the model: what a key holds, and which answer a request must get then. It is
// written from RFC 9110, and does not use the library.
package history

import (
	"fmt"
	"net/http"
	"strings"
)

// A Pair is the value of a key.
type Pair struct{ A, B int64 }

// An Input is a request.
type Input struct {
	Key         string
	Method      string
	Demanding   bool   // a write needs a precondition
	IfMatch     string // an entity-tag, *, or "" for none
	IfNoneMatch string // the same
	Set         Pair   // a PUT sets both; a PATCH sets B
}

// An Output is an answer. The zero Output is an answer that was lost, or that does not say whether
// the request took effect: then the operation may take effect at any time, or never.
type Output struct {
	Status int
	ETag   string
	Value  Pair // of a 200 and a 201
}

// A State is what a key holds.
type State struct {
	Exists bool
	Value  Pair
	Tag    string // hidden if nobody has seen it yet
}

// hidden is the tag of a value whose write was not answered. It is not a tag that a client can
// send: no answer has named it.
const hidden = "?"

func (in Input) writes() bool { return in.Method != http.MethodGet }

// matches reports whether a field names what there is.
func (s State) matches(field string) bool {
	return s.Exists && (field == "*" || field == s.Tag)
}

// answer returns the status that the request must get, and what the key holds then. The tag of
// what was written is hidden.
func (s State) answer(in Input) (status int, next State) {
	switch {
	case !s.Exists && in.Method != http.MethodPut:
		return http.StatusNotFound, s // whatever the preconditions are: RFC 9110, 13.2.1
	case in.Demanding && in.writes() && in.IfMatch == "" && in.IfNoneMatch == "":
		return http.StatusPreconditionRequired, s // RFC 6585, 3
	case in.IfMatch != "" && !s.matches(in.IfMatch):
		return http.StatusPreconditionFailed, s // RFC 9110, 13.2.2, step 1
	case in.IfNoneMatch != "" && s.matches(in.IfNoneMatch):
		if in.writes() {
			return http.StatusPreconditionFailed, s // step 3
		}
		return http.StatusNotModified, s
	}
	switch in.Method {
	case http.MethodPut:
		status = http.StatusOK
		if !s.Exists {
			status = http.StatusCreated
		}
		return status, State{true, in.Set, hidden}
	case http.MethodDelete:
		return http.StatusNoContent, State{}
	case http.MethodPatch:
		return http.StatusOK, State{true, Pair{s.Value.A, in.Set.B}, hidden}
	}
	return http.StatusOK, s
}

// step reports whether a request can get this answer when the key holds s, and what the key holds
// then.
func step(s State, in Input, out Output) (bool, State) {
	status, next := s.answer(in)
	switch {
	case out.Status == 0:
		return true, next // if the operation has not taken effect, it stands at the end
	case out.Status == http.StatusConflict:
		// Others were faster, again and again, and no precondition was made false by that.
		return in.writes() && (in.IfMatch == "" || in.IfMatch == "*") && in.IfNoneMatch == "", s
	case out.Status == http.StatusPreconditionFailed && in.IfMatch != "" && !s.Exists:
		// Before it asks for preconditions, the App says 404 of what is not there (RFC 9110,
		// 13.2.1). If it was deleted since, the App says that the precondition is false (13.1.1).
		return true, s
	case out.Status != status:
		return false, s
	case status == http.StatusNotModified:
		return out.ETag == s.Tag, s
	case status != http.StatusOK && status != http.StatusCreated:
		return true, next
	case out.Value != next.Value || out.ETag == "":
		return false, s
	}
	known := next.Tag // of what was read
	if in.writes() {
		if out.ETag == s.Tag {
			return false, s // another state has another tag
		}
		known = hidden
	}
	if known != hidden && known != out.ETag {
		return false, s
	}
	next.Tag = out.ETag
	return true, next
}

func (s State) String() string {
	if !s.Exists {
		return "nothing"
	}
	return fmt.Sprintf("%v %s", s.Value, s.Tag)
}

func (p Pair) String() string { return fmt.Sprintf("a=%d b=%d", p.A, p.B) }

func (in Input) String() string {
	var b strings.Builder
	b.WriteString(in.Method)
	switch in.Method {
	case http.MethodPut:
		fmt.Fprintf(&b, " %v", in.Set)
	case http.MethodPatch:
		fmt.Fprintf(&b, " b=%d", in.Set.B)
	}
	if in.IfMatch != "" {
		b.WriteString(" If-Match: " + in.IfMatch)
	}
	if in.IfNoneMatch != "" {
		b.WriteString(" If-None-Match: " + in.IfNoneMatch)
	}
	if in.Demanding {
		b.WriteString(" (demanding)")
	}
	return b.String()
}

func (out Output) String() string {
	switch out.Status {
	case 0:
		return "unknown"
	case http.StatusOK, http.StatusCreated:
		return fmt.Sprintf("%d %v %s", out.Status, out.Value, out.ETag)
	}
	return fmt.Sprint(out.Status, " ", out.ETag)
}
