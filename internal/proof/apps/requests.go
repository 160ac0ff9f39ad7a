// This file draws requests. What clients have seen so far comes in. A request goes out,
// whose preconditions are right, out of date or invented.

package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A request is one step of a walk. It can be played again.
type request struct {
	restmachine.Request
	number   int
	resource int    // its place in world.resources
	key      string // what it speaks of
	seed     uint64 // of what others write
	before   bool   // others write before it
	amid     bool   // others write in the middle of it
	wire     bool   // by ServeHTTP
}

func (q request) String() string {
	var fields []string
	for name, lines := range q.Header {
		for _, line := range lines {
			fields = append(fields, name+": "+line)
		}
	}
	slices.Sort(fields)
	text := fmt.Sprintf("%d %s %s {%s}", q.number, q.Method, q.Path, strings.Join(fields, "; "))
	if q.before {
		text += ", others write before"
	}
	if q.amid {
		text += ", others write in the middle"
	}
	return text
}

// reads reports whether it is a GET or HEAD.
func (q request) reads() bool { return q.Method == "GET" || q.Method == "HEAD" }

// unsafe reports whether it may write.
func (q request) unsafe() bool { return !q.reads() && q.Method != "QUERY" }

// A walker draws the requests of one walk.
type walker struct {
	rng *rand.Rand
	k   *keeper
}

// step draws the next request.
func (d *walker) step(number int) request {
	rng, all := d.rng, d.k.w.resources
	i := rng.IntN(len(all))
	r := all[i]
	q := request{number: number, resource: i, seed: rng.Uint64(), before: rng.IntN(7) == 0, amid: rng.IntN(3) == 0, wire: rng.IntN(8) == 0}
	q.Header = http.Header{}
	q.Method = one(rng, r.methods...)
	if q.Method == "DELETE" || q.Method == "PURGE" {
		q.Method = one(rng, r.methods...) // seldom: what is deleted cannot be asked for
	}
	if slices.Contains(r.methods, "GET") && rng.IntN(10) < 4 {
		q.Method = one(rng, "GET", "GET", "GET", "HEAD")
	}
	q.Path, q.key = r.draw(rng)
	d.selecting(&q)
	d.denying(&q, r)
	seen := r.sightsAt(q.Path, q.key)
	if q.reads() {
		d.reading(&q, d.k.sights[seen])
	} else {
		d.writing(&q, r, d.k.sights[seen])
	}
	return q
}

// draw draws values for the parameters of the path. It returns the path and the key.
func (r *resource) draw(rng *rand.Rand) (path, key string) {
	values := map[string]string{}
	names := strings.Split(r.pattern, "/")
	for i, name := range names {
		if !strings.HasPrefix(name, "{") {
			continue
		}
		name = strings.Trim(name, "{.}")
		values[name] = one(rng, "1", "1", "1", "1", "2", "2", "2", "3")
		if name == "name" {
			values[name] = one(rng, "a.txt", "b.txt", "c.txt")
		}
		names[i] = values[name]
	}
	return strings.Join(names, "/"), r.key(func(name string) string { return values[name] })
}

// sightsAt is the path at which clients have seen the tags that count at a path.
func (r *resource) sightsAt(path, key string) string {
	if r.kind != nil && !slices.Contains(r.methods, "GET") {
		return r.kind.uri(key)
	}
	return path
}

// sometimes sets a field in so many of ten cases to one of the values.
func (d *walker) sometimes(q *request, tenths int, name string, values ...string) {
	if d.rng.IntN(10) < tenths {
		q.Header.Set(name, one(d.rng, values...))
	}
}

// selecting draws the fields that select a representation.
func (d *walker) selecting(q *request) {
	d.sometimes(q, 4, "Accept", "*/*", "application/json", "text/html", "text/html;q=0.5, application/json;q=0.4", "text/plain, */*;q=0.1", "text/csv, */*;q=0.1")
	d.sometimes(q, 3, "Accept-Language", "de", "en", "fr", "de;q=0.3, en;q=0.2", "*")
	d.sometimes(q, 3, "Accept-Encoding", "gzip", "gzip", "gzip;q=0", "identity", "br")
	d.sometimes(q, 1, "Accept-Charset", "utf-8", "iso-8859-1")
	d.sometimes(q, 2, "X-Taste", "sweet", "sour")
}

