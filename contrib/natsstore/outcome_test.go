// The outcomes of writes whose answers are lost. The answers are lost on purpose here: what is
// between the store and its server does so.

package natsstore

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An acknowledgement is how a message was published.
type acknowledgement = *jetstream.PubAck

// A lossy JetStream lets a test do what it likes with a message that is published.
type lossy struct {
	jetstream.JetStream
	publish func(send func(context.Context) (acknowledgement, error)) (acknowledgement, error) // nil: send it
	sent    int
}

func (l *lossy) PublishMsg(ctx context.Context, m *nats.Msg, o ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	l.sent++
	send := func(ctx context.Context) (acknowledgement, error) { return l.JetStream.PublishMsg(ctx, m, o...) }
	if f := l.publish; f != nil {
		return f(send)
	}
	return send(ctx)
}

// lossyStore returns a store over a lossy JetStream, with the record a, and another store.
func lossyStore(t *testing.T) (l *lossy, tasks, other *Store[string, todo], a store.Record[string, todo]) {
	js := connect(t, servers(t, 1, false)...)
	l = &lossy{JetStream: js}
	tasks, other = open(t, l, "lossy", 1, WithPatience(time.Second)), open(t, js, "lossy", 1)
	a, err := other.Put(t.Context(), "a", numbered(1), store.Absent())
	require.NoError(t, err)
	return l, tasks, other, a
}

// TestLostAnswer: a write that took place before its answer was lost is found, and is not done a
// second time.
func TestLostAnswer(t *testing.T) {
	l, tasks, other, a := lossyStore(t)
	lose := func(send func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
		_, _ = send(t.Context())
		return nil, nats.ErrTimeout
	}
	l.publish = lose
	r, err := tasks.Put(t.Context(), "a", numbered(2), store.At(a.Version))
	require.NoError(t, err)
	assert.Equal(t, a.Version.Number+1, r.Version.Number)
	found, _, err := other.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, r, found)

	r, err = tasks.Put(t.Context(), "b", numbered(1), store.Absent())
	require.NoError(t, err)
	require.NoError(t, tasks.Delete(t.Context(), "b", store.At(r.Version)))
	r, err = tasks.Put(t.Context(), "b", numbered(2), store.Any())
	require.NoError(t, err)
	found, _, err = other.Get(t.Context(), "b")
	require.NoError(t, err)
	assert.Equal(t, r, found)
	assert.Equal(t, 4, l.sent)
}

// TestLostWrite: a write that was lost on its way is sent again.
func TestLostWrite(t *testing.T) {
	l, tasks, other, a := lossyStore(t)
	l.publish = func(func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
		l.publish = nil
		return nil, nats.ErrTimeout
	}
	r, err := tasks.Put(t.Context(), "a", numbered(2), store.At(a.Version))
	require.NoError(t, err)
	found, _, err := other.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, r, found)
	assert.Equal(t, 2, l.sent)
}

// TestLateWrite: a write that arrives after it was sent again takes place once.
func TestLateWrite(t *testing.T) {
	l, tasks, other, a := lossyStore(t)
	var late func(context.Context) (acknowledgement, error)
	l.publish = func(send func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
		late, l.publish = send, nil
		return nil, nats.ErrTimeout
	}
	r, err := tasks.Put(t.Context(), "a", numbered(2), store.Any())
	require.NoError(t, err)
	_, err = late(t.Context())
	var refusal *jetstream.APIError
	require.ErrorAs(t, err, &refusal)
	found, _, err := other.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, r, found)
	assert.Equal(t, a.Version.Number+1, r.Version.Number)
}

// TestLostAndOvertaken: a write was lost on its way, and another was faster. The write is stale, as
// it cannot take place any more. With Any it is done again.
func TestLostAndOvertaken(t *testing.T) {
	l, tasks, other, a := lossyStore(t)
	overtake := func(func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
		l.publish = nil
		_, err := other.Put(t.Context(), "a", numbered(7), store.Any())
		require.NoError(t, err)
		return nil, nats.ErrTimeout
	}
	l.publish = overtake
	_, err := tasks.Put(t.Context(), "a", numbered(2), store.At(a.Version))
	require.ErrorIs(t, err, store.ErrStale)
	require.NotErrorIs(t, err, store.ErrUnknown)
	l.publish = overtake
	r, err := tasks.Put(t.Context(), "a", numbered(3), store.Any())
	require.NoError(t, err)
	assert.Equal(t, a.Version.Number+3, r.Version.Number)
}

// TestUnknown: if others have overwritten what may be the write, nobody can tell.
func TestUnknown(t *testing.T) {
	l, tasks, other, a := lossyStore(t)
	for _, arrives := range []bool{true, false} {
		l.publish = func(send func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
			l.publish = nil
			if arrives {
				_, err := send(t.Context())
				require.NoError(t, err)
			}
			for range 2 {
				_, err := other.Put(t.Context(), "a", numbered(7), store.Any())
				require.NoError(t, err)
			}
			return nil, nats.ErrTimeout
		}
		_, err := tasks.Put(t.Context(), "a", numbered(2), store.Any())
		require.ErrorIs(t, err, store.ErrUnknown)
		require.NotErrorIs(t, err, store.ErrStale)
	}
	r, _, err := other.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, a.Version.Number+5, r.Version.Number)
}

