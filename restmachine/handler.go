package restmachine

import (
	"errors"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file mounts the App on net/http.

// ServeHTTP answers a request. It sets the Pattern of the request for
// middleware that looks at it afterwards. It starts an App that has not
// started.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m, err := a.machine(r.Context())
	if err != nil {
		writeResponse(w, notRunning(r.Method, err))
		return
	}
	x := m.exchange()
	x.receive(r)
	m.find(x)
	r.Pattern = x.plan.route
	if watch := m.watch(x, nil); watch != nil {
		x.serveWatched(w, watch)
	} else {
		x.run(nil)
		x.write(w)
	}
	x.recycle()
}

func writeResponse(w http.ResponseWriter, resp Response) {
	for name, lines := range resp.Header {
		w.Header()[name] = lines
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(resp.Body)
}

// receive sets what the exchange is about.
func (x *exchange) receive(r *http.Request) {
	x.r, x.ctx, x.method, x.header = r, r.Context(), r.Method, r.Header
	x.setPath(r.URL)
	x.rawQuery = r.URL.RawQuery
	x.target = max(len(r.RequestURI), len(x.path)+len(x.rawQuery))
	x.length = r.ContentLength
	if r.Body != nil && r.Body != http.NoBody {
		x.body = r.Body
		x.waits = waits(r.Header["Expect"])
	}
}

// waits reports whether Expect has 100-continue, as net/http reads it: in its first
// line.
func waits(expect []string) bool {
	if len(expect) > 0 {
		for token := range strings.SplitSeq(expect[0], ",") {
			if strings.EqualFold(strings.TrimSpace(token), "100-continue") {
				return true
			}
		}
	}
	return false
}

// serveWatched serves an exchange that somebody looks at.
func (x *exchange) serveWatched(w http.ResponseWriter, watch *watch) {
	x.logs = true
	x.run(watch.trace)
	watch.announce()
	w = watch.tap(w)
	defer watch.sent()
	x.write(w)
}

// write sends the answer. A stream that fails after its first byte cuts the
// connection, so that the client sees that something is missing.
func (x *exchange) write(w http.ResponseWriter) {
	if x.att.closers == nil {
		x.send(w)
		return
	}
	defer x.closeAll()
	x.send(w)
}

func (x *exchange) send(w http.ResponseWriter) {
	h := w.Header()
	x.out.addTo(h)
	if x.out.status >= 400 {
		x.beforeError(h)
	}
	w.WriteHeader(x.out.status)
	if x.out.content == nil {
		return
	}
	if err := x.writeContent(w); err != nil {
		if x.ctx.Err() == nil { // else it is the client that has gone
			x.logError(err)
		}
		panic(http.ErrAbortHandler)
	}
}

// beforeError does what only an error needs on the wire.
func (x *exchange) beforeError(h http.Header) {
	if x.err != nil && errors.Is(x.err, errAborted) {
		panic(http.ErrAbortHandler)
	}
	if x.out.status == http.StatusRequestEntityTooLarge && x.r.ProtoMajor == 1 {
		h["Connection"] = []string{"close"} // else net/http reads on before it answers
	}
}

// writeContent sends the content. What is read for it may panic; bytes do not.
func (x *exchange) writeContent(w http.ResponseWriter) (err error) {
	c := x.out.content
	if c.bytes == nil || x.out.ranges != nil {
		return x.protectedCopy(w)
	}
	_, err = w.Write(c.bytes)
	return err
}

// find finds the plan for the request: its resource and method, or what stands
// for an unknown path.
func (m *machine) find(x *exchange) {
	p := m.nowhere
	if x.simple && strings.HasPrefix(x.path, "/") || x.isPath() {
		if i, params, ok := m.routes.Find(x.path, x.simple); ok {
			p, x.pathParams.params = m.paths[i], params
		} else if i, params, ok := m.around.Find(x.path, x.simple); ok {
			p, x.pathParams.params = m.unknown[i], params
		}
	}
	x.plan = p.method(x.method)
	if x.plan == nil {
		x.plan = p.other
	}
	if n := len(p.codings); n > 0 {
		x.chosen.coding = n - 1
	}
}

// isPath reports whether the request target is a path that can be read, and notes
// what is wrong with it.
func (x *exchange) isPath() bool {
	if !strings.HasPrefix(x.path, "/") {
		if x.path != "*" || x.method != http.MethodOptions {
			x.malformed = "the request target is no path"
		}
		return false
	}
	err := route.Clean(x.path)
	if err != nil {
		x.malformed = "the path cannot be read: " + err.Error()
	}
	return err == nil
}
