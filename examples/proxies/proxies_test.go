// These tests start the real proxies with the recipes of this folder, before a real App. What
// each did is compared with the tables of README.md. `go test ./proxies -update` writes them.

package main

import (
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the tables of README.md")

// names are the columns of the first table. The first one is the App without a proxy.
var names = []string{"directly", "nginx", "varnish", "apache", "haproxy", "squid", "caddy"}

// A question is a row of the first table.
type question struct {
	text  string
	probe func(*scene) string
}

var questions = []question{
	{"GET without gzip, and PUT with its tag", plainTag},
	{"GET with gzip, which the App does not offer", gzipTag},
	{"GET with gzip by the App", appGzip},
	{"then GET without Accept-Encoding", afterGzip},
	{"weak tag, and If-None-Match with it", weakTag},
	{"`max-age=60`: If-None-Match", keptNotModified},
	{"`no-cache`: If-None-Match", checkedNotModified},
	{"a 304 of a copy", fieldsOf304},
	{"`If-None-Match: \"x\", TAG`, then `*`, on a copy", listOfTags},
	{"GET with an If-Match that fails, on a copy", ifMatchOfRead},
	{"If-Modified-Since that is later, on a copy", laterDate},
	{"`max-age=60`: GET again", copied("/kept/")},
	{"no Cache-Control: GET again", copied("/silent/")},
	{"`private`: GET again", copied("/mine/")},
	{"Authorization of two users, then none", authorised},
	{"GET after a PUT through the proxy", afterWrite},
	{"GET with `no-cache` after a PUT elsewhere", refusesCopies},
	{"404, then PUT, then GET", missingThenMade},
	{"412, 428, 200, 412, 204 by the App", writes},
	{"HEAD, OPTIONS", headAndOptions},
	{"Range; If-Range; If-Range that fails", ranges},
	{"Accept-Language de, en, de", languages},
	{"Location and redirect below `/api`", locations},
	{"odd paths", paths},
	{"Host; X-Forwarded-For", hostAndClient},
	{"TLS with HTTP/2", overTLS},
	{"PUT of 2 MiB", upload},
	{"Expect: 100-continue, If-Match fails", refusedBeforeContent},
	{"event stream", events},
	{"PUT whose answer is lost", lost("PUT", body)},
	{"DELETE whose answer is lost", lost("DELETE", "")},
	{"GET whose answer is lost", lost("GET", "")},
	{"the App is down", down},
}

// open starts a proxy before a new App. Without a proxy, the App is asked directly.
func open(t *testing.T, name string, edit func(string) string) *scene {
	t.Helper()
	o := newOrigin(t)
	if name == names[0] {
		return newScene(t, name, o.server.Listener.Addr().String(), "", o)
	}
	p, err := start(name, o.port(), edit)
	if errors.Is(err, errMissing) {
		t.Skipf("SKIPPED, nothing was tested: %v", err)
	}
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(p.log())
		}
		p.stop()
	})
	return newScene(t, name, p.plain, p.secure, o)
}

func TestRecipes(t *testing.T) {
	lines := make([][]string, len(questions))
	for row, q := range questions {
		lines[row] = make([]string, len(names)+1)
		lines[row][0] = q.text
	}
	ran := make([]bool, len(names))
	t.Run("all", func(t *testing.T) {
		for i, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := open(t, name, nil)
				for row, q := range questions {
					lines[row][i+1] = q.probe(s)
				}
				ran[i] = true
			})
		}
	})
	compare(t, "recipes", append([]string{"what was tried"}, names...), lines, func(_, column int) bool {
		return column == 0 || ran[column-1]
	})
}

// A setting is a change of a recipe, and what comes of it.
type setting struct {
	proxy, text string
	change      []string // texts of the recipe, and what stands in their place, in turn
	probe       func(*scene) string
}

