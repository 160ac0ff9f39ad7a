// This test lets two people use one browser, one after the other.

package main

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/examples/internal/chromium"
)

func TestTwoPeopleAtOneBrowser(t *testing.T) {
	ctx, end := chromium.Open(t)
	defer end()
	server := httptest.NewServer(NewApp())
	defer server.Close()
	for _, who := range []struct{ session, me, ann string }{
		{"of-ann", allOfAnn, allOfAnn},
		{"of-bob", allOfBob, bioOfAnn},
		{"of-ann", allOfAnn, allOfAnn},
	} {
		chromium.Navigate(ctx, t, server.URL+"/nowhere")
		chromium.Evaluate[string](ctx, t, `document.cookie = "session=`+who.session+`; path=/"`)
		for path, want := range map[string]string{"/me": who.me, "/users/ann": who.ann} {
			chromium.Navigate(ctx, t, server.URL+path)
			assert.Equal(t, want, chromium.Evaluate[string](ctx, t, `document.querySelector("pre").textContent`), "%s with the session %s", path, who.session)
		}
	}
}
