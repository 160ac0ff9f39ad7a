// Where a service can fail: each kind of callback, and each method of a user's
// type that is called on the way. callback_failures_test.go lets them fail.

package walk_test

import (
	"io"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A spot is one place where users' code runs.
type spot struct {
	name           string
	method, target string
	body           string
	healthy        int // the status where it does not fail
	say            func(app *restmachine.App, one *restmachine.Resource, fail func() error)

	without string         // a handler, or ResourceExists, that say gives itself
	fields  []string       // of the request
	instead map[string]int // the status by the name of the failure, where the contract has another for this spot
	late    bool           // it runs when the answer is on its way
}

// yesNo is a spot of a fact that returns a bool, asked by a request that it
// lets pass.
func yesNo(name, method, target, body string, healthy int, pass bool, give func(f *restmachine.Facts, fact restmachine.Func)) spot {
	return spot{name: name, method: method, target: target, body: body, healthy: healthy,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			give(&app.Facts, func() (bool, error) { return pass, fail() })
		}}
}

var spots = []spot{
	yesNo("ServiceAvailable", "GET", "/notes/1", "", 200, true, (*restmachine.Facts).ServiceAvailable),
	yesNo("KnownMethod", "GET", "/notes/1", "", 200, true, (*restmachine.Facts).KnownMethod),
	yesNo("URITooLong", "GET", "/notes/1", "", 200, false, (*restmachine.Facts).URITooLong),
	yesNo("MethodAllowed", "GET", "/notes/1", "", 200, true, (*restmachine.Facts).MethodAllowed),
	yesNo("MalformedRequest", "GET", "/notes/1", "", 200, false, (*restmachine.Facts).MalformedRequest),
	yesNo("Authorized", "GET", "/notes/1", "", 200, true, (*restmachine.Facts).Authorized),
	yesNo("Forbidden", "GET", "/notes/1", "", 200, false, (*restmachine.Facts).Forbidden),
	yesNo("ValidContentHeaders", "GET", "/notes/1", "", 200, true, (*restmachine.Facts).ValidContentHeaders),
	yesNo("KnownContentType", "PUT", "/notes/1", harness.NoteContent, 200, true, (*restmachine.Facts).KnownContentType),
	yesNo("ValidEntityLength", "PUT", "/notes/1", harness.NoteContent, 200, true, (*restmachine.Facts).ValidEntityLength),
	yesNo("PreviouslyExisted", "GET", "/notes/9", "", 404, false, (*restmachine.Facts).PreviouslyExisted),
	yesNo("IsConflict", "PUT", "/notes/1", harness.NoteContent, 200, false, (*restmachine.Facts).IsConflict),
	yesNo("MultipleChoices", "GET", "/notes/1", "", 200, false, (*restmachine.Facts).MultipleChoices),
	yesNo("DeleteCompleted", "DELETE", "/notes/1", "", 204, true, (*restmachine.Facts).DeleteCompleted),
	{name: "ResourceExists", method: "PUT", target: "/notes/1", body: harness.NoteContent, healthy: 200, without: "ResourceExists",
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.ResourceExists(func(path restmachine.PathParams) (*harness.Note, error) { return harness.NoteByPath(path), fail() })
		}},
	{name: "ResourceExists bool", method: "PUT", target: "/notes/1", body: harness.NoteContent, healthy: 200,
		say: func(_ *restmachine.App, one *restmachine.Resource, fail func() error) {
			one.ResourceExists(func() (bool, error) { return true, fail() })
		}},
	{name: "Forbidden of what is loaded", method: "PUT", target: "/notes/1", body: harness.NoteContent, healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Forbidden(func(*harness.Note) (bool, error) { return false, fail() })
		}},
	{name: "GenerateETag", method: "PUT", target: "/notes/1", body: harness.NoteContent, healthy: 200, fields: []string{"If-None-Match", `"x"`},
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.GenerateETag(func(n *harness.Note) (string, error) { return "v1", fail() })
		}},
	{name: "LastModified", method: "GET", target: "/notes/1", healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.LastModified(func(n *harness.Note) (time.Time, error) { return time.Unix(1e9, 0), fail() })
		}},
	{name: "Expires", method: "GET", target: "/notes/1", healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Expires(func(n *harness.Note) (time.Time, error) { return time.Unix(1e9, 0), fail() })
		}},
	{name: "CacheControl", method: "GET", target: "/notes/1", healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.CacheControl(func() (string, error) { return "no-cache", fail() })
		}},
	{name: "Location", method: "POST", target: "/notes", body: harness.NoteContent, healthy: 201, without: "POST",
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Post("/notes", func(in restmachine.Body[harness.NoteIn]) *restmachine.Reply[any] {
				return restmachine.Created[any]("", &harness.Note{ID: "2", Text: in.Value.Text, Version: 1})
			})
			app.Location(func(n *harness.Note) (string, error) { return "/notes/" + n.ID, fail() })
		}},
	{name: "MovedPermanently", method: "GET", target: "/notes/9", healthy: 301,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.MovedPermanently(func() (string, error) { return "/notes/1", fail() })
		}},
	{name: "MovedTemporarily", method: "GET", target: "/notes/9", healthy: 307,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.MovedTemporarily(func() (string, error) { return "/notes/1", fail() })
		}},
	{name: "AllowMissingPost", method: "POST", target: "/drafts/9", healthy: 204,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			drafts := app.Post("/drafts/{id}", func(restmachine.Optional[*harness.Note]) {})
			drafts.AllowMissingPost(func() (bool, error) { return true, fail() })
		}},
	{name: "Variances", method: "GET", target: "/notes/1", healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Variances(func() ([]string, error) { return []string{"Cookie"}, fail() })
		}},
	{name: "LockKey", method: "PUT", target: "/notes/1", body: harness.NoteContent, healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.LockKey(func() (string, error) { return "notes", fail() })
		}},
	{name: "FinishRequest", method: "PUT", target: "/notes/1", body: harness.NoteContent, healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.FinishRequest(func(*restmachine.Response) error { return fail() })
		}},
	{name: "Provides", method: "GET", target: "/notes/1", healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Provides("text/html", func(n *harness.Note) (string, error) { return "<p>" + n.Text, fail() })
		}},
	{name: "Accepts", method: "PUT", target: "/notes/1", body: harness.NoteContent, healthy: 200,
		instead: map[string]int{"returns an unknown error": 400}, // a parser's error says that the content is no good
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Accepts("application/json", func([]byte) (harness.NoteIn, error) { return harness.NoteIn{Text: "new"}, fail() })
		}},
	{name: "RenderError", method: "GET", target: "/notes/9", healthy: 404,
		instead: everyError(404), // the standard problem takes its place
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.RenderError(func(p *restmachine.Problem) (string, error) { return p.Title, fail() })
		}},
	{name: "Dependency", method: "PUT", target: "/d/1", body: harness.NoteContent, healthy: 204,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Dependency(func() (*strings.Builder, error) { return nil, fail() })
			app.Put("/d/{id}", func(*harness.Note, *strings.Builder) {})
		}},
	{name: "cleanup", method: "PUT", target: "/d/1", body: harness.NoteContent, healthy: 204,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Dependency(func() (*strings.Builder, func(error) error) { return nil, func(error) error { return fail() } })
			app.Put("/d/{id}", func(*harness.Note, *strings.Builder) {})
		}},
	handlerSpot("GET", "", 200, func(one *restmachine.Resource, h restmachine.Func) { one.Get(h) }),
	handlerSpot("PUT", harness.NoteContent, 200, func(one *restmachine.Resource, h restmachine.Func) { one.Put(h) }),
	handlerSpot("PATCH", harness.NoteContent, 200, func(one *restmachine.Resource, h restmachine.Func) { one.Patch(h) }),
	handlerSpot("DELETE", "", 200, func(one *restmachine.Resource, h restmachine.Func) { one.Delete(h) }),
	{name: "POST handler", method: "POST", target: "/d/1", healthy: 204,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Post("/d/{id}", func(*harness.Note) error { return fail() })
		}},
	{name: "GET handler before a write", method: "PUT", target: "/d/1", body: harness.NoteContent, healthy: 200, fields: []string{"If-Match", "*"},
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.AutoETag(restmachine.Strong)
			app.LockKey(restmachine.ByPath)
			app.Get("/d/{id}", func(n *harness.Note) (*harness.Note, error) { return n, fail() }).Put(rewrite)
		}},
	{name: "the Read of a stream", method: "GET", target: "/stream", healthy: 200, late: true,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Get("/stream", func() io.Reader { return &leaky{text: strings.NewReader("some text"), fail: fail} })
		}},
	{name: "MarshalJSON", method: "GET", target: "/custom", healthy: 200,
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Get("/custom", func() custom { return custom{fail} })
		}},
	{name: "an Encoder", method: "GET", target: "/notes/1", healthy: 200, fields: []string{"Accept-Encoding", "rot13, identity;q=0"},
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Encodings("rot13")
			app.Encoder("rot13", func(w io.Writer) io.WriteCloser { return &leakyCoder{w, fail} })
		}},
	{name: "Close of an entity", method: "GET", target: "/closed", healthy: 200, late: true,
		instead: everyError(200), // it was all sent
		say: func(app *restmachine.App, _ *restmachine.Resource, fail func() error) {
			app.Get("/closed", func() io.ReadCloser {
				return struct {
					io.Reader
					io.Closer
				}{strings.NewReader("text"), closer(fail)}
			})
		}},
}

func handlerSpot(method, body string, healthy int, give func(one *restmachine.Resource, h restmachine.Func)) spot {
	return spot{name: method + " handler", method: method, target: "/notes/1", body: body, healthy: healthy, without: method,
		say: func(_ *restmachine.App, one *restmachine.Resource, fail func() error) {
			give(one, func(n *harness.Note) (*harness.Note, error) { return n, fail() })
		}}
}

// everyError is status for every failure that leaves the choice.
func everyError(status int) map[string]int {
	instead := map[string]int{}
	for _, f := range failures {
		if f.status != 0 {
			instead[f.name] = status
		}
	}
	return instead
}

// leaky is a stream that fails in the middle.
type leaky struct {
	text io.Reader
	fail func() error
}

func (l *leaky) Read(p []byte) (int, error) {
	n, err := l.text.Read(p[:min(len(p), 4)])
	if failed := l.fail(); failed != nil {
		err = failed
	}
	return n, err
}

type custom struct{ fail func() error }

func (c custom) MarshalJSON() ([]byte, error) { return []byte(`{}`), c.fail() }

type leakyCoder struct {
	io.Writer
	fail func() error
}

func (l *leakyCoder) Close() error { return l.fail() }

type closer func() error

func (c closer) Close() error { return c() }
