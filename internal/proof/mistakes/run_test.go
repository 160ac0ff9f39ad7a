// The mistakes that show when a request comes: in the log, and some to the test kit, too.

package mistakes

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

func get(path string) restmachine.Request { return restmachine.Request{Path: path} }

func put(path, text string) restmachine.Request {
	return restmachine.Request{Method: "PUT", Path: path, Header: map[string][]string{"Content-Type": {"application/json"}}, Body: []byte(`{"text":` + strconv.Quote(text) + `}`)}
}

// looking is a client that writes and looks, many times.
func looking(path string) (all []restmachine.Request) {
	for i := range 8 {
		all = append(all, put(path, fmt.Sprint("text ", i)), get(path), get(path))
	}
	return append(all, slices.Repeat([]restmachine.Request{get(path)}, 20)...)
}

func atRun() []mistake {
	return []mistake{
		{
			name: "Something is registered after the start",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				app.OnStartup(func() clock {
					if wrong {
						late <- app
					}
					return time.Now
				})
				app.Get("/now", func(now clock) string { return now().String() })
				return app
			},
			tells: teller{"run: panic", registersLate}, says: "comes after the App has started",
		},
		{
			name: "PathParams.Get names a parameter that the path lacks",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app := restmachine.New(options...)
				name := "id"
				if wrong {
					name = "note_id"
				}
				app.Get("/notes/{id}", func(path restmachine.PathParams) string { return path.Get(name) })
				return app
			},
			tells: atRunTime("run: 500 and error in the log", get("/notes/1")), also: []said{{byExplore, "GET /notes/{id} answered 500"}}, says: "the route /notes/{id} does not have this parameter",
		},
		{
			name: "A tag cannot be written: it has a space",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				return with{tag: func(n *note) string {
					if wrong {
						return fmt.Sprintf("version %d", n.Version)
					}
					return fmt.Sprintf("version-%d", n.Version)
				}}.app(twoNotes(), options...)
			},
			tells: atRunTime("run: 500 and error in the log", get("/notes/1")), also: []said{{byExplore, "GET /notes/{id} answered 500"}}, says: "cannot be written as an entity-tag",
		},
		{
			name: "A callback asks its own App without the context that it was given",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				var app *restmachine.App
				s := twoNotes()
				w := with{put: func(ctx context.Context, n *note, in restmachine.Body[change]) *note {
					if in.Value.Text == "deep" {
						if wrong {
							ctx = context.Background()
						}
						app.ExecuteContext(ctx, put("/notes/"+strconv.Itoa(n.ID), "inner"))
					}
					n.Text = in.Value.Text
					return s.put(*n)
				}}
				app = w.app(s, options...)
				return app
			},
			tells: atRunTime("run: 500 and error in the log", put("/notes/1", "deep")), says: "a callback called its own App without the context that it was given",
		},
		{
			name: "A write holds its lock for long",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				var app *restmachine.App
				var others sync.WaitGroup
				s := twoNotes()
				w := with{put: func(n *note, in restmachine.Body[change]) *note {
					if in.Value.Text == "slow" && wrong { // such as a call of another service under the lock
						others.Go(func() { app.Execute(put("/notes/1", "other")) })
						<-warned
					}
					n.Text = in.Value.Text
					return s.put(*n)
				}}
				app = w.app(s, append(options, restmachine.WithLockWarning(10*time.Millisecond))...)
				return app
			},
			tells: atRunTime("run: warning", put("/notes/1", "slow")), says: "a write waits long for a lock",
		},
		{
			name: "A PUT forgets to count the version up",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				return with{put: func(n *note, in restmachine.Body[change]) *note {
					n.Text = in.Value.Text
					if wrong {
						return s.set(*n)
					}
					return s.put(*n)
				}}.app(s, options...)
			},
			tells: atRunTime("run: warning", looking("/notes/1")...), says: "its strong entity-tag is still",
			also: []said{{byExplore, "its entity-tag stayed"}, {byCheckValidators, "its entity-tag stayed"}},
		},
		{
			name: "The tag is made of the time",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				return with{tag: func(n *note) string {
					if wrong {
						return strconv.FormatInt(time.Now().UnixNano(), 10)
					}
					return n.tag()
				}}.app(twoNotes(), options...)
			},
			tells: atRunTime("run: warning", looking("/notes/1")...), says: "the entity-tag has changed at each of the last GETs",
			also: []said{{byExplore, "moves though nothing was written"}, {byCheckValidators, "moves though nothing was written"}},
		},
	}
}

// late has the App that is declared too late.
var late = make(chan *restmachine.App, 1)

// registersLate starts an App, registers one more path, and returns the panic.
func registersLate(t *testing.T, make func(...restmachine.Option) *restmachine.App) (told []string) {
	app := make(quiet)
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if p := recover(); p != nil {
			told = append(told, fmt.Sprint(p))
		}
	}()
	select {
	case app = <-late:
		app.Get("/late", func() string { return "late" })
	default:
	}
	return nil
}
