package restmachine

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is the state of one exchange: the request, and what has been found
// out so far. No two exchanges share any of it.

type exchange struct {
	inquiry
	att attempt

	// What few requests need, and so is cleared only where it was set.
	pre  conditional.Preconditions
	sent content // of a problem

	out answer

	// Room that is used again.
	json jsonText
	text []byte
	room []byte // for content that is private

	m *machine
}

// An inquiry is what one request is about, and what was found out, whatever the
// attempt.
type inquiry struct {
	plan       *method
	pathParams PathParams

	// The request.
	method    string
	path      string // escaped
	rawQuery  string
	simple    bool // nothing in the path is escaped, or could be
	target    int  // length of the request target, in bytes
	header    http.Header
	body      io.Reader // nil: none
	length    int64     // of the body; -1: unknown
	waits     bool      // the client waits for 100 Continue
	r         *http.Request
	ctx       context.Context
	malformed string // why the request cannot be read, or ""

	// What was found out.
	preRead    bool // pre is set
	content    []byte
	spool      *os.File // the content, for Body[io.ReadSeeker]
	chosen     choice
	lock       heldLock
	rehearsing bool     // the questions are asked ahead of the content: nothing is done
	entered    bool     // G7 was passed, and so all that is asked before it
	feed       *limited // the content for a callback that reads it as it comes

	// What the callback that is being called gets.
	calling    *wire.Func
	describing any
	ret        wire.Result // what the last one returned
	problem    *Problem
	finishing  *Response

	// How it ended.
	err  error       // what ended the walk, if an error did
	at   decision.ID // the last row that was passed: a problem says which decision failed
	call string      // the callbacks of the row that is being traced
	logs bool        // callbacks are noted in call
	ran  bool        // the answer is there
}

// An attempt is what ErrStale throws away: what was loaded and made, and what
// came of it.
type attempt struct {
	cells    []cell // what was loaded, made and parsed, by slot
	cleanups []cleanup
	closers  []io.Closer
	found
	made [2]representation // in place: what is shown and what is answered
}

// What an attempt found out.
type found struct {
	begun   bool
	makes   int             // of made, in use
	missing *load           // what G7 did not find
	shown   *representation // what the GET returned, for its validators
	result  *representation // what the handler returned
	now     *representation // the current one: what is shown, or of the loaded value that stands for it
	moves   *[2]cell        // what the Moved facts said: permanently, temporarily; nil: they were not asked
	moved   string          // where a missing resource is now
}

// A cell is a value of an attempt. That of a load is nil where it is missing.
type cell struct {
	value any
	err   error
	done  bool
	keep  bool // it outlasts a write
}

type cleanup struct {
	fn func(error) error
	by *wire.Func
}

// begin makes a fresh attempt for the plan.
func (x *exchange) begin() { x.att.begin(x.plan.slots) }

// load is the value that l provides, nil where it is missing.
func (x *exchange) load(l *load) (any, error) {
	cell := &x.att.cells[l.slot]
	if !cell.done {
		cell.value, cell.err = x.fetch(l)
		cell.done = true
	}
	return cell.value, cell.err
}

// fetch runs the ResourceExists of l, unless something that it is made from is
// missing.
func (x *exchange) fetch(l *load) (any, error) {
	if l.by == nil {
		return l.with, nil
	}
	for _, parent := range l.by.needs.loads {
		if value, err := x.load(parent); value == nil || err != nil {
			return nil, err
		}
	}
	if err := l.by.run(x); err != nil {
		return nil, err
	}
	value := x.ret.First()
	if l.by.isNil(value) || len(l.by.fn.Out) > 1 && x.ret.Second == false {
		return nil, nil
	}
	return value, nil
}

// must is the value that l provides, or ErrNotFound.
func (x *exchange) must(l *load) (any, error) {
	value, err := x.load(l)
	if err == nil && value == nil {
		err = ErrNotFound
	}
	return value, err
}

// dependency is the value of a Dependency, made when it is first asked for.
func (x *exchange) dependency(d *memo) (any, error) {
	cell := &x.att.cells[d.slot]
	if cell.done {
		return cell.value, cell.err
	}
	value, undo, err := d.by.call(x)
	if fn, _ := undo.(func(error) error); fn != nil {
		x.att.cleanups = append(x.att.cleanups, cleanup{fn, d.by.fn})
		cell.keep = true
	}
	cell.value, cell.err, cell.done = value, err, true
	return value, err
}

// refresh forgets what was read before a write, but for the content, and for
// Dependencies with a cleanup: those are resources, such as the transaction that
// wrote.
func (x *exchange) refresh() {
	for i := range x.att.cells {
		if !x.att.cells[i].keep {
			x.att.cells[i] = cell{}
		}
	}
}

// isNil reports whether v is nil, or a nil of its type.
func isNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return r.IsNil()
	case reflect.Invalid:
		return true
	}
	return false
}

// preconditions are the request's, read once.
func (x *exchange) preconditions() *conditional.Preconditions {
	if !x.preRead {
		x.preRead = true
		x.pre.Read(x.header, x.m.options.strictTags)
	}
	return &x.pre
}

// query is the request's query, a copy for each that asks; one that cannot be
// read is a 400.
func (x *exchange) query() (url.Values, error) {
	values, err := url.ParseQuery(x.rawQuery)
	if err != nil {
		return nil, &Problem{Status: http.StatusBadRequest, Detail: "the query cannot be read"}
	}
	return values, nil
}

// field is a request field as one line (RFC 9110, 5.3).
func (x *exchange) field(name string) string {
	switch lines := x.header[name]; len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0]
	default:
		return strings.Join(lines, ", ")
	}
}

// headerCopy is the request's header, for a callback to keep.
func (x *exchange) headerCopy() http.Header {
	if x.header == nil {
		return http.Header{}
	}
	return x.header.Clone()
}

// request is the request for callbacks that want net/http's; one is made for
// Execute.
func (x *exchange) request() *http.Request {
	r := x.r
	if r == nil {
		r = &http.Request{Method: x.method, Header: x.headerCopy(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			URL: &url.URL{RawQuery: x.rawQuery}, Host: x.header.Get("Host"), ContentLength: x.length, Body: http.NoBody}
		r.URL.RawPath = x.path
		r.URL.Path, _ = url.PathUnescape(x.path)
		r.RequestURI = r.URL.RequestURI()
	}
	r = r.Clone(x.context()) // what the callback does to it stays its own
	if x.r != nil {
		r.Trailer = x.r.Trailer // which net/http fills behind the content
	}
	switch {
	case x.content != nil:
		r.Body = io.NopCloser(bytes.NewReader(x.content))
	case x.body != nil:
		r.Body = io.NopCloser(x.streamed())
	}
	r.Pattern = x.plan.route
	for i, name := range x.pathParams.params.Names() {
		r.SetPathValue(name, x.pathParams.params.Value(i))
	}
	return r
}
