// These tests cut the connection to PostgreSQL while a statement runs, and look at what the
// error says of its outcome.

package sqlstore_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A cutter is a server between the store and PostgreSQL. When it is armed, it cuts the next
// connection that something comes through.
type cutter struct {
	listener net.Listener
	backend  *pgconn.Config
	requests atomic.Bool // cut instead of passing the next request on
	answers  atomic.Bool // cut instead of passing the next answer on
	open     sync.WaitGroup
}

func newCutter(t *testing.T, source string) *cutter {
	backend, err := pgconn.ParseConfig(source)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &cutter{listener: listener, backend: backend}
	c.open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			c.open.Go(func() { c.serve(conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		c.open.Wait()
	})
	return c
}

// source is that of the backend, through the cutter.
func (c *cutter) source(t *testing.T, direct string) string {
	u, err := url.Parse(direct)
	require.NoError(t, err)
	q := u.Query()
	q.Set("host", "127.0.0.1")
	_, port, err := net.SplitHostPort(c.listener.Addr().String())
	require.NoError(t, err)
	q.Set("port", port)
	q.Set("sslmode", "disable")
	u.Host, u.RawQuery = "", q.Encode()
	return u.String()
}

func (c *cutter) serve(client net.Conn) {
	defer client.Close()
	network, address := pgconn.NetworkAddress(c.backend.Host, c.backend.Port)
	server, err := net.Dial(network, address)
	if err != nil {
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { pass(server, client, &c.requests, client) })
	both.Go(func() { pass(client, server, &c.answers, client) })
	both.Wait()
}

// pass copies from one side to the other until it is told to cut.
func pass(to io.WriteCloser, from io.ReadCloser, cut *atomic.Bool, client net.Conn) {
	defer to.Close()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil || cut.CompareAndSwap(true, false) {
			client.Close()
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func TestAConnectionThatIsCut(t *testing.T) {
	direct := postgreSQL.source(t)
	c := newCutter(t, direct)
	db := connect(t, "pgx", c.source(t, direct))
	db.SetMaxOpenConns(1)
	s, ctx := open(t, db, postgreSQL), t.Context()
	look := open(t, connect(t, "pgx", direct), postgreSQL)
	// arm lets the next request or answer be cut. Before, it makes sure that there is a
	// connection, and that the server knows the statements.
	arm := func(cut *atomic.Bool) {
		r, err := s.Put(ctx, "other", note{}, store.Absent())
		require.NoError(t, err)
		r, err = s.Put(ctx, "other", note{}, store.At(r.Version))
		require.NoError(t, err)
		require.NoError(t, s.Delete(ctx, "other", store.At(r.Version)))
		_, _, err = s.Get(ctx, "other")
		require.NoError(t, err)
		cut.Store(true)
	}
	for _, tt := range []struct {
		name  string
		cut   *atomic.Bool
		wrote bool
	}{
		{"before the request has arrived", &c.requests, false},
		{"before the answer has arrived", &c.answers, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, err := s.Put(ctx, "k", note{Count: 1}, store.Any())
			require.NoError(t, err)
			arm(tt.cut)
			_, err = s.Put(ctx, "k", note{Count: 2}, store.At(before.Version))
			assert.ErrorIs(t, err, store.ErrUnknown)
			assert.NotErrorIs(t, err, store.ErrStale)
			after, _, err := look.Get(ctx, "k")
			require.NoError(t, err)
			assert.Equal(t, tt.wrote, after.Version != before.Version)

			arm(tt.cut)
			_, _, err = s.Get(ctx, "k")
			assert.Error(t, err)
			assert.NotErrorIs(t, err, store.ErrUnknown, "a read changes nothing")

			arm(tt.cut)
			assert.ErrorIs(t, s.Delete(ctx, "k", store.At(after.Version)), store.ErrUnknown)
			_, ok, err := look.Get(ctx, "k")
			require.NoError(t, err)
			assert.Equal(t, !tt.wrote, ok)
			require.NoError(t, s.Delete(ctx, "k", store.Any()), "the store goes on by another connection")
		})
	}
	t.Run("at a commit", func(t *testing.T) {
		err := s.Exclusive(ctx, func(in *notes) error {
			_, err := in.Put(ctx, "k", note{}, store.Absent())
			c.answers.Store(true)
			return err
		})
		assert.ErrorIs(t, err, store.ErrUnknown)
		_, ok, err := look.Get(ctx, "k")
		require.NoError(t, err)
		assert.True(t, ok, "the answer was lost, and not the commit")
	})
}

// What the server itself refuses has an outcome: nothing was written.
func TestAnErrorOfTheServerIsItsAnswer(t *testing.T) {
	db := postgreSQL.database(t)
	s := open(t, db, postgreSQL)
	execute(t, db, `ALTER TABLE notes ADD CHECK ((value->>'count')::int < 10)`)
	_, err := s.Put(t.Context(), "k", note{Count: 10}, store.Absent())
	var answer *pgconn.PgError
	require.ErrorAs(t, err, &answer, "the error of the driver is wrapped")
	assert.Equal(t, "23514", answer.Code)
	assert.NotErrorIs(t, err, store.ErrUnknown)
	assert.ErrorContains(t, err, `Put of "k" in notes`)
}

// A context that ends while no connection is free has stopped a write before it began.
func TestAContextThatEndsInTheQueue(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		db := e.database(t)
		s := open(t, db, e)
		db.SetMaxOpenConns(1)
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		_, err = s.Put(ctx, "k", note{}, store.Any())
		assert.ErrorIs(t, err, context.Canceled)
		assert.NotErrorIs(t, err, store.ErrUnknown)
		require.NoError(t, conn.Close())
	})
}
