// The floor again, by somebody who reads profiles: canonical keys, shared field
// values, pooled buffers, and no string that is not sent.

package contest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/julienschmidt/httprouter"
)

var (
	jsonField  = []string{jsonType}
	textField  = []string{"text/plain; charset=utf-8"}
	noDocument = []byte("document not found\n")
	hasChanged = []byte("document has changed\n")
	badJSON    = []byte("bad JSON\n")
	scratches  = sync.Pool{New: func() any { return newScratch() }}
)

// scratch is what one request needs, kept for the next.
type scratch struct {
	tag     [24]byte
	content bytes.Buffer
	encoder *json.Encoder // writes to content
}

func newScratch() *scratch {
	b := &scratch{}
	b.encoder = json.NewEncoder(&b.content)
	return b
}

func (b *scratch) tagOf(d *Document) []byte {
	return append(strconv.AppendInt(append(b.tag[:0], '"'), int64(d.Version), 10), '"')
}

func tuned(s *Store) http.Handler {
	router := httprouter.New()
	router.GET("/documents/:id", func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		getTuned(w, r, s.Document(ps.ByName("id")))
	})
	router.PUT("/documents/:id", func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		putTuned(w, r, s, s.Document(ps.ByName("id")))
	})
	return router
}

func getTuned(w http.ResponseWriter, r *http.Request, d *Document) {
	if d == nil {
		refuse(w, http.StatusNotFound, noDocument)
		return
	}
	b := scratches.Get().(*scratch)
	defer scratches.Put(b)
	tag, h := b.tagOf(d), w.Header()
	if sent := r.Header["If-None-Match"]; len(sent) > 0 {
		if sent[0] == string(tag) {
			h["Etag"] = sent // the very bytes, already a field
			w.WriteHeader(http.StatusNotModified)
			return
		}
	} else if sent := r.Header["If-Modified-Since"]; len(sent) > 0 {
		since, err := http.ParseTime(sent[0])
		if err == nil && !d.UpdatedAt.Truncate(time.Second).After(since) {
			h["Etag"] = []string{string(tag)}
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	b.write(w, d)
}

func putTuned(w http.ResponseWriter, r *http.Request, s *Store, d *Document) {
	if d == nil {
		refuse(w, http.StatusNotFound, noDocument)
		return
	}
	b := scratches.Get().(*scratch)
	defer scratches.Put(b)
	if sent := r.Header["If-Match"]; len(sent) > 0 && sent[0] != "*" && sent[0] != string(b.tagOf(d)) {
		refuse(w, http.StatusPreconditionFailed, hasChanged)
		return
	}
	var in Update
	b.content.Reset()
	_, err := b.content.ReadFrom(r.Body)
	if err == nil {
		err = json.Unmarshal(b.content.Bytes(), &in)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, badJSON)
		return
	}
	b.write(w, s.Replace(d, in))
}

// write sends d with its validators. The two share one array, and what the
// fields point to is not pooled: net/http reads it after the handler has returned.
func (b *scratch) write(w http.ResponseWriter, d *Document) {
	b.content.Reset()
	_ = b.encoder.Encode(d)
	values := []string{string(b.tagOf(d)), d.Modified()}
	h := w.Header()
	h["Etag"], h["Last-Modified"], h["Content-Type"] = values[:1:1], values[1:], jsonField
	_, _ = w.Write(b.content.Bytes())
}

// refuse is http.Error with what it would make already made.
func refuse(w http.ResponseWriter, status int, text []byte) {
	w.Header()["Content-Type"] = textField
	w.WriteHeader(status)
	_, _ = w.Write(text)
}
