// This file holds what differs between the databases: their SQL, their dates, and what their
// errors mean. The name of a table comes in, and its statements go out.

package sqlstore

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A Dialect is the SQL of a database.
type Dialect int

// The dialects. SQLite must be 3.37 or later, and PostgreSQL 12 or later.
const (
	SQLite Dialect = iota + 1
	PostgreSQL
)

// String returns the name of the database.
func (d Dialect) String() string {
	switch d {
	case SQLite:
		return "SQLite"
	case PostgreSQL:
		return "PostgreSQL"
	}
	return fmt.Sprintf("Dialect(%d)", int(d))
}

// tableName is what may be the name of a table. It is at most as long as the names of
// PostgreSQL, and short enough for names that are made of it.
var tableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,49}$`)

// statements is the SQL of a table.
type statements struct {
	dialect Dialect
	table   string // in quotes

	get, insert, update, upsert, deleteAny, deleteAt string

	lock string // keeps all other writers away until the end of the transaction
}

// columns are those of a record, in the order in which they are scanned.
const columns = `"key", "value", "incarnation", "number", "modified"`

// The statements. $time is when it is written, and $greatest the later of two dates.
const (
	get    = `SELECT ` + columns + ` FROM $table WHERE "key" = $1`
	insert = `INSERT INTO $table AS old (` + columns + `) VALUES ($1, $2, $3, $4, $time)
		ON CONFLICT ("key") DO NOTHING RETURNING ` + columns
	update = `UPDATE $table SET "value" = $2, "number" = "number" + 1, "modified" = $greatest("modified", $time)
		WHERE "key" = $1 AND "incarnation" = $3 AND "number" = $4 RETURNING ` + columns
	upsert = `INSERT INTO $table AS old (` + columns + `) VALUES ($1, $2, $3, $4, $time)
		ON CONFLICT ("key") DO UPDATE SET "value" = excluded."value", "number" = old."number" + 1,
			"modified" = $greatest(old."modified", excluded."modified") RETURNING ` + columns
	deleteAny = `DELETE FROM $table WHERE "key" = $1`
	deleteAt  = deleteAny + ` AND "incarnation" = $2 AND "number" = $3`
)

func statementsFor(dialect Dialect, table string) (s statements, err error) {
	s.dialect = dialect
	names := strings.Split(table, ".")
	if dialect != SQLite && dialect != PostgreSQL {
		return s, fmt.Errorf("sqlstore: %v is not a dialect: use SQLite or PostgreSQL", dialect)
	}
	for _, name := range names {
		if !tableName.MatchString(name) || len(names) > int(dialect) || strings.HasPrefix(strings.ToLower(name), "sqlite_") {
			return s, fmt.Errorf("sqlstore: %q is not the name of a table: use letters, digits and underscores, at most 50", table)
		}
	}
	s.table = `"` + strings.Join(names, `"."`) + `"`
	for into, text := range map[*string]string{
		&s.get: get, &s.insert: insert, &s.update: update, &s.upsert: upsert, &s.deleteAny: deleteAny, &s.deleteAt: deleteAt,
	} {
		*into = s.spell(text)
	}
	// An UPDATE of nothing makes a transaction of SQLite a writer.
	s.lock = s.spell(`DELETE FROM $table WHERE 0`)
	if dialect == PostgreSQL {
		s.lock = s.spell(`LOCK TABLE $table IN SHARE ROW EXCLUSIVE MODE`)
	}
	return s, nil
}

// spell writes a statement in the dialect.
func (s statements) spell(text string) string {
	now, greatest := "clock_timestamp()", "greatest"
	if s.dialect == SQLite {
		now, greatest = "$5", "max"
	}
	text = strings.NewReplacer("$table", s.table, "$time", now, "$greatest", greatest).Replace(text)
	if s.dialect == SQLite {
		return strings.ReplaceAll(text, "$", "?")
	}
	return text
}

// timed returns the arguments of a write. PostgreSQL tells the time by itself, so that
// several machines agree. SQLite is told the time of this machine, in microseconds.
func (s statements) timed(now time.Time, args ...any) []any {
	if s.dialect == SQLite {
		args = append(args, now.UnixMicro())
	}
	return args
}

func (s statements) selectRange(clauses string, args []any) (string, []any) {
	return s.spell(`SELECT ` + columns + ` FROM $table` + clauses), args
}

// A date reads the column modified.
type date struct {
	micro bool
	at    time.Time
}

func (s statements) date() *date { return &date{micro: s.dialect == SQLite} }

func (d *date) time() time.Time { return d.at.UTC() }

// Scan implements sql.Scanner.
func (d *date) Scan(value any) error {
	switch v := value.(type) {
	case int64:
		if d.micro {
			d.at = time.UnixMicro(v)
			return nil
		}
	case time.Time:
		if !d.micro {
			d.at = v
			return nil
		}
	}
	return fmt.Errorf("modified is a %T", value)
}

// The codes of errors, as SQLite and PostgreSQL number them.
const (
	sqliteBusy    = 5
	sqliteLocked  = 6
	sqliteIO      = 10
	serialization = "40001"
	deadlock      = "40P01"
	unknownEnd    = "40003"
)

// retry reports whether a statement has failed only because of another transaction, or
// because it was never sent. It has changed nothing, and may succeed if it is tried again.
func (s statements) retry(err error) bool {
	if errors.Is(err, driver.ErrBadConn) {
		return true
	}
	if s.dialect == PostgreSQL {
		state, ok := sqlState(err)
		return ok && (state == serialization || state == deadlock)
	}
	code, ok := sqliteCode(err)
	if !ok { // the errors of this driver do not have a method Code
		return strings.Contains(err.Error(), "database is locked") || strings.Contains(err.Error(), "table is locked")
	}
	return code == sqliteBusy || code == sqliteLocked
}

// certain reports whether a statement that failed has certainly changed nothing.
func (s statements) certain(err error, ended error) bool {
	if s.retry(err) {
		return true
	}
	if s.dialect == SQLite {
		code, _ := sqliteCode(err)
		return ended == nil && code != sqliteIO
	}
	if unsent, ok := errors.AsType[interface {
		error
		SafeToRetry() bool
	}](err); ok && unsent.SafeToRetry() {
		return true
	}
	return s.answered(err)
}

// answered reports whether an error is the answer of the database: it has refused the
// statement, and says so. That the connection ends is not an answer.
func (s statements) answered(err error) bool {
	if s.dialect == SQLite {
		code, ok := sqliteCode(err)
		return ok && code != sqliteIO
	}
	state, ok := sqlState(err)
	return ok && state != unknownEnd && !strings.HasPrefix(state, "08") && !strings.HasPrefix(state, "57P")
}

// sqlState returns the SQLSTATE of an error of the server. pgx and pq have this method.
func sqlState(err error) (state string, ok bool) {
	e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err)
	if !ok {
		return "", false
	}
	return e.SQLState(), true
}

// sqliteCode returns the primary code of an error of SQLite. The extended code has more
// bits.
func sqliteCode(err error) (code int, ok bool) {
	e, ok := errors.AsType[interface {
		error
		Code() int
	}](err)
	if !ok {
		return 0, false
	}
	return e.Code() & 0xff, true
}
