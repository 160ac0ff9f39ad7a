package lambda_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// This file is what the services in front of a function do, as their documents say it and as
// people have seen it: each makes an event of a request of HTTP, and a response of HTTP of an
// answer.

// A call is a request as a client sends it.
type call struct {
	method, path, query string // path and query escaped
	header              http.Header
	body                []byte
}

func (c call) target() string {
	if c.query == "" {
		return c.path
	}
	return c.path + "?" + c.query
}

// A reply is a response as a client sees it.
type reply struct {
	status int
	header http.Header
	body   string
}

// A service makes events of calls, and replies of answers.
type service struct {
	name   string
	prefix string // what the client's path has in front of the App's
	event  func(c call) map[string]any
	reply  func(t *testing.T, answer []byte) reply
	// merged: of several lines and values, only the last is told.
	single bool
}

const remote = "203.0.113.7"

// services are all kinds and modes.
var services = []service{
	{name: "REST API", event: restEvent("", "api.example.com"), reply: replyVersion1},
	{name: "REST API, stage", prefix: "/prod", event: restEvent("/prod", "abc123.execute-api.eu-west-1.amazonaws.com"), reply: replyVersion1},
	{name: "HTTP API 1.0", event: http1Event("$default"), reply: replyVersion1},
	{name: "HTTP API 1.0, stage", prefix: "/prod", event: http1Event("prod"), reply: replyVersion1},
	{name: "HTTP API 2.0", event: http2Event("$default"), reply: replyVersion2},
	{name: "HTTP API 2.0, stage", prefix: "/prod", event: http2Event("prod"), reply: replyVersion2},
	{name: "function URL", event: functionURLEvent, reply: replyVersion2},
	{name: "load balancer, lists", event: albEvent(true), reply: replyALB(true)},
	{name: "load balancer, single", event: albEvent(false), reply: replyALB(false), single: true},
}

func (s service) payload(t *testing.T, c call) []byte {
	t.Helper()
	b, err := json.Marshal(s.event(c))
	require.NoError(t, err)
	return b
}

