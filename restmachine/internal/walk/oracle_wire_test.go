// Wire parity: the same request has the same answer in process, over HTTP/1.1
// and over HTTP/2.

package walk_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestWireParity sends 500 situations in random spellings three ways and
// compares statuses, header fields (less Date) and contents.
func TestWireParity(t *testing.T) {
	random := rand.New(rand.NewPCG(9110, 2))
	rows, all := sample(random, 500), harness.Figure(t, "situations")
	for tag := noTag; tag <= weakTag; tag++ {
		for date := noDate; date <= subSecond; date++ {
			for _, policy := range []restmachine.Policy{restmachine.Combine, restmachine.RFC9110} {
				wires := newWires(t, newShelf(t, situation{policy: policy, tag: tag, date: date}))
				for _, s := range rows {
					if s.policy == policy && s.tag == tag && s.date == date {
						wires.compare(t, s, s.spelled(random.IntN(len(spellings))))
						all.Add(1)
					}
				}
			}
		}
	}
}

// wires are the ways to one App.
type wires struct {
	shelf        *bookshelf
	http1, http2 *httptest.Server
}

func newWires(t *testing.T, s *bookshelf) wires {
	t.Helper()
	w := wires{s, httptest.NewServer(s.app), httptest.NewUnstartedServer(s.app)}
	w.http2.EnableHTTP2 = true
	w.http2.StartTLS()
	for _, server := range []*httptest.Server{w.http1, w.http2} {
		t.Cleanup(server.Close)
		server.Client().Transport.(*http.Transport).DisableCompression = true // else it asks for gzip itself
	}
	return w
}

func (w wires) compare(t *testing.T, s situation, req restmachine.Request) {
	t.Helper()
	w.shelf.reset(s.place)
	want := w.shelf.app.Execute(req)
	restmachinetest.CheckResponse(t, req, want)
	for major, server := range map[int]*httptest.Server{1: w.http1, 2: w.http2} {
		w.shelf.reset(s.place)
		proto, got := harness.SendOver(t, server, req)
		assert.Equal(t, major, proto, s)
		restmachinetest.CheckResponse(t, req, got)
		assert.Equal(t, want.StatusCode, got.StatusCode, "HTTP/%d: %v", major, s)
		assert.Equal(t, undated(want).Header, undated(got).Header, "HTTP/%d: %v: %q", major, s, req.Header)
		assert.Equal(t, string(want.Body), string(got.Body), "HTTP/%d: %v: %q", major, s, req.Header)
	}
}
