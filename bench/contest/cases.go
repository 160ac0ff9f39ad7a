// The six cases: a request, and the status that every contestant must give it.

package contest

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
)

// A Case is one request. Its header has two fields beside what the case is
// about; a PUT has its Content-Type, too.
type Case struct {
	Name         string
	Method, Path string
	Header       http.Header
	Body         []byte
	Status       int
}

// The cases by their names in reports.
const (
	Get200    = "GET 200"
	Get304Tag = "304 by tag"
	Get304    = "304 by date"
	Get404    = "404"
	Put412    = "PUT 412"
	Put200    = "PUT 200"
)

// Cases lists the six cases, in the order of all tables.
func Cases() []Case {
	d := NewStore().Document("doc1")
	update := []byte(`{"title":"Conditional requests, revised","content":"` + d.Content + `"}`)
	const here, nowhere = "/documents/doc1", "/documents/none"
	return []Case{
		{Get200, "GET", here, fields(), nil, 200},
		{Get304Tag, "GET", here, fields("If-None-Match", d.Tag()), nil, 304},
		{Get304, "GET", here, fields("If-Modified-Since", d.Modified()), nil, 304},
		{Get404, "GET", nowhere, fields(), nil, 404},
		{Put412, "PUT", here, fields("Content-Type", jsonType, "If-Match", `"1041"`), update, 412},
		{Put200, "PUT", here, fields("Content-Type", jsonType, "If-Match", d.Tag()), update, 200},
	}
}

const jsonType = "application/json"

// fields is the header of a request: the two fields that each has, and pairs of
// name and value.
func fields(pairs ...string) http.Header {
	h := http.Header{"Accept": {"*/*"}, "User-Agent": {"bench/1.0"}}
	for i := 0; i < len(pairs); i += 2 {
		h[pairs[i]] = []string{pairs[i+1]}
	}
	return h
}

// Request is the case as net/http's server would hand it to a handler.
func (c Case) Request() *http.Request {
	var body io.Reader
	if c.Body != nil {
		body = bytes.NewReader(c.Body)
	}
	r := httptest.NewRequest(c.Method, c.Path, body)
	maps.Copy(r.Header, c.Header)
	return r
}
