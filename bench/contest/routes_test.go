package contest

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryRouteAnswers(t *testing.T) {
	const n = 100
	for _, router := range Routers() {
		h := router.Build(n)
		for i := range n {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", target(i), nil))
			assert.Equal(t, 200, w.Code, "%s %s", router.Name, target(i))
		}
	}
}

// A turn that asked for paths that are not there would measure 404s.
func TestRouteTurnsStayInside(t *testing.T) {
	for _, n := range []int{10, 100, 1000, 10_000} {
		seen := map[int]int{}
		for i := range Sample {
			at := sampled(i, n)
			assert.Less(t, at, n)
			seen[at%3]++
		}
		assert.Equal(t, map[int]int{0: 10, 1: 10, 2: 10}, seen, "a third of each kind among %d", n)
	}
}

func TestEveryStartAnswers(t *testing.T) {
	for _, start := range Starts() {
		h := start.Build(10)
		for _, path := range []string{"/tenants/t0/documents/doc1", "/tenants/t9/documents/doc1"} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			assert.Equal(t, 200, w.Code, "%s %s", start.Name, path)
		}
	}
}
