// These tests look for secrets in all forms of all pages.

package debugger_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/debugger"
	"github.com/stretchr/testify/assert"
)

// everywhere returns all that the pages of a Debugger show, in each form.
func everywhere(t testing.TB, d http.Handler) string {
	t.Helper()
	var b strings.Builder
	paths := []string{"/debug/", "/debug/coverage", "/debug/routes", "/debug/locks"}
	var list struct{ Exchanges []struct{ ID int } }
	if err := json.Unmarshal(look(d, "/debug/", "Accept", asJSON).Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	for i, e := range list.Exchanges {
		paths = append(paths, "/debug/exchanges/"+strconv.Itoa(e.ID))
		if i > 0 {
			paths = append(paths, fmt.Sprintf("/debug/diff?of=%d&of=%d", e.ID, list.Exchanges[i-1].ID))
		}
	}
	for _, path := range paths {
		for _, accept := range []string{"*/*", asHTML, asJSON} {
			w := look(d, path, "Accept", accept)
			b.WriteString(w.Body.String())
			if accept == asJSON { // what is in base64 is shown, too
				var exchange struct{ Request, Response struct{ Base64 []byte } }
				_ = json.Unmarshal(w.Body.Bytes(), &exchange)
				b.Write(exchange.Request.Base64)
				b.Write(exchange.Response.Base64)
			}
		}
	}
	return b.String()
}

// hidden are places of a secret, each as an exchange.
var hidden = map[string]func(secret string) *restmachine.Exchange{
	"a field":             inField("X-Api-Key"),
	"another case":        inField("x-SECRET-thing"),
	"Authorization":       func(s string) *restmachine.Exchange { return inField("Authorization")("Bearer " + s) },
	"a password":          func(s string) *restmachine.Exchange { return inField("Authorization")(basic("me", s)) },
	"a cookie":            func(s string) *restmachine.Exchange { return inField("Cookie")("theme=dark; session=" + s) },
	"a field's parameter": func(s string) *restmachine.Exchange { return inField("X-Other")(`a=b, token="` + s + `"`) },
	"a query":             inTarget("/?a=b&access_token="),
	"an escaped name":     inTarget("/?access%5Ftoken="),
	"an array in a query": inTarget("/?token%5B%5D="),
	"a path parameter":    inTarget("/reset/"),
	"the rest of a path":  inTarget("/secrets/of/"),
	"a Location": func(s string) *restmachine.Exchange {
		return inResponse("Location")("https://example.com/reset/" + s + "?x=y")
	},
	"a query of Location": func(s string) *restmachine.Exchange { return inResponse("Location")("/x?client_secret=" + s) },
	"a Link":              func(s string) *restmachine.Exchange { return inResponse("Link")("</x?token=" + s + `>; rel="next"`) },
	"a Set-Cookie":        func(s string) *restmachine.Exchange { return inResponse("Set-Cookie")("session=" + s + "; Path=/") },
	"JSON":                inContent("application/json", `{"user": {"Password" : "%s", "age": 7}}`),
	"broken JSON":         inContent("application/json", `{"password":"%s`),
	"an object":           inContent("application/json", `{"keys":[{"x":"%s"}]}`),
	"lines of JSON":       inContent("application/jsonl", "{}\n{\"token\":\"%s\"}\n"),
	"a form":              inContent("application/x-www-form-urlencoded", "a=b&new-password=%s"),
	"a multipart form":    inContent("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n%s\r\n--b--\r\n"),
	"text":                inContent("text/plain", "see https://example.com/?key=%s for more"),
	"bytes":               inContent("application/octet-stream", "\xff token=%s\x00"),
	"coded content": func(s string) *restmachine.Exchange {
		e := inContent("text/plain", "%s")(s)
		e.Request.Header.Set("Content-Encoding", "gzip")
		return e
	},
	"an error": func(s string) *restmachine.Exchange {
		return &restmachine.Exchange{Err: errors.New(`Get "https://example.com/?api_key=` + s + `": EOF`)}
	},
	"JSON in an error": func(s string) *restmachine.Exchange {
		return &restmachine.Exchange{Err: errors.New(`cannot use {"secret":"` + s + `"}`)}
	},
}

func inField(name string) func(string) *restmachine.Exchange {
	return func(s string) *restmachine.Exchange {
		return &restmachine.Exchange{Request: restmachine.Request{Header: http.Header{name: {s}}}}
	}
}

func inResponse(name string) func(string) *restmachine.Exchange {
	return func(s string) *restmachine.Exchange {
		return &restmachine.Exchange{Response: restmachine.Response{Header: http.Header{name: {s}}}}
	}
}

func inTarget(before string) func(string) *restmachine.Exchange {
	return func(s string) *restmachine.Exchange {
		route := map[string]string{"/reset/": "/reset/{reset_token}", "/secrets/of/": "/secrets/{user}/{secret...}"}[before]
		return &restmachine.Exchange{Route: route, Request: restmachine.Request{Path: before + url.PathEscape(s)}}
	}
}

func inContent(media, format string) func(string) *restmachine.Exchange {
	return func(s string) *restmachine.Exchange {
		body := []byte(fmt.Sprintf(format, s))
		return &restmachine.Exchange{RequestSize: int64(len(body)),
			Request: restmachine.Request{Header: http.Header{"Content-Type": {media}}, Body: body}}
	}
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// watchedBy returns a Debugger that shows content, of an App with routes that have secrets.
func watchedBy(options ...debugger.Option) *debugger.Debugger {
	d := debugger.New("/debug/", append([]debugger.Option{debugger.ShowContent()}, options...)...)
	app := restmachine.New(restmachine.WithTrace(d), restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	app.Get("/reset/{reset_token}", func() string { return "" })
	app.Get("/secrets/{user}/{secret...}", func() string { return "" })
	return d
}

// quoting adds texts that quote the secret without its name.
func quoting(e *restmachine.Exchange, secret string) *restmachine.Exchange {
	e.Trace.Visits = []decision.Visit{{ID: decision.B8, Label: "Authorized?", Why: "nobody knows " + strconv.Quote(secret)}}
	e.Warnings = []restmachine.Warning{{Name: "tag kept", Text: "of " + secret}}
	e.Err = errors.Join(e.Err, errors.New("there is no "+secret), errors.New(url.QueryEscape(secret)))
	return e
}

// checkHidden holds all pages to the law: what is redacted in one place appears in none. Each
// place has a secret of its own.
func checkHidden(t testing.TB, secret string) {
	d := watchedBy()
	d.Observe(&restmachine.Exchange{ID: 1})
	secrets := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(hidden)) {
		n := uint64(len(secrets) + 2)
		secrets[name] = fmt.Sprint(secret, n, "x")
		e := hidden[name](secrets[name])
		if name != "coded content" {
			quoting(e, secrets[name])
		}
		e.ID = n
		d.Observe(e)
	}
	all := everywhere(t, d)
	for name, secret := range secrets {
		assert.NotContains(t, all, secret, name)
	}
	assert.Contains(t, all, "nobody knows")
}

func TestNoSecretIsShown(t *testing.T) {
	for _, secret := range []string{"s3cr3t.with-signs_~", "ünïcödë-sëcrët"} {
		checkHidden(t, secret)
	}
	d := watchedBy()
	d.Observe(inField("Cookie")("a=12345"))
	assert.NotContains(t, everywhere(t, d), "12345", "a short secret is hidden at its name")
}

func FuzzNoSecretIsShown(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, n uint64) {
		checkHidden(t, "zq"+strconv.FormatUint(n, 36)+"xyzw")
	})
}

