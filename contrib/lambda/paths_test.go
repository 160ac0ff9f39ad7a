package lambda_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/lambda"
	"github.com/restmachine/restmachine-go/restmachine"
)

// This file holds what becomes of paths, queries and fields, each row with its reason.

// seen is what an App has seen of an event.
type seen struct {
	target, location string
	header           http.Header
	event            lambda.Event
}

// see answers an event and returns what the App saw.
func see(t *testing.T, event map[string]any, options ...lambda.Option) (s seen) {
	t.Helper()
	h, err := lambda.Over(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.target, s.header = r.URL.RequestURI(), r.Header.Clone()
		s.header.Set("Host", r.Host)
		s.event, _ = lambda.FromContext(r.Context())
	}), options...)
	require.NoError(t, err)
	b, err := json.Marshal(event)
	require.NoError(t, err)
	_, err = h.Invoke(t.Context(), b)
	require.NoError(t, err)

	app := restmachine.New()
	app.Get("/{path...}", func() *restmachine.Reply[any] { return restmachine.SeeOther[any]("/here") })
	app.Get("/elsewhere", func() *restmachine.Reply[any] { return restmachine.SeeOther[any]("//other.example/here") })
	own, err := lambda.New(t.Context(), app, options...)
	require.NoError(t, err)
	answer, err := own.Invoke(t.Context(), b)
	require.NoError(t, err)
	a := read(t, answer)
	if s.location = a.Headers["Location"]; s.location == "" && len(a.MultiValueHeaders["Location"]) > 0 {
		s.location = a.MultiValueHeaders["Location"][0]
	}
	return s
}

func restPath(path, whole, stage, domain string) map[string]any {
	return map[string]any{"path": path, "httpMethod": "GET", "requestContext": map[string]any{"path": whole, "stage": stage, "domainName": domain}}
}

func httpPath(version, path, stage, domain string) map[string]any {
	if version == "1.0" {
		return map[string]any{"version": "1.0", "path": path, "httpMethod": "GET", "requestContext": map[string]any{"path": path, "stage": stage, "domainName": domain}}
	}
	return map[string]any{"version": "2.0", "rawPath": path, "requestContext": map[string]any{"stage": stage, "domainName": domain, "http": map[string]any{"method": "GET", "path": path}}}
}

func albPath(path string) map[string]any {
	return map[string]any{"httpMethod": "GET", "path": path, "headers": map[string]string{}, "requestContext": map[string]any{"elb": map[string]any{"targetGroupArn": "a"}}}
}

const (
	ownDomain = "abc123.execute-api.eu-west-1.amazonaws.com"
	custom    = "api.example.com"
	urlDomain = "abc123.lambda-url.eu-west-1.on.aws"
)

