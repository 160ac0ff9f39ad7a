// What the tracker keeps, in SQLite. This file opens the database, and has its users, teams and
// projects. store_issues.go has the rest. Every write names the version that it was made for, in
// the statement that writes. So other processes cannot write between check and write.

package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	_ "modernc.org/sqlite" // the driver "sqlite" in pure Go, which does not need a C compiler
)

//go:embed schema.sql
var schema string

// A Clock tells the time. Tests use another clock.
type Clock func() time.Time

// A Store is safe for concurrent use, even by several processes.
type Store struct {
	db  *sql.DB
	now Clock
}

// OpenStore opens the database in file. If the file does not exist, OpenStore makes it, with two
// teams to try.
func OpenStore(ctx context.Context, file string, now Clock) (*Store, error) {
	// A writer waits up to five seconds for another writer. Readers do not wait, because of the
	// write-ahead log.
	name := url.URL{Path: filepath.ToSlash(file)}
	db, err := sql.Open("sqlite", "file:"+name.EscapedPath()+
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=foreign_keys(1)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	store := &Store{db: db, now: now}
	if err := store.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", file, err), db.Close())
	}
	return store, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// migrate brings the schema to version 1.
func (s *Store) migrate(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil || version > 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	for _, name := range []string{"ann", "bob", "eve"} {
		if _, err := tx.ExecContext(ctx, `INSERT INTO users VALUES (?, ?)`, name, hashOf("token-of-"+name)); err != nil {
			return err
		}
	}
	const first = `
		INSERT INTO teams VALUES ('acme', 'Acme'), ('globex', 'Globex');
		INSERT INTO members VALUES ('acme', 'ann'), ('acme', 'bob'), ('globex', 'eve');
		INSERT INTO projects (team, key, title, last) VALUES ('acme', 'apollo', 'Apollo', 1), ('globex', 'apollo', 'Apollo', 0);
		INSERT INTO issues (project, number, title, text, state, assignee, labels, author, updated)
			VALUES (1, 1, 'Start', 'Count down from ten.', 'open', 'bob', '["moon"]', 'ann', ?)`
	if _, err := tx.ExecContext(ctx, first, s.now().UnixMicro()); err != nil {
		return err
	}
	return tx.Commit()
}

// hashOf is what is kept of a token: who reads the file cannot log in, and the time of a look-up
// tells nothing of a token.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// A row is what can be scanned: one of sql.Row and sql.Rows.
type row interface{ Scan(...any) error }

// one reads the only row. It returns instead where there is none.
func one[T any](r row, scan func(row) (*T, error), instead error) (*T, error) {
	v, err := scan(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, instead
	}
	return v, err
}

// all reads all rows, and closes them.
func all[T any](rows *sql.Rows, err error, scan func(row) (*T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, *v)
	}
	return list, rows.Err()
}

// writeOne runs a statement that names a version. It returns [restmachine.ErrStale] if nothing
// has that version any more.
func (s *Store) writeOne(ctx context.Context, statement string, args ...any) error {
	result, err := s.db.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return restmachine.ErrStale
}

// User returns whose the token is, or nil.
func (s *Store) User(ctx context.Context, token string) (*User, error) {
	return one(s.db.QueryRowContext(ctx, `SELECT name FROM users WHERE token = ?`, hashOf(token)), func(r row) (*User, error) {
		var u User
		return &u, r.Scan(&u.Name)
	}, nil)
}

const selectTeam = `SELECT id, title, (SELECT json_group_array(user ORDER BY user) FROM members WHERE team = id) FROM teams `

// Team returns the team, or nil.
func (s *Store) Team(ctx context.Context, id string) (*Team, error) {
	return one(s.db.QueryRowContext(ctx, selectTeam+`WHERE id = ?`, id), scanTeam, nil)
}

// TeamsOf returns the teams of a user.
func (s *Store) TeamsOf(ctx context.Context, user string) ([]Team, error) {
	rows, err := s.db.QueryContext(ctx, selectTeam+`WHERE id IN (SELECT team FROM members WHERE user = ?) ORDER BY id`, user)
	return all(rows, err, scanTeam)
}

func scanTeam(r row) (*Team, error) {
	var t Team
	return &t, r.Scan(&t.ID, &t.Title, list{&t.Members})
}

const projectColumns = ` id, team, key, title, version `

// Project returns the project of the team, or nil.
func (s *Store) Project(ctx context.Context, team, key string) (*Project, error) {
	return one(s.db.QueryRowContext(ctx, `SELECT`+projectColumns+`FROM projects WHERE team = ? AND key = ?`, team, key), scanProject, nil)
}

// Projects returns the projects of the team, by key.
func (s *Store) Projects(ctx context.Context, team string) ([]Project, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT`+projectColumns+`FROM projects WHERE team = ? ORDER BY key`, team)
	return all(rows, err, scanProject)
}

// CreateProject adds a project. It returns [restmachine.ErrStale] if there is one by now.
func (s *Store) CreateProject(ctx context.Context, team, key, title string) (*Project, error) {
	return one(s.db.QueryRowContext(ctx, `INSERT INTO projects (team, key, title) VALUES (?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING`+projectColumns, team, key, title), scanProject, restmachine.ErrStale)
}

// UpdateProject stores the title as the next version of p, and returns that version. It returns
// [restmachine.ErrStale] if p is no longer the current version.
func (s *Store) UpdateProject(ctx context.Context, p *Project, title string) (*Project, error) {
	return one(s.db.QueryRowContext(ctx, `UPDATE projects SET title = ?, version = version + 1
		WHERE id = ? AND version = ? RETURNING`+projectColumns, title, p.ID, p.Version), scanProject, restmachine.ErrStale)
}

// DeleteProject removes p, unless it has issues.
func (s *Store) DeleteProject(ctx context.Context, p *Project) error {
	var busy bool
	if err := s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM issues WHERE project = ?)`, p.ID).Scan(&busy); err != nil {
		return err
	}
	if busy {
		return errNotEmpty
	}
	return s.writeOne(ctx, `DELETE FROM projects WHERE id = ? AND version = ?
		AND NOT EXISTS (SELECT 1 FROM issues WHERE project = id)`, p.ID, p.Version)
}

func scanProject(r row) (*Project, error) {
	var p Project
	return &p, r.Scan(&p.ID, &p.Team, &p.Key, &p.Title, &p.Version)
}
