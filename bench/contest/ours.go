// restmachine: the facts of a document and two handlers. The types of the functions are
// registered by signatures_gen.go, so that they are called without reflection; those of
// plainDocument are not.

package contest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

func ours(s *Store, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(append([]restmachine.Option{restmachine.WithLogger(slog.New(slog.DiscardHandler))}, options...)...)
	app.OnStartup(func() *Store { return s })
	app.ResourceExists(find)
	app.GenerateETag(version)
	app.LastModified(modified)
	app.Get("/documents/{id}", read)
	app.Put("/documents/{id}", replace)
	return started(app)
}

func find(path restmachine.PathParams, s *Store) *Document { return s.Document(path.Get("id")) }

func version(d *Document) string     { return strconv.Itoa(d.Version) }
func modified(d *Document) time.Time { return d.UpdatedAt }
func read(d *Document) *Document     { return d }

func replace(d *Document, in restmachine.Body[Update], s *Store) *Document {
	return s.Replace(d, in.Value)
}

// A plainDocument is a Document of whose functions no type is registered.
type plainDocument Document

func plain(s *Store, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(append([]restmachine.Option{restmachine.WithLogger(slog.New(slog.DiscardHandler))}, options...)...)
	app.OnStartup(func() *Store { return s })
	app.ResourceExists(findPlain)
	app.GenerateETag(versionPlain)
	app.LastModified(modifiedPlain)
	app.Get("/documents/{id}", readPlain)
	app.Put("/documents/{id}", replacePlain)
	return started(app)
}

func findPlain(path restmachine.PathParams, s *Store) *plainDocument {
	return (*plainDocument)(find(path, s))
}

func versionPlain(d *plainDocument) string      { return strconv.Itoa(d.Version) }
func modifiedPlain(d *plainDocument) time.Time  { return d.UpdatedAt }
func readPlain(d *plainDocument) *plainDocument { return d }

func replacePlain(d *plainDocument, in restmachine.Body[Update], s *Store) *plainDocument {
	return (*plainDocument)(replace((*Document)(d), in, s))
}

// started starts an App that is known to be right.
func started(app *restmachine.App) *restmachine.App {
	if err := app.Start(context.Background()); err != nil {
		panic(err)
	}
	return app
}

// Locks returns turns of PUT 200 with and without the lock on the resource.
func Locks() (with, without func()) {
	cases := Cases()
	put := cases[slices.IndexFunc(cases, func(c Case) bool { return c.Name == Put200 })]
	with = Turn(ours(NewStore()), put.Request(), put.Body)
	without = Turn(ours(NewStore(), restmachine.WithoutResourceLock()), put.Request(), put.Body)
	return with, without
}

// inProcess is Execute: the same App without net/http around it.
func inProcess(app *restmachine.App) Contestant {
	request := func(c Case) restmachine.Request {
		return restmachine.Request{Method: c.Method, Path: c.Path, Header: c.Header, Body: c.Body}
	}
	return Contestant{
		Name:    Execute,
		Prepare: asItIs,
		Answer: func(c Case) Answer {
			resp := app.Execute(request(c))
			return Answer{resp.StatusCode, resp.Header, resp.Body}
		},
		Turn: func(c Case) func() {
			r := request(c)
			return func() { app.Execute(r) }
		},
	}
}

// recorded is what Execute replaces in a test: the floor, called with a recorder.
func recorded(h http.Handler) Contestant {
	c := handler(Recorded, "", h)
	c.Serve = nil
	c.Turn = func(c Case) func() {
		r, body := c.Request(), bytes.NewReader(c.Body)
		return func() {
			if c.Body != nil {
				body.Reset(c.Body)
				r.Body = io.NopCloser(body)
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	return c
}
