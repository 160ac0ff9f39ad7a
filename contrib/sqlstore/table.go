// This file makes the table, and brings a table of an earlier version up to date. A database
// comes in, in whatever state several processes have left it. A table goes out that has all
// columns.

package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A migration leads from one version of the table to the next. The columns that it adds tell
// whether it has taken place: so the version is in the table itself, also after a table was
// renamed, copied, or restored from a backup.
type migration struct {
	columns            []string
	sqlite, postgreSQL string
}

// migrations are all versions of the table, in order. A migration is never changed. A new
// one must leave the statements of the versions before it working: during an update,
// processes of both versions use the table.
var migrations = []migration{{
	columns: []string{"key", "value", "incarnation", "number", "modified"},
	sqlite: `CREATE TABLE $table (
		"key"         TEXT    NOT NULL PRIMARY KEY COLLATE BINARY,
		"value"       TEXT    NOT NULL,
		"incarnation" INTEGER NOT NULL CHECK ("incarnation" > 0),
		"number"      INTEGER NOT NULL CHECK ("number" > 0),
		"modified"    INTEGER NOT NULL
	) STRICT`,
	postgreSQL: `CREATE TABLE $table (
		"key"         text COLLATE "C" NOT NULL PRIMARY KEY,
		"value"       json        NOT NULL,
		"incarnation" bigint      NOT NULL CHECK ("incarnation" > 0),
		"number"      bigint      NOT NULL CHECK ("number" > 0),
		"modified"    timestamptz NOT NULL
	)`,
}}

// migrationLock is what processes lock that change tables on PostgreSQL, one after the other.
const migrationLock = `SELECT pg_advisory_xact_lock(6153702418850712203)`

// prepare makes the database and the table ready.
func (s *Store[K, V]) prepare(ctx context.Context) error {
	if err := s.checkDatabase(ctx); err != nil {
		return err
	}
	version, err := s.version(ctx)
	if err != nil || version == len(migrations) {
		return err
	}
	return s.migrate(ctx)
}

// checkDatabase returns an error if the database cannot keep the promises of a store.
func (s *Store[K, V]) checkDatabase(ctx context.Context) error {
	if s.says.dialect == PostgreSQL {
		return s.checkEncoding(ctx, "SHOW server_encoding", "UTF8")
	}
	if err := s.checkEncoding(ctx, "PRAGMA encoding", "UTF-8"); err != nil {
		return err
	}
	file, err := s.text(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'")
	if err != nil {
		return err
	}
	if file == "" {
		if s.db.Stats().MaxOpenConnections != 1 {
			return errors.New("each connection to a database in memory has its own: call db.SetMaxOpenConns(1), or use a file")
		}
		return nil
	}
	_, err = s.text(ctx, "PRAGMA journal_mode = WAL")
	return err
}

func (s *Store[K, V]) checkEncoding(ctx context.Context, question, want string) error {
	got, err := s.text(ctx, question)
	if err == nil && got != want {
		err = fmt.Errorf("the encoding of the database is %s, which does not have the order of keys: it must be %s", got, want)
	}
	return err
}

// text returns the text that a statement returns.
func (s *Store[K, V]) text(ctx context.Context, statement string) (text string, err error) {
	err = s.run(ctx, act{name: statement}, func(q querier) error {
		rows, err := q.QueryContext(ctx, statement)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&text); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return text, err
}

// version returns how many migrations the table has behind it. It is 0 if there is no table.
func (s *Store[K, V]) version(ctx context.Context) (version int, err error) {
	err = s.run(ctx, act{name: "looking at the columns"}, func(q querier) error {
		version, err = s.versionBy(ctx, q)
		return err
	})
	return version, err
}

func (s *Store[K, V]) versionBy(ctx context.Context, q querier) (int, error) {
	statement, name := `SELECT name FROM pragma_table_info(?1)`, s.table
	if s.says.dialect == PostgreSQL {
		statement, name = `SELECT attname::text FROM pg_catalog.pg_attribute
			WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`, s.says.table
	}
	rows, err := q.QueryContext(ctx, statement, name)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			return 0, err
		}
		found = append(found, column)
	}
	if err := rows.Err(); err != nil || len(found) == 0 {
		return 0, err
	}
	return versionOf(found)
}

// versionOf returns the version of a table with these columns.
func versionOf(found []string) (version int, err error) {
	for _, m := range migrations {
		for _, column := range m.columns {
			if slices.Contains(found, column) {
				continue
			}
			if version == 0 {
				return 0, fmt.Errorf("it exists, but it is not a table of this package: it has the columns %s, and not %s",
					strings.Join(found, ", "), column)
			}
			return version, nil
		}
		version++
	}
	return version, nil
}

// migrate brings the table up to date, in one transaction. Another process may have done
// some or all of it meanwhile.
func (s *Store[K, V]) migrate(ctx context.Context) error {
	locked := *s
	locked.says.lock = migrationLock // the table may not exist, so it cannot be locked
	return locked.Exclusive(ctx, func(in *Store[K, V]) error {
		version, err := in.versionBy(ctx, in.tx)
		if err != nil {
			return err
		}
		for _, m := range migrations[version:] {
			statement := m.sqlite
			if s.says.dialect == PostgreSQL {
				statement = m.postgreSQL
			}
			if _, err := in.tx.ExecContext(ctx, s.says.spell(statement)); err != nil {
				return err
			}
		}
		return nil
	})
}
