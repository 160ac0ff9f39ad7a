// This file sends the requests of a walk. A request comes in. Its answer goes out, and a fault for
// whatever is wrong with any answer, whoever asked.

package restmachinetest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// read sends a GET of a site.
func (w *walker) read(s *site, v variant) (restmachine.Response, bool) {
	return w.send(w.reading(http.MethodGet, s, v))
}

// reading is a GET or a HEAD of a site.
func (w *walker) reading(method string, s *site, v variant) drawn {
	r := drawn{Request: restmachine.Request{Method: method, Path: s.uri, Header: http.Header{}}, route: s.op.Path, path: s.values, fits: true}
	w.introduce(&r)
	for name, value := range v.fields() {
		r.Header.Set(name, value)
	}
	return r
}

// introduce sets the fields that all requests have.
func (w *walker) introduce(r *drawn) {
	for name, lines := range w.how.Header {
		r.Header[http.CanonicalHeaderKey(name)] = lines
	}
}

// send sends a request. ok is false when the walk is over.
func (w *walker) send(r drawn) (resp restmachine.Response, ok bool) {
	resp, _, ok = w.explain(r)
	return resp, ok
}

// explain is send, and tells the way of the request.
func (w *walker) explain(r drawn) (resp restmachine.Response, trace decision.Trace, ok bool) {
	if w.over = w.over || len(w.log) >= w.most || w.t.Context().Err() != nil; w.over {
		return resp, trace, false
	}
	before, stream := w.state(), w.isStream(r)
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	go func() {
		defer close(ended)
		if stream {
			resp = w.app.ExecuteContext(ctx, r.Request)
		} else {
			resp, trace = w.app.Explain(r.Request)
		}
	}()
	longest := longestAnswer
	if stream {
		longest = longestStream
	}
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		w.log = append(w.log, step{request: r.Request})
		w.goesOn(r, stream)
		return restmachine.Response{}, decision.Trace{}, false
	}
	w.log = append(w.log, step{r.Request, resp})
	w.hold(r, resp, trace)
	if after := w.state(); before != after {
		w.stateChanged(r, resp, before, after)
	}
	return resp, trace, true
}

// longestStream is how long a stream is listened to.
const longestStream = time.Second

// isStream reports whether a request is answered by a stream, which may go on for ever.
func (w *walker) isStream(r drawn) bool {
	return r.Method != http.MethodHead && w.known[w.routeOf(r)].Stream
}

// goesOn notes an answer that did not end: a stream is not asked again, and anything else is a fault.
func (w *walker) goesOn(r drawn, stream bool) {
	of := w.routeOf(r)
	if stream {
		w.endless[of] = true
		return
	}
	w.over = true
	w.fault("endless", r.Path, fmt.Sprintf("%s did not end within %s: does a callback ask its own App without the context that it was given?", of, longestAnswer))
}

// state is the state that is watched; "" where none is.
func (w *walker) state() string {
	if w.how.State == nil {
		return ""
	}
	return w.how.State()
}

// hold holds a response to what holds for each one.
func (w *walker) hold(r drawn, resp restmachine.Response, trace decision.Trace) {
	x := newExchange(r.Request, resp)
	of := w.routeOf(r)
	all := x.faults()
	if len(trace.Visits) > 0 { // a stream has none
		all = append(all, x.traceFaults(trace)...)
	}
	for _, fault := range all {
		w.fault(of+ruleOf(fault), r.Path, of+" answered "+fmt.Sprint(resp.StatusCode)+", which "+fault)
	}
	for _, fault := range w.ledger.faults(x) {
		w.broken = append(w.broken, contradiction{pathOf(r.Path), of + ruleOf(fault), of + " answered " + fmt.Sprint(resp.StatusCode) + ", which " + fault + w.replay(r.Path)})
	}
	if status := resp.StatusCode; status >= 500 && status != http.StatusNotImplemented && status != http.StatusServiceUnavailable && !w.says(r, status) {
		last := ""
		if n := len(trace.Visits); n > 0 && trace.Visits[n-1].Answer != decision.Yes && trace.Visits[n-1].Answer != decision.No {
			v := trace.Visits[n-1]
			last = fmt.Sprintf(" at %s (%s) %s %s", v.ID, v.Label, v.Callback, v.Why)
		}
		w.fault("5xx"+of+last, r.Path, fmt.Sprintf("%s answered %d%s: it is a fault of the service, and the log of the App says more", of, status, strings.TrimRight(last, " ")))
	}
	w.note(of, r, resp)
	w.learn(contract.Operation{}, r, resp)
}

