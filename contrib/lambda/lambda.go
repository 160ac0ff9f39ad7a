// Package lambda runs an App in AWS Lambda: behind a REST API or an HTTP API of API Gateway, an
// Application Load Balancer, or a function URL.
//
//	func main() {
//		log.Fatal(lambda.Start(newApp()))
//	}
//
// One function serves all of them: what an event is, is told from its documented shape. An event
// that is none of them is an error, which Lambda reports and logs, and never an empty success. So
// a ping that shall keep the function warm needs [WithOther].
//
// The App answers as it would under net/http: the same status, fields and content. What differs
// is what the services in front do; the guide's page on Lambda lists it.
//
// # What is sent as base64
//
// An answer goes to Lambda as JSON, so its content is either text or base64. It is text where its
// Content-Type names text (text/…, JSON, XML, YAML, JavaScript, forms) in UTF-8, it has no
// Content-Encoding, and its bytes are UTF-8. All other content is base64. The type decides, and
// not the bytes alone, so that one resource is always sent in one way: a REST API has to be told
// which media types are binary.
//
// # Streams
//
// An answer is sent when it is whole. A stream that ends is collected first. One that does not
// end, such as Events, is cut off by the deadline of the function: do not serve it from Lambda.
package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is what makes a Handler. In come an App, or any http.Handler, and options. Out comes
// what answers events.

// A Handler answers events. It is a Handler of github.com/aws/aws-lambda-go, so that its
// lambda.Start takes it, and it has a method for each kind of event, for those who want one kind.
// It is safe for concurrent use.
type Handler struct {
	config
	serve func(context.Context, *incoming) (restmachine.Response, error)
}

// config is what options set.
type config struct {
	basePath string
	grace    time.Duration
	other    func(context.Context, json.RawMessage) (any, error)
}

// New starts the App under ctx, and returns its Handler. Wiring faults and errors of OnStartup
// are returned here, so that a function that cannot work fails when it is deployed. Most programs
// call [Start], which calls New.
//
// A *http.Request that a callback takes has the Host and not the RemoteAddr: an [Event] has the
// address.
func New(ctx context.Context, app *restmachine.App, options ...Option) (*Handler, error) {
	h, err := newHandler(options)
	if err != nil {
		return nil, err
	}
	if app == nil {
		return nil, errors.New("lambda: New was given a nil App")
	}
	if err := app.Start(ctx); err != nil {
		return nil, err
	}
	h.serve = func(ctx context.Context, in *incoming) (restmachine.Response, error) {
		return h.execute(ctx, app, in), nil
	}
	return h, nil
}

// Over returns a Handler for any http.Handler, such as an App with middleware around it, or a mux
// with an App and other handlers. Whoever calls it calls [restmachine.App.Start] before, and ends
// what they have started. A handler that panics, with [http.ErrAbortHandler] or otherwise, makes
// an error of the invocation.
func Over(handler http.Handler, options ...Option) (*Handler, error) {
	h, err := newHandler(options)
	if err != nil {
		return nil, err
	}
	if handler == nil {
		return nil, errors.New("lambda: Over was given a nil http.Handler")
	}
	h.serve = func(ctx context.Context, in *incoming) (restmachine.Response, error) {
		return serveHTTP(ctx, handler, in)
	}
	return h, nil
}

func newHandler(options []Option) (*Handler, error) {
	h := &Handler{config: config{grace: defaultGrace}}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("lambda: an Option is nil")
		}
		if err := option(&h.config); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// execute answers a request by the App. The paths of the App that stand in the answer get back
// what was taken off in front, as they do under http.StripPrefix.
func (h *Handler) execute(ctx context.Context, app *restmachine.App, in *incoming) restmachine.Response {
	resp := app.ExecuteContext(ctx, restmachine.Request{Method: in.method, Path: in.target(), Header: in.header, Body: in.body})
	if in.event.Prefix != "" {
		for _, name := range []string{"Location", "Content-Location"} {
			lines := resp.Header[name]
			if len(lines) == 1 && strings.HasPrefix(lines[0], "/") && !strings.HasPrefix(lines[0], "//") {
				resp.Header[name] = []string{in.event.Prefix + lines[0]}
			}
		}
	}
	return resp
}

// An Option changes what a Handler does: see [WithBasePath], [WithGrace] and [WithOther].
type Option func(*config) error

// WithBasePath names the path that a custom domain of API Gateway maps to the API, or that a rule
// of a load balancer sends to the function, such as "/shop". Default: none. It is taken off the
// paths of requests that have it, and put back in front of a Location. HTTP APIs with payload 2.0
// take it off themselves and do not tell it, so that only this option can put it back.
func WithBasePath(path string) Option {
	return func(c *config) error {
		if !strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") || strings.ContainsAny(path, "?# ") || strings.Contains(path, "//") {
			return fmt.Errorf("lambda: the base path %q is not a path; write one such as /shop, without a slash at its end", path)
		}
		c.basePath = path
		return nil
	}
}

const defaultGrace = 250 * time.Millisecond

// WithGrace sets how long before the deadline of the function the context of a request ends.
// Default: 250 ms. In that time the App answers 503, and cleanups undo what was under way. Once
// the deadline itself has passed, Lambda stops the process and nothing more runs. Of an
// invocation that has less than twice that time, it takes half.
func WithGrace(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return fmt.Errorf("lambda: a grace of %v is less than nothing", d)
		}
		c.grace = d
		return nil
	}
}

// WithOther sets what answers events that are not HTTP requests, such as those of a schedule. It
// is given the event, and its value is sent as JSON. Default: such events are errors.
func WithOther(answer func(ctx context.Context, event json.RawMessage) (any, error)) Option {
	return func(c *config) error {
		if answer == nil {
			return errors.New("lambda: WithOther was given a nil function")
		}
		c.other = answer
		return nil
	}
}

// soon is ctx with the deadline that leaves the grace.
func (c *config) soon(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok || c.grace == 0 {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, deadline.Add(-min(c.grace, max(0, time.Until(deadline)/2))))
}
