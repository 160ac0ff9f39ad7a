// This file holds the store: its methods, each of which is one statement. Keys, values and
// expectations come in, and records go out.

package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Store is a [store.Store] in a table. It is safe for concurrent use, and several
// processes may use one table.
type Store[K ~string, V any] struct {
	db    *sql.DB
	tx    querier // set if the store belongs to a transaction
	table string  // as the caller wrote it
	says  statements
	now   func() time.Time // for SQLite, whose own clock tells only milliseconds
}

// Open returns a store on a table. It creates the table if it does not exist. If the table
// is one of an earlier version of this package, Open changes it. Several processes may open
// one table at the same time. A process without the right to create tables may open a table
// that another process has created.
//
// The name of the table consists of ASCII letters, digits and underscores. On PostgreSQL,
// it may begin with the name of a schema and a dot.
//
// On SQLite, Open turns on the write-ahead log, so that readers and a writer do not wait for
// each other.
func Open[K ~string, V any](ctx context.Context, db *sql.DB, dialect Dialect, table string) (*Store[K, V], error) {
	says, err := statementsFor(dialect, table)
	if err != nil {
		return nil, err
	}
	s := &Store[K, V]{db: db, table: table, says: says, now: time.Now}
	if err := s.prepare(ctx); err != nil {
		return nil, fmt.Errorf("sqlstore: opening the table %s: %w", table, err)
	}
	return s, nil
}

// Get implements [store.Store].
func (s *Store[K, V]) Get(ctx context.Context, key K) (r store.Record[K, V], ok bool, err error) {
	if err := ctx.Err(); err != nil || checkKey(key) != nil {
		return r, false, err
	}
	err = s.run(ctx, reading("Get", key), func(q querier) error {
		r, ok, err = s.one(ctx, q, s.says.get, string(key))
		return err
	})
	return r, ok, err
}

// Put implements [store.Store].
func (s *Store[K, V]) Put(ctx context.Context, key K, value V, expect store.Expect) (r store.Record[K, V], err error) {
	if err := ctx.Err(); err != nil {
		return r, err
	}
	if err := checkKey(key); err != nil {
		return r, err
	}
	content, err := encode(value)
	if err != nil {
		return r, fmt.Errorf("sqlstore: Put of %q in %s: %w", key, s.table, err)
	}
	version, only := expect.Version()
	statement := s.says.update
	switch {
	case !only:
		statement, version = s.says.upsert, store.NewVersion()
	case version.IsZero():
		statement, version = s.says.insert, store.NewVersion()
	}
	var ok bool
	err = s.run(ctx, writing("Put", key), func(q querier) error {
		r, ok, err = s.one(ctx, q, statement, s.says.timed(s.now(), string(key), content, version.Incarnation, version.Number)...)
		return err
	})
	if err == nil && !ok {
		err = s.stale(ctx, key, expect)
	}
	if err != nil {
		return store.Record[K, V]{}, err
	}
	return r, nil
}

// Delete implements [store.Store].
func (s *Store[K, V]) Delete(ctx context.Context, key K, expect store.Expect) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if checkKey(key) != nil {
		return expect.Check(key, store.Version{})
	}
	version, only := expect.Version()
	statement, args := s.says.deleteAt, []any{string(key), version.Incarnation, version.Number}
	switch {
	case !only:
		statement, args = s.says.deleteAny, args[:1]
	case version.IsZero():
		return s.checkAbsent(ctx, key, expect)
	}
	var deleted int64
	err := s.run(ctx, writing("Delete", key), func(q querier) error {
		done, err := q.ExecContext(ctx, statement, args...)
		if err == nil {
			deleted, err = done.RowsAffected()
		}
		return err
	})
	if err == nil && only && deleted == 0 {
		err = s.stale(ctx, key, expect)
	}
	return err
}

// checkAbsent is a Delete that expects no record: it has nothing to do, or it is stale.
func (s *Store[K, V]) checkAbsent(ctx context.Context, key K, expect store.Expect) error {
	r, _, err := s.Get(ctx, key)
	if err != nil {
		return err
	}
	return expect.Check(key, r.Version)
}

// List implements [store.Store]. All records are from the same moment.
func (s *Store[K, V]) List(ctx context.Context, after *K, limit int) ([]store.Record[K, V], error) {
	if limit <= 0 {
		return nil, ctx.Err()
	}
	return s.Select(ctx, Range[K]{After: after, Limit: limit})
}

// stale returns the error of a write that did not find what it expected. It looks for what
// is there instead. If that cannot be found out, the write is stale all the same.
func (s *Store[K, V]) stale(ctx context.Context, key K, expect store.Expect) error {
	stale := &store.StaleError{Key: key, Expect: expect}
	r, _, err := s.Get(ctx, key)
	if err != nil {
		return fmt.Errorf("sqlstore: %q in %s is not at %v: %w", key, s.table, expect, stale.Unwrap())
	}
	stale.Current = r.Version
	return stale
}

// one runs a statement that returns at most one row. It reads to the end of the answer:
// only then has the statement taken effect.
func (s *Store[K, V]) one(ctx context.Context, q querier, statement string, args ...any) (r store.Record[K, V], ok bool, err error) {
	rows, err := q.QueryContext(ctx, statement, args...)
	if err != nil {
		return r, false, err
	}
	defer rows.Close()
	for rows.Next() {
		if r, err = s.scan(rows); err != nil {
			return r, false, err
		}
		ok = true
	}
	return r, ok, rows.Err()
}

// scan reads a row of all columns.
func (s *Store[K, V]) scan(rows *sql.Rows) (r store.Record[K, V], err error) {
	var key string
	var content []byte
	modified := s.says.date()
	if err := rows.Scan(&key, &content, &r.Version.Incarnation, &r.Version.Number, modified); err != nil {
		return r, err
	}
	r.Key, r.Modified = K(key), modified.time()
	if err := decode(content, &r.Value); err != nil {
		return r, &valueError{table: s.table, key: key, err: err}
	}
	return r, nil
}