// ruleOf is the rule that a fault of [breaks] is about.
func ruleOf(fault string) string {
	rule, _, _ := strings.Cut(fault, "): ")
	return rule
}

// says reports whether the App says of an operation that it answers with a status.
func (w *walker) says(r drawn, status int) bool {
	return slices.ContainsFunc(w.known[w.routeOf(r)].Problems, func(p *restmachine.Problem) bool { return p.Status == status })
}

// routeOf names the operation of a request: "GET /posts/{post_id}".
func (w *walker) routeOf(r drawn) string {
	if r.route != "" {
		return r.Method + " " + r.route
	}
	return r.Method + " " + pathOf(r.Path)
}

// stateChanged judges a change of the state that is watched.
func (w *walker) stateChanged(r drawn, resp restmachine.Response, before, after string) {
	x, of := newExchange(r.Request, resp), w.routeOf(r)
	switch {
	case x.isSafe():
		w.fault("safe"+of, r.Path, fmt.Sprintf("%s writes: the state was %s, and is %s. A %s must not change anything (RFC 9110, 9.2.1), since clients, caches and crawlers send it as often as they like: write in a POST", of, excerpt([]byte(before)), excerpt([]byte(after)), r.Method))
	case x.refused():
		w.fault("refused"+of, r.Path, fmt.Sprintf("%s answered %d, and %s", of, resp.StatusCode, refusedAndChanged(before, after)))
	}
}

// refusedAndChanged says what a refusal changed, and what to do.
func refusedAndChanged(before, after string) string {
	return fmt.Sprintf("yet it changed something: it was %s, and is %s. A refusal changes nothing (RFC 9110, 13.1): let ResourceExists hand out a copy, change the copy, and store it when nothing can fail any more", excerpt([]byte(before)), excerpt([]byte(after)))
}

// fault notes a fault, once for each key, with the requests that show it.
func (w *walker) fault(key, uri, text string) {
	w.found.add(key, func() string { return text + w.replay(uri) })
}

// report reports what was found, and what was not seen.
func (w *walker) report() {
	w.t.Helper()
	for _, b := range w.broken {
		if !w.judged[b.uri] {
			w.found.add(b.key, func() string { return b.text })
		}
	}
	w.found.report(w.t)
	w.t.Logf("%s has sent %d requests", w.name, len(w.log))
	if len(w.log) >= w.most {
		return // it was stopped on purpose
	}
	operations := slices.DeleteFunc(w.operations(), func(o contract.Operation) bool {
		return o.Method == http.MethodHead || len(w.seen[o.Key()]) == 0 && o.Method != http.MethodGet && restmachine.Method(o.Method).Safe()
	})
	if silent := w.silent("Walk", w.how.Refuse, operations); len(silent) > 0 {
		w.t.Errorf("%s knows little of these operations:\n\t%s", w.name, strings.Join(silent, "\n\t"))
	}
}

// race sends copies of a request at once, each of which waits where a gap could be.
func (w *walker) race(r drawn, n int) []restmachine.Response {
	if w.over {
		return nil
	}
	all := atOnce(slowContext{context.WithoutCancel(w.t.Context())}, w.app, r.Request, n)
	for _, resp := range all {
		w.log = append(w.log, step{r.Request, resp})
	}
	return all
}
