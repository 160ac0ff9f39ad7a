// This file serves the application. The name of a store comes in, and the address of an HTTP
// server goes out, which speaks HTTP/1.1 and HTTP/2 without TLS.

package cluster

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/restmachine/restmachine-go/contrib/natsstore"
	"github.com/restmachine/restmachine-go/contrib/sqlstore"
	"github.com/restmachine/restmachine-go/examples/linear/register"
	"github.com/restmachine/restmachine-go/restmachine"
)

// table is the name of the table, and of the bucket.
const table = "registers"

// A source is where a server finds its store.
type source struct {
	Engine string
	URLs   []string // of the database; of all servers of NATS, the nearest first
}

// serve opens the store and serves it.
func (s source) serve() (address string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	values, err := s.open(ctx)
	if err != nil {
		return "", fmt.Errorf("opening %s: %w", s.Engine, err)
	}
	server, err := listen(register.New(values, quiet))
	if err != nil {
		return "", err
	}
	return server.address, nil
}

// open opens the store. While the database does not answer, for example because it was killed at
// the same time, it tries again.
func (s source) open(ctx context.Context) (values register.Store, err error) {
	for {
		switch s.Engine {
		case "sqlite":
			values, err = openSQL(ctx, "sqlite", sqlstore.SQLite, s.URLs[0]+"?_pragma=synchronous(normal)")
		case "postgres":
			values, err = openSQL(ctx, "pgx", sqlstore.PostgreSQL, s.URLs[0])
		case "nats":
			values, err = openNATS(ctx, s.URLs)
		default:
			return nil, fmt.Errorf("there is not an engine %q", s.Engine)
		}
		if err == nil {
			return values, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func openSQL(ctx context.Context, driver string, dialect sqlstore.Dialect, url string) (register.Store, error) {
	db, err := sql.Open(driver, url)
	if err != nil {
		return nil, err
	}
	values, err := sqlstore.Open[string, register.Value](ctx, db, dialect, table)
	if err != nil {
		db.Close()
		return nil, err
	}
	return values, nil
}

func openNATS(ctx context.Context, urls []string) (register.Store, error) {
	js, conn, err := connectNATS(urls)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience) // there may not be a leader yet
	defer cancel()
	values, err := natsstore.Open[string, register.Value](ctx, js,
		jetstream.KeyValueConfig{Bucket: table, Replicas: len(urls)}, natsstore.WithPatience(patience))
	if err != nil {
		conn.Close()
		return nil, err
	}
	return values, nil
}

// patience is how long a store on NATS tries while there is not a leader.
const patience = 8 * time.Second

// connectNATS connects to the first of the servers that lives.
func connectNATS(urls []string) (jetstream.JetStream, *nats.Conn, error) {
	o := nats.GetDefaultOptions()
	o.Servers, o.NoRandomize, o.RetryOnFailedConnect = urls, true, true
	o.MaxReconnect, o.ReconnectWait, o.ReconnectJitter = -1, 50*time.Millisecond, 50*time.Millisecond
	conn, err := o.Connect()
	if err != nil {
		return nil, nil, err
	}
	js, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return js, conn, nil
}

// quiet keeps what the App has to say of failures to itself: the clients see them.
var quiet = restmachine.WithLogger(slog.New(slog.DiscardHandler))

// An httpServer is a server in this process.
type httpServer struct {
	address string
	server  *http.Server
	app     *restmachine.App
}

func listen(app *restmachine.App) (*httpServer, error) {
	if err := app.Start(context.Background()); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &httpServer{
		address: "http://" + l.Addr().String(), app: app,
		server: &http.Server{Handler: app, Protocols: new(http.Protocols), ReadHeaderTimeout: time.Minute},
	}
	s.server.Protocols.SetHTTP1(true)
	s.server.Protocols.SetUnencryptedHTTP2(true)
	go s.server.Serve(l) // its error says that it was closed
	return s, nil
}

func (s *httpServer) close() error {
	err := s.server.Close()
	if e := s.app.Shutdown(context.Background()); err == nil {
		err = e
	}
	return err
}
