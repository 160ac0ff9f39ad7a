// This file asks everything as somebody who may nothing. Operations come in, and errors of the
// test go out for those that answer.

package restmachinetest

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// CheckGuarded asks each path with each of its methods without credentials, and reports what
// answers anything but 401 or 403. Name in [Walk].Public what everybody may use: it is reported,
// too, if that is refused.
//
// A 404 counts as a refusal where a gate answered it (a Forbidden that returns ErrNotFound), and
// where the resource exists and is not shown to this client. Give CheckGuarded values that exist
// (Walk.Values), or a Walk.Header of somebody who may see everything: CheckGuarded looks for
// them with that Header, by GETs, and asks without it. A 404 about a value that nobody knows is
// reported, since it may hide an open door.
//
// Give it a Walk.Stranger, too, if one caller must not see what another one has: the fields of a
// second caller who is known, and who may see nothing of what the caller of Walk.Header has.
// CheckGuarded then asks each path that the first caller can read, and each path below it, as the
// second one, and reports what answers anything but 401, 403 or 404. A path without parameters,
// such as a list of what the caller has, may answer both of them. It is reported if both are shown
// the same content. Name in Walk.Shared what each caller may use who is known.
//
// The walk changes nothing. Its writes carry an If-Match that no entity-tag meets, so a write
// that nobody refuses ends at a 412, before its handler is called. A handler or a Dependency that
// refuses by itself is therefore not seen. Only Walk.Calls write, where there are some.
//
// OPTIONS is not asked: it is answered before anybody is asked who he is.
func CheckGuarded(t testing.TB, app *restmachine.App, how ...Walk) {
	t.Helper()
	w := newWalker(t, app, "CheckGuarded", how)
	w.discover()
	known, err := app.Operations()
	if err != nil {
		t.Fatalf("CheckGuarded: %v", err)
	}
	state := w.state()
	var n nobody
	other := stranger{w: w}
	for _, o := range known {
		if slices.Contains(w.how.Skip, o.Method+" "+o.Path) {
			continue
		}
		w.askAsNobody(o, &n)
		if len(w.how.Stranger) > 0 {
			other.ask(o)
		}
	}
	if after := w.state(); after != state {
		w.fault("state", "", fmt.Sprintf("the walk changed the state, though it only read, and sent writes that a precondition stops: it was %s, and is %s", excerpt([]byte(state)), excerpt([]byte(after))))
	}
	w.found.report(t)
	n.report(t)
	other.report(t)
}

// A nobody notes what answers somebody who may nothing.
type nobody struct{ open, unasked, unknown []string }

// nobodysTag is the If-Match of writes that must not be done.
const nobodysTag = `"restmachinetest-nobody"`

// askAsNobody asks an operation without credentials, for each of its paths that are known.
func (w *walker) askAsNobody(of restmachine.Operation, n *nobody) {
	o := w.documented(of)
	all := w.targets(o, maxSites)
	if len(all) == 0 {
		all = append(all, w.fresh(o))
	}
	public, refused := slices.Contains(w.how.Public, of.Method+" "+of.Path), false
	for _, at := range all {
		r := w.nobodysRequest(o, at)
		resp, trace, ok := w.explain(r)
		if !ok && w.isStream(r) {
			resp.StatusCode = http.StatusOK // it goes on
		}
		refused = refused || isRefused(resp, trace)
		if !public {
			n.judge(of, r, resp, trace, w.isKnown(o, at))
		}
	}
	if public && refused {
		w.fault("public "+o.Key(), "", fmt.Sprintf("%s %s is in Walk.Public, and is refused without credentials: take it out of Walk.Public, or take its gate away", of.Method, of.Path))
	}
}

