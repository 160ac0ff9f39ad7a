// The mistakes that the test kit tells.

package mistakes

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A user is who sent a request; "" is nobody.
type user string

func byTheKit() []mistake {
	return []mistake{
		{
			name: "The tag leaves out what a Provides shows",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				var likes sync.Map
				app := with{tag: func(n *note) string {
					if wrong {
						return n.tag()
					}
					count, _ := likes.Load(n.ID)
					return n.tag() + "-" + fmt.Sprint(count)
				}}.app(s, options...)
				app.Post("/notes/{id}/likes", func(n *note) {
					count, _ := likes.Load(n.ID)
					before, _ := count.(int)
					likes.Store(n.ID, before+1)
				})
				app.Provides("application/json", func(n *note) *note { return n })
				app.Provides("text/html", func(n *note) string {
					count, _ := likes.Load(n.ID)
					return fmt.Sprintf("<p>%d liked by %v</p>", n.ID, count)
				})
				return app
			},
			tells: byCheckValidators, also: []said{{byExplore, ""}}, says: "its entity-tag stayed",
		},
		{
			name: "HashETag hashes a value whose `json:\"-\"` field a Provides shows",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				type hashed struct {
					Text string `json:"text"`
				}
				app := with{
					tag: func(n *note) string {
						if wrong {
							return restmachine.HashETag(hashed{n.Text})
						}
						return restmachine.HashETag([]string{n.Text, n.Author})
					},
					put: func(n *note, in restmachine.Body[change]) *note {
						n.Author = in.Value.Text
						return s.put(*n)
					},
				}.app(s, options...)
				app.Provides("application/json", func(n *note) *note { return &note{ID: n.ID, Text: n.Text} })
				app.Provides("text/html", func(n *note) string { return "<p>by " + n.Author + "</p>" })
				return app
			},
			tells: byCheckValidators, also: []said{{byExplore, ""}}, says: "its entity-tag stayed",
		},
		{
			name: "The tag of a list leaves out its members",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				app := with{}.app(s, options...)
				app.Resource("/notes").GenerateETag(func(all []note) string {
					if wrong {
						return strconv.Itoa(len(all))
					}
					return restmachine.HashETag(all)
				})
				return app
			},
			tells: byExplore, also: []said{{byCheckValidators, ""}}, says: "GET /notes changed after PUT /notes/{id} and its entity-tag stayed",
		},
		{
			name: "The tag of a page of a list leaves out the Link to the next page",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				link := func() string { return fmt.Sprintf("</notes?page=2>; rel=next; total=%d", len(s.all())) }
				app.GenerateETag(func() string {
					if wrong {
						return restmachine.HashETag(s.all()[:2])
					}
					return restmachine.HashETag([]any{s.all()[:2], link()})
				})
				app.Get("/notes", func() *restmachine.Reply[[]note] {
					return &restmachine.Reply[[]note]{Header: http.Header{"Link": {link()}}, Entity: s.all()[:2]}
				}).Post(func(in restmachine.Body[change]) { s.add(in.Value.Text) })
				return app
			},
			tells: byCheckValidators, also: []said{{byExplore, ""}}, says: "though not in its content: its Link was",
		},
		{
			name: "ListTag of the records of a page leaves out the Link, which only pages with a limit have", make: newPaged,
			tells: byExplore, also: []said{{byCheckValidators, ""}}, says: "though not in its content: its Link was",
		},
		{
			name: "The version begins at 1 again after a DELETE",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				return with{put: func(at restmachine.Path[byPath], old restmachine.Optional[*note], in restmachine.Body[change]) *note {
					n := note{ID: at.Value.ID, Text: in.Value.Text, Version: 1}
					if !wrong {
						return s.put(n)
					}
					if old.OK {
						n.Version = old.Value.Version + 1
					}
					return s.set(n)
				}}.app(s, options...)
			},
			tells: byCheckValidators, also: []said{{byExplore, ""}}, says: "again, which stood for other content before",
		},
		{
			name: "A PUT returns the value that it replaced",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				return with{put: func(n *note, in restmachine.Body[change]) *note {
					stored := s.put(note{ID: n.ID, Text: in.Value.Text})
					if wrong {
						return n
					}
					return stored
				}}.app(s, options...)
			},
			tells: byExplore, also: []said{{byCheckValidators, ""}, {atRunTime("run: warning", looking("/notes/1")...), "the handler of the write returns the old value"}}, says: "and the next GET",
		},
		{
			name: "The loaded value is changed in place, and then the write is refused",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				load := func(at restmachine.Path[byPath]) *note { return s.get(at.Value.ID) }
				if wrong {
					load = func(at restmachine.Path[byPath]) *note { return s.shared(at.Value.ID) }
				}
				return with{load: load, put: func(n *note, in restmachine.Body[change]) (*note, error) {
					n.Text = in.Value.Text
					if len(n.Text) < 6 {
						return nil, &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: "The text is too short."}
					}
					return s.put(*n), nil
				}}.app(s, options...)
			},
			tells: byExplore, says: "yet it changed something",
		},
		{
			name: "A GET writes",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				var visits atomic.Int64
				app := restmachine.New(options...)
				app.Get("/page", func() string {
					if wrong {
						visits.Add(1)
					}
					return "hello"
				})
				app.Get("/visits", func() int64 { return visits.Load() })
				return app
			},
			tells: byExplore, says: "It was changed by GET /page",
		},
		{
			name: "A date is the only validator, and two changes fall into one second",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				app := with{tag: func(n *note) string {
					if wrong {
						return ""
					}
					return n.tag()
				}, date: func(*note) time.Time { return began }}.app(s, options...)
				return app
			},
			tells: byCheckValidators, also: []said{{byExplore, ""}}, says: "two changes in one second look like one",
		},
		{
			name: "PathParams and Atoi give one record two URIs",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				w := with{}
				if wrong {
					w.load = func(path restmachine.PathParams) *note {
						id, _ := strconv.Atoi(path.Get("id"))
						return s.get(id)
					}
				}
				return w.app(s, options...)
			},
			tells: byExplore, says: "shows one record at two URIs",
		},
		{
			name: "The Location leads nowhere",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				app := with{}.app(s, options...)
				app.Post("/drafts", func(in restmachine.Body[change]) *restmachine.Reply[*note] {
					n := s.add(in.Value.Text)
					at := "/notes/" + strconv.Itoa(n.ID)
					if wrong {
						at = "/note/" + strconv.Itoa(n.ID)
					}
					return restmachine.Created(at, n)
				})
				return app
			},
			tells: byExplore, says: "and a GET of that is 404",
		},
		{
			name: "Preconditions are required, and the tag is weak",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				app := with{tag: func(n *note) string {
					if wrong {
						return restmachine.WeakETag(n.tag())
					}
					return n.tag()
				}}.app(s, options...)
				app.RequirePreconditions()
				return app
			},
			tells: byExplore, says: "each such write is 412",
		},
		{
			name: "A PUT does not take its target, and writes what nobody can read",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				w := with{}
				if wrong {
					w.put = func(at restmachine.Path[byPath], in restmachine.Body[change]) {
						if s.get(at.Value.ID) != nil { // UPDATE … WHERE id = $1: no row
							s.put(note{ID: at.Value.ID, Text: in.Value.Text})
						}
					}
				}
				return w.app(s, options...)
			},
			tells: byExplore, says: "store what was written where GET looks",
		},
		{
			name: "The lock is off, and the store does not compare versions",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				if wrong {
					options = append(options, restmachine.WithoutResourceLock())
				}
				return with{}.app(twoNotes(), options...)
			},
			tells: byExplore, says: "loses updates",
		},
		{
			name: "A gate was forgotten",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				members, public := app.Group("/"), app.Group("/")
				members.Authorized(hasToken)
				members.Get("/me", func() string { return "ann" })
				if wrong {
					members = public
				}
				members.Get("/salaries", func() []int { return []int{7} })
				return app
			},
			tells: byCheckGuarded, says: "GET /salaries: 200",
		},
		{
			name: "The gate that compares the owner with the caller was forgotten",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, s := restmachine.New(options...), twoNotes()
				app.Dependency(func(h http.Header) user { return user(h.Get("Authorization")) })
				app.Authorized(func(by user) bool { return by != "" })
				app.ResourceExists(func(at restmachine.Path[byPath]) *note { return s.get(at.Value.ID) })
				r := app.Get("/notes/{id}", func(n *note) *note { return n })
				if !wrong {
					r.Forbidden(func(n *note, by user) bool { return by != "ann" })
				}
				return app
			},
			tells: byAStranger, says: "GET /notes/{id}: 200 to GET /notes/1 Authorization: bob",
		},
	}
}
