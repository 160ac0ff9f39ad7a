// This file asks everything as somebody who may nothing. Operations come in, and errors of the
// test go out for those that answer.

package restmachinetest

import (
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
	for _, o := range known {
		if !slices.Contains(w.how.Skip, o.Method+" "+o.Path) {
			w.askAsNobody(o, &n)
		}
	}
	if after := w.state(); after != state {
		w.fault("state", "", fmt.Sprintf("the walk changed the state, though it only read, and sent writes that a precondition stops: it was %s, and is %s", excerpt([]byte(state)), excerpt([]byte(after))))
	}
	w.found.report(t)
	n.report(t)
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
