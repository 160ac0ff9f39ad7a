package cors

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// FuzzParse: what is read as an origin is written as it was read, and net/url reads the same
// host in it. A pattern never takes what is not below its host.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"https://app.example.com", "http://localhost:5173", "https://*.example.com", "null", "*", "http://[::1]:80",
		"http://[::ffff:102:304]", "http://127.0.0.1", "https://a.example/", "https://a.example:443", "https://evil.test/.example.com",
		"chrome-extension://abc", "https://u@a.example.com", "https://.example.com", "HTTPS://A.EXAMPLE.COM", "https://a.example.com\n",
		"https://b%2f.example.com", "https://x\\.example.com", "https://0x7f.1", "http://[fe80::1%25eth0]"} {
		f.Add(seed)
	}
	pattern, wrong := parse("https://*.example.com")
	assert.Empty(f, wrong)
	match := ""
	rules := newRules(Policy{Origins: []string{"https://*.example.com"}, Match: func(o string) bool { match = o; return false }})
	f.Fuzz(func(t *testing.T, text string) {
		o, wrong := parse(text)
		header := rules.fields(text, "")
		if wrong != "" {
			assert.Equal(t, rules.refused, header, "what is not an origin is not let in")
			return
		}
		assert.Equal(t, text, o.String())
		for _, c := range []byte(text) {
			assert.True(t, c > ' ' && c < 0x7f, "%q", text)
		}
		if o.subdomains {
			assert.Equal(t, rules.refused, header, "a pattern is not an origin")
			return
		}
		u, err := url.Parse(text)
		assert.NoError(t, err)
		assert.Equal(t, o.scheme, u.Scheme)
		assert.Equal(t, strings.Trim(o.host, "[]"), u.Hostname())
		assert.Equal(t, o.port, u.Port())
		assert.Empty(t, u.Path+u.RawQuery+u.Fragment)
		assert.Nil(t, u.User)
		below := u.Scheme == "https" && u.Port() == "" && strings.HasSuffix(u.Hostname(), ".example.com") && u.Hostname() != ".example.com"
		assert.Equal(t, below, o.isBelow(pattern))
		if below {
			assert.Equal(t, []string{text}, header[allowOrigin])
		} else {
			assert.Equal(t, rules.refused, header)
			assert.Equal(t, text, match)
		}
	})
}

// TestNeverAWildcardWithCredentials: whatever the policy, faulty ones too, and whoever asks.
func TestNeverAWildcardWithCredentials(t *testing.T) {
	some := [][]string{nil, {"https://a.example"}, {"*"}, {"https://*.a.example"}, {"null"}, {"*", "https://a.example"}}
	for _, origins := range some {
		for _, null := range []bool{false, true} {
			for _, credentials := range []bool{false, true} {
				p := Policy{Origins: origins, Null: null, Credentials: credentials}
				for _, origin := range []string{"", "null", "*", "https://a.example", "https://b.a.example", "https://evil.example"} {
					for _, methods := range []string{"", "GET, PUT"} {
						h := newRules(p).fields(origin, methods)
						if len(p.faults()) == 0 {
							checkRules(t, p, origin, methods, h)
						}
					}
				}
			}
		}
	}
}

// checkRules holds the fields of a response to the laws.
func checkRules(t *testing.T, p Policy, origin, methods string, h http.Header) {
	t.Helper()
	in := h.Get(allowOrigin)
	assert.False(t, in == "*" && h.Get(allowCredentials) != "", "%+v", p)
	assert.True(t, in == "" || in == "*" || in == origin)
	assert.Equal(t, in != "" && p.Credentials, h.Get(allowCredentials) == "true")
	assert.Equal(t, !slices.Contains(p.Origins, "*"), strings.Contains(h.Get("Vary"), "Origin"), "%+v %q", p, origin)
	assert.Equal(t, in != "" && methods != "", h.Get(allowMethods) != "")
	assert.Equal(t, in != "" && methods == "", h.Get(exposeHeaders) != "")
	if origin == "null" {
		assert.Equal(t, p.Null || in == "*", in != "")
	}
}
