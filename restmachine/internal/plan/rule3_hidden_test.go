// The law of what is hidden: Apps are drawn at random, with a gate that hides one ship. Whatever
// is asked, the answer is that of a ship that is missing, byte for byte.

package plan_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

var errNoRows = errors.New("no rows")

// drawHiding draws an App in which /ships/hidden is there and hidden, and no other ship is there.
func drawHiding(rnd *rand.Rand) *restmachine.App {
	app := restmachine.New(harness.Quiet)
	maybe := func(say func()) {
		if rnd.IntN(3) == 0 {
			say()
		}
	}
	app.MapError(errNoRows, restmachine.ErrNotFound)
	missing := []error{nil, restmachine.ErrNotFound, errNoRows}[rnd.IntN(3)]
	hide := []error{restmachine.ErrNotFound, errNoRows, fmt.Errorf("a ship: %w", errNoRows)}[rnd.IntN(3)]
	app.ResourceExists(func(path restmachine.PathParams) (*harness.Ship, error) {
		if path.Get("ship") == "hidden" {
			return makeShip(), nil
		}
		return nil, missing
	})
	maybe(func() { app.GenerateETag(func(*harness.Ship) string { return "1" }) })
	maybe(func() { app.LastModified(func(*harness.Ship) time.Time { return time.Unix(1e6, 0) }) })
	maybe(func() { app.AutoETag(restmachine.Strong) })
	maybe(func() { app.Languages("en", "de") })
	maybe(func() { app.Encodings("gzip") })
	maybe(func() { app.Provides("text/html", func(*harness.Ship) string { return "<p>" }) })
	maybe(func() { app.CacheControl(func(*harness.Ship) string { return "max-age=5" }) })
	maybe(func() { app.Expires(func() time.Time { return time.Unix(4e9, 0) }) })
	maybe(func() { app.Variances(func() []string { return []string{"X-Fleet"} }) })
	maybe(func() {
		app.RenderError(func(p *restmachine.Problem) any { return fmt.Sprint(p.Error(), p.Extensions) })
	})
	maybe(func() {
		app.Provides("application/x-problem", func(p *restmachine.Problem) string { return fmt.Sprint(p.Error(), p.Extensions) })
	})
	group := app.Group("/ships/{ship}")
	if rnd.IntN(2) == 0 {
		group.Forbidden(func(*harness.Ship) (bool, error) { return false, hide })
	} else {
		group.Forbidden(func(s restmachine.Optional[*harness.Ship]) (bool, error) {
			if s.OK {
				return false, hide
			}
			return false, nil
		})
	}
	ship := group.Get("", harness.ShowShip)
	write := func(*harness.Ship, restmachine.Body[map[string]int]) *harness.Ship { return makeShip() }
	maybe(func() { ship.Put(write) })
	maybe(func() { ship.Post(write) })
	maybe(func() { ship.Patch(write) })
	maybe(func() { ship.Delete(func(*harness.Ship) {}) })
	maybe(func() { ship.Handle("PURGE", func(*harness.Ship) {}) })
	maybe(func() { ship.HandleSafe("QUERY", harness.ShowShip) })
	group.Get("/flag", text)
	return app
}

// questioned are fields that change what is answered, each with some values.
var questioned = map[string][]string{
	"If-Match":            {`"1"`, `"0"`, "*", `"`},
	"If-None-Match":       {`"1"`, `"0"`, "*", `"`},
	"If-Modified-Since":   {"Thu, 01 Jan 1970 00:00:01 GMT", "Fri, 31 Dec 2100 23:59:59 GMT", "never"},
	"If-Unmodified-Since": {"Thu, 01 Jan 1970 00:00:01 GMT", "Fri, 31 Dec 2100 23:59:59 GMT", "never"},
	"Accept":              {"text/html", "text/plain, */*;q=0.1", "image/png", "application/x-problem"},
	"Accept-Language":     {"de", "fr"},
	"Accept-Encoding":     {"gzip", "identity;q=0"},
	"Range":               {"bytes=0-1"},
	"If-Range":            {`"1"`},
	"Content-Type":        {"application/json", "image/png"},
	"Expect":              {"100-continue"},
}

// drawQuestion draws a request but for its path.
func drawQuestion(rnd *rand.Rand) restmachine.Request {
	h := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(questioned)) {
		if values := questioned[name]; rnd.IntN(3) == 0 {
			h.Set(name, values[rnd.IntN(len(values))])
		}
	}
	methods := []string{"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "PURGE", "QUERY", "TRACE"}
	req := restmachine.Request{Method: methods[rnd.IntN(len(methods))], Header: h}
	if req.Method != "GET" && req.Method != "HEAD" {
		req.Body = []byte([]string{"", `{"tons":1}`, "{"}[rnd.IntN(3)])
	}
	return req
}

func TestLawHiddenIsMissing(t *testing.T) {
	answered := map[int]int{}
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		app := drawHiding(rnd)
		require.NoError(t, app.Validate(), "seed %d", seed)
		for range 20 {
			req, below := drawQuestion(rnd), []string{"", "/flag", "/unknown"}[rnd.IntN(3)]
			ask := func(ship string) (restmachine.Response, string) {
				req.Path = "/ships/" + ship + below
				w, r := httptest.NewRecorder(), httptest.NewRequest(req.Method, req.Path, strings.NewReader(string(req.Body)))
				r.Header = req.Header.Clone()
				app.ServeHTTP(w, r)
				return app.Execute(req), fmt.Sprint(w.Code, w.Header(), w.Body)
			}
			missing, missingByHTTP := ask("missing")
			hidden, hiddenByHTTP := ask("hidden")
			require.Equal(t, missing, hidden, "seed %d: %s %s, %v", seed, req.Method, below, req.Header)
			require.Equal(t, missingByHTTP, hiddenByHTTP, "seed %d: %s %s, %v", seed, req.Method, below, req.Header)
			answered[hidden.StatusCode]++
		}
	}
	require.Greater(t, answered[404], 1000, "most are hidden, and not refused for another reason: %v", answered)
}
