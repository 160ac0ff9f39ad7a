// The client: requests to an App, put together field by field.

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

// A Client sends requests to an App, in process. It may be used by several
// goroutines at once, unless it is [Client.Watching].
type Client struct {
	app    *restmachine.App
	header http.Header
	ledger *Ledger
	state  func() string // what requests may change; nil: nobody looks
}

// NewClient makes a client of app. The first request starts the App; nothing
// shuts it down. All that is derived from the client has one [Ledger].
func NewClient(app *restmachine.App) Client { return Client{app: app, ledger: new(Ledger)} }

// Watching returns a client that looks at a state before and after each request,
// and expects it to be unchanged where the request is refused, as
// [CheckUnchanged] does. state returns what requests may change as text, say
// fmt.Sprint(store.All()).
func (c Client) Watching(state func() string) Client {
	c.state = state
	return c
}

// look is the state, "" where nobody looks.
func (c Client) look() string {
	if c.state == nil {
		return ""
	}
	return c.state()
}

// Header returns a client whose requests carry the field as well: one line for
// each value, in place of what they had. Without a value they go without it.
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

// A Call is a request that is being put together. Its methods return a changed
// copy, so that one Call can be kept, varied, and sent several times.
type Call struct {
	client  Client
	request restmachine.Request // its Header may be shared, and is never written to
}

// Header sets a field: one line for each value, in place of what it had. Without
// a value the field is taken away.
func (c Call) Header(name string, values ...string) Call {
	c.request.Header = with(c.request.Header, name, values)
	return c
}

// IfMatch asks for the request to be done only where one of the entity-tags, or
// "*", is current. They are sent as they are, quotes included.
func (c Call) IfMatch(tags ...string) Call { return c.Header("If-Match", strings.Join(tags, ", ")) }

// IfNoneMatch asks for the request to be done only where none of the
// entity-tags is current, or for "*" nothing is there. They are sent as they
// are, quotes included.
func (c Call) IfNoneMatch(tags ...string) Call {
	return c.Header("If-None-Match", strings.Join(tags, ", "))
}

// IfModifiedSince asks for content only where it was modified after date, to the
// second.
func (c Call) IfModifiedSince(date time.Time) Call {
	return c.Header("If-Modified-Since", conditional.FormatDate(date))
}

// Accept says which media types the client takes: "text/html, */*;q=0.1".
func (c Call) Accept(mediaTypes string) Call { return c.Header("Accept", mediaTypes) }

// Body gives the request its content and its Content-Type.
func (c Call) Body(mediaType, content string) Call {
	c.request.Body = []byte(content)
	return c.Header("Content-Type", mediaType)
}

// JSON gives the request v as its content, application/json. It panics where
// encoding/json cannot write v.
func (c Call) JSON(v any) Call {
	content, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("restmachinetest: the content of %s %s: %v", c.request.Method, c.request.Path, err))
	}
	return c.Body("application/json", string(content))
}

// Form gives the request a form as its content.
func (c Call) Form(values url.Values) Call {
	return c.Body("application/x-www-form-urlencoded", values.Encode())
}

// Request returns the request as App.Execute and [RaceWrites] take it.
func (c Call) Request() restmachine.Request {
	r := c.request
	r.Header, r.Body = r.Header.Clone(), slices.Clone(r.Body)
	return r
}

// Expect sends the request, checks the response with [CheckResponse], its trace
// with [CheckTrace] and both with the client's [Ledger], and returns it for what
// else is expected of it. It stops the test where the App does not start.
func (c Call) Expect(t testing.TB) *Result {
	t.Helper()
	start(t, c.client.app)
	before := c.client.look()
	resp, trace := c.client.app.Explain(c.request)
	r := &Result{t: t, request: c.request, Response: resp, trace: trace}
	x := newExchange(c.request, resp)
	faults := slices.Concat(x.faults(), x.traceFaults(trace), c.client.ledger.faults(x))
	if after := c.client.look(); x.refused() && before != after {
		faults = append(faults, changed(before, after))
	}
	for _, fault := range faults {
		r.report(t.Errorf, "the response %s", fault)
	}
	return r
}

// with is a copy of h in which a field has these lines.
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
