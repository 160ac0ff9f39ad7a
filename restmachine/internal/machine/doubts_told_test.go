// Who is told of a mistake, and what looking for mistakes costs where there is none.

package machine_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// What depends on who asks, and on the target, is not compared.
func TestWhatMayDiffer(t *testing.T) {
	for name, headers := range map[string][2]http.Header{
		"Cookie":               {{"Cookie": {"user=1"}}, {"Cookie": {"user=2"}}},
		"Authorization":        {{"Authorization": {"Bearer 1"}}, {"Authorization": {"Bearer 2"}}},
		"a field that is read": {{"X-Tenant": {"1"}}, {"X-Tenant": {"2"}}},
		"Accept":               {{"Accept": {"text/plain"}}, {"Accept": {"application/json"}}},
		"the query":            {{}, {}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(func(s *service) {
				s.tagged()
				s.Provides("application/json", func(c *card, h http.Header, q restmachine.Query[struct {
					N string `query:"n"`
				}], tenant restmachine.Header[struct {
					ID string `header:"X-Tenant"`
				}]) string {
					return fmt.Sprint(h["Cookie"], h["Authorization"], tenant.Value.ID, q.Value.N)
				})
				s.Provides("text/plain", func(*card) string { return "plain" })
				s.Get("/card", show)
			})
			for i := range 20 {
				path := "/card"
				if name == "the query" {
					path = fmt.Sprintf("/card?n=%d", i%2)
				}
				s.Execute(restmachine.Request{Path: path, Header: headers[i%2]})
			}
			assert.Empty(t, s.told())
		})
	}
}

// Those who look at exchanges see each, the trace says it, and Explain, too.
func TestEachExchangeHasItsWarnings(t *testing.T) {
	var s *service
	s = newService(put(func(s *service, loaded *card, in change) *card {
		c := *loaded
		c.Title = in.Value.Title
		s.card = &c
		return &c
	}), restmachine.WithTrace(restmachine.TracerFunc(func(e *restmachine.Exchange) { s.watch(e) })))
	s.play("PUT b", "PUT =", "PUT c", "PATCH d")
	assert.Equal(t, []string{"tag kept", "", "tag kept", "tag kept"}, s.said)
	assert.Equal(t, kept, s.told(), "once for the path")
	assert.Contains(t, s.traces[0], "warning: the write has changed the content")
	assert.NotContains(t, s.traces[1], "warning")

	_, trace := s.Explain(restmachine.Request{Method: "PUT", Path: "/card", Body: []byte(`{"Title": "e"}`),
		Header: http.Header{"Content-Type": {"application/json"}}})
	assert.Contains(t, trace.Visits[len(trace.Visits)-1].Why, "its strong entity-tag is still \"1\"")
}

// A traced GET is looked at for ever.
func TestATracedGETIsLookedAtAgain(t *testing.T) {
	var s *service
	asked := 0
	s = newService(func(s *service) {
		s.GenerateETag(func(*card) string { asked++; return fmt.Sprint(max(asked, 20)) })
		s.Get("/card", show)
	}, restmachine.WithTrace(restmachine.TracerFunc(func(e *restmachine.Exchange) { s.watch(e) })))
	s.play(times(25, "GET")...)
	assert.Equal(t, append(times(22, ""), "tag unsteady", "tag unsteady", "tag unsteady"), s.said)
	assert.Equal(t, unsteady, s.told())
}

// Where nothing is wrong, callbacks are called as often as ever, but for the tags of the first few
// writes without a precondition.
func TestWhatLookingCosts(t *testing.T) {
	var loads, tags, renders int
	s := newService(func(s *service) {
		s.load = func() *card { loads++; c := *s.card; return &c }
		s.GenerateETag(func(c *card) string { tags++; return fmt.Sprint(c.Version) })
		s.Provides("application/json", func(c *card) string { renders++; return c.Title })
		s.Get("/card", show).Put(func(_ *card, in change) *card { return s.store(in.Value) })
	})
	s.play(times(100, "GET")...)
	assert.Equal(t, []int{100, 100, 100}, []int{loads, tags, renders}, "a GET")
	s.play(times(100, "PUT b")...)
	assert.Equal(t, []int{200, 208, 200}, []int{loads, tags, renders}, "a PUT")
	loads, tags, renders = 0, 0, 0
	s.play(times(100, "PUT* c")...) // a HEAD, and a PUT whose tag is asked before and after
	assert.Equal(t, []int{200, 300, 200}, []int{loads, tags, renders}, "a PUT with a precondition")
}

// Under many writers and readers nothing is told, and nothing races.
func TestNothingIsToldOfManyAtOnce(t *testing.T) {
	var mu sync.Mutex
	version := 1
	log := harness.Log{}
	app := restmachine.New(restmachine.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	app.ResourceExists(func() *card {
		mu.Lock()
		defer mu.Unlock()
		return &card{Version: version, Title: fmt.Sprint(version % 2)}
	})
	app.GenerateETag(func(c *card) string { return fmt.Sprint(c.Version) })
	app.Provides("text/plain", func(c *card) string { return c.Title })
	app.Get("/card", show).Put(func(c *card) *card {
		mu.Lock()
		defer mu.Unlock()
		version++
		return &card{Version: version, Title: fmt.Sprint(version % 2)}
	})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 200 {
				method := "GET"
				if i%4 == 0 {
					method = "PUT"
				}
				app.ExecuteContext(context.Background(), restmachine.Request{Method: method, Path: "/card"})
			}
		})
	}
	all.Wait()
	assert.NotContains(t, log.Take(), "WARN")
}
