// These tests check what is sent again, when, and what an operation ends with. Time is virtual.

package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/client"
)

var (
	read1  = step{200, `{"count":1}`, []string{"ETag", `"1"`}}
	read2  = step{200, `{"count":2}`, []string{"ETag", `"2"`}}
	done   = step{204, "", []string{"ETag", `"3"`}}
	stale  = step{status: 412}
	busy   = step{503, "", []string{"Retry-After", "5"}}
	broken = step{status: 502}
	failed = step{status: 500}
)

// TestUpdateEnds: what comes of an Update by what the server answers.
func TestUpdateEnds(t *testing.T) {
	tests := []struct {
		name    string
		steps   []step
		options []client.Option
		want    error // nil is a success
		value   int
		reason  string
	}{
		{"done", []step{read1, done}, nil, nil, 2, "GET, PUT"},
		{"race lost", []step{read1, stale, read2, done}, nil, nil, 3, "the change is made to what is there now"},
		{"overload", []step{read1, busy, done}, nil, nil, 2, "a 503 with Retry-After was not done: the same PUT again"},
		{"overload and race", []step{read1, busy, stale, read2, done}, nil, nil, 3, "nothing was done before the 412"},
		{"too many", []step{read1, {429, "", nil}, done}, nil, nil, 2, "a 429 was not done"},
		{"gateway", []step{read1, broken, done}, nil, nil, 2, "the tag lets one copy through: the first was not done"},
		{"gateway and 412", []step{read1, broken, stale}, nil, client.ErrUnknown, 0, "the first copy, or another client"},
		{"gateway and 412, repeatable", []step{read1, broken, stale, read2, done}, []client.Option{client.Repeatable}, nil, 3, "the caller allows it"},
		{"503 without Retry-After and 412", []step{read1, {status: 503}, stale}, nil, client.ErrUnknown, 0, "restmachine answers so when a context ends, perhaps after the write"},
		{"failure", []step{read1, failed}, nil, client.ErrUnknown, 0, "a handler may fail after the write, and fails again"},
		{"failure, repeatable", []step{read1, failed}, []client.Option{client.Repeatable}, client.ErrUnknown, 0, "only a 412 begins anew"},
		{"not implemented", []step{read1, {status: 501}}, nil, &client.StatusError{}, 0, "501 is certain"},
		{"gateway, then forbidden", []step{read1, broken, {status: 403}}, nil, client.ErrUnknown, 0, "the first copy may have been done"},
		{"conflict", []step{read1, {status: 409}}, nil, &client.StatusError{}, 0, "409 may last: it is not a lost race"},
		{"required", []step{read1, {status: 428}}, nil, &client.StatusError{}, 0, "If-Match was sent; a 428 is the server's fault"},
		{"missing", []step{{status: 404}}, nil, client.ErrNotFound, 0, "nothing to update"},
		{"missing, created", []step{{status: 404}, {201, "", []string{"ETag", `"1"`}}}, []client.Option{client.OrCreate}, nil, 1, "PUT If-None-Match: *"},
		{"missing, then there", []step{{status: 404}, stale, read1, done}, []client.Option{client.OrCreate}, nil, 2, "somebody else created it"},
		{"gone", []step{{status: 410}}, []client.Option{client.OrCreate}, client.ErrGone, 0, "gone is meant: it is not created again"},
		{"deleted meanwhile", []step{read1, stale, {status: 404}}, nil, client.ErrNotFound, 0, "412, and then there is nothing"},
		{"accepted", []step{read1, {202, "", []string{"ETag", `"x"`}}}, nil, nil, 2, "will be done"},
		{"see other", []step{read1, {303, "", []string{"Location", "/done"}}}, nil, nil, 2, "303 to a PUT says that it was done (RFC 9110, 15.4.4)"},
		{"read again", []step{broken, {429, "", nil}, read1, done}, nil, nil, 2, "a GET can be repeated"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, script := play(t, tt.steps...)
				res, err := client.Update(t.Context(), c, at, add, tt.options...)
				script.done()
				if tt.want == nil {
					require.NoError(t, err, tt.reason)
					assert.Equal(t, tt.value, res.Value.Count, tt.reason)
					return
				}
				if _, any := tt.want.(*client.StatusError); any {
					var status *client.StatusError
					require.ErrorAs(t, err, &status, tt.reason)
					require.NotErrorIs(t, err, client.ErrUnknown, tt.reason)
				} else {
					require.ErrorIs(t, err, tt.want, tt.reason)
				}
				assert.Zero(t, res)
			})
		})
	}
}

