// These tests check the table: its name, its versions, and processes that open it at once.

package sqlstore_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/sqlstore"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

func TestNamesOfTables(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		db := e.database(t)
		opens := func(table string) error {
			_, err := sqlstore.Open[string, note](t.Context(), db, e.dialect, table)
			return err
		}
		for _, name := range []string{"tasks", "Tasks2", "select", "_x", strings.Repeat("x", 50)} {
			assert.NoError(t, opens(name), name)
		}
		for _, name := range []string{"", "a b", `a"b`, "a;b", "1a", "ä", "a.b.c", ".a", "a.", "sqlite_a", strings.Repeat("x", 51), "a\x00"} {
			assert.ErrorContains(t, opens(name), "is not the name of a table", name)
		}
	})
	postgres := postgreSQL.database(t)
	execute(t, postgres, "CREATE SCHEMA IF NOT EXISTS restmachine_test")
	t.Cleanup(func() { execute(t, postgres, "DROP SCHEMA restmachine_test CASCADE") })
	s, err := sqlstore.Open[string, int](t.Context(), postgres, sqlstore.PostgreSQL, "restmachine_test.numbers")
	require.NoError(t, err)
	_, err = s.Put(t.Context(), "a", 1, store.Any())
	assert.NoError(t, err)
	_, err = sqlstore.Open[string, int](t.Context(), postgres, sqlstore.PostgreSQL, "restmachine_test.numbers")
	assert.NoError(t, err)
	_, err = sqlstore.Open[string, int](t.Context(), postgres, 0, "numbers")
	assert.ErrorContains(t, err, "Dialect(0) is not a dialect")
}

func TestATableOfSomebodyElse(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		db := e.database(t)
		execute(t, db, `CREATE TABLE notes (id integer, "key" text)`)
		_, err := sqlstore.Open[string, note](t.Context(), db, e.dialect, "notes")
		assert.ErrorContains(t, err, "opening the table notes: ")
		assert.ErrorContains(t, err, "it is not a table of this package: it has the columns id, key, and not value")
	})
}

// A column that the caller has added does no harm, and may be made of the JSON.
func TestAColumnOfTheCaller(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		db := e.database(t)
		s := open(t, db, e)
		stored := "VIRTUAL" // SQLite cannot add the other kind, and PostgreSQL has only that
		if e.dialect == sqlstore.PostgreSQL {
			stored = "STORED"
		}
		execute(t, db, `ALTER TABLE notes ADD COLUMN owner text GENERATED ALWAYS AS ("value" ->> 'count') `+stored)
		open(t, db, e)
		_, err := s.Put(t.Context(), "k", note{Count: 7}, store.Absent())
		require.NoError(t, err)
		var owner string
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT owner FROM notes").Scan(&owner))
		assert.Equal(t, "7", owner)
	})
}

func TestATableOfAnEarlierVersion(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		source, ctx := e.source(t), t.Context()
		old := open(t, connect(t, e.driver, source), e)
		r, err := old.Put(ctx, "a", note{Count: 1}, store.Absent())
		require.NoError(t, err)

		sqlstore.AddMigration(t, "labels")
		together(t, 8, func() error {
			db, err := sql.Open(e.driver, source)
			if err != nil {
				return err
			}
			defer db.Close()
			_, err = sqlstore.Open[string, note](ctx, db, e.dialect, "notes")
			return err
		})
		db := connect(t, e.driver, source)
		execute(t, db, "UPDATE notes SET labels = 'x'")
		got, _, err := open(t, db, e).Get(ctx, "a")
		require.NoError(t, err)
		assert.Equal(t, r, got)
		_, err = old.Put(ctx, "a", note{Count: 2}, store.At(r.Version))
		assert.NoError(t, err, "a process of the old version goes on")
	})
}

func together(t *testing.T, n int, f func() error) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() { assert.NoError(t, f()) })
	}
	all.Wait()
}

// TestMain is also the process that TestProcessesOpenAtOnce starts.
func TestMain(m *testing.M) {
	source := os.Getenv("SQLSTORE_TEST_SOURCE")
	if source == "" {
		os.Exit(m.Run())
	}
	e := sqlite
	if os.Getenv("SQLSTORE_TEST_DRIVER") == postgreSQL.driver {
		e = postgreSQL
	}
	if err := count(e, source); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// counts is how many increments each process makes.
const counts = 100

// count opens the table and increments.
func count(e engine, source string) error {
	db, err := sql.Open(e.driver, source)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	s, err := sqlstore.Open[string, note](ctx, db, e.dialect, "notes")
	for n := 0; err == nil && n < counts; n++ {
		err = increment(ctx, s)
	}
	return err
}

// Processes open an empty database at the same moment, and count. Nobody is told that the
// database is locked.
func TestProcessesOpenAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		source := e.source(t)
		const processes = 4
		together(t, processes, func() error {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), "SQLSTORE_TEST_SOURCE="+source, "SQLSTORE_TEST_DRIVER="+e.driver)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Run(); err != nil {
				return fmt.Errorf("%w: %s", err, &stderr)
			}
			return nil
		})
		r, _, err := open(t, connect(t, e.driver, source), e).Get(t.Context(), "k")
		require.NoError(t, err)
		assert.Equal(t, processes*counts, r.Value.Count)
	})
}

func TestADatabaseInMemoryHasOneConnection(t *testing.T) {
	db := connect(t, "sqlite", ":memory:")
	_, err := sqlstore.Open[string, note](t.Context(), db, sqlstore.SQLite, "notes")
	assert.ErrorContains(t, err, "SetMaxOpenConns(1)")
	db.SetMaxOpenConns(1)
	s := open(t, db, sqlite)
	_, err = s.Put(t.Context(), "k", note{}, store.Absent())
	assert.NoError(t, err)
}

func TestADatabaseWithAnotherOrder(t *testing.T) {
	db := sqlite.database(t)
	db.SetMaxOpenConns(1)
	execute(t, db, "PRAGMA encoding = 'UTF-16le'")
	execute(t, db, "CREATE TABLE other (a)")
	_, err := sqlstore.Open[string, note](t.Context(), db, sqlstore.SQLite, "notes")
	assert.ErrorContains(t, err, "it must be UTF-8")
}

func TestTheFileHasAWriteAheadLog(t *testing.T) {
	db := sqlite.database(t)
	open(t, db, sqlite)
	var mode string
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
	assert.Equal(t, "wal", mode)
}
