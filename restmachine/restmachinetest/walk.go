// This file is a walk through an App: how it is to be made comes in. It finds the operations and
// the URIs that there are.

package restmachinetest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// A Walk says how [Explore], [CheckValidators] and [CheckGuarded] walk through an App. Its zero
// value is what they do by default. An operation is named by its method and its path as it was
// registered: "GET /posts/{post_id}".
type Walk struct {
	// Header is the fields of the requests, such as Authorization. In CheckGuarded only the requests
	// that look for what exists have them.
	Header http.Header
	// Stranger is the fields of a second caller, for CheckGuarded: somebody whom the App knows, and
	// who may see nothing of what the caller of Header has.
	Stranger http.Header

	Values map[string][]string // of parameters of paths and queries, by their names, beside those that are drawn and those that answers teach
	Calls  []Call              // are sent first, each with its own fields, to the App that is walked, whichever App their Client is of; each must succeed
	State  func() string       // what requests may change, as text; nil: only what GETs show is compared

	Public []string // for CheckGuarded: operations that everybody may use
	Shared []string // for CheckGuarded: operations that the Stranger may use, too
	Moving []string // for Explore: GETs whose content changes by itself, such as a clock
	Refuse []string // operations that may refuse every request
	Skip   []string // operations that are not asked

	Info     openapi.Info // what the OpenAPI document says of contents, where types do not tell it
	Requests int          // that are sent at most; 0 is 1,000 for each operation
	Seed     uint64       // other requests are drawn for another one
}

// A walker walks through one App.
type walker struct {
	*player
	how  Walk
	name string // of the check
	most int
	over bool // nothing more is sent
	log  []step

	strict  bool // a change without a write is a fault
	filling bool // records come and go, so all pages are looked at after each write
	inquiry bool // it is being looked for who changed it
	ledger  Ledger
	broken  []contradiction
	judged  map[string]bool // URIs whose validators are known to be wrong
	moves   map[string]bool // those whose validators move by themselves

	endless map[string]bool // operations whose answers go on for ever

	sites  []*site
	views  map[string]*view            // by URI and variant
	shown  map[string]map[string]*view // by URI and variant, and by tag
	loose  map[string]bool             // fields of a site that move by themselves, by its URI and their name
	tags   map[string][]string         // by URI: those that its default variant had
	writes []string                    // the requests that changed something, or may have
	deaf   map[string]*hearing         // by operation
}

// A step is a request that was sent, and its answer.
type step struct {
	request  restmachine.Request
	response restmachine.Response
}

// A contradiction is a fault of the Ledger.
type contradiction struct{ uri, key, text string }

// A site is a URI that a GET has answered.
type site struct {
	op     contract.Operation
	uri    string            // with the query that it needs
	values map[string]string // of the parameters of its path

	opened bool    // its pages are known
	pages  []*site // what it shows to other queries
}

// path is the URI of a site without its query.
func (s *site) path() string { return pathOf(s.uri) }

// pathOf is a URI without its query.
func pathOf(uri string) string {
	path, _, _ := strings.Cut(uri, "?")
	return path
}

// The limits of a walk: URIs of one path, ways to fill its parameters that are tried, and queries
// of one URI.
const (
	maxSites  = 3
	maxFilled = 40
	maxPages  = 10
	fewPages  = 3 // that are looked at after each write
)

func newWalker(t testing.TB, app *restmachine.App, name string, how []Walk) *walker {
	t.Helper()
	var as Walk
	if len(how) > 0 {
		as = how[0]
	}
	w := &walker{how: as, name: name, most: as.Requests, judged: map[string]bool{}, moves: map[string]bool{}, endless: map[string]bool{}, views: map[string]*view{},
		shown: map[string]map[string]*view{}, loose: map[string]bool{}, tags: map[string][]string{}, deaf: map[string]*hearing{}}
	w.player = newPlayer(t, app, name, Document{Info: as.Info, Header: as.Header, Values: as.Values, Refuse: as.Refuse, Skip: as.Skip, Seed: as.Seed})
	if w.most == 0 {
		w.most = 1000 * len(w.document.Operations)
	}
	w.checkNames()
	start(t, app)
	w.call()
	return w
}

