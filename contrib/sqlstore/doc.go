// Package sqlstore keeps the records of a [store.Store] in a table of an SQL database, by
// database/sql. SQLite suits one machine, and PostgreSQL suits several. The package does
// not choose a driver: the program imports one.
//
//	db, err := sql.Open("sqlite", "tasks.db") // import _ "modernc.org/sqlite"
//	tasks, err := sqlstore.Open[string, Task](ctx, db, sqlstore.SQLite, "tasks")
//
//	db, err := sql.Open("pgx", url) // import _ "github.com/jackc/pgx/v5/stdlib"
//	tasks, err := sqlstore.Open[string, Task](ctx, db, sqlstore.PostgreSQL, "tasks")
//
// # The table
//
// Open creates the table if it does not exist. A row is a record: its key, its value as
// JSON, the two parts of its version, and its date. Other columns may be added, if they
// have a default or are generated. So a query of your own can use what is in the JSON, and
// an index makes it fast:
//
//	CREATE INDEX ON tasks ((value->>'owner'))
//
// A write by other means than this package must change the version: SET number = number + 1.
//
// # Writes
//
// A write is one statement, which names the version that it expects in its WHERE. It is a
// transaction of its own. Nobody can write between check and write, in this process or in
// another one. This holds at each isolation level of the database: at READ COMMITTED,
// PostgreSQL waits for another write to the row, and then compares the version again; at a
// higher level it refuses the statement, which is then tried again.
//
// SQLite has one writer at a time. If a database is locked, and if PostgreSQL refuses a
// statement for the sake of another transaction, nothing was written. Then the statement is
// tried again for [Patience], unless the context ends earlier.
//
// If the connection is lost or the context ends while a statement runs, its outcome is not
// known. The error matches [store.ErrUnknown]. All errors wrap those of the driver.
//
// # Keys and values
//
// A key is valid UTF-8 without NUL, of at most [MaxKey] bytes: this is what both databases
// can keep and index. Get finds nothing under any other key, and Put returns [ErrKey]. Keys
// have the order of Go strings, and upper case is not lower case, whatever the collation of
// the database is.
//
// A value is written and read by encoding/json. A number that is read into an interface is
// a [json.Number], so that no digit is lost. Unknown members are ignored. They are lost if
// the record is then written: during an update from an old program to a new one, the old
// one may remove what the new one has added.
package sqlstore