var settings = []setting{
	{"nginx", "`gzip on`", []string{"gzip off;", "gzip on; gzip_types *;"}, gzipTag},
	{"nginx", "without `proxy_next_upstream off`: PUT whose answer is lost", []string{"proxy_next_upstream off;", ""}, lost("PUT", body)},
	{"nginx", "without `proxy_next_upstream off`: DELETE whose answer is lost", []string{"proxy_next_upstream off;", ""}, lost("DELETE", "")},
	{"nginx", "without `client_max_body_size`: PUT of 2 MiB", []string{"client_max_body_size 0;", ""}, upload},
	{"nginx", "`proxy_cache` for what is `no-cache`: If-None-Match", []string{"location /kept/", "location /notes/"}, checkedNotModified},
	{"nginx", "`proxy_cache` without `$known`: two users, then none", []string{nginxCache, "location /secret/ { proxy_pass http://app; proxy_cache copies; "}, authorised},
	{"nginx", "without `$fresh`: GET with `no-cache` after a PUT elsewhere", []string{"proxy_cache_bypass $fresh $known;", ""}, refusesCopies},
	{"nginx", "without `if_modified_since before`: a later If-Modified-Since", []string{"if_modified_since before;", ""}, laterDate},
	{"nginx", "without `Host $http_host`", []string{"proxy_set_header Host $http_host;", ""}, hostAndClient},
	{"nginx", "a path in `proxy_pass http://app/`", []string{"proxy_pass http://app;", "proxy_pass http://app/;"}, paths},
	{"nginx", "`location /sub/ { proxy_pass http://app/; }`: Location", []string{"location / {", "location /sub/ { proxy_pass http://app/; } location / {"}, stripped},
	{"nginx", "`proxy_read_timeout 1s`: an answer after 2 s", []string{"proxy_read_timeout 60s", "proxy_read_timeout 1s"}, slowly},
	{"varnish", "without `http_gzip_support=off`: GET with gzip, then without", []string{" -p http_gzip_support=off", ""}, afterGzip},
	{"varnish", "`http_gzip_support=on` and `do_gzip`: GET with gzip", []string{"=off\n", "=on\n", "sub vcl_backend_response {", "sub vcl_backend_response {\n\tset beresp.do_gzip = true;"}, gzipTag},
	{"varnish", "without `return (pass(10m))`: GET again, without Cache-Control", []string{varnishPass, ""}, copied("/silent/")},
	{"varnish", "without `return (pass(10m))`: `no-cache`, If-None-Match", []string{varnishPass, ""}, checkedNotModified},
	{"varnish", "without `ban`: GET after a PUT", []string{`ban("req.url == " + req.url);`, ""}, afterWrite},
	{"varnish", "without `hash_always_miss`: GET with `no-cache` after a PUT elsewhere", []string{"set req.hash_always_miss = true;", ""}, refusesCopies},
	{"varnish", "the recipe as it is: PUT over MaxBody", nil, tooLarge(0)},
	{"varnish", "without `std.integer(req.http.Content-Length, 0)`: PUT over MaxBody", []string{"> 8388608", "> 83886080"}, tooLarge(0, 413)},
	{"varnish", "the recipe as it is: PUT without content whose answer is lost", nil, lost("PUT", "")},
	{"varnish", "`first_byte_timeout = 1s`: an answer after 2 s", []string{`.port = "8080";`, `.port = "8080"; .first_byte_timeout = 1s;`}, slowly},
	{"apache", "`SetOutputFilter DEFLATE`", []string{"ProxyTimeout 60", "SetOutputFilter DEFLATE"}, gzipTag},
	{"apache", "`SetOutputFilter DEFLATE` and `DeflateAlterETag NoChange`", []string{"ProxyTimeout 60", "SetOutputFilter DEFLATE\nDeflateAlterETag NoChange"}, gzipTag},
	{"apache", "without `CacheDefaultExpire 0`: GET again, without Cache-Control", []string{"CacheDefaultExpire 0", ""}, copied("/silent/")},
	{"apache", "without `AllowEncodedSlashes NoDecode`", []string{"AllowEncodedSlashes NoDecode", ""}, paths},
	{"apache", "without `nocanon`", []string{" nocanon", ""}, paths},
	{"apache", "without `ProxyPreserveHost On`", []string{"ProxyPreserveHost On", ""}, hostAndClient},
	{"apache", "`ProxyTimeout 1`: an answer after 2 s", []string{"ProxyTimeout 60", "ProxyTimeout 1"}, slowly},
	{"haproxy", "`compression algo gzip`", []string{"backend app\n", "backend app\n\tcompression algo gzip\n"}, gzipTag},
	{"haproxy", "`cache-store` without a condition: GET again, without Cache-Control", []string{" if { res.hdr(Cache-Control) -m sub max-age } || { var(txn.write) -m bool }", ""}, copied("/silent/")},
	{"haproxy", "`cache-store` only for what has max-age: GET after a PUT", []string{" || { var(txn.write) -m bool }", ""}, afterWrite},
	{"haproxy", "`timeout server 1s`: an answer after 2 s", []string{"timeout server 60s", "timeout server 1s"}, slowly},
	{"squid", "without `login=PASSTHRU`: two users, then none", []string{"originserver login=PASSTHRU", "originserver"}, authorised},
	{"squid", "without `server_persistent_connections off`: DELETE whose answer is lost", []string{"server_persistent_connections off", ""}, lost("DELETE", "")},
	{"squid", "the same: PUT without content whose answer is lost", []string{"server_persistent_connections off", ""}, lost("PUT", "")},
	{"squid", "`read_timeout 1 second`: an answer after 2 s", []string{"read_timeout 60 seconds", "read_timeout 1 second"}, slowly},
	{"caddy", "`encode gzip`", []string{"(recipe) {", "(recipe) {\n\tencode gzip"}, gzipTag},
	{"caddy", "without `compression off`: GET with gzip, then without", []string{"compression off", ""}, afterGzip},
	{"caddy", "`response_header_timeout 1s`: an answer after 2 s", []string{"response_header_timeout 60s", "response_header_timeout 1s"}, slowly},
}

const (
	nginxCache = `location /kept/ {
			proxy_pass http://app;
			proxy_cache copies;
			proxy_cache_key $request_uri;
			proxy_cache_revalidate on;
			proxy_cache_bypass $fresh $known;
			proxy_no_cache $known;`
	varnishPass = "return (pass(10m));"
)

// TestSettings shows what each line of a recipe is for: without it, something else comes.
func TestSettings(t *testing.T) {
	ran := make([]bool, len(settings))
	lines := make([][]string, len(settings))
	t.Run("all", func(t *testing.T) {
		for i, one := range settings {
			lines[i] = []string{one.proxy, one.text, ""}
			t.Run(one.proxy+" "+one.text, func(t *testing.T) {
				t.Parallel()
				s := open(t, one.proxy, func(recipe string) string {
					for j := 0; j < len(one.change); j += 2 {
						require.Contains(t, recipe, one.change[j])
					}
					return strings.NewReplacer(one.change...).Replace(recipe)
				})
				lines[i][2] = one.probe(s)
				ran[i] = true
			})
		}
	})
	compare(t, "settings", []string{"proxy", "changed in the recipe", "what came"}, lines, func(row, column int) bool { return ran[row] || column < 2 })
}
