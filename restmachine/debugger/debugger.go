// Package debugger shows in a browser, or to curl, why an App answered as it
// did: the last exchanges, each with the decision graph and its path lit, and the
// reason of every decision.
//
//	d := debugger.New("/debug/")
//	app := restmachine.New(restmachine.WithTrace(d))
//	...
//	mux := http.NewServeMux()
//	mux.Handle("/", app)
//	mux.Handle("/debug/", onlyForUs(d))
//
// The page lists exchanges as they come, and filters them by status, route and
// decision. Beside it are a table of the routes and of the facts that hold
// there, the edges of the graph that the traffic so far has walked, and the
// answer to "which request leads to this status here?". All of it is HTML for
// browsers, JSON for programs and text for everybody else, by Accept.
//
// A Debugger is never mounted by itself, and asks nobody who they are: whoever
// can reach it sees what clients send. Credentials and content are dropped
// before an exchange is kept, unless an option asks for them. Reasons are not:
// they name the fields that decided, entity-tags among them, and internal errors.
package debugger

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Debugger keeps the last exchanges of an App, or of several, and shows them.
// It is safe for concurrent use.
type Debugger struct {
	root     string // where it is mounted; ends in /
	settings settings
	mux      *http.ServeMux
	kept     ring
	walked   coverage
	live     audience
	drawings drawings

	mu   sync.Mutex
	apps []*restmachine.App
}

var (
	_ http.Handler       = (*Debugger)(nil)
	_ restmachine.Tracer = (*Debugger)(nil)
)

type settings struct {
	count    int
	bytes    int
	content  bool
	open     bool // fields are not redacted
	secret   map[string]bool
	watchers int
}

// An Option changes what a Debugger keeps and shows.
type Option func(*settings)

// Keep sets how many exchanges are kept, and how much memory they may take, in
// bytes, more or less. Default: 200 exchanges, 16 MiB.
func Keep(exchanges, bytes int) Option {
	return func(s *settings) { s.count, s.bytes = max(exchanges, 1), bytes }
}

// ShowContent keeps what requests and responses contain, up to 64 KiB of each.
// Default: only its length.
func ShowContent() Option { return func(s *settings) { s.content = true } }

// ShowCredentials keeps the values of all fields. Default: those of
// Authorization, Proxy-Authorization, Cookie, Set-Cookie and of what was given to
// Redact are dropped.
func ShowCredentials() Option { return func(s *settings) { s.open = true } }

// Redact adds fields, and parameters of the query, whose values are dropped, such as
// X-Api-Key or access_token. (A reason or an error may quote a value that could not
// be read.) Default: the fields that ShowCredentials names.
func Redact(names ...string) Option {
	return func(s *settings) {
		for _, name := range names {
			s.secret[http.CanonicalHeaderKey(name)] = true
		}
	}
}

// Watchers sets how many pages may be updated live at a time; more of them have
// to reload. Default: 16.
func Watchers(n int) Option { return func(s *settings) { s.watchers = n } }

// New makes a Debugger that is mounted at a path, such as "/debug/". It works
// behind http.StripPrefix, too: the path is what links in responses begin with.
func New(path string, options ...Option) *Debugger {
	d := &Debugger{root: "/" + strings.Trim(path, "/") + "/", settings: settings{
		count: 200, bytes: 16 << 20, watchers: 16, secret: map[string]bool{
			"Authorization": true, "Proxy-Authorization": true, "Cookie": true, "Set-Cookie": true,
		},
	}}
	if d.root == "//" {
		d.root = "/"
	}
	for _, option := range options {
		option(&d.settings)
	}
	d.kept.limit(d.settings.count, d.settings.bytes)
	d.live.limit(d.settings.watchers)
	d.mux = d.routes()
	return d
}

// Watch is called by restmachine.New: the routes of the App will be shown.
func (d *Debugger) Watch(app *restmachine.App) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.apps = append(d.apps, app)
}

// Observe keeps an exchange, in place of the oldest ones where there are too
// many, and sends it to the pages that are open.
func (d *Debugger) Observe(e *restmachine.Exchange) {
	r := d.settings.record(e)
	d.walked.add(r)
	d.kept.push(r, d.live.send)
}

// TraceURI is where the exchange with this ID is shown, as long as it is kept.
func (d *Debugger) TraceURI(id uint64) string {
	return d.root + "exchanges/" + strconv.FormatUint(id, 10)
}

// Close ends the live updates, which would keep a server from shutting down in
// time: give it to http.Server.RegisterOnShutdown. All else goes on.
func (d *Debugger) Close() { d.live.close() }
