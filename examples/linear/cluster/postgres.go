// This file is a PostgreSQL database: one that exists, where connections are cut, or one in a
// folder of its own, which is killed and started again.

package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgres is the engine of PostgreSQL.
type postgres struct {
	url    string // with the schema of this run
	schema string

	// Of a database in a folder of its own:
	script, folder string
}

// startPostgres makes a schema in the database of DATABASE_URL. If there is not such a variable,
// it starts a database in the folder, by the script of the replicas.
func startPostgres(ctx context.Context, folder string) (engine, error) {
	p := &postgres{url: os.Getenv("DATABASE_URL"), schema: "linear_" + strings.ToLower(rand.Text())}
	if p.url == "" {
		if err := p.own(folder); err != nil {
			return nil, err
		}
	}
	admin := p.url
	separator := "?"
	if strings.Contains(p.url, "?") {
		separator = "&"
	}
	p.url += separator + "search_path=" + p.schema + "&application_name=" + p.schema
	return p, execute(ctx, admin, "CREATE SCHEMA "+p.schema)
}

// own starts a database in the folder.
func (p *postgres) own(folder string) error {
	for _, script := range []string{"replicas/postgres.sh", "../replicas/postgres.sh"} {
		if _, err := os.Stat(script); err == nil {
			p.script = script
		}
	}
	if p.script == "" {
		return errors.New("replicas/postgres.sh is not there: run the command in the folder examples, or set DATABASE_URL")
	}
	p.folder = filepath.Join(folder, "postgres")
	p.url = "postgres://postgres@/postgres?host=" + p.folder
	return p.call("start")
}

func (p *postgres) call(what string) error {
	cmd := exec.Command(p.script, what, p.folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", p.script, what, err, out)
	}
	return nil
}

func (p *postgres) source(int) source { return source{"postgres", []string{p.url}} }

// disturb kills the database in its own folder, as a crash does, and starts it again. In another
// database it cuts the connections of this run.
func (p *postgres) disturb(ctx context.Context, _ *mathrand.Rand) (string, error) {
	if p.folder == "" {
		const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()`
		return "cuts of all connections of PostgreSQL", execute(ctx, p.url, cut, p.schema)
	}
	const what = "restarts of PostgreSQL"
	file := filepath.Join(p.folder, "data", "postmaster.pid")
	text, err := os.ReadFile(file)
	if err != nil {
		return what, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return what, err
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil { // an immediate shutdown: recovery is needed
		return what, err
	}
	if err := until(ctx, "the end of PostgreSQL", func() bool { _, err := os.Stat(file); return err != nil }); err != nil {
		return what, err
	}
	return what, p.call("start")
}

func (p *postgres) close() {
	if p.folder != "" {
		if err := p.call("stop"); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return
	}
	if err := execute(context.Background(), p.url, "DROP SCHEMA "+p.schema+" CASCADE"); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

func execute(ctx context.Context, url, statement string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement, args...)
	return err
}