// checkNames stops the test where a Walk names an operation that there is not.
func (w *walker) checkNames() {
	w.t.Helper()
	known, err := w.app.Operations()
	if err != nil {
		w.t.Fatalf("%s: %v", w.name, err)
	}
	for _, name := range slices.Concat(w.how.Public, w.how.Shared, w.how.Moving, w.how.Refuse, w.how.Skip) {
		if !slices.ContainsFunc(known, func(o restmachine.Operation) bool { return o.Method+" "+o.Path == name }) {
			w.t.Fatalf("%s: the Walk names %q, which the App does not have; write the method and the path as it was registered", w.name, name)
		}
	}
}

// call sends the Calls of the Walk.
func (w *walker) call() {
	for _, c := range w.how.Calls {
		r := drawn{Request: c.Request()}
		if resp, ok := w.send(r); ok {
			w.learnCall("Walk", r, resp)
		}
	}
}

// operations are those of the document that are asked, of these methods; of all without one.
func (w *walker) operations(methods ...string) (all []contract.Operation) {
	for _, o := range w.document.Operations {
		known, ok := w.known[o.Key()]
		if ok && !w.isSkipped(o) && !isEndless(known) && !w.endless[o.Key()] && (len(methods) == 0 || slices.Contains(methods, o.Method)) {
			all = append(all, o)
		}
	}
	return all
}

// isEndless reports whether an answer is a stream of events.
func isEndless(o restmachine.Operation) bool {
	return slices.ContainsFunc(o.Returns, func(c restmachine.Content) bool { return strings.HasPrefix(c.Media, "text/event-stream") })
}

// unsafe are the operations that write, but DELETE.
func (w *walker) unsafe() (all []contract.Operation) {
	for _, o := range w.operations() {
		if !restmachine.Method(o.Method).Safe() && o.Method != http.MethodDelete {
			all = append(all, o)
		}
	}
	return all
}

// discover finds URIs that there are: paths filled with the values that are known. It begins with
// those that need the fewest.
func (w *walker) discover() {
	gets := w.operations(http.MethodGet)
	slices.SortStableFunc(gets, func(a, b contract.Operation) int { return strings.Count(a.Path, "{") - strings.Count(b.Path, "{") })
	for _, o := range gets {
		for _, values := range w.filled(o) {
			if w.countOf(o) >= maxSites {
				break
			}
			path := w.uri(o, values)
			if slices.ContainsFunc(w.sites, func(s *site) bool { return s.path() == path }) {
				continue
			}
			for range w.tries(o) {
				s := &site{op: o, uri: path + w.neededQuery(o), values: values}
				if resp, ok := w.read(s, variant{}); ok && resp.StatusCode == http.StatusOK {
					w.sites = append(w.sites, s)
					break
				}
			}
		}
	}
}

func (w *walker) countOf(o contract.Operation) (n int) {
	for _, s := range w.sites {
		if s.op.Key() == o.Key() && w.exists(s) {
			n++
		}
	}
	return n
}

// exists reports whether the last GET of a site found something.
func (w *walker) exists(s *site) bool {
	v := w.views[s.uri]
	return v == nil || v.status == http.StatusOK
}

// siteAt is the site of a URI that needs no query; nil: there is none.
func (w *walker) siteAt(uri string) *site {
	uri = pathOf(uri)
	if i := slices.IndexFunc(w.sites, func(s *site) bool { return s.uri == uri }); i >= 0 {
		return w.sites[i]
	}
	return nil
}

// filled are ways to fill the parameters of a path by values that are known, the newest first.
func (w *walker) filled(o contract.Operation) []map[string]string {
	all := []map[string]string{{}}
	for _, p := range o.Parameters {
		if p.In != "path" {
			continue
		}
		values := w.valuesOf(p)
		slices.Reverse(values)
		var more []map[string]string
		for _, filled := range all {
			for _, value := range values {
				with := map[string]string{p.Name: value}
				for name, other := range filled {
					with[name] = other
				}
				more = append(more, with)
			}
		}
		all = more[:min(len(more), maxFilled)]
	}
	return all
}

// uri is the path of an operation with the values of its parameters.
func (w *walker) uri(o contract.Operation, values map[string]string) string {
	path := o.Path
	for _, p := range o.Parameters {
		if p.In == "path" {
			path = strings.Replace(path, "{"+p.Name+"}", w.escaped(o, p, values[p.Name]), 1)
		}
	}
	return path
}
