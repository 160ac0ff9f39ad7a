// The rest of the application: paths without versions. Each shows one thing that proxies
// do: to languages, ranges, names in the path, large content, slow answers and streams.

package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Came is what reached the application.
type Came struct {
	Host   string            `json:"host"`
	Path   string            `json:"path"`
	Name   string            `json:"name"`
	Proto  string            `json:"proto"`
	Fields map[string]string `json:"fields"`
}

// An Uploaded says how much of a file came.
type Uploaded struct {
	Bytes int64 `json:"bytes"`
}

// beat is the time between two lines of the feed. So a proxy does not take the stream for
// dead.
const beat = time.Second

// maxUpload is how large a file may be, for us.
const maxUpload = 8 << 20

func addOthers(app *restmachine.App) {
	book := app.Resource("/book")
	book.GenerateETag(func() string { return "edition-1" })
	book.CacheControl(func() string { return "max-age=60" })
	book.Provides("text/plain", func(b []byte) []byte { return b })
	book.Get(func() []byte { return []byte(strings.Repeat("0123456789", 100)) })

	weak := app.Resource("/weak")
	weak.GenerateETag(func() string { return `W/"1"` })
	weak.Get(func() string { return "much the same" })

	greeting := app.Resource("/greeting")
	greeting.Languages("en", "de")
	greeting.CacheControl(func() string { return "max-age=60" })
	greeting.Get(func(s restmachine.Selected) string {
		return map[string]string{"en": "Good morning", "de": "Guten Morgen"}[s.Language]
	})

	app.Get("/came/{name}", came)
	app.Get("/moved", func() *restmachine.Reply[string] { return restmachine.SeeOther[string]("/book") })
	app.Get("/slow", slow)
	app.Get("/feed", feed)
	upload := app.Resource("/uploads/{name}")
	upload.MaxBody(maxUpload)
	upload.Put(func(in restmachine.Body[io.Reader]) (*Uploaded, error) {
		n, err := io.Copy(io.Discard, in.Value)
		return &Uploaded{n}, err
	})
}

// came tells what reached the application of this request.
func came(r *http.Request, path restmachine.PathParams) *Came {
	fields := map[string]string{}
	for name, lines := range r.Header {
		fields[name] = strings.Join(lines, ", ")
	}
	return &Came{Host: r.Host, Path: r.RequestURI, Name: path.Get("name"), Proto: r.Proto, Fields: fields}
}

// slow answers after two seconds, as a report may.
func slow(ctx context.Context) (string, error) {
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-time.After(2 * beat):
		return "done", nil
	}
}

// feed is a stream of server-sent events: one at once, then one at every beat, until the
// client is gone.
func feed() *restmachine.EventStream {
	return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
		tick := time.NewTicker(beat)
		defer tick.Stop()
		for {
			if err := send(restmachine.Event{Data: "tick"}); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
		}
	})
}
