// Package debugger shows why an App answered as it did, in a browser or to curl. Exchanges
// of the App come in as a [restmachine.Tracer] gets them. Pages go out: the last exchanges,
// each with the reason of every decision and with its path in the decision graph.
//
//	d := debugger.New("/debug/")
//	app := restmachine.New(restmachine.WithTrace(d))
//	...
//	mux := http.NewServeMux()
//	mux.Handle("/", app)
//	mux.Handle("/debug/", onlyForUs(d))
//
// The first page lists exchanges as they arrive. It filters them by status, route and
// decision. Other pages show the routes and their facts, the edges of the graph that the
// traffic has walked, and the answer to "which request leads to this status here?". The
// Accept field decides the form: HTML for browsers, JSON for programs, text for all others.
//
// A Debugger must be mounted explicitly, and it does not authenticate anyone. A person who
// can reach it sees what clients send. Credentials and content are dropped before an
// exchange is kept, unless an option asks for them: see [ShowCredentials] and [ShowContent].
// Reasons are kept. They name the fields that decided, with entity-tags, and internal errors.
package debugger

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Debugger keeps the last exchanges of one App or of several, and shows them. It is safe
// for concurrent use.
type Debugger struct {
	root     string // the path where it is mounted; ends in /
	settings settings
	mux      *http.ServeMux
	kept     ring
	walked   coverage
	live     audience
	drawings drawings

	mu     sync.Mutex
	apps   []*restmachine.App
	secret []string // the routes with a parameter that is a secret; nil until an exchange comes
}

var (
	_ http.Handler       = (*Debugger)(nil)
	_ restmachine.Tracer = (*Debugger)(nil)
)

type settings struct {
	count    int
	bytes    int
	content  bool
	open     bool            // whether fields are shown without redaction
	named    map[string]bool // the names that options decide: true for secrets
	watchers int
}

// An Option changes what a Debugger keeps and shows.
type Option func(*settings)

// Keep sets how many exchanges are kept, and how many bytes of memory they may take. The
// memory is an estimate. Default: 200 exchanges, 16 MiB.
func Keep(exchanges, bytes int) Option {
	return func(s *settings) { s.count, s.bytes = max(exchanges, 1), bytes }
}

// ShowContent keeps the content of requests and responses, up to 64 KiB of each. Default:
// only its length is kept.
func ShowContent() Option { return func(s *settings) { s.content = true } }

// ShowCredentials keeps all values, whatever their names. Default: some are dropped. These
// are the values of Authorization, Proxy-Authorization, Cookie and Set-Cookie, and every
// value whose name contains token, key, secret or password, in any case: of fields, path
// parameters, query parameters, members of a form and of JSON. Idempotency-Key,
// Sec-WebSocket-Key, Surrogate-Key, public_key and keyword are shown.
func ShowCredentials() Option { return func(s *settings) { s.open = true } }

// Redact adds names whose values are dropped, for example X-Signature or pin. Case, - and _
// do not matter. A dropped value of six bytes or more is also dropped where a reason, an error
// or a warning quotes all of it; a text that quotes a part of it still shows that part.
// Default: the names that ShowCredentials tells.
func Redact(names ...string) Option { return named(names, true) }

// Show takes names off those whose values are dropped, for example page_token or sort_key.
// Case, - and _ do not matter. Of Redact and Show, the last one that has a name decides.
// Default: none.
func Show(names ...string) Option { return named(names, false) }

func named(names []string, secret bool) Option {
	return func(s *settings) {
		for _, name := range names {
			s.named[plain(name)] = secret
		}
	}
}

// Watchers sets how many pages can be updated live at the same time. Further pages must be
// reloaded by hand. Default: 16.
func Watchers(n int) Option { return func(s *settings) { s.watchers = n } }

// New makes a Debugger that is mounted at a path, for example "/debug/". Links in responses
// begin with this path. A Debugger also works behind http.StripPrefix.
func New(path string, options ...Option) *Debugger {
	d := &Debugger{root: "/" + strings.Trim(path, "/") + "/", settings: settings{
		count: 200, bytes: 16 << 20, watchers: 16, named: map[string]bool{},
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

// secretPatterns returns the routes that have a parameter that is a secret. The Apps have
// started by now, so they are found once.
func (d *Debugger) secretPatterns() []string {
	d.mu.Lock()
	patterns := d.secret
	d.mu.Unlock()
	if patterns != nil || d.settings.open {
		return patterns
	}
	patterns = slices.DeleteFunc(append([]string{}, d.paths()...), func(path string) bool { return !d.settings.hasSecret(path) })
	d.mu.Lock()
	defer d.mu.Unlock()
	d.secret = patterns
	return patterns
}

// Watch adds an App whose routes are shown. restmachine.New calls it.
func (d *Debugger) Watch(app *restmachine.App) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.apps, d.secret = append(d.apps, app), nil
}

// Observe keeps an exchange and sends it to the open pages. If there are too many
// exchanges, it drops the oldest.
func (d *Debugger) Observe(e *restmachine.Exchange) {
	r := d.record(e)
	d.walked.add(r)
	d.kept.push(r, d.live.send)
}

// TraceURI returns the path of the page that shows the exchange with this ID, as long as
// the exchange is kept.
func (d *Debugger) TraceURI(id uint64) string {
	return d.root + "exchanges/" + strconv.FormatUint(id, 10)
}

// Close ends the live updates and nothing else. Live updates would keep a server from
// shutting down in time: pass Close to http.Server.RegisterOnShutdown.
func (d *Debugger) Close() { d.live.close() }
