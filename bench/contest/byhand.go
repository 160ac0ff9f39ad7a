// The floor: httprouter and the checks written by hand, as in many a service.

package contest

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/julienschmidt/httprouter"
)

func byHand(s *Store) http.Handler {
	router := httprouter.New()
	router.GET("/documents/:id", func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		getByHand(w, r, s.Document(ps.ByName("id")))
	})
	router.PUT("/documents/:id", func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		putByHand(w, r, s, s.Document(ps.ByName("id")))
	})
	return router
}

// getByHand is GET without a router; d may be nil.
func getByHand(w http.ResponseWriter, r *http.Request, d *Document) {
	if d == nil {
		http.Error(w, "document not found", http.StatusNotFound)
		return
	}
	tag := d.Tag()
	w.Header().Set("ETag", tag)
	if notModified(r.Header, tag, d.UpdatedAt) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Last-Modified", d.Modified())
	w.Header().Set("Content-Type", jsonType)
	_ = json.NewEncoder(w).Encode(d)
}

// putByHand is PUT without a router; d may be nil.
func putByHand(w http.ResponseWriter, r *http.Request, s *Store, d *Document) {
	if d == nil {
		http.Error(w, "document not found", http.StatusNotFound)
		return
	}
	if changed(r.Header, d.Tag()) {
		http.Error(w, "document has changed", http.StatusPreconditionFailed)
		return
	}
	var in Update
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "bad JSON", http.StatusBadRequest)
		return
	}
	d = s.Replace(d, in)
	w.Header().Set("ETag", d.Tag())
	w.Header().Set("Last-Modified", d.Modified())
	w.Header().Set("Content-Type", jsonType)
	_ = json.NewEncoder(w).Encode(d)
}

// notModified is the check that a handler makes by hand: one tag or a date, no
// lists, no weak tags.
func notModified(h http.Header, tag string, modified time.Time) bool {
	if v := h.Get("If-None-Match"); v != "" {
		return v == tag
	}
	v := h.Get("If-Modified-Since")
	if v == "" {
		return false
	}
	since, err := http.ParseTime(v)
	return err == nil && !modified.Truncate(time.Second).After(since)
}

// changed is its like for If-Match.
func changed(h http.Header, tag string) bool {
	v := h.Get("If-Match")
	return v != "" && v != "*" && v != tag
}