// documented is what the document says of an operation. It does not have every method.
func (w *walker) documented(of restmachine.Operation) contract.Operation {
	path := strings.ReplaceAll(of.Path, "...}", "}")
	for _, o := range w.document.Operations {
		if o.Path == path && o.Method == of.Method {
			return o
		}
	}
	o := contract.Operation{Method: of.Method, Path: path}
	for _, p := range of.Parameters {
		if p.In == "path" {
			o.Parameters = append(o.Parameters, contract.Parameter{Name: p.Name, In: "path", Required: true, Schema: map[string]any{"type": "string"}})
		}
	}
	return o
}

// nobodysRequest is a request without credentials that cannot write.
func (w *walker) nobodysRequest(o contract.Operation, at map[string]string) drawn {
	r := w.fitting(o, at)
	for name := range w.how.Header {
		r.Header.Del(name)
	}
	if !restmachine.Method(o.Method).Safe() {
		r.Header.Set("If-Match", nobodysTag)
	}
	return r
}

// isKnown reports whether something exists at a path: a GET has seen it, or the test gave each value.
func (w *walker) isKnown(o contract.Operation, at map[string]string) bool {
	if s := w.siteAt(w.uri(o, at)); s != nil {
		return true
	}
	for name, value := range at {
		if !slices.Contains(w.how.Values[name], value) {
			return false
		}
	}
	return len(at) > 0
}

// isRefused reports whether an answer is a refusal of the client.
func isRefused(resp restmachine.Response, trace decision.Trace) bool {
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		return true
	}
	if n := len(trace.Visits); n > 0 && resp.StatusCode == http.StatusNotFound {
		last := trace.Visits[n-1]
		return hides(last) && slices.Contains([]decision.ID{decision.B8, decision.B7, decision.G7a}, last.ID)
	}
	return false
}

// judge judges an answer to somebody who may nothing.
func (n *nobody) judge(of restmachine.Operation, r drawn, resp restmachine.Response, trace decision.Trace, exists bool) {
	status := resp.StatusCode
	line := fmt.Sprintf("%s %s: %d", of.Method, of.Path, status)
	if said := r.String(); said != of.Method+" "+of.Path {
		line += " to " + said
	}
	switch {
	case status == 0 || isRefused(resp, trace), status == http.StatusNotFound && exists:
	case status == http.StatusNotFound:
		n.unknown = append(n.unknown, line)
	case status < 400:
		n.open = append(n.open, line)
	default:
		n.unasked = append(n.unasked, line)
	}
}

// report reports the operations that answered, by what is to be done.
func (n *nobody) report(t testing.TB) {
	t.Helper()
	for _, kind := range []struct {
		lines  []string
		advice string
	}{
		{n.open, "answers somebody without credentials. Give it an Authorized or a Forbidden, best on a Group of all that is to be guarded, or name it in Walk.Public"},
		{n.unasked, "was not refused by any gate: it came as far as the status says. Give it an Authorized or a Forbidden, best on a Group of all that is to be guarded. Name it in Walk.Public if everybody may use it, or if its handler or a Dependency refuses by itself (that needs a test of its own)"},
		{n.unknown, "answered 404 about a value that was made up, and no gate refused before, so nothing is known of it. Give values that exist (Walk.Values), or a Walk.Header of somebody who may see them"},
	} {
		if len(kind.lines) > 0 {
			t.Errorf("CheckGuarded: each of these %s:\n\t%s", kind.advice, strings.Join(kind.lines, "\n\t"))
		}
	}
}

// A stranger is the second caller, and notes what answers him.
type stranger struct {
	w      *walker
	open   []string // what did not refuse him
	same   []string // what showed him the content of the first caller
	asked  int      // requests about what the first caller has
	known  bool     // one of the answers was not 401
	missed []string // operations about which nothing could be asked
}

