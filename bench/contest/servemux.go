// The standard library alone: ServeMux, and ServeContent for the preconditions
// of GET.

package contest

import (
	"bytes"
	"encoding/json"
	"net/http"
)

func serveMux(s *Store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /documents/{id}", func(w http.ResponseWriter, r *http.Request) {
		d := s.Document(r.PathValue("id"))
		if d == nil {
			http.Error(w, "document not found", http.StatusNotFound)
			return
		}
		content, err := json.Marshal(d)
		if err != nil {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		w.Header().Set("ETag", d.Tag())
		w.Header().Set("Content-Type", jsonType)
		http.ServeContent(w, r, "", d.UpdatedAt, bytes.NewReader(content))
	})
	mux.HandleFunc("PUT /documents/{id}", func(w http.ResponseWriter, r *http.Request) {
		putByHand(w, r, s, s.Document(r.PathValue("id")))
	})
	return mux
}
