package cors_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

// faultsOf are the wiring faults of an App with a policy.
func faultsOf(t *testing.T, p cors.Policy) []string {
	t.Helper()
	app := restmachine.New()
	app.Get("/", func() string { return "" })
	cors.Allow(app, p)
	err := app.Validate()
	if err == nil {
		return nil
	}
	var all []string
	for _, fault := range err.(interface{ Unwrap() []error }).Unwrap() {
		text := fault.Error()
		require.Regexp(t, `^cors/faults_test\.go:\d+: cors\.Allow of the App: `, text)
		_, text, _ = strings.Cut(text, "cors.Allow of the App: ")
		all = append(all, text)
	}
	return all
}

// TestFaults has a row for each policy that cannot be meant.
func TestFaults(t *testing.T) {
	some := []string{ours}
	for _, row := range []struct {
		policy cors.Policy
		want   string
	}{
		{cors.Policy{}, `it lets nobody in; name the Origins, or say so by cors.Deny`},
		{cors.Policy{Origins: []string{}, Credentials: true}, `it lets nobody in; name the Origins, or say so by cors.Deny`},
		{cors.Policy{Origins: []string{"*"}, Credentials: true}, `Origins: browsers refuse "*" with Credentials, since every page could then do what the user can; name the origins`},
		{cors.Policy{Origins: []string{"*", ours}}, `Origins: "*" takes all pages; write it alone, or name the origins without it`},
		{cors.Policy{Origins: []string{"*"}, Null: true}, `Origins: "*" takes all pages; write it alone, or name the origins without it`},
		{cors.Policy{Origins: []string{"null"}}, `Origins: any page can make its origin "null"; if all may come, write "*", and if only such pages, Null: true`},
		{cors.Policy{Origins: some, Null: true, Credentials: true}, `Null: any page can make its origin "null", so with Credentials every page could do what the user can; remove one of the two`},
		{cors.Policy{Origins: some, Headers: []string{"*"}, Credentials: true}, `Headers: with Credentials browsers read "*" as the name of a field; name the fields`},
		{cors.Policy{Origins: some, Expose: []string{"*"}, Credentials: true}, `Expose: with Credentials browsers read "*" as the name of a field; name the fields`},
		{cors.Policy{Origins: some, Headers: []string{"X-A, X-B"}}, `Headers: "X-A, X-B" is not the name of a field; write one name in each element`},
		{cors.Policy{Origins: some, Headers: []string{""}}, `Headers: "" is not the name of a field; write one name in each element`},
		{cors.Policy{Origins: some, Headers: []string{"X-\u212a"}}, "Headers: \"X-\u212a\" is not the name of a field; write one name in each element"},
		{cors.Policy{Origins: some, Headers: []string{"cookie"}}, `Headers: no browser lets a script send cookie; remove it`},
		{cors.Policy{Origins: some, Headers: []string{"Sec-Fetch-Mode"}}, `Headers: no browser lets a script send Sec-Fetch-Mode; remove it`},
		{cors.Policy{Origins: some, Expose: []string{"X A"}}, `Expose: "X A" is not the name of a field; write one name in each element`},
		{cors.Policy{Origins: some, Expose: []string{"set-cookie"}}, `Expose: no browser lets a script read set-cookie; remove it`},
		{cors.Policy{Origins: some, MaxAge: -time.Second}, `MaxAge: -1s is negative; 0 means 10m0s, and 1 that browsers ask before each request`},
		{cors.Policy{Origins: some, MaxAge: 48 * time.Hour}, `MaxAge: no browser keeps an answer for 48h0m0s; write 24 hours or less`},
	} {
		assert.Equal(t, []string{row.want}, faultsOf(t, row.policy), "%+v", row.policy)
	}
	assert.Len(t, faultsOf(t, cors.Policy{Origins: []string{"*", "a", "b/"}, Credentials: true, Headers: []string{"*", "Host"}, MaxAge: -1}), 7, "all at once")
	assert.Empty(t, faultsOf(t, cors.Policy{Match: func(string) bool { return true }, Credentials: true}))
	assert.Empty(t, faultsOf(t, cors.Policy{Null: true}))
}

