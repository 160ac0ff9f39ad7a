// The same small answer behind more and more routes: what does it cost to find
// the handler?

package contest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/julienschmidt/httprouter"
)

// A Router is a contestant that can have any number of routes. A third of its
// paths are static, a third have one parameter and a third have two. All answer
// the one document.
type Router struct {
	Name  string
	Build func(routes int) http.Handler
}

// Routers lists those whose cost is measured by the number of routes.
func Routers() []Router {
	return []Router{
		{Floor, manyByHand},
		{"ServeMux, checks by hand", manyServeMux},
		{"chi", manyChi},
		{Plain, func(n int) http.Handler { return manyPlain(n) }},
		{Ours, func(n int) http.Handler { return manyOurs(n) }},
	}
}

// RouteTurn returns a turn of 304 by tag that takes a sample of the paths in
// order. The sample is of one size however many routes there are, so that the
// requests themselves cost the same.
func RouteTurn(h http.Handler, routes int) func() {
	turns := make([]func(), Sample)
	for i := range turns {
		r := httptest.NewRequest("GET", target(sampled(i, routes)), nil)
		r.Header = fields("If-None-Match", NewStore().Document("doc1").Tag())
		turns[i] = Turn(h, r, nil)
	}
	next := 0
	return func() {
		turns[next]()
		if next++; next == Sample {
			next = 0
		}
	}
}

// Sample is how many paths RouteTurn takes, a third of each kind.
const Sample = 30

// sampled is the i-th path of the sample: they are spread over all routes.
func sampled(i, routes int) int {
	kinds := routes / 3 // paths of each kind
	return i%3 + 3*(i/3*kinds/(Sample/3))
}

// pattern is the i-th path, its parameters in braces.
func pattern(i int) string {
	switch i % 3 {
	case 0:
		return fmt.Sprintf("/static/s%d/list", i)
	case 1:
		return fmt.Sprintf("/items/r%d/{id}", i)
	}
	return fmt.Sprintf("/parts/r%d/{id}/of/{part}", i)
}

// target is a path that the i-th pattern matches.
func target(i int) string {
	return strings.NewReplacer("{id}", "17", "{part}", "left").Replace(pattern(i))
}

func manyByHand(n int) http.Handler {
	s, router := NewStore(), httprouter.New()
	colons := strings.NewReplacer("{", ":", "}", "")
	for i := range n {
		router.GET(colons.Replace(pattern(i)), func(w http.ResponseWriter, r *http.Request, _ httprouter.Params) {
			getByHand(w, r, s.Document("doc1"))
		})
	}
	return router
}

func manyServeMux(n int) http.Handler {
	s, mux := NewStore(), http.NewServeMux()
	for i := range n {
		mux.HandleFunc("GET "+pattern(i), func(w http.ResponseWriter, r *http.Request) {
			getByHand(w, r, s.Document("doc1"))
		})
	}
	return mux
}

func manyChi(n int) http.Handler {
	s, router := NewStore(), chi.NewRouter()
	for i := range n {
		router.Get(pattern(i), func(w http.ResponseWriter, r *http.Request) {
			getByHand(w, r, s.Document("doc1"))
		})
	}
	return router
}
