// This file keeps posts in SQLite. Every write names the version that it was made for, in
// the statement that writes. So other processes cannot write between check and write.

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	_ "modernc.org/sqlite" // the driver "sqlite" in pure Go, which does not need a C compiler
)

// A Post has a new Version and a new UpdatedAt after each change. Its ID is never used
// for another post.
type Post struct {
	ID        int64     `json:"id"`
	Title     string    `json:"title"`
	Content   string    `json:"content"`
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Tag is the entity-tag of the post. It names this version of this post.
func (p *Post) Tag() restmachine.ETag {
	return restmachine.ETag(fmt.Sprintf(`"%d-%d"`, p.ID, p.Version))
}

// A Clock tells the time. Tests use another clock.
type Clock func() time.Time

// A Store keeps posts. It is safe for concurrent use, even by several processes.
type Store struct {
	db  *sql.DB
	now Clock
}

// OpenStore opens the database in file. If the file does not exist, OpenStore makes it,
// with a first post.
func OpenStore(ctx context.Context, file string, now Clock) (*Store, error) {
	// A writer waits up to five seconds for another writer. Readers do not wait, because
	// of the write-ahead log.
	name := url.URL{Path: filepath.ToSlash(file)}
	db, err := sql.Open("sqlite", "file:"+name.EscapedPath()+
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	store := &Store{db: db, now: now}
	if err := store.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", file, err), db.Close())
	}
	return store, nil
}

// migrate brings the schema to version 1. AUTOINCREMENT prevents that SQLite uses the ID
// of a deleted post again. Otherwise the tag of the deleted post could return for another
// post.
func (s *Store) migrate(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version > 0 {
		return nil
	}
	const schema = `
		CREATE TABLE posts (
			id         INTEGER PRIMARY KEY AUTOINCREMENT,
			title      TEXT    NOT NULL,
			content    TEXT    NOT NULL,
			version    INTEGER NOT NULL,
			updated_at INTEGER NOT NULL -- microseconds since 1970
		);
		PRAGMA user_version = 1;`
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	const first = `INSERT INTO posts (title, content, version, updated_at) VALUES ('First Post', 'Hello, World!', 1, ?)`
	if _, err := tx.ExecContext(ctx, first, s.now().UnixMicro()); err != nil {
		return err
	}
	return tx.Commit()
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Post returns the post, or nil if there is none.
func (s *Store) Post(ctx context.Context, id int64) (*Post, error) {
	p, err := scan(s.db.QueryRowContext(ctx,
		`SELECT id, title, content, version, updated_at FROM posts WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return p, err
}

// Posts returns up to limit posts, in order of creation. It skips the first offset posts.
func (s *Store) Posts(ctx context.Context, limit, offset int64) ([]Post, error) {
	rows, err := s.db.QueryContext(ctx,
		`SELECT id, title, content, version, updated_at FROM posts ORDER BY id LIMIT ? OFFSET ?`, limit, offset)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	posts := []Post{}
	for rows.Next() {
		p, err := scan(rows)
		if err != nil {
			return nil, err
		}
		posts = append(posts, *p)
	}
	return posts, rows.Err()
}

// Create adds a post.
func (s *Store) Create(ctx context.Context, title, content string) (*Post, error) {
	return scan(s.db.QueryRowContext(ctx, `
		INSERT INTO posts (title, content, version, updated_at) VALUES (?, ?, 1, ?)
		RETURNING id, title, content, version, updated_at`,
		title, content, s.now().UnixMicro()))
}

// Update stores the title and content of p as the next version, and returns that version.
// It returns [restmachine.ErrStale] if p is no longer the current version.
func (s *Store) Update(ctx context.Context, p Post) (*Post, error) {
	updated, err := scan(s.db.QueryRowContext(ctx, `
		UPDATE posts SET title = ?, content = ?, version = version + 1, updated_at = ?
		WHERE id = ? AND version = ?
		RETURNING id, title, content, version, updated_at`,
		p.Title, p.Content, s.now().UnixMicro(), p.ID, p.Version))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, restmachine.ErrStale
	}
	return updated, err
}

// Delete removes p. It returns [restmachine.ErrStale] if p is no longer the current
// version.
func (s *Store) Delete(ctx context.Context, p *Post) error {
	result, err := s.db.ExecContext(ctx, `DELETE FROM posts WHERE id = ? AND version = ?`, p.ID, p.Version)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return restmachine.ErrStale
}

// scan reads a row of all five columns.
func scan(row interface{ Scan(...any) error }) (*Post, error) {
	var p Post
	var updatedAt int64
	if err := row.Scan(&p.ID, &p.Title, &p.Content, &p.Version, &updatedAt); err != nil {
		return nil, err
	}
	p.UpdatedAt = time.UnixMicro(updatedAt).UTC()
	return &p, nil
}
