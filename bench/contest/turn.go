// One turn of a measurement: the same request, answered to nobody.

package contest

import (
	"bytes"
	"net/http"
	"time"
)

// Turn returns what a measurement calls over and over: h answers r with that
// body. The request and the writer are made once.
func Turn(h http.Handler, r *http.Request, body []byte) func() {
	w := &discard{header: make(http.Header, 8)}
	if body == nil {
		return func() {
			clear(w.header)
			h.ServeHTTP(w, r)
		}
	}
	content := &reusable{}
	return func() {
		clear(w.header)
		content.Reset(body)
		r.Body = content // anew: a handler may have wrapped it
		h.ServeHTTP(w, r)
	}
}

// discard is a ResponseWriter that forgets what is written. It has the methods
// of net/http's own that contestants look for, since to lack one costs them.
type discard struct {
	header http.Header
	status int
}

func (w *discard) Header() http.Header               { return w.header }
func (w *discard) WriteHeader(status int)            { w.status = status }
func (w *discard) Write(b []byte) (int, error)       { return len(b), nil }
func (w *discard) WriteString(s string) (int, error) { return len(s), nil }
func (w *discard) SetReadDeadline(time.Time) error   { return nil }

// reusable is request content that can be read again after a Reset.
type reusable struct{ bytes.Reader }

func (*reusable) Close() error { return nil }
