// This file is the client. A test sets the fields of a request. The client sends the
// request to the App in process and returns a Result, which checks the response.

package restmachinetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// A Client sends requests to an App, in process. Several goroutines may use it at the
// same time, unless it is [Client.Watching] a state.
type Client struct {
	app    *restmachine.App
	over   http.Handler // what answers instead of the App; nil: the App does
	header http.Header
	ledger *Ledger
	state  func() string // the state that requests may change; nil if it is not watched
}

// NewClient makes a client of app. The first request starts the App, and nothing shuts it
// down. All clients that are derived from this client share one [Ledger].
func NewClient(app *restmachine.App) Client { return Client{app: app, ledger: new(Ledger)} }

// Watching returns a client that reads a state before and after each request. If a
// request is refused, the client expects the state to be unchanged, like
// [CheckUnchanged]. state returns everything that requests may change as text, for
// example fmt.Sprint(store.All()).
func (c Client) Watching(state func() string) Client {
	c.state = state
	return c
}

// look returns the state, or "" if it is not watched.
func (c Client) look() string {
	if c.state == nil {
		return ""
	}
	return c.state()
}

// Header returns a client whose requests also have the field: one line for each value.
// The values replace earlier ones. Without a value, the field is removed.
func (c Client) Header(name string, values ...string) Client {
	c.header = with(c.header, name, values)
	return c
}

// Get begins a GET. The path is percent-encoded, and may carry a ?query.
func (c Client) Get(path string) Call { return c.Method(http.MethodGet, path) }

// Head begins a HEAD.
func (c Client) Head(path string) Call { return c.Method(http.MethodHead, path) }

// Post begins a POST.
func (c Client) Post(path string) Call { return c.Method(http.MethodPost, path) }

// Put begins a PUT.
func (c Client) Put(path string) Call { return c.Method(http.MethodPut, path) }

// Patch begins a PATCH.
func (c Client) Patch(path string) Call { return c.Method(http.MethodPatch, path) }

// Delete begins a DELETE.
func (c Client) Delete(path string) Call { return c.Method(http.MethodDelete, path) }

// Method begins a request with any method.
func (c Client) Method(method, path string) Call {
	return Call{c, restmachine.Request{Method: method, Path: path, Header: c.header}}
}

// A Call is a request that is not sent yet. Its methods return a changed copy. One Call
// can therefore be kept, varied, and sent several times.
type Call struct {
	client  Client
	request restmachine.Request // its Header may be shared, and is never changed
}

// Header sets a field: one line for each value. The values replace earlier ones. Without
// a value, the field is removed.
func (c Call) Header(name string, values ...string) Call {
	c.request.Header = with(c.request.Header, name, values)
	return c
}

// IfMatch makes the request conditional: it is done only if one of the entity-tags is
// current. "*" means any entity-tag. The tags are sent unchanged, with their quotes.
func (c Call) IfMatch(tags ...string) Call { return c.Header("If-Match", strings.Join(tags, ", ")) }

// IfNoneMatch makes the request conditional: it is done only if none of the entity-tags
// is current. "*" means that the resource must not exist. The tags are sent unchanged,
// with their quotes.
func (c Call) IfNoneMatch(tags ...string) Call {
	return c.Header("If-None-Match", strings.Join(tags, ", "))
}

// IfModifiedSince asks for content only if it was modified after date. Fractions of a
// second do not count.
func (c Call) IfModifiedSince(date time.Time) Call {
	return c.Header("If-Modified-Since", conditional.FormatDate(date))
}

// Accept sets the media types that the client accepts, for example "text/html, */*;q=0.1".
func (c Call) Accept(mediaTypes string) Call { return c.Header("Accept", mediaTypes) }

// Body sets the content of the request and its Content-Type.
func (c Call) Body(mediaType, content string) Call {
	c.request.Body = []byte(content)
	return c.Header("Content-Type", mediaType)
}

// JSON sets v, written as JSON, as the content. The Content-Type is application/json.
// JSON panics if encoding/json cannot write v.
func (c Call) JSON(v any) Call {
	content, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("restmachinetest: the content of %s %s: %v", c.request.Method, c.request.Path, err))
	}
	return c.Body("application/json", string(content))
}

// Form sets a form as the content of the request.
func (c Call) Form(values url.Values) Call {
	return c.Body("application/x-www-form-urlencoded", values.Encode())
}

// Request returns the request for App.Execute or [RaceWrites].
func (c Call) Request() restmachine.Request {
	r := c.request
	r.Header, r.Body = r.Header.Clone(), slices.Clone(r.Body)
	return r
}

// Expect sends the request and returns the response as a Result, for further
// expectations. It checks the response with [CheckResponse], its trace with [CheckTrace],
// and both with the [Ledger] of the client. It stops the test if the App does not start.
func (c Call) Expect(t testing.TB) *Result {
	t.Helper()
	before := c.client.look()
	resp, trace := c.client.send(t, c.request)
	r := &Result{t: t, request: c.request, Response: resp, trace: trace}
	x := newExchange(c.request, resp)
	faults := slices.Concat(x.faults(), c.client.ledger.faults(x))
	if c.client.over == nil {
		faults = append(faults, x.traceFaults(trace)...)
	}
	if after := c.client.look(); x.refused() && before != after {
		faults = append(faults, changed(before, after))
	}
	for _, fault := range faults {
		r.report(t.Errorf, "the response %s", fault)
	}
	return r
}

// with returns a copy of h in which a field has these lines.
func with(h http.Header, name string, lines []string) http.Header {
	changed := http.Header{}
	for other, kept := range h {
		changed[other] = kept
	}
	name = http.CanonicalHeaderKey(name)
	if delete(changed, name); len(lines) > 0 {
		changed[name] = slices.Clone(lines)
	}
	return changed
}
