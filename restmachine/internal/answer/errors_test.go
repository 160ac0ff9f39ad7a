// An error is one wherever a handler puts it: never a success, and never kept.

package answer_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// An unrelated error is an error by a type of its own.
type unrelated struct{ error }

// TestErrorsInAnyPlace: where only the value tells its type, it does.
func TestErrorsInAnyPlace(t *testing.T) {
	for _, row := range []struct {
		name   string
		value  any
		status int
	}{
		{"an error", harness.ErrSecret, 500},
		{"an error with a status", restmachine.ErrNotFound, 404},
		{"a Problem", &restmachine.Problem{Status: 418}, 418},
		{"a Problem by value", restmachine.Problem{Status: 418}, 418},
		{"a Reply", restmachine.NewReply[any](202, "later"), 202},
		{"a Reply by value", *restmachine.NewReply[any](202, "later"), 202},
		{"a nil Problem", (*restmachine.Problem)(nil), 204},
		{"an error in a Reply", restmachine.NewReply[any](200, harness.ErrSecret), 500},
		{"an error in a Reply that refuses", restmachine.NewReply[any](422, unrelated{harness.ErrSecret}), 422},
		{"a Problem in a Reply", restmachine.NewReply[any](200, &restmachine.Problem{Status: 418}), 418},
	} {
		for _, method := range []string{"GET", "PUT", "POST"} {
			p := harness.NewProbe(t, func(app *restmachine.App) {
				app.Get("/x", func() any { return row.value }).Put(func() any { return row.value }).Post(func() any { return row.value })
			})
			p.On(t).Want(row.status, method, "/x", "")
		}
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
		{"any other error", harness.Secret, errors.New(harness.Secret), t.Context(), 500},
	} {
		p := harness.NewPort(t)
		p.Get("/x", func() error { return row.err })
		resp := p.ExecuteContext(row.ctx, restmachine.Request{Path: "/x"})
		assert.Equal(t, row.status, resp.StatusCode, row.name)
		if row.says == "" {
			assert.NotContains(t, p.Log.String(), "a request failed", row.name)
		} else {
			assert.Contains(t, p.Log.String(), row.says, row.name)
		}
	}
}

// TestTheHeaderOfAReply can be set.
func TestTheHeaderOfAReply(t *testing.T) {
	for _, reply := range []*restmachine.Reply[any]{restmachine.NewReply[any](200, nil), restmachine.NoContent[any](), restmachine.Created[any]("", nil), restmachine.SeeOther[any]("/x"), restmachine.Accepted[any]("", nil)} {
		reply.Header.Set("X-Flag", "red")
		assert.Equal(t, "red", reply.Header.Get("X-Flag"))
	}
}
