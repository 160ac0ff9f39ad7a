// This file opens the databases of the tests.

package sqlstore_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/restmachine/restmachine-go/contrib/sqlstore"
)

// An engine is a database that the tests run on.
type engine struct {
	dialect sqlstore.Dialect
	driver  string
	// source makes an empty database and returns its data source. It skips the test if there
	// is no such engine.
	source func(t testing.TB) string
}

var (
	sqlite     = engine{sqlstore.SQLite, "sqlite", sqliteFile}
	postgreSQL = engine{sqlstore.PostgreSQL, "pgx", postgresSchema}
)

// onEach runs a test on each engine.
func onEach(t *testing.T, test func(t *testing.T, e engine)) {
	for _, e := range []engine{sqlite, postgreSQL} {
		t.Run(e.dialect.String(), func(t *testing.T) { test(t, e) })
	}
}

func sqliteFile(t testing.TB) string { return filepath.Join(t.TempDir(), "test.db") }

// postgresSchema makes a schema of its own for the test.
func postgresSchema(t testing.TB) string {
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		t.Skip(`SKIPPED, nothing was tested: DATABASE_URL is not set. Try eval "$(.ci/postgres)" at the root of the repository.`)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	admin := connect(t, "pgx", url)
	execute(t, admin, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { execute(t, admin, "DROP SCHEMA "+schema+" CASCADE") })
	separator := "?"
	if strings.Contains(url, "?") {
		separator = "&"
	}
	return url + separator + "search_path=" + schema
}

// connect opens a data source until the end of the test.
func connect(t testing.TB, driver, source string) *sql.DB {
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// database opens a new database.
func (e engine) database(t testing.TB) *sql.DB { return connect(t, e.driver, e.source(t)) }

func execute(t testing.TB, db *sql.DB, statement string, args ...any) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second) // t.Context has ended in a Cleanup
	defer cancel()
	_, err := db.ExecContext(ctx, statement, args...)
	require.NoError(t, err, statement)
}

// A note is a value with a part that an assignment would share.
type note struct {
	Count int      `json:"count"`
	Tags  []string `json:"tags"`
}

type notes = sqlstore.Store[string, note]

func open(t testing.TB, db *sql.DB, e engine) *notes {
	s, err := sqlstore.Open[string, note](t.Context(), db, e.dialect, "notes")
	require.NoError(t, err)
	return s
}
