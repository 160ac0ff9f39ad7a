// This test listens with the EventSource of a browser, and breaks its connection.

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/restmachine/restmachine-go/examples/internal/chromium"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// script is the one of the page of the cookbook.
const script = `<!doctype html><title>Messages</title><p id="text"></p><script>
const show = all => text.textContent = all.map(m => m.text).join(" ");
const add = m => text.textContent += " " + m.text;
const live = new EventSource("/messages/live");
live.addEventListener("all", e => show(JSON.parse(e.data).messages));
live.addEventListener("message", e => add(JSON.parse(e.data)));
</script>`

func TestAnEventSourceMissesNothing(t *testing.T) {
	ctx, end := chromium.Open(t)
	defer end()
	app := NewApp()
	client := restmachinetest.NewClient(app)
	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, script)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	defer app.Drain()

	say(t, client, "one")
	chromium.Navigate(ctx, t, server.URL)
	chromium.Until(ctx, t, `text.textContent === "one"`)
	say(t, client, "two")
	chromium.Until(ctx, t, `text.textContent === "one two"`)
	server.CloseClientConnections()
	say(t, client, "three")
	chromium.Until(ctx, t, `text.textContent === "one two three"`)
}
