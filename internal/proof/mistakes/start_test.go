// The mistakes that the start of the App tells.

package mistakes

import (
	"net/http"
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

type (
	// A clock is what nobody provides.
	clock func() time.Time

	// A view is what clients see of a note.
	view struct {
		Title string `json:"title"`
	}
)

func hasToken(h http.Header) bool { return h.Get("Authorization") == "Bearer secret" }

func atStart() []mistake {
	return []mistake{
		{
			name: "A callback takes a type that nothing provides",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				app.Get("/now", func(now clock) string { return now().String() })
				if !wrong {
					app.OnStartup(func() clock { return time.Now })
				}
				return app
			},
			tells: fault, says: "nothing provides mistakes.clock",
		},
		{
			name: "A handler takes `T`, and `Body[T]` was meant",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				if wrong {
					app.Post("/notes", func(in change) *note { return s.add(in.Text) })
				} else {
					app.Post("/notes", func(in restmachine.Body[change]) *note { return s.add(in.Value.Text) })
				}
				return app
			},
			tells: fault, says: "take restmachine.Body[mistakes.change]",
		},
		{
			name: "One path is registered through two Groups, to guard its POST alone",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				public, members := app.Group("/"), app.Group("/")
				members.Authorized(hasToken)
				public.Get("/notes", s.all)
				add := func(in restmachine.Body[change]) *note { return s.add(in.Value.Text) }
				if wrong {
					members.Post("/notes", add)
				} else {
					members.Post("/new-notes", add)
				}
				return app
			},
			tells: fault, says: "register all methods of the path through one of the two",
		},
		{
			name: "A field that is read from JSON has the tag `default`",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				type lines struct {
					Count int `json:"count" query:"count" default:"20"`
				}
				type linesByDefault struct {
					Count int `json:"count" default:"20"`
				}
				if wrong {
					app.Post("/lines", func(in restmachine.Body[linesByDefault]) []note { return s.all()[:in.Value.Count] })
				} else {
					app.Get("/lines", func(in restmachine.Query[lines]) []note { return s.all()[:in.Value.Count] })
				}
				return app
			},
			tells: risk, says: "JSON leaves such a field empty",
		},
		{
			name: "A type that is read has the tag `validate`, and the App has no validator",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				if !wrong {
					options = append(options, restmachine.WithValidator(func(any) error { return nil }))
				}
				app, s := restmachine.New(options...), twoNotes()
				type checkedChange struct {
					Text string `json:"text" validate:"required"`
				}
				app.Post("/notes", func(in restmachine.Body[checkedChange]) *note { return s.add(in.Value.Text) })
				return app
			},
			tells: risk, says: "the App does not have a validator of tags",
		},
		{
			name: "The tag is one of `*Note`, the GET returns a view, and the PUT is not guarded",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				app.ResourceExists(func(at restmachine.Path[byPath]) *note { return s.get(at.Value.ID) })
				app.GenerateETag((*note).tag)
				r := app.Get("/other/{id}", func(n *note) *note { return n })
				if wrong {
					r = app.Get("/notes/{id}", func(n *note) view { return view{n.Text} })
					r.LockKey(restmachine.ByPath)
				}
				r.Put(func(n *note, in restmachine.Body[change]) *note { return n })
				return app
			},
			tells: fault, says: "make the view with Provides",
		},
		{
			name: "Two paths write one record",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				app.GenerateETag((*note).tag)
				first, byID := app.Group("/first"), app.Group("/notes")
				first.ResourceExists(func() *note { return s.get(1) })
				byID.ResourceExists(func(at restmachine.Path[byPath]) *note { return s.get(at.Value.ID) })
				for _, r := range []*restmachine.Resource{first.Resource("/"), byID.Resource("/{id}")} {
					r.Get(func(n *note) *note { return n }).Put(func(n *note, in restmachine.Body[change]) *note { return s.put(note{ID: n.ID, Text: in.Value.Text}) })
				}
				if !wrong {
					first.Resource("/").LockKey(func() string { return "1" })
					byID.Resource("/{id}").LockKey(func(at restmachine.Path[byPath]) string { return strconv.Itoa(at.Value.ID) })
				}
				return app
			},
			tells: fault, says: "under different locks",
		},
		{
			name: "A check is given where no method asks it: IsConflict for a POST",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				r := app.Post("/notes", func(in restmachine.Body[change]) *note { return s.add(in.Value.Text) })
				if wrong {
					r.IsConflict(func() bool { return len(s.all()) > 100 })
				}
				return app
			},
			tells: fault, says: "is never asked: on Resource",
		},
		{
			name: "What is made once, at start, takes what a request has",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				language := func(r *http.Request) *view { return &view{r.Header.Get("Accept-Language")} }
				if wrong {
					app.OnStartup(language)
				} else {
					app.Dependency(language)
				}
				app.Get("/hello", func(v *view) string { return v.Title })
				return app
			},
			tells: fault, says: "which only a request has",
		},
		{
			name: "A Forbidden of the App takes a type that a path beside it does not load",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				app.ResourceExists(func(at restmachine.Path[byPath]) *note { return s.get(at.Value.ID) })
				app.Forbidden(func(n *note) bool { return n.Author == "eve" })
				app.Get("/notes/{id}", func(n *note) *note { return n })
				if wrong {
					app.Get("/notes/{id}/words", func() int { return 7 })
				} else {
					app.Get("/notes/{id}/words", func(n *note) int { return len(n.Text) })
				}
				return app
			},
			tells: fault, says: "a way round it",
		},
		{
			name: "A path below a guarded Group is registered through the App",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				admin := app.Group("/admin")
				admin.Authorized(hasToken)
				admin.Get("/users", func() []string { return nil })
				if wrong {
					app.Get("/admin/log", func() []string { return nil })
				} else {
					admin.Get("/log", func() []string { return nil })
				}
				return app
			},
			tells: risk, also: []said{{byCheckGuarded, "GET /admin/log: 200"}}, says: "these gates are not asked there",
		},
		{
			name: "Preconditions are required, and there is no validator",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				app.ResourceExists(func(at restmachine.Path[byPath]) *note { return s.get(at.Value.ID) })
				r := app.Get("/notes/{id}", func(n *note) *note { return n }).Put(func(n *note, in restmachine.Body[change]) *note { return s.put(note{ID: n.ID, Text: in.Value.Text}) })
				r.RequirePreconditions()
				if !wrong {
					r.GenerateETag((*note).tag)
				}
				return app
			},
			tells: risk, also: []said{{byExplore, "each such write is 412"}}, says: "requires preconditions",
		},
		{
			name: "An answer behind an Authorized says `max-age` without `private`",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				app.Authorized(hasToken)
				policy := "private, max-age=60"
				if wrong {
					policy = "max-age=60"
				}
				app.Get("/me", func() string { return "ann" }).CacheControl(func() string { return policy })
				return app
			},
			tells: risk, says: "a cache may show the answer for one client to another",
		},
		{
			name: "A GET has a Last-Modified, and no Cache-Control",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				r := app.Get("/motd", func() string { return "hello" })
				r.LastModified(func() time.Time { return began })
				if !wrong {
					r.CacheControl(func() string { return "no-cache" })
				}
				return app
			},
			tells: notice, says: "browsers guess how long it is fresh",
		},
		{
			name: "A Provides is for a type that no handler returns",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				app.Get("/notes", twoNotes().all)
				if wrong {
					app.Provides("text/csv", func([]*note) string { return "id,text" })
				} else {
					app.Provides("text/csv", func([]note) string { return "id,text" })
				}
				return app
			},
			tells: notice, says: "is not used",
		},
	}
}
