package lambda

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
)

// This file answers the events of function URLs. Their shape is an HTTP API's of version 2.0, but
// their path is as the client has sent it.

// FunctionURL answers an event of a function URL whose invoke mode is BUFFERED, which it is by
// default.
func (h *Handler) FunctionURL(ctx context.Context, e events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
	body, err := content(FunctionURL, e.Body, e.IsBase64Encoded)
	if err != nil {
		return events.LambdaFunctionURLResponse{}, err
	}
	in := &incoming{method: e.RequestContext.HTTP.Method, path: encodedPath(e.RawPath), query: encodedQuery(e.RawQueryString),
		header: withCookies(e.Headers, e.Cookies), body: body,
		event: Event{Kind: FunctionURL, RequestID: e.RequestContext.RequestID, RemoteIP: e.RequestContext.HTTP.SourceIP, Payload: e}}
	setHost(in.header, e.RequestContext.DomainName)
	h.takeBasePath(in)
	resp, err := h.answer(ctx, in)
	if err != nil {
		return events.LambdaFunctionURLResponse{}, err
	}
	out := events.LambdaFunctionURLResponse{StatusCode: resp.StatusCode}
	out.Headers, out.Cookies, out.Body, out.IsBase64Encoded = version2(resp)
	return out, nil
}