// TestACopyIsTheSame: a PUT that is sent again has the same tag and the same content, and the
// change is not made again.
func TestACopyIsTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, script := play(t, read1, broken, broken, done)
		calls := 0
		_, err := client.Update(t.Context(), c, at, func(v *Count) error { calls++; return add(v) })
		require.NoError(t, err)
		assert.Equal(t, 1, calls)
		for i := 1; i < 4; i++ {
			assert.Equal(t, `"1"`, script.asked[i].Header.Get("If-Match"))
			assert.JSONEq(t, `{"count":2}`, script.sent[i])
		}
	})
}

// TestGivesUp: the last answer is the error, with the number of tries.
func TestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, script := play(t, read1, stale, read2, stale, read1, stale)
		c.Tries = 3
		_, err := client.Update(t.Context(), c, at, add)
		script.done()
		require.ErrorIs(t, err, client.ErrPreconditionFailed)
		var status *client.StatusError
		require.ErrorAs(t, err, &status)
		assert.Equal(t, 3, status.Tries)
		assert.EqualError(t, err, "client: PUT "+at+": 412 Precondition Failed (after 3 tries)")
	})
}

// TestTagThatNobodyKnows: the error says why the race is lost each time.
func TestTagThatNobodyKnows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, script := play(t, read1, stale, read1, stale)
		c.Tries = 2
		_, err := client.Update(t.Context(), c, at, add)
		script.done()
		require.ErrorIs(t, err, client.ErrPreconditionFailed)
		assert.ErrorContains(t, err, `"1" is the tag of each GET`)
	})
}

// TestErrorOfTheChange: it ends the Update as it is, and nothing is sent.
func TestErrorOfTheChange(t *testing.T) {
	enough := errors.New("enough")
	c, script := play(t, read1)
	_, err := client.Update(t.Context(), c, at, func(*Count) error { return enough })
	assert.Equal(t, enough, err)
	script.done()
}

// TestNoChangeSendsNothing: a change that finds all as it wants it ends with what is there.
func TestNoChangeSendsNothing(t *testing.T) {
	c, script := play(t, read1)
	res, err := client.Update(t.Context(), c, at, func(v *Count) error { v.Count = 1; return nil })
	require.NoError(t, err)
	assert.EqualValues(t, `"1"`, res.ETag)
	script.done()
}

func TestRetryAfterIsKept(t *testing.T) {
	tests := []struct {
		name, said string
		fields     []string
		limit      time.Duration // of the context
		min, max   time.Duration
		steps      int
		reason     string
	}{
		{"seconds", "5", nil, 0, 5 * time.Second, 5*time.Second + 20*time.Millisecond, 2, "and a random part of 20 ms"},
		{"date", "Tue, 15 Nov 1994 08:12:41 GMT", []string{"Date", "Tue, 15 Nov 1994 08:12:31 GMT"}, 0, 10 * time.Second, 10*time.Second + 20*time.Millisecond, 2, "by the clock of the server"},
		{"past date", "Tue, 15 Nov 1994 08:12:21 GMT", []string{"Date", "Tue, 15 Nov 1994 08:12:31 GMT"}, 0, 0, 20 * time.Millisecond, 2, "now"},
		{"unreadable", "soon", nil, 0, 0, 20 * time.Millisecond, 2, "as if there was none"},
		{"beyond the deadline", "5", nil, 4 * time.Second, 0, 0, 1, "waiting would be in vain: the answer is the error at once"},
		{"beyond MaxWait", "61", nil, 0, 0, 0, 1, "a server must not park a client for a day"},
		{"huge", "99999999999999999999999999", nil, 0, 0, 0, 1, "and does not overflow"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				steps := []step{{429, "", append([]string{"Retry-After", tt.said}, tt.fields...)}, read1}[:tt.steps]
				c, script := play(t, steps...)
				ctx, cancel := t.Context(), context.CancelFunc(func() {})
				if tt.limit > 0 {
					ctx, cancel = context.WithTimeout(ctx, tt.limit)
				}
				defer cancel()
				start := time.Now()
				_, err := client.Get[Count](ctx, c, at)
				waited := time.Since(start)
				script.done()
				assert.GreaterOrEqual(t, waited, tt.min, tt.reason)
				assert.LessOrEqual(t, waited, tt.max, tt.reason)
				var status *client.StatusError
				assert.Equal(t, tt.steps == 1, errors.As(err, &status), "%v", err)
			})
		})
	}
}

