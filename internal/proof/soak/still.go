// This file holds the assertions for moments when all clients are stopped. They need the
// service alone. Requests go out, and faults come back.

package main

import (
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// refusals are requests that must change nothing, each with its status.
var refusals = []struct {
	status         int
	method, target string
	field, value   string
}{
	{http.StatusPreconditionFailed, "PUT", "/counters/1", "If-Match", `"none"`},
	{http.StatusPreconditionFailed, "GET", "/counters/1", "If-Match", `"none"`},
	{http.StatusPreconditionFailed, "PUT", "/counters/1", "If-None-Match", "*"},
	{http.StatusNotModified, "GET", "/counters/1", "If-None-Match", "*"},
	{http.StatusPreconditionRequired, "PUT", "/counters/1", "", ""},
	{http.StatusBadRequest, "PUT", "/counters/1", "If-Match", `"1`},
	{http.StatusUnsupportedMediaType, "PUT", "/counters/1", "Content-Type", "text/xml"},
	{http.StatusNotAcceptable, "GET", "/counters/1", "Accept", "image/png"},
	{http.StatusMethodNotAllowed, "DELETE", "/counters/1", "If-Match", "*"},
	{http.StatusNotFound, "PUT", "/nowhere", "If-Match", "*"},
	{http.StatusForbidden, "PUT", "/counters/1", "Refused-By", "app"},
	{http.StatusForbidden, "PUT", "/counters/1", "Refused-By", "path"},
	{http.StatusPreconditionFailed, "COUNT", "/counters/1", "If-Match", `"none"`},
	{http.StatusOK, "QUERY", "/counters/1", "If-None-Match", "*"},
}

// still asserts that nothing is locked, that refusals change nothing, and that their
// traces are true.
func (b *bench) still(s *service) {
	w := new(witness)
	restmachinetest.CheckIdle(w, s.app)
	for _, r := range refusals {
		req := restmachine.Request{Method: r.method, Path: r.target, Header: http.Header{}, Body: []byte(`{"n":9}`)}
		if r.field != "" {
			req.Header.Set(r.field, r.value)
		}
		before := s.store.text()
		resp, trace := s.app.Explain(req)
		if resp.StatusCode != r.status {
			w.Errorf("still: %s %s with %s %s: %d, want %d", r.method, r.target, r.field, r.value, resp.StatusCode, r.status)
		}
		restmachinetest.CheckResponse(w, req, resp)
		restmachinetest.CheckUnchanged(w, req, resp, before, s.store.text())
		restmachinetest.CheckTrace(w, req, resp, trace)
		b.ledger.Check(w, req, resp)
	}
	b.faults.note(w.fault)
	b.ledger = restmachinetest.Ledger{} // its content must not count as memory of the service
}