func TestPaths(t *testing.T) {
	shop := lambda.WithBasePath("/shop")
	for _, test := range []struct {
		name     string
		event    map[string]any
		options  []lambda.Option
		target   string
		location string
		because  string
	}{
		{"REST, stage", restPath("/notes/1", "/prod/notes/1", "prod", ownDomain), nil, "/notes/1", "/prod/here", "API Gateway took the stage off, and a client needs it"},
		{"REST, root of a stage", restPath("/", "/prod", "prod", ownDomain), nil, "/", "/prod/here", "the whole path is the stage alone"},
		{"REST, root of a stage with a slash", restPath("/", "/prod/", "prod", ownDomain), nil, "/", "/prod/here", "or with a slash"},
		{"REST, a path like the stage", restPath("/prod/1", "/prod/prod/1", "prod", ownDomain), nil, "/prod/1", "/prod/here", "the stage was taken off once"},
		{"REST, custom domain", restPath("/notes/1", "/notes/1", "prod", custom), nil, "/notes/1", "/here", "clients of a custom domain do not send the stage"},
		{"REST, custom domain, a path like the stage", restPath("/prod/1", "/prod/1", "prod", custom), nil, "/prod/1", "/here", "nothing was taken off"},
		{"REST, base path", restPath("/shop/notes/1", "/shop/notes/1", "prod", custom), []lambda.Option{shop}, "/notes/1", "/shop/here", "API Gateway leaves a base path where it is"},
		{"REST, base path and nothing", restPath("/shop", "/shop", "prod", custom), []lambda.Option{shop}, "/", "/shop/here", "the root of the App"},
		{"REST, not the base path", restPath("/shopping/1", "/shopping/1", "prod", custom), []lambda.Option{shop}, "/shopping/1", "/here", "a prefix is whole segments"},
		{"REST, base path unknown", restPath("/shop/notes/1", "/shop/notes/1", "prod", custom), nil, "/shop/notes/1", "/here", "nothing in the event tells a base path from a path"},
		{"REST, escaped", restPath("/a%2Fb%20c", "/prod/a%2Fb%20c", "prod", ownDomain), nil, "/a%2Fb%20c", "/prod/here", "a REST API tells the path as it was sent"},
		{"REST, from the console", restPath("/a", "", "", ""), nil, "/a", "/here", "a test of the console has fewer fields"},

		{"REST, to another host", restPath("/elsewhere", "/prod/elsewhere", "prod", ownDomain), nil, "/elsewhere", "//other.example/here", "what names a host is not a path of the App"},

		{"HTTP 1.0, stage", httpPath("1.0", "/prod/notes", "prod", ownDomain), nil, "/notes", "/prod/here", "an HTTP API leaves the stage in the path"},
		{"HTTP 1.0, decoded", httpPath("1.0", "/a b%41", "$default", ownDomain), nil, "/a%20b%2541", "/here", "an HTTP API has decoded the path; what is % now was %25"},
		{"HTTP 1.0, base path", httpPath("1.0", "/shop/notes", "$default", custom), []lambda.Option{shop}, "/notes", "/shop/here", "payload 1.0 has the base path"},

		{"HTTP 2.0", httpPath("2.0", "/notes", "$default", ownDomain), nil, "/notes", "/here", "the stage $default is not in paths"},
		{"HTTP 2.0, stage", httpPath("2.0", "/prod/notes", "prod", ownDomain), nil, "/notes", "/prod/here", "an HTTP API leaves the stage in the path"},
		{"HTTP 2.0, root of a stage", httpPath("2.0", "/prod", "prod", ownDomain), nil, "/", "/prod/here", "and nothing but the stage is the root"},
		{"HTTP 2.0, a path that begins like the stage", httpPath("2.0", "/product", "prod", ownDomain), nil, "/product", "/here", "a prefix is whole segments"},
		{"HTTP 2.0, custom domain", httpPath("2.0", "/prod/notes", "prod", custom), nil, "/notes", "/here", "the stage is in the path, though no client has sent it"},
		{"HTTP 2.0, base path", httpPath("2.0", "/prod/notes", "prod", custom), []lambda.Option{shop}, "/notes", "/shop/here", "payload 2.0 does not tell the base path; the option does"},
		{"HTTP 2.0, base path, own domain", httpPath("2.0", "/prod/notes", "prod", ownDomain), []lambda.Option{shop}, "/notes", "/prod/here", "the API's own domain has no base path"},
		{"HTTP 2.0, decoded", httpPath("2.0", "/a b?c#d/é", "$default", ownDomain), nil, "/a%20b%3Fc%23d/%C3%A9", "/here", "a decoded path must not become a query"},
		{"HTTP 2.0, nothing", httpPath("2.0", "", "$default", ownDomain), nil, "/", "/here", "an empty path is the root"},

		{"function URL, escaped", httpPath("2.0", "/a%2Fb%20c", "$default", urlDomain), nil, "/a%2Fb%20c", "/here", "a function URL tells the path as it was sent"},
		{"function URL, a space", httpPath("2.0", "/a b", "$default", urlDomain), nil, "/a%20b", "/here", "what cannot stand in a path is escaped"},

		{"balancer, escaped", albPath("/a%2Fb%20c"), nil, "/a%2Fb%20c", "/here", "a balancer tells the path as it was sent"},
		{"balancer, bytes", albPath("/é?x#y"), nil, "/%C3%A9%3Fx%23y", "/here", "a path must not become a query"},
		{"balancer, base path", albPath("/shop/notes"), []lambda.Option{shop}, "/notes", "/shop/here", "a rule for /shop/* leaves it in the path"},
		{"balancer, two slashes", albPath("//evil.example/x"), nil, "//evil.example/x", "/here", "two slashes in front are a path here, and not a host"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := see(t, test.event, test.options...)
			assert.Equal(t, test.target, got.target, test.because)
			assert.Equal(t, test.location, got.location, test.because)
		})
	}
}

func with(event map[string]any, more map[string]any) map[string]any {
	for name, value := range more {
		event[name] = value
	}
	return event
}

type many = map[string][]string
type single = map[string]string

