package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"unicode"
)

// This file is the errors. An answer that is not a success comes in, or a reason why a request
// was not sent. Errors come out that errors.Is and errors.As can tell apart.

// Errors that errors.Is finds.
var (
	// ErrNotFound is an answer of 404.
	ErrNotFound = errors.New("client: not found")
	// ErrGone is an answer of 410.
	ErrGone = errors.New("client: gone")
	// ErrPreconditionFailed is an answer of 412: somebody was faster. The write was not done. From
	// Create it says that there is something already.
	ErrPreconditionFailed = errors.New("client: precondition failed")
	// ErrUnknown says that a write may have been done, or not: see the comment of the package. Read
	// the resource to find out. The error also is what hid the outcome: the error of a connection, or
	// a *StatusError.
	ErrUnknown = errors.New("client: it is unknown whether the write was done")
	// ErrNoStrongTag says that nothing could guard the write, so that it was not sent: there is no
	// entity-tag, or a weak one, which If-Match never matches (RFC 9110, 13.1.1).
	ErrNoStrongTag = errors.New("client: there is no strong entity-tag, so the write was not sent")
	// ErrContent says that what was read is not JSON of the type that was asked for. If it was too
	// long, the error also is an *http.MaxBytesError.
	ErrContent = errors.New("client: the content cannot be read")
	// ErrWouldLose says that members which the type does not know would be lost by the write, so
	// that it was not sent.
	ErrWouldLose = errors.New("client: members that the type does not know would be lost, so the write was not sent")
	// ErrRedirected says that a write would go to another origin than the caller named, so that it was
	// not sent.
	ErrRedirected = errors.New("client: the resource is at another origin, so the write was not sent")
)

// A StatusError is an answer that is not a success. It is an ErrNotFound, an ErrGone or an
// ErrPreconditionFailed by its status. errors.As finds its Problem in it.
type StatusError struct {
	Method, URL string // of the request that got this answer; URL is where redirects have led
	StatusCode  int
	Header      http.Header
	Problem     *Problem // what the server says of it (RFC 9457); nil if it says nothing in this form
	Body        []byte   // the first 64 KiB of the content
	Tries       int      // how many tries have failed, with this one
}

// Error returns method, URL, status, and the problem in one line.
func (e *StatusError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "client: %s %s: %d", e.Method, e.URL, e.StatusCode)
	if text := http.StatusText(e.StatusCode); text != "" {
		b.WriteString(" " + text)
	}
	if e.Problem != nil {
		b.WriteString(": " + e.Problem.Error())
	}
	if to := e.Header.Get("Location"); to != "" && e.StatusCode < 400 {
		b.WriteString(": not followed to " + oneLine(to))
	}
	if e.Tries > 1 {
		fmt.Fprintf(&b, " (after %d tries)", e.Tries)
	}
	return b.String()
}

// Is reports whether target is the error of the status: ErrNotFound, ErrGone or
// ErrPreconditionFailed.
func (e *StatusError) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrGone:
		return e.StatusCode == http.StatusGone
	case ErrPreconditionFailed:
		return e.StatusCode == http.StatusPreconditionFailed
	}
	return false
}

// Unwrap returns the Problem.
func (e *StatusError) Unwrap() error {
	if e.Problem == nil {
		return nil
	}
	return e.Problem
}

// A Problem is what a server says of an error: problem details (RFC 9457). Every part may be
// missing.
type Problem struct {
	Type       string                     // URI of the kind of problem; "" is about:blank
	Title      string                     // the same for all problems of a kind
	Status     int                        // as the server said it; StatusError.StatusCode is what it sent
	Detail     string                     // what is wrong with this request
	Instance   string                     // URI of this occurrence
	Errors     []FieldError               // what is wrong with which part of the content
	Extensions map[string]json.RawMessage // all further members, "errors" included
}

// A FieldError is one of the errors in the content of a request.
type FieldError struct {
	Pointer string `json:"pointer"` // JSON Pointer as a fragment: "#/items/1/sku"
	Detail  string `json:"detail"`  // what is wrong there
}

// Error returns the detail, else the title, and all field errors, in one line.
func (p *Problem) Error() string {
	said := p.Detail
	if said == "" {
		said = p.Title
	}
	if said == "" {
		said = "the server does not say why"
	}
	var b strings.Builder
	b.WriteString(oneLine(said))
	for i, e := range p.Errors {
		if i == 10 {
			fmt.Fprintf(&b, "; and %d more", len(p.Errors)-i)
			break
		}
		fmt.Fprintf(&b, "; %s %s", oneLine(e.Pointer), oneLine(e.Detail))
	}
	return b.String()
}

// readProblem reads problem details. A member of the wrong type is ignored (RFC 9457, 3.1). It
// returns nil if the text is not a JSON object.
func readProblem(text []byte) *Problem {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil || members == nil {
		return nil
	}
	p := &Problem{}
	for name, into := range map[string]any{
		"type": &p.Type, "title": &p.Title, "status": &p.Status, "detail": &p.Detail, "instance": &p.Instance,
	} {
		read(members[name], into)
		delete(members, name)
	}
	var list []json.RawMessage
	read(members["errors"], &list)
	for _, member := range list {
		var e FieldError
		if read(member, &e) && e != (FieldError{}) {
			p.Errors = append(p.Errors, e)
		}
	}
	if len(members) > 0 {
		p.Extensions = maps.Clone(members)
	}
	return p
}

// read decodes a member, and reports whether it is of the right type.
func read(member json.RawMessage, into any) bool {
	return member != nil && json.Unmarshal(member, into) == nil
}

// oneLine makes a text of a server fit for a log: in one line, and not longer than 300 bytes.
func oneLine(text string) string {
	const limit = 300
	cut := ""
	if len(text) > limit {
		text, cut = text[:limit], "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, text) + cut
}

// An unknownError is a write that may have been done.
type unknownError struct {
	lost error // what hid the outcome
	last error // the last answer, or lost again
}

func (e *unknownError) Error() string {
	if e.last == e.lost {
		return fmt.Sprintf("%v: %v", ErrUnknown, e.lost)
	}
	return fmt.Sprintf("%v: one try ended with: %v; the last with: %v", ErrUnknown, e.lost, e.last)
}

// Unwrap leaves out a last answer of 412: it must not be taken for a write that was not done.
func (e *unknownError) Unwrap() []error {
	if errors.Is(e.last, ErrPreconditionFailed) {
		return []error{ErrUnknown, e.lost}
	}
	return []error{ErrUnknown, e.lost, e.last}
}