// TestNothingAnswers: an outcome stays unknown if the context or the patience ends, and the error
// says which. What never was sent is not unknown.
func TestNothingAnswers(t *testing.T) {
	l, tasks, _, a := lossyStore(t)
	l.publish = func(func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
		return nil, nats.ErrTimeout
	}
	_, err := tasks.Put(t.Context(), "a", numbered(2), store.At(a.Version))
	require.ErrorIs(t, err, store.ErrUnknown)
	require.ErrorContains(t, err, "no leader of bucket lossy answered in 1s")
	assert.Greater(t, l.sent, 1)

	ctx, cancel := context.WithCancel(t.Context())
	l.publish = func(func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
		cancel()
		return nil, ctx.Err()
	}
	err = tasks.Delete(ctx, "a", store.At(a.Version))
	require.ErrorIs(t, err, store.ErrUnknown)
	require.ErrorIs(t, err, context.Canceled)

	l.publish = func(func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
		return nil, jetstream.ErrNoStreamResponse
	}
	_, err = tasks.Put(t.Context(), "a", numbered(2), store.At(a.Version))
	require.Error(t, err)
	require.NotErrorIs(t, err, store.ErrUnknown, "no server took the write, so it is known that it was not done")
	// Where the time is over while it looks at the record once more, that is what it says.
	require.True(t, errors.Is(err, errNotSent) || errors.Is(err, context.DeadlineExceeded), "%v", err)
}

// TestRefusals: both codes of another write's victory are understood, with and without the wrapper
// of nats.go. A server without space is a definite error, and an error of its disk is not.
func TestRefusals(t *testing.T) {
	l, tasks, other, a := lossyStore(t)
	for _, refusal := range []error{
		&jetstream.APIError{Code: 400, ErrorCode: 10071}, &jetstream.APIError{Code: 400, ErrorCode: 10164},
		jetstream.ErrKeyRevisionMismatch, jetstream.ErrKeyExists,
	} {
		l.publish = func(func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
			l.publish = nil
			return nil, refusal
		}
		r, err := tasks.Put(t.Context(), "a", numbered(2), store.At(a.Version)) // nobody else has written: again
		require.NoError(t, err)
		l.publish = func(func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
			for range 2 {
				a, err = other.Put(t.Context(), "a", numbered(3), store.Any())
				require.NoError(t, err)
			}
			return nil, refusal
		}
		_, err = tasks.Put(t.Context(), "a", numbered(2), store.At(r.Version))
		require.ErrorIs(t, err, store.ErrStale)
		require.NotErrorIs(t, err, store.ErrUnknown)
		require.ErrorContains(t, err, "found "+a.Version.String())
	}
	answer := func(code jetstream.ErrorCode, text string) error {
		l.publish = func(func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
			return nil, &jetstream.APIError{Code: 503, ErrorCode: code, Description: text}
		}
		_, err := tasks.Put(t.Context(), "a", numbered(2), store.At(a.Version))
		require.Error(t, err)
		return err
	}
	for code := range refusals {
		assert.NotErrorIs(t, answer(code, "no"), store.ErrUnknown)
	}
	assert.NotErrorIs(t, answer(10077, "maximum bytes exceeded"), store.ErrUnknown)
	assert.ErrorIs(t, answer(10077, "input/output error"), store.ErrUnknown)
}

// A cable is a connection to a server that can be cut.
type cable struct {
	listener net.Listener
	to       string
	mu       sync.Mutex
	ends     []net.Conn
	deaf     atomic.Bool // what the server says is lost
}

func newCable(t *testing.T, to string) *cable {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &cable{listener: l, to: to}
	t.Cleanup(func() { l.Close(); c.cut() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", c.to)
			if err != nil {
				near.Close()
				continue
			}
			c.mu.Lock()
			c.ends = append(c.ends, near, far)
			c.mu.Unlock()
			go func() { _, _ = io.Copy(far, near); far.Close() }()
			go func() { _, _ = io.Copy(ear{c, near}, far); near.Close() }()
		}
	}()
	return c
}

// An ear is what hears the server.
type ear struct {
	*cable
	io.Writer
}

func (e ear) Write(b []byte) (int, error) {
	if e.deaf.Load() {
		return len(b), nil
	}
	return e.Writer.Write(b)
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, end := range c.ends {
		end.Close()
	}
	c.ends = nil
}

// TestCutCable: the connection breaks before a write, or after a write has arrived and before its
// answer. Each write takes place once.
func TestCutCable(t *testing.T) {
	line := newCable(t, servers(t, 1, false)[0].url()[len("nats://"):])
	conn, err := nats.Connect("nats://"+line.listener.Addr().String(), nats.MaxReconnects(-1), nats.ReconnectWait(5*time.Millisecond))
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	l := &lossy{JetStream: js}
	tasks := open(t, l, "cable", 1)
	before, err := tasks.Put(t.Context(), "n", numbered(0), store.Absent())
	require.NoError(t, err)
	for i := range 4 {
		if i%2 == 0 {
			line.cut()
		} else {
			l.publish = func(send func(context.Context) (acknowledgement, error)) (acknowledgement, error) {
				l.publish = nil
				line.deaf.Store(true)
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				_, err := send(ctx)
				line.cut()
				line.deaf.Store(false)
				return nil, err
			}
		}
		r, err := tasks.Put(t.Context(), "n", numbered(i+1), store.At(before.Version))
		require.NoError(t, err)
		require.Equal(t, before.Version.Number+1, r.Version.Number)
		before = r
	}
	found, _, err := tasks.Get(t.Context(), "n")
	require.NoError(t, err)
	assert.Equal(t, before, found)
}
