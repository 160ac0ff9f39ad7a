// The mistakes that nobody can tell, and why.

package mistakes

import (
	"context"
	"errors"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
)

func byNobody() []mistake {
	return []mistake{
		{
			name: "A Problem's Detail has the text of an error of the database",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				return with{put: func(n *note, in restmachine.Body[change]) (*note, error) {
					if err := errors.New(`pq: relation "notes" does not exist`); in.Value.Text == "a" {
						return nil, &restmachine.Problem{Status: http.StatusConflict, Detail: err.Error()}
					}
					n.Text = in.Value.Text
					return s.put(*n), nil
				}}.app(s, options...)
			},
			because: "A Detail is for the client. Only its author knows whether the text is. An error that is not a Problem is a 500, and its text stays in the log",
		},
		{
			name: "A handler loads the resource by itself, beside the one that was checked",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				return with{put: func(n *note, at restmachine.Path[byPath], in restmachine.Body[change]) *note {
					mine := s.get(at.Value.ID)
					mine.Text = in.Value.Text
					return s.put(*mine)
				}}.app(s, options...)
			},
			because: "What a handler reads from its store is not seen. In one process the lock makes both values the same. Behind two processes the update can be lost: take the loaded value, and write over its version alone",
		},
		{
			name: "A goroutine goes on after its request with the context of the request",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				return with{put: func(ctx context.Context, n *note, in restmachine.Body[change]) *note {
					go func() { _ = ctx.Err() }() // such as a mail, sent with a context that has ended
					n.Text = in.Value.Text
					return s.put(*n)
				}}.app(s, options...)
			},
			because: "The library does not see goroutines. The context has ended, so what it sends fails: take context.WithoutCancel",
		},
		{
			name: "A store hands out a slice that it keeps, without a copy",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				app, all := restmachine.New(options...), []string{"a", "b"}
				app.Get("/tags", func() []string { return all })
				return app
			},
			because: "Reading a shared slice is right until somebody writes to it. The race detector tells: run `go test -race`. A write in place that is then refused is told by Explore",
		},
		{
			name: "A handler returns nil where it meant a value",
			make: func(wrong bool, options ...restmachine.Option) *restmachine.App {
				s := twoNotes()
				return with{put: func(n *note, in restmachine.Body[change]) *note {
					n.Text = in.Value.Text
					s.put(*n)
					return nil
				}}.app(s, options...)
			},
			because: "nil means that there is no content: 204, which is right for many writes. A GET that returns nil for a resource with validators is 404",
		},
	}
}