// denying sometimes names a gate that refuses.
func (d *walker) denying(q *request, r *resource) {
	if all := r.holding(); len(all) > 0 && d.rng.IntN(10) == 0 {
		q.Header.Set("Deny", one(d.rng, all...).name)
	}
}

// tag draws an entity-tag.
func (d *walker) tag(sights []sight) string {
	draw := d.rng.IntN(20)
	if draw == 0 {
		return fmt.Sprintf(`"invented-%d"`, d.rng.IntN(3))
	}
	s := d.sight(sights)
	switch {
	case s.tag == "":
		return `"nothing-was-seen"`
	case draw == 1:
		return strings.TrimPrefix(s.tag, "W/")
	case draw == 2 && !strings.HasPrefix(s.tag, "W/"):
		return "W/" + s.tag
	case draw == 3:
		return s.tag + ", " + d.sight(sights).or(`"another"`)
	}
	return s.tag
}

// sight draws what a client has seen: mostly what is new.
func (d *walker) sight(sights []sight) sight {
	n := len(sights)
	switch {
	case n == 0:
		return sight{}
	case d.rng.IntN(10) < 6:
		return sights[n-1]
	}
	return sights[n-1-d.rng.IntN(min(n, 6))]
}

func (s sight) or(other string) string {
	if s.tag != "" {
		return s.tag
	}
	return other
}

// date draws a date.
func (d *walker) date(sights []sight) string {
	draw := d.rng.IntN(20)
	if s := d.sight(sights); draw > 1 && s.date != "" {
		return s.date
	}
	return date(d.rng.IntN(d.k.w.store.latest + 100)).Format(http.TimeFormat)
}

// reading draws what is conditional about a read.
func (d *walker) reading(q *request, sights []sight) {
	rng := d.rng
	if rng.IntN(10) < 5 {
		q.Header.Set("If-None-Match", d.tag(sights))
	}
	if rng.IntN(10) < 3 {
		q.Header.Set("If-Modified-Since", d.date(sights))
	}
	if rng.IntN(20) == 0 {
		q.Header.Set("If-Match", d.tag(sights))
	}
	if rng.IntN(20) == 0 {
		q.Header.Set("If-Unmodified-Since", d.date(sights))
	}
	if rng.IntN(10) < 3 {
		q.Header.Set("Range", one(rng, "bytes=0-4", "bytes=5-", "bytes=-7", "bytes=3-20"))
		if rng.IntN(10) < 7 {
			q.Header.Set("If-Range", one(rng, d.tag(sights), d.date(sights)))
		}
	}
}

// writing draws what is conditional about a write, and its content.
func (d *walker) writing(q *request, r *resource, sights []sight) {
	rng := d.rng
	switch draw := rng.IntN(20); {
	case draw < 11:
		q.Header.Set("If-Match", d.tag(sights))
		if proven := r.proven(d.k.w.store, q.key); len(proven) > 0 && rng.IntN(4) == 0 {
			q.Header.Set("If-Match", proven[0])
		}
		if rng.IntN(20) == 0 {
			q.Header.Set("If-Match", "*")
		}
	case draw < 13:
		q.Header.Set("If-None-Match", "*")
	case draw < 14:
		q.Header.Set("If-None-Match", d.tag(sights))
	case draw < 16:
		q.Header.Set("If-Unmodified-Since", d.date(sights))
	}
	if q.Method != "DELETE" && q.Method != "PURGE" && q.Method != "QUERY" {
		q.Header.Set("Content-Type", "application/json")
		q.Body = fmt.Appendf(nil, `{"text":%q}`, drawText(rng))
	}
}

// proven are tags that hold for a record beside those that clients have seen.
func (r *resource) proven(s *store, key string) []string {
	if r.proves == nil {
		return nil
	}
	return r.proves(s, key)
}