func TestQueries(t *testing.T) {
	rest, alb := restPath("/", "/", "", custom), albPath("/")
	for _, test := range []struct {
		name    string
		event   map[string]any
		target  string
		because string
	}{
		{"REST", with(rest, map[string]any{"queryStringParameters": single{"a": "3"}, "multiValueQueryStringParameters": many{"a": {"1 &", "3"}}}), "/?a=1+%26&a=3", "API Gateway has decoded it, so it is escaped again"},
		{"REST, one value", with(restPath("/", "/", "", custom), map[string]any{"queryStringParameters": single{"ü": "%"}}), "/?%C3%BC=%25", "old events have one map"},
		{"REST, none", with(restPath("/", "/", "", custom), map[string]any{"queryStringParameters": nil, "multiValueQueryStringParameters": nil}), "/", "API Gateway sends null"},
		{"HTTP 2.0", with(httpPath("2.0", "/", "$default", custom), map[string]any{"rawQueryString": "b=%20&a=1,2&a=+", "queryStringParameters": single{"a": "1,2, "}}), "/?b=%20&a=1,2&a=+", "the raw one is as it was sent; the other has joined what cannot be told apart again"},
		{"balancer, lists", with(alb, map[string]any{"multiValueQueryStringParameters": many{"a%5B%5D": {"1%26", "x+y"}, "b": {""}}}), "/?a%5B%5D=1%26&a%5B%5D=x+y&b=", "a balancer does not decode names or values, so they are not escaped again"},
		{"balancer, single", with(albPath("/"), map[string]any{"queryStringParameters": single{"a": "1%20#"}}), "/?a=1%20%23", "what cannot stand in a query is escaped"},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.target, see(t, test.event).target, test.because) })
	}
}

func TestFieldsOfRequests(t *testing.T) {
	for _, test := range []struct {
		name    string
		event   map[string]any
		field   string
		want    []string
		because string
	}{
		{"both maps", with(restPath("/", "/", "", custom), map[string]any{"headers": single{"X-A": "2", "X-B": "3"}, "multiValueHeaders": many{"X-A": {"1", "2"}}}), "X-A", []string{"1", "2"}, "the list has all lines"},
		{"only in the map of one", with(restPath("/", "/", "", custom), map[string]any{"headers": single{"X-A": "2", "X-B": "3"}, "multiValueHeaders": many{"X-A": {"1", "2"}}}), "X-B", []string{"3"}, "nothing is lost"},
		{"names of two cases", with(restPath("/", "/", "", custom), map[string]any{"multiValueHeaders": many{"IF-NONE-MATCH": {`"a"`}, "if-none-match": {`"b"`}}}), "If-None-Match", []string{`"a"`, `"b"`}, "names have no case (RFC 9110, 5.1), but API Gateway keeps it"},
		{"cookies in a list", with(httpPath("2.0", "/", "$default", custom), map[string]any{"cookies": []string{"a=1", "b=2"}}), "Cookie", []string{"a=1; b=2"}, "version 2.0 has them apart from the fields"},
		{"cookies of a balancer", with(albPath("/"), map[string]any{"multiValueHeaders": many{"cookie": {"a=1", "b=2"}}}), "Cookie", []string{"a=1; b=2"}, "several lines are one (RFC 9113, 8.2.3)"},
		{"lines joined", with(httpPath("2.0", "/", "$default", custom), map[string]any{"headers": single{"if-match": `"a","b"`}}), "If-Match", []string{`"a","b"`}, "version 2.0 joins lines, which means the same (RFC 9110, 5.3)"},
		{"host", with(httpPath("2.0", "/", "$default", custom), map[string]any{"headers": single{"host": "notes.example"}}), "Host", []string{"notes.example"}, "what the client has asked for"},
		{"no host", httpPath("2.0", "/", "$default", custom), "Host", []string{custom}, "the domain stands in for it"},
		{"forwarded", with(albPath("/"), map[string]any{"headers": single{"x-forwarded-proto": "https"}}), "X-Forwarded-Proto", []string{"https"}, "what the service says of the client stays"},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, see(t, test.event).header[test.field], test.because)
		})
	}
}

// TestEvents: callbacks can know what HTTP does not say.
func TestEvents(t *testing.T) {
	kinds := map[string]lambda.Kind{"REST": lambda.RESTAPI, "HTTP": lambda.HTTPAPI, "func": lambda.FunctionURL, "load": lambda.LoadBalancer}
	for _, s := range services {
		got := see(t, s.event(call{method: "GET", path: "/", header: fields()})).event
		assert.Equal(t, kinds[s.name[:4]], got.Kind, s.name)
		assert.Equal(t, "id-1", got.RequestID, s.name)
		assert.Equal(t, remote, got.RemoteIP, "%s: a client may have sent an X-Forwarded-For itself, so its last address counts", s.name)
		assert.Equal(t, s.prefix, got.Prefix, s.name)
		assert.NotNil(t, got.Payload, s.name)
	}
	_, ok := lambda.FromContext(t.Context())
	assert.False(t, ok)
}
