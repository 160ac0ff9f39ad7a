// What is asserted while all clients hold still: what needs one to be alone with
// the service.

package main

import (
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// refusals are requests that must change nothing, with the status of each.
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
}

// still asserts that nothing is locked, and that refusals change nothing and have
// traces that say why.
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
	b.ledger = restmachinetest.Ledger{} // what it keeps is no memory of the service's
}