// What is no secret stays.
func TestFalseAlarms(t *testing.T) {
	for _, row := range []struct {
		name    string
		options []debugger.Option
		of      *restmachine.Exchange
	}{
		{"Idempotency-Key names a request", nil, inField("Idempotency-Key")("visible")},
		{"Sec-WebSocket-Key is a nonce", nil, inField("Sec-Websocket-Key")("visible")},
		{"a keyword", nil, inTarget("/?keyword=")("visible")},
		{"an entity-tag", nil, inField("If-None-Match")("visible")},
		{"another member", nil, inContent("application/json", `{"token":"x","title":"%s"}`)("visible")},
		{"true is no secret", nil, inContent("application/json", `{"has_password":true,"x":"%s"}`)("visible")},
		{"a name that was taken off", []debugger.Option{debugger.Show("page-token")}, inTarget("/?page_token=")("visible")},
		{"the last option decides", []debugger.Option{debugger.Redact("x-id"), debugger.Show("X-ID")}, inField("X-Id")("visible")},
		{"Authorization, on purpose", []debugger.Option{debugger.Show("Authorization")}, inField("Authorization")("visible")},
		{"everything", []debugger.Option{debugger.ShowCredentials()}, inField("Cookie")("visible")},
		{"everything in content", []debugger.Option{debugger.ShowCredentials()}, inContent("application/json", `{"token":"%s"}`)("visible")},
	} {
		d := watchedBy(row.options...)
		d.Observe(row.of)
		assert.Contains(t, everywhere(t, d), "visible", row.name)
	}
	for _, more := range []string{"X-Signature", "x_signature", "XSIGNATURE"} {
		d := watchedBy(debugger.Redact(more))
		d.Observe(inField("X-Signature")("visible"))
		assert.NotContains(t, everywhere(t, d), "visible", more)
	}
}

// By default no content is kept, whatever is in it.
func TestContentIsNotKept(t *testing.T) {
	d := debugger.New("/debug/")
	d.Observe(quoting(inContent("application/json", `{"title":"hidden-title","password":"hunter22"}`)("x"), "hunter22"))
	all := everywhere(t, d)
	assert.NotContains(t, all, "hidden-title")
	assert.NotContains(t, all, "hunter22", "an error that quotes a secret of the content")
	assert.Contains(t, all, "bytes of content, not kept")
}

// The Tracers of an App share an Exchange. Nothing of it changes.
func TestObserveChangesNothing(t *testing.T) {
	e := quoting(inField("X-Api-Key")("hunter22"), "hunter22")
	before := fmt.Sprintf("%+v", *e)
	watchedBy().Observe(e)
	assert.Equal(t, before, fmt.Sprintf("%+v", *e))
}