// TestContextEndsAWait: the error is that of the context, and the last answer.
func TestContextEndsAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := play(t, busy)
		ctx, cancel := context.WithCancelCause(t.Context())
		mine := errors.New("shutting down")
		time.AfterFunc(time.Second, func() { cancel(mine) })
		_, err := client.Get[Count](ctx, c, at)
		require.ErrorIs(t, err, mine)
		var status *client.StatusError
		require.ErrorAs(t, err, &status)
		assert.Equal(t, 503, status.StatusCode)
	})
}

// TestEndedContextSendsNothing: so the outcome of the write is known.
func TestEndedContextSendsNothing(t *testing.T) {
	c, script := play(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Create(ctx, c, at, Count{})
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, client.ErrUnknown)
	script.done()
}

func TestBackoffGrowsAndIsRandom(t *testing.T) {
	for tries, limit := range map[int]time.Duration{1: 20 * time.Millisecond, 2: 40 * time.Millisecond, 6: 640 * time.Millisecond, 7: time.Second, 1000: time.Second} {
		seen := map[time.Duration]bool{}
		for range 100 {
			d := client.Backoff(tries)
			assert.Positive(t, d)
			assert.LessOrEqual(t, d, limit)
			seen[d] = true
		}
		assert.Greater(t, len(seen), 50, "clients that failed together must part")
	}
}

// TestOtherWrites: what comes of Create, Post and Delete.
func TestOtherWrites(t *testing.T) {
	create := func(c *client.Client) error {
		_, err := client.Create(context.Background(), c, at, Count{1})
		return err
	}
	post := func(c *client.Client) error {
		_, err := client.Post[Count](context.Background(), c, at, Count{1})
		return err
	}
	remove := func(c *client.Client) error { return client.Delete(context.Background(), c, at, `"1"`) }
	tests := []struct {
		name   string
		send   func(*client.Client) error
		steps  []step
		want   error
		reason string
	}{
		{"Create", create, []step{{status: 201}}, nil, ""},
		{"Create, there", create, []step{stale}, client.ErrPreconditionFailed, "nothing is overwritten"},
		{"Create, lost, done", create, []step{broken, {status: 201}}, nil, "the second copy created it, so the first did not"},
		{"Create, lost, there", create, []step{broken, stale}, client.ErrUnknown, "the first copy, or another client"},
		{"Delete", remove, []step{done}, nil, ""},
		{"Delete, missing", remove, []step{{status: 404}}, client.ErrNotFound, "somebody else deleted it"},
		{"Delete, lost, missing", remove, []step{broken, {status: 404}}, nil, "it is gone, as was wanted"},
		{"Delete, lost, gone", remove, []step{broken, {status: 410}}, nil, "it is gone, as was wanted"},
		{"Delete, lost, changed", remove, []step{broken, stale}, client.ErrUnknown, "changed, or deleted and created anew"},
		{"Post", post, []step{{status: 204}}, nil, ""},
		{"Post, busy", post, []step{busy, {status: 204}}, nil, "it was not done"},
		{"Post, gateway", post, []step{broken}, client.ErrUnknown, "nothing guards it: it is not sent twice"},
		{"Post, 503", post, []step{{status: 503}}, client.ErrUnknown, "without Retry-After, it may have been done"},
		{"Post, created but not readable", post, []step{{201, "", []string{"Location", "/docs/2"}}, {status: 403}}, &client.StatusError{}, "the error of the GET"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, script := play(t, tt.steps...)
				err := tt.send(c)
				script.done()
				if _, any := tt.want.(*client.StatusError); any {
					var status *client.StatusError
					require.ErrorAs(t, err, &status)
					return
				}
				require.ErrorIs(t, err, tt.want, tt.reason)
				if tt.want == client.ErrUnknown {
					require.NotErrorIs(t, err, client.ErrPreconditionFailed)
				}
			})
		})
	}
}

// TestUnsent: an error before anything was sent leaves nothing unknown.
func TestUnsent(t *testing.T) {
	for name, err := range map[string]error{
		"refused":      &net.OpError{Op: "dial", Err: errors.New("connection refused")},
		"no such name": &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &client.Client{HTTP: &http.Client{Transport: failing{err}}}
				_, got := client.Post[Count](t.Context(), c, at, Count{})
				require.ErrorIs(t, got, err)
				assert.NotErrorIs(t, got, client.ErrUnknown)
			})
		})
	}
	for _, address := range []string{"", "/docs/1", "ftp://service.example/", "http://[::1", "http:///docs"} {
		_, err := client.Get[Count](t.Context(), new(client.Client), address)
		assert.Error(t, err, address)
	}
}

// failing is a Transport that fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }
