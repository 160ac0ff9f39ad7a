// This file keeps counters in PostgreSQL. Every write names the version that it expects
// to overwrite, in the statement that writes. So no other request, process or machine can
// write between check and write.

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// Postgres is a [store.Store] of counters. It is safe for concurrent use, even by several
// processes.
//
// Each write is one statement, and this statement is one transaction at READ COMMITTED,
// the default. At this level, an UPDATE or DELETE waits for another write to the same
// row. Then it checks again whether the row still meets its WHERE.
type Postgres struct {
	pool *pgxpool.Pool
}

var _ Counters = (*Postgres)(nil)

// The schema. Replicas may start at the same moment. IF NOT EXISTS alone would let them
// collide. The lock makes them create the table one after the other. The collation is the
// order of Go strings.
const schema = `
	SELECT pg_advisory_xact_lock(2163474401);
	CREATE TABLE IF NOT EXISTS counters (
		name        text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
		label       text        NOT NULL,
		count       bigint      NOT NULL,
		incarnation bigint      NOT NULL CHECK (incarnation > 0),
		number      bigint      NOT NULL CHECK (number > 0),
		modified    timestamptz NOT NULL
	)`

// The statements. PostgreSQL tells the time, so replicas with different clocks agree.
// greatest prevents that the date goes back.
const (
	columns = `name, label, count, incarnation, number, modified`

	selectOne  = `SELECT ` + columns + ` FROM counters WHERE name = $1`
	selectPage = `SELECT ` + columns + ` FROM counters WHERE name > coalesce($1, '') ORDER BY name LIMIT $2`

	insert = `INSERT INTO counters (` + columns + `) VALUES ($1, $2, $3, $4, $5, now())
		ON CONFLICT (name) DO NOTHING RETURNING ` + columns

	update = `UPDATE counters SET label = $2, count = $3, number = number + 1, modified = greatest(modified, now())
		WHERE name = $1 AND incarnation = $4 AND number = $5 RETURNING ` + columns

	upsert = `INSERT INTO counters AS old (` + columns + `) VALUES ($1, $2, $3, $4, $5, now())
		ON CONFLICT (name) DO UPDATE SET label = excluded.label, count = excluded.count,
			number = old.number + 1, modified = greatest(old.modified, excluded.modified)
		RETURNING ` + columns

	deleteAny = `DELETE FROM counters WHERE name = $1`
	deleteAt  = deleteAny + ` AND incarnation = $2 AND number = $3`
)

// OpenPostgres connects to the database at the URL. It creates the table if it does not
// exist.
func OpenPostgres(ctx context.Context, url string) (*Postgres, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, schema); err != nil {
		pool.Close()
		return nil, fmt.Errorf("creating the table of counters: %w", err)
	}
	return &Postgres{pool}, nil
}

// Close waits for running statements, and disconnects.
func (p *Postgres) Close() { p.pool.Close() }

// Get implements [store.Store].
func (p *Postgres) Get(ctx context.Context, name string) (Record, bool, error) {
	return p.record(ctx, selectOne, name)
}

// Put implements [store.Store].
func (p *Postgres) Put(ctx context.Context, name string, c Counter, expect store.Expect) (Record, error) {
	statement := update
	version, only := expect.Version()
	switch {
	case !only:
		statement, version = upsert, store.NewVersion()
	case version.IsZero():
		statement, version = insert, store.NewVersion()
	}
	r, ok, err := p.record(ctx, statement, name, c.Label, c.Count, version.Incarnation, version.Number)
	if err == nil && !ok {
		err = stale(name, expect)
	}
	return r, err
}

// Delete implements [store.Store].
func (p *Postgres) Delete(ctx context.Context, name string, expect store.Expect) error {
	version, only := expect.Version()
	switch {
	case !only:
		_, err := p.pool.Exec(ctx, deleteAny, name)
		return err
	case version.IsZero():
		_, ok, err := p.Get(ctx, name)
		if ok {
			err = stale(name, expect)
		}
		return err
	}
	done, err := p.pool.Exec(ctx, deleteAt, name, version.Incarnation, version.Number)
	if err == nil && done.RowsAffected() == 0 {
		err = stale(name, expect)
	}
	return err
}

// List implements [store.Store].
func (p *Postgres) List(ctx context.Context, after *string, limit int) ([]Record, error) {
	rows, err := p.pool.Query(ctx, selectPage, after, max(limit, 0))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// record runs a statement that returns at most one row. ok is false if it returns none.
func (p *Postgres) record(ctx context.Context, statement string, args ...any) (r Record, ok bool, err error) {
	rows, err := p.pool.Query(ctx, statement, args...)
	if err != nil {
		return r, false, err
	}
	r, err = pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return Record{}, false, nil
	}
	return r, err == nil, err
}

// scan reads a row of all columns.
func scan(row pgx.CollectableRow) (Record, error) {
	var r Record
	var modified time.Time
	err := row.Scan(&r.Key, &r.Value.Label, &r.Value.Count, &r.Version.Incarnation, &r.Version.Number, &modified)
	r.Modified = modified.UTC()
	return r, err
}

// stale returns the error of a write that found another version, or no record: 412.
func stale(name string, expect store.Expect) error {
	return fmt.Errorf("%s is not at %v: %w", name, expect, store.ErrStale)
}
