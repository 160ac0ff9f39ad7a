package lambda

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file answers the events of API Gateway: of REST APIs, and of HTTP APIs in both versions of
// their payload.

// REST answers an event of a REST API. The stage is not in its path; the base path of a custom
// domain is, and [WithBasePath] takes it off.
func (h *Handler) REST(ctx context.Context, e events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	in, err := version1(RESTAPI, &e)
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	in.path = encodedPath(e.Path) // as the client has sent it
	if whole, stage := e.RequestContext.Path, "/"+e.RequestContext.Stage; whole != e.Path {
		if _, ok := without(whole, stage); ok { // it was taken off
			in.event.Prefix = stage
		}
	}
	h.takeBasePath(in)
	return h.answerVersion1(ctx, in)
}

// http1 answers an event of an HTTP API whose integration has payload 1.0. The shape is a REST
// API's, but the path was decoded, and has the stage in it.
func (h *Handler) http1(ctx context.Context, e events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	in, err := version1(HTTPAPI, &e)
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	in.path = decodedPath(e.Path)
	h.takeStage(in, e.RequestContext.Stage, e.RequestContext.DomainName)
	return h.answerVersion1(ctx, in)
}

// version1 is the request of an event in the shape of a REST API, but for its path. The query
// was decoded.
func version1(kind Kind, e *events.APIGatewayProxyRequest) (*incoming, error) {
	body, err := content(kind, e.Body, e.IsBase64Encoded)
	if err != nil {
		return nil, err
	}
	in := &incoming{method: e.HTTPMethod, header: header(e.Headers, e.MultiValueHeaders), body: body,
		event: Event{Kind: kind, RequestID: e.RequestContext.RequestID, RemoteIP: e.RequestContext.Identity.SourceIP, Payload: *e}}
	setHost(in.header, e.RequestContext.DomainName)
	query := make(url.Values)
	for name, value := range e.QueryStringParameters {
		query[name] = []string{value}
	}
	for name, values := range e.MultiValueQueryStringParameters {
		query[name] = values
	}
	in.query = query.Encode()
	return in, nil
}

func (h *Handler) answerVersion1(ctx context.Context, in *incoming) (events.APIGatewayProxyResponse, error) {
	resp, err := h.answer(ctx, in)
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	out := events.APIGatewayProxyResponse{StatusCode: resp.StatusCode, Headers: map[string]string{}, MultiValueHeaders: resp.Header}
	out.Body, out.IsBase64Encoded = encoded(resp)
	return out, nil
}

// HTTP answers an event of an HTTP API with payload 2.0, which is what it sends by default. A
// stage other than $default is taken off the path.
func (h *Handler) HTTP(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	body, err := content(HTTPAPI, e.Body, e.IsBase64Encoded)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	in := &incoming{method: e.RequestContext.HTTP.Method, path: decodedPath(e.RawPath), query: encodedQuery(e.RawQueryString),
		header: withCookies(e.Headers, e.Cookies), body: body,
		event: Event{Kind: HTTPAPI, RequestID: e.RequestContext.RequestID, RemoteIP: e.RequestContext.HTTP.SourceIP, Payload: e}}
	setHost(in.header, e.RequestContext.DomainName)
	h.takeStage(in, e.RequestContext.Stage, e.RequestContext.DomainName)
	resp, err := h.answer(ctx, in)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	out := events.APIGatewayV2HTTPResponse{StatusCode: resp.StatusCode, MultiValueHeaders: map[string][]string{}}
	out.Headers, out.Cookies, out.Body, out.IsBase64Encoded = version2(resp)
	return out, nil
}

// takeStage takes the stage off the path of an HTTP API. On the API's own domain it is part of
// what the client has sent. On a custom domain the client has sent the base path in its place, or
// nothing.
func (h *Handler) takeStage(in *incoming, stage, domain string) {
	if stage != "" && stage != "$default" {
		if rest, ok := without(in.path, "/"+stage); ok {
			in.path, in.event.Prefix = rest, "/"+stage
		}
	}
	h.takeBasePath(in)
	if custom := domain != "" && !strings.Contains(domain, ".execute-api."); custom {
		in.event.Prefix = h.basePath
	}
}

// withCookies is the header of an event of version 2.0, which has the cookies in a list.
func withCookies(fields map[string]string, cookies []string) map[string][]string {
	h := header(fields, nil)
	if len(cookies) > 0 {
		h["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	return h
}

// version2 are the parts of an answer of version 2.0.
func version2(resp restmachine.Response) (fields map[string]string, cookies []string, body string, isBase64 bool) {
	fields, cookies = joined(resp.Header)
	if cookies == nil {
		cookies = []string{}
	}
	body, isBase64 = encoded(resp)
	return fields, cookies, body, isBase64
}