// TestFaultsOfOrigins: each would never be what a browser sends. The fault says what was
// probably meant.
func TestFaultsOfOrigins(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.example/":          `it ends with the host and the port: no path and no slash follows; write "https://a.example"`,
		"https://a.example/app":       `it ends with the host and the port: no path and no slash follows; write "https://a.example"`,
		"https://a.example?x":         `it ends with the host and the port: no path and no slash follows`,
		"a.example":                   `it needs a scheme, such as "https://"; write "https://a.example"`,
		"a.example:8080":              `it needs a scheme, such as "https://"; write "https://a.example:8080"`,
		"":                            `it needs a scheme, such as "https://"`,
		"://a.example":                `it needs a scheme, such as "https://"`,
		"https://":                    `"" is not a host`,
		"https://A.example":           `browsers write it in lower case; write "https://a.example"`,
		"https://a.example:443":       `browsers leave the port 443 of https out; write "https://a.example"`,
		"http://a.example:80":         `browsers leave the port 80 of http out; write "http://a.example"`,
		"http://a.example:":           `"" is not a port`,
		"http://a.example:08080":      `"08080" is not a port`,
		"http://a.example:99999":      `"99999" is not a port`,
		"http://a.example:*":          `"*" is not a port`,
		"https://u:p@a.example":       `it does not have a user`,
		"https://bücher.example":      `browsers write such a host in ASCII: "xn--…"`,
		"https://a b.example":         `"a b.example" is not a host`,
		" https://a.example":          `" https" is not a scheme; write "https://a.example"`,
		"https://a..example":          `"a..example" is not a host`,
		"https://*.com":               `anybody can have a host below "com": name the domain`,
		"https://*":                   `"*." stands in front of the host alone, for subdomains; for anything else write a Match`,
		"https://a.*.example":         `"*." stands in front of the host alone, for subdomains; for anything else write a Match`,
		"https://*a.example":          `"*." stands in front of the host alone, for subdomains; for anything else write a Match`,
		"https://*.127.0.0.1":         `an address does not have subdomains`,
		"https://*.[::1]":             `an address does not have subdomains`,
		"http://127.1":                `"127.1" is not an IPv4 address as browsers write it`,
		"http://0x7f":                 `"0x7f" is not an IPv4 address as browsers write it`,
		"http://[0:0::1]":             `browsers write "[::1]"`,
		"http://[::ffff:1.2.3.4]":     `browsers write "[::ffff:102:304]"`,
		"http://[::1":                 `browsers write "[::1]"`,
		"http://[::1]x":               `"[::1]x" is not an IPv6 address`,
		"http://[fe80::1%eth0]":       `"[fe80::1%eth0]" is not an IPv6 address`,
		"file:///index.html":          `a page of file: does not have an origin: browsers write "null"`,
		"wss://a.example":             `the page that opens a WebSocket has the origin of its own scheme`,
		"https://*.example.com/admin": `it ends with the host and the port: no path and no slash follows; write "https://*.example.com"`,
	} {
		assert.Equal(t, []string{`Origins: "` + text + `" never is an origin: ` + want}, faultsOf(t, cors.Policy{Origins: []string{text}}))
	}
	for _, text := range []string{ours, "http://localhost", "http://localhost:5173", "https://*.example.com", "http://*.localhost:8080", "http://127.0.0.1:1",
		"http://[::1]", "http://[::ffff:102:304]:8080", "https://xn--bcher-kva.example", "https://a_b.example", "https://example.com.", "capacitor://localhost",
		"moz-extension://6f1d7f0a-3f0b-4c55-8d5a-1f2e3d4c5b6a", "http://a.example:443", "https://a.example:80"} {
		assert.Empty(t, faultsOf(t, cors.Policy{Origins: []string{text}}), text)
	}
}

// TestTwoAtOnePlace: neither would be nearer.
func TestTwoAtOnePlace(t *testing.T) {
	for name, give := range map[string]func(place restmachine.Place){
		"Allow": func(place restmachine.Place) { cors.Allow(place, cors.Policy{Origins: []string{ours}}) },
		"Deny":  cors.Deny,
	} {
		app := restmachine.New()
		v1 := app.Group("/v1")
		v1.Get("/a", func() string { return "" })
		cors.Allow(v1, cors.Policy{Origins: []string{ours}})
		give(v1)
		assert.ErrorContains(t, app.Validate(), "cors."+name+` of Group "/v1" is given here, and cors.Allow at cors/faults_test.go:`)
	}
	app := restmachine.New()
	app.Get("/a", func() string { return "" })
	require.NoError(t, app.Start(t.Context()))
	defer func() {
		assert.Regexp(t, `^restmachine: cors\.Deny at cors/faults_test\.go:\d+ comes after the App has started; register everything before the start$`, recover())
	}()
	cors.Deny(app)
	t.Error("a policy that comes too late was taken")
}
