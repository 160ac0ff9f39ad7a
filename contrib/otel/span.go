package otel

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file says what a span has, by the semantic conventions for HTTP server spans. In come a
// request, and later its Outcome. Out go attributes, a name, a status and events.

const (
	decisionKey = attribute.Key("restmachine.decision")
	answerKey   = attribute.Key("restmachine.answer")
	reasonKey   = attribute.Key("restmachine.reason")
	callbackKey = attribute.Key("restmachine.callback")

	otherMethod = "_OTHER" // of the conventions; that of an Outcome is OTHER
)

var errPanicked = errors.New("the handler panicked, or ended its goroutine")

// knownMethod is a method of RFC 9110 or PATCH, and else what stands for all others.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return method
	}
	return otherMethod
}

// methodOf is the method of an exchange, as the App knows it.
func methodOf(o *restmachine.Outcome) string {
	if o.KnownMethod == "OTHER" {
		return otherMethod
	}
	return o.KnownMethod
}

// spanName is "{method} {route}", or "{method}" without a route.
func spanName(method, route string) string {
	if method == otherMethod {
		method = "HTTP"
	}
	if route == "" {
		return method
	}
	return method + " " + route
}

// routeOf is the route with the root of the App, and "" for an unknown path.
func (t *Telemetry) routeOf(o *restmachine.Outcome) string {
	if o.Route == "" || t.config.Root == "" {
		return o.Route
	}
	return t.config.Root + o.Route
}

// schemeOf is the scheme of the URL, if middleware that knows a proxy put one there, and else the
// scheme of the connection.
func schemeOf(r *http.Request) string {
	switch {
	case r.URL.Scheme == "http" || r.URL.Scheme == "https":
		return r.URL.Scheme
	case r.TLS != nil:
		return "https"
	}
	return "http"
}

// versionOf is the version of HTTP. A server takes few.
func versionOf(r *http.Request) string {
	switch {
	case r.ProtoMajor >= 2:
		return strconv.Itoa(r.ProtoMajor)
	case r.ProtoMajor == 1 && r.ProtoMinor == 0:
		return "1.0"
	}
	return "1.1"
}

// attributesOf are what is known when a request comes: samplers see these.
func (t *Telemetry) attributesOf(r *http.Request) trace.SpanStartEventOption {
	all := make([]attribute.KeyValue, 0, 12)
	all = append(all, semconv.HTTPRequestMethodKey.String(knownMethod(r.Method)), semconv.URLPath(r.URL.EscapedPath()),
		semconv.URLScheme(schemeOf(r)), semconv.NetworkProtocolVersion(versionOf(r)))
	if host, port := hostPort(r.Host); host != "" {
		all = append(all, semconv.ServerAddress(host))
		if port > 0 {
			all = append(all, semconv.ServerPort(port))
		}
	}
	if peer, port := hostPort(r.RemoteAddr); peer != "" {
		all = append(all, semconv.ClientAddress(peer), semconv.NetworkPeerAddress(peer))
		if port > 0 {
			all = append(all, semconv.NetworkPeerPort(port))
		}
	}
	if agent := r.UserAgent(); agent != "" {
		all = append(all, semconv.UserAgentOriginal(agent))
	}
	if t.config.Attributes != nil {
		all = append(all, t.config.Attributes(r)...)
	}
	return trace.WithAttributes(all...)
}

// executed are those of a request in process.
func executed(r restmachine.Request) trace.SpanStartEventOption {
	path, _, _ := strings.Cut(r.Path, "?")
	return trace.WithAttributes(semconv.HTTPRequestMethodKey.String(knownMethod(r.Method)), semconv.URLPath(path))
}

// hostPort splits what may have a port.
func hostPort(s string) (host string, port int) {
	host, digits, err := net.SplitHostPort(s)
	if err != nil {
		return strings.Trim(s, "[]"), 0
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return host, 0
	}
	return host, int(n)
}

// describe says of a span how its exchange ended.
func (t *Telemetry) describe(span trace.Span, o *restmachine.Outcome) {
	if !span.IsRecording() {
		return
	}
	method, route := methodOf(o), t.routeOf(o)
	span.SetName(spanName(method, route))
	all := make([]attribute.KeyValue, 0, 6)
	all = append(all, semconv.HTTPRequestMethodKey.String(method))
	if method == otherMethod && o.Method != "" {
		all = append(all, semconv.HTTPRequestMethodOriginal(o.Method))
	}
	if route != "" {
		all = append(all, semconv.HTTPRoute(route))
	}
	if o.Status != 0 {
		all = append(all, semconv.HTTPResponseStatusCode(o.Status))
	}
	if o.Decision != "" {
		all = append(all, decisionKey.String(o.Decision))
	}
	if kind := errorType(o); kind != "" {
		all = append(all, semconv.ErrorTypeKey.String(kind))
		fail(span, o)
	}
	span.SetAttributes(all...)
	addPath(span, o)
}

// errorType is the class of the error that a server is to blame for, or that cut the answer. It
// is "" where there is none: a 4xx is not an error of the server.
func errorType(o *restmachine.Outcome) string {
	switch {
	case o.Status >= 500:
		return strconv.Itoa(o.Status)
	case o.Err == nil || o.Status >= 400:
		return ""
	case errors.Is(o.Err, context.Canceled):
		return "canceled"
	case errors.Is(o.Err, context.DeadlineExceeded):
		return "deadline_exceeded"
	case errors.Is(o.Err, http.ErrAbortHandler):
		return "aborted"
	}
	return semconv.ErrorType(o.Err).Value.AsString()
}

// fail says that a span failed. A status tells why by itself; the error is an event.
func fail(span trace.Span, o *restmachine.Outcome) {
	if o.Err == nil {
		span.SetStatus(codes.Error, "")
		return
	}
	message, stack, _ := strings.Cut(o.Err.Error(), "\n")
	attributes := []attribute.KeyValue{semconv.ExceptionMessage(message), semconv.ExceptionType(semconv.ErrorType(o.Err).Value.AsString())}
	if stack != "" {
		attributes = append(attributes, semconv.ExceptionStacktrace(stack))
	}
	span.AddEvent(semconv.ExceptionEventName, trace.WithAttributes(attributes...))
	if o.Status >= 500 {
		message = ""
	}
	span.SetStatus(codes.Error, message)
}

// addPath adds an event for each question that was asked on the way through the graph. When
// each was answered is not known; the time of an event adds up the questions up to it.
func addPath(span trace.Span, o *restmachine.Outcome) {
	if o.Trace == nil {
		return
	}
	at := time.Now().Add(-o.Duration)
	for _, v := range o.Trace.Visits {
		if v.Folded {
			continue
		}
		at = at.Add(v.Took)
		attributes := make([]attribute.KeyValue, 0, 4)
		attributes = append(attributes, decisionKey.String(v.ID.String()), answerKey.String(v.Answer.String()))
		if v.Why != "" {
			attributes = append(attributes, reasonKey.String(v.Why))
		}
		if v.Callback != "" {
			attributes = append(attributes, callbackKey.String(v.Callback))
		}
		span.AddEvent(v.ID.String()+" "+v.Label, trace.WithTimestamp(at), trace.WithAttributes(attributes...))
	}
}
