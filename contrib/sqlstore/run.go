// This file runs statements: on a connection of its own, in a transaction of the caller, or
// with all other writers kept away. What fails for the sake of others is tried again. What
// has failed goes out with what is known of its outcome.

package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// Patience is how long a statement is tried again if another transaction is in its way.
const Patience = 10 * time.Second

// The pauses between attempts grow from the first to the last.
const (
	firstPause = time.Millisecond / 2
	lastPause  = 10 * time.Millisecond
)

// A querier is a connection or a transaction.
type querier interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
}

// An act is what a statement does, for its errors.
type act struct {
	name   string
	writes bool
}

func reading[K ~string](what string, key K) act {
	return act{fmt.Sprintf("%s %q", what, string(key)), false}
}

func writing[K ~string](what string, key K) act {
	return act{fmt.Sprintf("%s of %q", what, string(key)), true}
}

// run calls f with a connection, and again while another transaction is in its way.
func (s *Store[K, V]) run(ctx context.Context, a act, f func(q querier) error) error {
	if s.tx != nil {
		return s.failure(a, f(s.tx), true) // whatever failed, nothing is committed yet
	}
	return s.retry(ctx, a, func() (certain bool, err error) {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return true, err
		}
		defer conn.Close()
		err = f(conn)
		return err == nil || s.says.certain(err, ctx.Err()), err
	})
}

// retry calls f until it succeeds, or fails by itself, or patience or the context ends.
func (s *Store[K, V]) retry(ctx context.Context, a act, f func() (certain bool, err error)) error {
	begin, pause := time.Now(), firstPause
	for {
		certain, err := f()
		if err == nil || !certain || !s.says.retry(err) || time.Since(begin) > Patience {
			return s.failure(a, err, certain)
		}
		select {
		case <-ctx.Done():
			return s.failure(a, errors.Join(ctx.Err(), err), true)
		case <-time.After(rand.N(pause)):
		}
		pause = min(2*pause, lastPause)
	}
}

// failure returns the error of a statement, with what is known of its outcome.
func (s *Store[K, V]) failure(a act, err error, certain bool) error {
	switch {
	case err == nil:
		return nil
	case a.writes && !certain:
		return fmt.Errorf("sqlstore: %s in %s: %w: %w", a.name, s.table, store.ErrUnknown, err)
	}
	return fmt.Errorf("sqlstore: %s in %s: %w", a.name, s.table, err)
}

// WithTx returns the store as a part of a transaction of the caller. What it writes takes
// effect with the commit. Nothing is tried again: if the database refuses a statement for the
// sake of another transaction, begin the whole transaction anew. A write that finds another
// version is ErrStale, and the transaction may go on.
//
// A transaction of SQLite should be a writer from its beginning. Otherwise its first write
// may find that another writer was faster, and the whole transaction must begin anew. Begin
// it by BEGIN IMMEDIATE, which drivers have a setting for, or use [Store.Exclusive].
func (s *Store[K, V]) WithTx(tx *sql.Tx) *Store[K, V] {
	in := *s
	in.tx = tx
	return &in
}

// Exclusive calls f with the store in a transaction, and keeps all other writers of the
// table away meanwhile. So what f reads does not change until its own writes have taken
// effect. Use it to guard more than one record, for example a whole list:
//
//	err := tasks.Exclusive(ctx, func(tasks *sqlstore.Store[string, Task]) error {
//		page, err := tasks.List(ctx, nil, 100)
//		if err != nil {
//			return err
//		}
//		if store.ListTag(page) != expected {
//			return store.ErrStale
//		}
//		_, err = tasks.Put(ctx, key, task, store.Absent())
//		return err
//	})
//
// If f returns an error, nothing is written, and Exclusive returns the error. f may be
// called again if the connection was lost before. Readers need not wait. Inside f, use only the store that f is given: the other one would wait for f.
// On a store from [Store.WithTx], the writers are kept away until the caller's transaction
// ends.
func (s *Store[K, V]) Exclusive(ctx context.Context, f func(s *Store[K, V]) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a := act{"Exclusive", true}
	if s.tx != nil {
		if _, err := s.tx.ExecContext(ctx, s.says.lock); err != nil {
			return s.failure(a, err, true)
		}
		return f(s)
	}
	var own error // the error of f, which is returned as it is
	err := s.retry(ctx, a, func() (certain bool, err error) {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return true, err
		}
		defer conn.Close()
		certain, err, own = s.transact(ctx, conn, f)
		return certain, err
	})
	if own != nil {
		return own
	}
	return err
}

// transact runs f in a transaction that has locked the table. own is the error of f.
func (s *Store[K, V]) transact(ctx context.Context, conn *sql.Conn, f func(s *Store[K, V]) error) (certain bool, err, own error) {
	// At READ COMMITTED, each statement after the lock sees all that was committed before it.
	begin := []string{"BEGIN ISOLATION LEVEL READ COMMITTED", s.says.lock}
	if s.says.dialect == SQLite {
		begin = []string{"BEGIN IMMEDIATE"}
	}
	committed := false
	defer func() {
		if !committed {
			rollback(ctx, conn)
		}
	}()
	for _, statement := range begin {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return true, err, nil
		}
	}
	in := *s
	in.tx = conn
	if own = f(&in); own == nil {
		own = ctx.Err()
	}
	if own != nil {
		return true, nil, own
	}
	// The commit is not interrupted: its outcome would be unknown. If it fails, only an
	// answer of the database tells that it did not take place. pgx 5.12 says of a COMMIT
	// whose answer was lost that it was never sent.
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return s.says.answered(err), err, nil
	}
	committed = true
	return true, nil, nil
}

// rollback ends a transaction, so that the connection can be used again. If that fails, the
// connection is closed, which ends the transaction too.
func rollback(ctx context.Context, conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Patience)
	defer cancel()
	if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil {
		conn.Raw(func(any) error { return driver.ErrBadConn })
	}
}
