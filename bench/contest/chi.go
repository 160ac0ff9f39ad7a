// chi is a router: the handlers are those of the floor.

package contest

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

func onChi(s *Store) http.Handler {
	router := chi.NewRouter()
	router.Get("/documents/{id}", func(w http.ResponseWriter, r *http.Request) {
		getByHand(w, r, s.Document(chi.URLParam(r, "id")))
	})
	router.Put("/documents/{id}", func(w http.ResponseWriter, r *http.Request) {
		putByHand(w, r, s, s.Document(chi.URLParam(r, "id")))
	})
	return router
}