func setBody(e map[string]any, body []byte) map[string]any {
	e["body"], e["isBase64Encoded"] = nil, false
	if len(body) > 0 {
		e["body"], e["isBase64Encoded"] = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

func last[T any](many map[string][]T) map[string]T {
	one := map[string]T{}
	for name, values := range many {
		one[name] = values[len(values)-1]
	}
	return one
}

// restEvent: the path is as it was sent, without the stage; the query is decoded.
func restEvent(stage, domain string) func(call) map[string]any {
	return func(c call) map[string]any {
		query, _ := url.ParseQuery(c.query)
		h := maps.Clone(c.header)
		return setBody(map[string]any{
			"resource": "/{proxy+}", "path": c.path, "httpMethod": c.method,
			"headers": last(h), "multiValueHeaders": h,
			"queryStringParameters": last(query), "multiValueQueryStringParameters": query,
			"requestContext": map[string]any{"stage": strings.TrimPrefix(stage, "/"), "path": stage + c.path, "domainName": domain,
				"requestId": "id-1", "identity": map[string]any{"sourceIp": remote}},
		}, c.body)
	}
}

func decoded(path string) string {
	plain, err := url.PathUnescape(path)
	if err != nil {
		panic(err)
	}
	return plain
}

func stagePath(stage string) string {
	if stage == "$default" {
		return ""
	}
	return "/" + stage
}

// http1Event: the path is decoded, and has the stage.
func http1Event(stage string) func(call) map[string]any {
	return func(c call) map[string]any {
		e := restEvent("", "abc123.execute-api.eu-west-1.amazonaws.com")(c)
		e["version"] = "1.0"
		e["path"] = stagePath(stage) + decoded(c.path)
		context := e["requestContext"].(map[string]any)
		context["stage"], context["path"] = stage, e["path"]
		return e
	}
}

// http2Event: the path is decoded, and has the stage; lines are joined, and cookies are apart.
func http2Event(stage string) func(call) map[string]any {
	return func(c call) map[string]any {
		return version2Event(c, stage, stagePath(stage)+decoded(c.path), "abc123.execute-api.eu-west-1.amazonaws.com")
	}
}

// functionURLEvent: the path is as it was sent.
func functionURLEvent(c call) map[string]any {
	return version2Event(c, "$default", c.path, "abc123.lambda-url.eu-west-1.on.aws")
}

func version2Event(c call, stage, path, domain string) map[string]any {
	fields, cookies := map[string]string{}, []string{}
	for name, lines := range c.header {
		if name == "Cookie" {
			for _, line := range lines {
				cookies = append(cookies, strings.Split(line, "; ")...)
			}
		} else {
			fields[strings.ToLower(name)] = strings.Join(lines, ",")
		}
	}
	e := map[string]any{
		"version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": c.query, "headers": fields,
		"requestContext": map[string]any{"stage": stage, "domainName": domain, "requestId": "id-1", "routeKey": "$default",
			"http": map[string]any{"method": c.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": remote}},
	}
	if len(cookies) > 0 {
		e["cookies"] = cookies
	}
	return setBody(e, c.body)
}

// albEvent: path and query are as they were sent.
func albEvent(lists bool) func(call) map[string]any {
	return func(c call) map[string]any {
		fields, query := map[string][]string{}, map[string][]string{}
		for name, lines := range c.header {
			fields[strings.ToLower(name)] = lines
		}
		fields["x-forwarded-for"] = []string{"198.51.100.9, " + remote}
		fields["x-amzn-trace-id"] = []string{"id-1"}
		for pair := range strings.SplitSeq(c.query, "&") {
			if name, value, _ := strings.Cut(pair, "="); name != "" {
				query[name] = append(query[name], value)
			}
		}
		e := setBody(map[string]any{"httpMethod": c.method, "path": c.path,
			"requestContext": map[string]any{"elb": map[string]any{"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/notes/0"}}}, c.body)
		if lists {
			e["multiValueHeaders"], e["multiValueQueryStringParameters"] = fields, query
		} else {
			e["headers"], e["queryStringParameters"] = last(fields), last(query)
		}
		if len(c.body) == 0 {
			e["body"] = ""
		}
		return e
	}
}

// anAnswer is the answer of any kind.
type anAnswer struct {
	StatusCode        int                 `json:"statusCode"`
	StatusDescription string              `json:"statusDescription"`
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
	Cookies           []string            `json:"cookies"`
	Body              string              `json:"body"`
	IsBase64Encoded   bool                `json:"isBase64Encoded"`
}

func (a anAnswer) reply(t *testing.T, fields ...map[string][]string) reply {
	t.Helper()
	r := reply{a.StatusCode, http.Header{}, a.Body}
	for _, some := range fields {
		for _, name := range slices.Sorted(maps.Keys(some)) {
			for _, line := range some[name] {
				r.header.Add(name, line)
			}
		}
	}
	if a.IsBase64Encoded {
		b, err := base64.StdEncoding.DecodeString(a.Body)
		require.NoError(t, err)
		r.body = string(b)
	}
	return r
}

func read(t *testing.T, answer []byte) (a anAnswer) {
	t.Helper()
	require.NoError(t, json.Unmarshal(answer, &a), "%s", answer)
	return a
}

func lists(one map[string]string) map[string][]string {
	many := map[string][]string{}
	for name, line := range one {
		many[name] = []string{line}
	}
	return many
}

func replyVersion1(t *testing.T, answer []byte) reply {
	a := read(t, answer)
	return a.reply(t, a.MultiValueHeaders)
}

func replyVersion2(t *testing.T, answer []byte) reply {
	a := read(t, answer)
	require.Empty(t, a.MultiValueHeaders, "version 2.0 does not know them")
	return a.reply(t, lists(a.Headers), map[string][]string{"Set-Cookie": a.Cookies})
}

// replyALB: a null is a 502, as is an answer in the other mode.
func replyALB(many bool) func(t *testing.T, answer []byte) reply {
	return func(t *testing.T, answer []byte) reply {
		require.NotContains(t, string(answer), ":null")
		a := read(t, answer)
		require.Regexp(t, `^\d{3} [A-Z][A-Za-z' -]+$`, a.StatusDescription)
		if many {
			require.Empty(t, a.Headers)
			return a.reply(t, a.MultiValueHeaders)
		}
		require.Empty(t, a.MultiValueHeaders)
		return a.reply(t, lists(a.Headers))
	}
}
