package lambda

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// This file answers the events of an Application Load Balancer. Its target group has one of two
// modes: fields and queries with one value each, or with lists. An answer has to be in the mode
// of its event.

// ALB answers an event of an Application Load Balancer. Where the target group has not the
// attribute lambda.multi_value_headers.enabled, the balancer tells only the last of several lines
// of a field, and of several values of a query.
func (h *Handler) ALB(ctx context.Context, e events.ALBTargetGroupRequest) (events.ALBTargetGroupResponse, error) {
	body, err := content(LoadBalancer, e.Body, e.IsBase64Encoded)
	if err != nil {
		return events.ALBTargetGroupResponse{}, err
	}
	in := &incoming{method: e.HTTPMethod, path: encodedPath(e.Path), query: queryALB(e.QueryStringParameters, e.MultiValueQueryStringParameters),
		header: header(e.Headers, e.MultiValueHeaders), body: body}
	in.event = Event{Kind: LoadBalancer, RequestID: in.header.Get("X-Amzn-Trace-Id"), RemoteIP: lastForwarded(in.header), Payload: e}
	h.takeBasePath(in)
	resp, err := h.answer(ctx, in)
	if err != nil {
		return events.ALBTargetGroupResponse{}, err
	}
	// The map that is not used is empty and not null: people have seen 502 for a null.
	out := events.ALBTargetGroupResponse{StatusCode: resp.StatusCode, StatusDescription: description(resp.StatusCode),
		Headers: map[string]string{}, MultiValueHeaders: map[string][]string{}}
	if e.MultiValueHeaders != nil {
		out.MultiValueHeaders = resp.Header
	} else {
		out.Headers = single(resp.Header)
	}
	out.Body, out.IsBase64Encoded = encoded(resp)
	return out, nil
}

// queryALB is the query of a load balancer's event. Names and values are as the client has sent
// them, escaped. The order of different names is lost.
func queryALB(one map[string]string, many map[string][]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(many)) {
		for _, value := range many[name] {
			pairs = append(pairs, name+"="+value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(one)) {
		if _, known := many[name]; !known {
			pairs = append(pairs, name+"="+one[name])
		}
	}
	return encodedQuery(strings.Join(pairs, "&"))
}

// lastForwarded is the last address of X-Forwarded-For.
func lastForwarded(h http.Header) string {
	lines := strings.Join(h["X-Forwarded-For"], ",")
	return strings.TrimSpace(lines[strings.LastIndexByte(lines, ',')+1:])
}

// description is the status with its phrase, such as "412 Precondition Failed".
func description(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}

// single is a header in which each field has one line. Set-Cookie cannot be joined, so each
// further cookie has the name in another case: a map takes it, and a client sees the same field.
func single(h http.Header) map[string]string {
	fields, cookies := joined(h)
	for i, line := range cookies {
		fields[inCase("set-cookie", i)] = line
	}
	return fields
}

// inCase is the i-th way to write a name in large and small letters, from the canonical one on.
// Of set-cookie there are 512.
func inCase(name string, i int) string {
	b := []byte(http.CanonicalHeaderKey(name))
	for at := range b {
		if b[at] == '-' {
			continue
		}
		if i&1 == 1 {
			b[at] ^= 'a' - 'A'
		}
		i >>= 1
	}
	return string(b)
}