// ask asks an operation as the stranger: for what the first caller can read, and what lies below.
func (s *stranger) ask(of restmachine.Operation) {
	w, o := s.w, s.w.documented(of)
	if s.isForAll(of.Method + " " + of.Path) {
		return
	}
	if !strings.Contains(o.Path, "{") {
		s.compare(o)
		return
	}
	asked := s.asked
	for _, at := range w.targets(o, maxSites) {
		if !s.isOfTheFirst(w.uri(o, at)) {
			continue
		}
		r, resp := s.send(o, at)
		s.asked++
		s.known = s.known || resp.StatusCode != http.StatusUnauthorized
		if !slices.Contains([]int{0, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, resp.StatusCode) {
			s.open = append(s.open, fmt.Sprintf("%s %s: %d to %s", of.Method, of.Path, resp.StatusCode, r))
		}
	}
	if s.asked == asked {
		s.missed = append(s.missed, of.Method+" "+of.Path)
	}
}

// isForAll reports whether the Walk says that the stranger may use an operation.
func (s *stranger) isForAll(name string) bool {
	return slices.Contains(s.w.how.Public, name) || slices.Contains(s.w.how.Shared, name)
}

// isOfTheFirst reports whether the first caller can read a URI, or one above it that is not for all.
func (s *stranger) isOfTheFirst(uri string) bool {
	return slices.ContainsFunc(s.w.sites, func(one *site) bool {
		return one.path() == uri || len(one.values) > 0 && strings.HasPrefix(uri, one.path()+"/") && !s.isForAll(s.w.nameOf(one.op))
	})
}

// send sends a request of an operation as the stranger. It cannot write.
func (s *stranger) send(o contract.Operation, at map[string]string) (drawn, restmachine.Response) {
	r := s.w.nobodysRequest(o, at)
	for name, lines := range s.w.how.Stranger {
		r.Header[http.CanonicalHeaderKey(name)] = lines
	}
	resp, ok := s.w.send(r)
	if !ok && s.w.isStream(r) {
		resp.StatusCode = http.StatusOK // it goes on
	}
	return r, resp
}

// compare compares what the two callers are shown at a path without parameters.
func (s *stranger) compare(o contract.Operation) {
	one := s.w.siteAt(o.Path)
	if one == nil || o.Method != http.MethodGet {
		return
	}
	first, ok := s.w.read(one, variant{})
	r, resp := s.send(o, one.values)
	empty := slices.Contains([]string{"", "null", "[]", "{}"}, strings.TrimSpace(string(first.Body)))
	if ok && !empty && resp.StatusCode == http.StatusOK && bytes.Equal(first.Body, resp.Body) {
		s.same = append(s.same, fmt.Sprintf("%s: %s", r, excerpt(resp.Body)))
	}
}

// report reports what the stranger saw, and why he may have seen nothing.
func (s *stranger) report(t testing.TB) {
	t.Helper()
	if len(s.open) > 0 {
		t.Errorf("CheckGuarded: each of these answers the Stranger about what the caller of Walk.Header has. Give it a Forbidden that compares the resource with the caller, best on a Group of all that one of them has, or name it in Walk.Shared if each caller who is known may use it:\n\t%s", strings.Join(s.open, "\n\t"))
	}
	if len(s.same) > 0 {
		t.Errorf("CheckGuarded: each of these shows the Stranger the very content that it shows to the caller of Walk.Header. Show each caller what is his, or name it in Walk.Shared if it is for each caller who is known:\n\t%s", strings.Join(s.same, "\n\t"))
	}
	switch {
	case s.asked == 0 && len(s.missed) > 0:
		t.Errorf("CheckGuarded asked nothing as the Stranger, since no GET with Walk.Header has found anything at a path with parameters. Give Walk.Header of somebody who has something, and Walk.Values of the parameters. Nothing is known of:\n\t%s", strings.Join(s.missed, "\n\t"))
	case s.asked > 0 && !s.known:
		t.Errorf("CheckGuarded: the App answered 401 to each request of the Stranger, so it does not know this caller, and nothing was shown about callers who are known. Give Walk.Stranger the fields of a caller whom the App knows")
	}
}
