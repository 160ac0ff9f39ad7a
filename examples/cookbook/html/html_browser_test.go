// This test uses the pages as people do, without a script.

package main

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/examples/internal/chromium"
)

func TestPagesInABrowser(t *testing.T) {
	ctx, end := chromium.Open(t)
	defer end()
	server := httptest.NewServer(NewApp())
	defer server.Close()
	open := func(path string) {
		t.Helper()
		chromium.Navigate(ctx, t, server.URL+path)
	}
	send := func(title string) {
		chromium.Evaluate[bool](ctx, t, `(() => {
			document.forms[0].title.value = "`+title+`"
			setTimeout(() => document.forms[0].querySelector("button").click())
			return true
		})()`)
	}
	heading := func(want string) {
		t.Helper()
		chromium.Until(ctx, t, `document.querySelector("h1")?.textContent === "`+want+`"`)
	}

	open("/notes")
	send("")
	heading("Unprocessable Content")
	assert.Equal(t, "A note needs a title.", chromium.Evaluate[string](ctx, t, `document.querySelector(".error").textContent`))
	send("Milk")
	heading("Milk")
	note := chromium.Evaluate[string](ctx, t, `location.pathname`)
	chromium.Evaluate[bool](ctx, t, `(window.old = true) && setTimeout(() => location.reload()) > 0`)
	chromium.Until(ctx, t, `!window.old && document.readyState === "complete"`) // the form was not sent again: see the end
	heading("Milk")

	seen := chromium.Evaluate[string](ctx, t, `document.forms[0].seen.value`)
	send("Oat milk")
	heading("Oat milk") // the browser has asked again
	chromium.Evaluate[bool](ctx, t, `(document.forms[0].seen.value = "`+seen+`") !== ""`)
	send("Soy milk") // from a page that was opened before
	heading("Conflict")
	assert.Equal(t, "Soy milk", chromium.Evaluate[string](ctx, t, `document.forms[0].title.value`), "what was typed is not lost")
	open(note)
	heading("Oat milk")
	open("/notes")
	assert.EqualValues(t, 1, chromium.Evaluate[int](ctx, t, `document.querySelectorAll("li").length`))
}
