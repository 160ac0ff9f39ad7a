// An error is one wherever a handler puts it: never a success, and never kept.

package restmachine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// An unrelated error is an error by a type of its own.
type unrelated struct{ error }

var returnFaults = []faultRow{
	{
		name: "an error declared as a Problem",
		fault: func(a *restmachine.App) string {
			site := nextLine()
			a.Get("/", func() *restmachine.Problem { return nil })
			return site
		},
		says:   []string{"GET /", "declare the *restmachine.Problem as error"},
		near:   func(a *restmachine.App) { a.Get("/", func() error { return nil }) },
		reason: "it would be sent with 200",
	},
	{
		name: "a Problem by value",
		fault: func(a *restmachine.App) string {
			site := nextLine()
			a.Put("/", func() restmachine.Problem { return restmachine.Problem{} })
			return site
		},
		says:   []string{"PUT /", "declare the restmachine.Problem as error"},
		near:   func(a *restmachine.App) { a.Put("/", func() error { return nil }) },
		reason: "it would be sent with 200",
	},
	{
		name: "an error of a type of its own",
		fault: func(a *restmachine.App) string {
			site := nextLine()
			a.Get("/", func() *unrelated { return nil })
			return site
		},
		says:   []string{"GET /", "declare the *restmachine_test.unrelated as error"},
		near:   func(a *restmachine.App) { a.Get("/", func() (*leaf, error) { return nil, nil }) },
		reason: "it would be sent with 200",
	},
	{
		name: "a second result that is no error",
		fault: func(a *restmachine.App) string {
			site := nextLine()
			a.Get("/", func() (*leaf, *restmachine.Problem) { return nil, nil })
			return site
		},
		says:   []string{"GET /", "declare the *restmachine.Problem as error"},
		near:   func(a *restmachine.App) { a.Get("/", func() (*leaf, error) { return nil, nil }) },
		reason: "a nil *Problem in an error would be one",
	},
	{
		name: "a Reply by value",
		fault: func(a *restmachine.App) string {
			site := nextLine()
			a.Get("/", func() restmachine.Reply { return restmachine.Reply{} })
			return site
		},
		says:   []string{"GET /", "take the Reply's address"},
		near:   func(a *restmachine.App) { a.Get("/", func() *restmachine.Reply { return nil }) },
		reason: "its status would be lost",
	},
}

func TestFaultsOfReturns(t *testing.T) { checkFaults(t, returnFaults) }

// TestErrorsInAnyPlace: where only the value tells its type, it does.
func TestErrorsInAnyPlace(t *testing.T) {
	for _, row := range []struct {
		name   string
		value  any
		status int
	}{
		{"an error", errSecret, 500},
		{"an error with a status", restmachine.ErrNotFound, 404},
		{"a Problem", &restmachine.Problem{Status: 418}, 418},
		{"a Problem by value", restmachine.Problem{Status: 418}, 418},
		{"a Reply", restmachine.NewReply(202, "later"), 202},
		{"a Reply by value", *restmachine.NewReply(202, "later"), 202},
		{"a nil Problem", (*restmachine.Problem)(nil), 204},
		{"an error in a Reply", restmachine.NewReply(200, errSecret), 500},
		{"an error in a Reply that refuses", restmachine.NewReply(422, unrelated{errSecret}), 422},
		{"a Problem in a Reply", restmachine.NewReply(200, &restmachine.Problem{Status: 418}), 418},
	} {
		for _, method := range []string{"GET", "PUT", "POST"} {
			p := newProbe(t, func(app *restmachine.App) {
				app.Get("/x", func() any { return row.value }).Put(func() any { return row.value }).Post(func() any { return row.value })
			})
			p.on(t).want(row.status, method, "/x", "")
		}
	}
}

// TestCleanupOfARefusal: a handler that refuses by a Reply wants nothing kept, as
// one that returns the Problem.
func TestCleanupOfARefusal(t *testing.T) {
	for _, row := range []struct {
		name  string
		reply func() (*restmachine.Reply, error)
		kept  bool
	}{
		{"a Reply of 200", func() (*restmachine.Reply, error) { return restmachine.NewReply(200, "x"), nil }, true},
		{"a Reply of 303", func() (*restmachine.Reply, error) { return restmachine.SeeOther("/"), nil }, true},
		{"a Reply of 409", func() (*restmachine.Reply, error) { return restmachine.NewReply(409, "x"), nil }, false},
		{"a Problem", func() (*restmachine.Reply, error) { return nil, &restmachine.Problem{Status: 409} }, false},
	} {
		var ended error
		p := newProbe(t, func(app *restmachine.App) {
			app.Dependency(func() (*tx, func(error) error) {
				return &tx{}, func(err error) error { ended = err; return nil }
			})
			app.Post("/x", func(*tx) (*restmachine.Reply, error) { return row.reply() })
		})
		p.do("POST", "/x", "")
		assert.Equal(t, row.kept, ended == nil, row.name)
	}
}

// TestWhatIsLogged: an answer that says less than happened has a log line.
func TestWhatIsLogged(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, row := range []struct {
		name, says string
		err        error
		ctx        context.Context
		status     int
	}{
		{"the client has gone", "", context.Canceled, over, 503},
		{"a deadline of the handler's own", "deadline exceeded", context.DeadlineExceeded, t.Context(), 503},
		{"a Problem of 503", "", &restmachine.Problem{Status: 503}, t.Context(), 503},
		{"a Problem of 500", "", &restmachine.Problem{Status: 500}, t.Context(), 500},
		{"a Problem of a status that is none", "teapot", &restmachine.Problem{Status: 200, Detail: "teapot"}, t.Context(), 500},
		{"any other error", secret, errors.New(secret), t.Context(), 500},
	} {
		p := newPort(t)
		p.Get("/x", func() error { return row.err })
		resp := p.ExecuteContext(row.ctx, restmachine.Request{Path: "/x"})
		assert.Equal(t, row.status, resp.StatusCode, row.name)
		if row.says == "" {
			assert.NotContains(t, p.log.String(), "a request failed", row.name)
		} else {
			assert.Contains(t, p.log.String(), row.says, row.name)
		}
	}
}

// TestTheHeaderOfAReply can be set.
func TestTheHeaderOfAReply(t *testing.T) {
	for _, reply := range []*restmachine.Reply{restmachine.NewReply(200, nil), restmachine.NoContent(), restmachine.Created("", nil), restmachine.SeeOther("/x"), restmachine.Accepted(nil)} {
		reply.Header.Set("X-Flag", "red")
		assert.Equal(t, "red", reply.Header.Get("X-Flag"))
	}
}

// TestNullContent is no T, unless T says what it makes of it.
func TestNullContent(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.Put("/struct", func(restmachine.Body[leafIn]) {})
		app.Put("/pointer", func(restmachine.Body[*leafIn]) {})
		app.Put("/list", func(restmachine.Body[[]leafIn]) {})
		app.Put("/any", func(restmachine.Body[any]) {})
		app.Put("/time", func(restmachine.Body[time.Time]) {})
	})
	for target, want := range map[string]int{"/struct": 400, "/pointer": 400, "/list": 400, "/any": 204, "/time": 204} {
		p.want(want, "PUT", target, " null\n")
	}
}
