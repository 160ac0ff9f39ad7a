package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// This file tells the kinds of events apart. In comes an event as JSON. Out comes the answer of
// its kind as JSON, or an error that says what the event seems to be.

// Invoke answers one event, of any kind. It is what Lambda calls.
func (h *Handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	answer, err := h.invoke(ctx, event)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // "<" would be six bytes of the six megabytes that an answer may have
	if err := encoder.Encode(answer); err != nil {
		return nil, fmt.Errorf("lambda: the answer cannot be sent as JSON: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func (h *Handler) invoke(ctx context.Context, event []byte) (any, error) {
	var s shape
	if err := json.Unmarshal(event, &s); err != nil {
		if errors.As(err, new(*json.SyntaxError)) {
			return nil, fmt.Errorf("lambda: the event is not JSON: %w", err)
		}
		return h.unknown(ctx, event)
	}
	switch {
	case s.isOther():
		return h.unknown(ctx, event)
	case s.Context.ELB != nil && s.Method != "":
		return typed(ctx, event, h.ALB)
	case s.Version == "2.0" && s.Context.HTTP.Method != "" && isFunctionURL(s.Context.Domain):
		return typed(ctx, event, h.FunctionURL)
	case s.Version == "2.0" && s.Context.HTTP.Method != "":
		return typed(ctx, event, h.HTTP)
	case s.Version == "1.0" && s.Method != "":
		return typed(ctx, event, h.http1)
	case s.Version == "" && s.Method != "" && s.Context.ELB == nil:
		return typed(ctx, event, h.REST)
	}
	return h.unknown(ctx, event)
}

// A shape is what the kinds differ in.
type shape struct {
	Version string `json:"version"`
	Method  string `json:"httpMethod"`
	Context *struct {
		Domain string `json:"domainName"`
		ELB    *struct {
			Group string `json:"targetGroupArn"`
		} `json:"elb"`
		HTTP struct {
			Method string `json:"method"`
		} `json:"http"`
		ConnectionID string `json:"connectionId"` // of a websocket
	} `json:"requestContext"`
	MethodARN string `json:"methodArn"` // of an event for an authorizer, which looks like a request otherwise
	RouteARN  string `json:"routeArn"`
}

// isOther reports whether an event is not an HTTP request, though it may look like one.
func (s *shape) isOther() bool {
	return s.Context == nil || s.MethodARN != "" || s.RouteARN != ""
}

// isFunctionURL reports whether a domain is a function URL's: <id>.lambda-url.<region>.on.aws.
func isFunctionURL(domain string) bool { return strings.Contains(domain, ".lambda-url.") }

// typed reads an event of one kind and answers it.
func typed[In, Out any](ctx context.Context, event []byte, answer func(context.Context, In) (Out, error)) (any, error) {
	var in In
	if err := json.Unmarshal(event, &in); err != nil {
		return nil, fmt.Errorf("lambda: the event cannot be read as %T: %w", in, err)
	}
	return answer(ctx, in)
}

// unknown answers an event that is not an HTTP request.
func (h *Handler) unknown(ctx context.Context, event []byte) (any, error) {
	if h.other != nil {
		return h.other(ctx, bytes.Clone(event)) // Lambda uses the bytes again
	}
	return nil, fmt.Errorf("lambda: the event is not an HTTP request of API Gateway, a load balancer or a function URL; %s; WithOther answers such events", describe(event))
}

// others are signs of events that people send to a function that serves HTTP.
var others = []struct{ field, means string }{
	{"detail-type", "it is one of EventBridge"},
	{"Records", "it has records, as those of a queue or a bucket have"},
	{"methodArn", "it is for an authorizer"},
	{"routeArn", "it is for an authorizer"},
	{"raw_path", "it is one of VPC Lattice"},
}

// describe says what an event seems to be. It names its fields and not their values: an error is
// logged, and values may be secret.
func describe(event []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(event, &fields) != nil || fields == nil {
		return "it is not a JSON object"
	}
	for _, o := range others {
		if _, ok := fields[o.field]; ok {
			return o.means
		}
	}
	var s shape
	if json.Unmarshal(event, &s) == nil && s.Context != nil && s.Context.ConnectionID != "" {
		return "it is one of a websocket"
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, fmt.Sprintf("%.40q", name))
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "it has not one field"
	}
	if s.Version != "" {
		return fmt.Sprintf("its version is %.40q, and its fields are %s", s.Version, strings.Join(names[:min(len(names), 12)], ", "))
	}
	return "its fields are " + strings.Join(names[:min(len(names), 12)], ", ")
}
