// restmachine: the facts of a document and two handlers, called by reflection
// (plain) or without it (Direct).

package contest

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

func plain(s *Store, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.OnStartup(func() *Store { return s })
	app.ResourceExists(find)
	app.GenerateETag(version)
	app.LastModified(modified)
	app.Get("/documents/{id}", read)
	app.Put("/documents/{id}", replace)
	return started(app)
}

func direct(s *Store, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.OnStartup(func() *Store { return s })
	app.ResourceExists(restmachine.Direct2(find))
	app.GenerateETag(restmachine.Direct1(version))
	app.LastModified(restmachine.Direct1(modified))
	app.Get("/documents/{id}", restmachine.Direct1(read))
	app.Put("/documents/{id}", restmachine.Direct3(replace))
	return started(app)
}

func find(path restmachine.PathParams, s *Store) *Document { return s.Document(path.Get("id")) }

func version(d *Document) string     { return strconv.Itoa(d.Version) }
func modified(d *Document) time.Time { return d.UpdatedAt }
func read(d *Document) *Document     { return d }

func replace(d *Document, in restmachine.Body[Update], s *Store) *Document {
	return s.Replace(d, in.Value)
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
	with = Turn(direct(NewStore()), put.Request(), put.Body)
	without = Turn(direct(NewStore(), restmachine.WithoutResourceLock()), put.Request(), put.Body)
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
