// This file gives each test a schema of its own in PostgreSQL.

package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// database returns the URL of a database with its own schema for the test. Without
// PostgreSQL, it skips the test.
func database(t testing.TB) string {
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		t.Skip(`SKIPPED, nothing was tested: DATABASE_URL is not set. Try eval "$(.ci/postgres)" at the root of the repository.`)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	execute(t, url, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { execute(t, url, "DROP SCHEMA "+schema+" CASCADE") })
	t.Setenv("PGOPTIONS", "-c search_path="+schema) // for this process, and for processes that the test starts
	return url
}

// inDatabase is for replicas on PostgreSQL, which find the database in their environment.
func inDatabase(t *testing.T) (args []string) {
	database(t)
	return nil
}

func execute(t testing.TB, url, statement string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second) // t.Context has ended in a Cleanup
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	require.NoError(t, err)
}

func openPostgres(t testing.TB) Counters {
	db, err := sql.Open("pgx", database(t))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	counters, err := openCounters(t.Context(), db)
	require.NoError(t, err)
	return counters
}
