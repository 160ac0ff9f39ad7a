// This file explores an App: each path, each method, each precondition. Out go errors of the test
// where an answer is not what HTTP, or an earlier answer, allows.

package restmachinetest

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// Explore walks through an App: it asks each path with each method under each precondition, for
// what there is and what there is not, and draws contents and parameters from the types of the
// App. It learns what there is from Location, lists and answers. It holds every response to
// [CheckResponse], [CheckTrace], [CheckHead], [CheckNotModified] and a [Ledger], and does what
// [CheckValidators] does. It also finds
//
//   - a GET that writes: what GETs show, or the State of the Walk, changes without a write;
//   - a write that answers success and is not seen: the next GET shows the old content, or is 404;
//   - an answer to a write that the next GET contradicts, and a Location that leads nowhere;
//   - a refusal that changed something;
//   - a lost update: two writes with one If-Match, one after the other or at once, that both
//     succeed;
//   - a precondition that is false, and a write that is done;
//   - a record that has two URIs, and so two locks;
//   - a required precondition that no client can meet;
//   - what a cache may show to others: an answer behind an Authorized with a Cache-Control that
//     says neither private nor no-store;
//   - a 5xx.
//
// The requests are the same at each run, as far as the App is. They write: give the App a store
// of its own. A fault shows the last requests about it, and the Walk that comes there again.
// Explore(t, app) is enough where nothing has to be said. Otherwise pass one Walk.
func Explore(t testing.TB, app *restmachine.App, how ...Walk) {
	t.Helper()
	w := newWalker(t, app, "Explore", how)
	w.strict = true
	w.discover()
	w.standStill()
	w.readEach()
	w.fillFirst()
	for range 2 {
		w.writeEach()
		w.discover()
	}
	w.readEach()
	w.lookAtAll()
	for _, o := range w.unsafe() {
		w.raceOf(o)
	}
	w.deleteEach()
	w.deleteAndCreate()
	w.lookAtAll()
	w.drain()
	w.fill()
	w.judgeDeaf()
	w.report()
}

// A precondition is the fields of a request that make it conditional. Words with a $ stand for what
// is known: the current $tag and $date, an $old tag, dates $before and $after.
type precondition struct {
	fields  map[string]string
	refused string // where a success is wrong: "always", where the target is "there", or "missing"
	match   bool   // a GET of what is there is 304
	reads   bool   // only GET and HEAD are asked
}

const otherTag = `"restmachinetest-other"`

// preconditions are the preconditions that are tried (RFC 9110, 13 and 14).
var preconditions = []precondition{
	{},
	{fields: map[string]string{"If-Match": "$tag"}, refused: "missing"},
	{fields: map[string]string{"If-Match": "$old"}, refused: "always"},
	{fields: map[string]string{"If-Match": otherTag}, refused: "always"},
	{fields: map[string]string{"If-Match": "*"}, refused: "missing"},
	{fields: map[string]string{"If-Match": otherTag + ", $tag"}, refused: "missing"},
	{fields: map[string]string{"If-None-Match": "$tag"}, refused: "there", match: true},
	{fields: map[string]string{"If-None-Match": otherTag}},
	{fields: map[string]string{"If-None-Match": "*"}, refused: "there"},
	{fields: map[string]string{"If-None-Match": otherTag + ", $tag"}, refused: "there", match: true},
	{fields: map[string]string{"If-Modified-Since": "$before"}},
	{fields: map[string]string{"If-Modified-Since": "$date"}, match: true, reads: true},
	{fields: map[string]string{"If-Modified-Since": "$after"}, match: true, reads: true},
	{fields: map[string]string{"If-Unmodified-Since": "$before"}, refused: "there"},
	{fields: map[string]string{"If-Unmodified-Since": "$date"}},
	{fields: map[string]string{"If-Unmodified-Since": "$after"}},
	{fields: map[string]string{"If-None-Match": "$tag", "If-Modified-Since": "$date"}, refused: "there", match: true},
	{fields: map[string]string{"If-None-Match": "$tag", "If-Modified-Since": "$before"}, refused: "there"},
	{fields: map[string]string{"If-None-Match": otherTag, "If-Modified-Since": "$date"}},
	{fields: map[string]string{"If-Match": "$tag", "If-Unmodified-Since": "$before"}, refused: "missing"},
	{fields: map[string]string{"If-Match": otherTag, "If-Unmodified-Since": "$after"}, refused: "always"},
	{fields: map[string]string{"If-Match": "$tag", "If-None-Match": "$tag"}, refused: "always"},
	{fields: map[string]string{"Range": "bytes=0-0"}, reads: true},
	{fields: map[string]string{"Range": "bytes=-2"}, reads: true},
	{fields: map[string]string{"Range": "bytes=0-1,3-4"}, reads: true},
	{fields: map[string]string{"Range": "bytes=99999999-"}, reads: true},
	{fields: map[string]string{"Range": "bytes=0-3", "If-Range": "$tag"}, reads: true},
	{fields: map[string]string{"Range": "bytes=0-3", "If-Range": otherTag}, reads: true},
	{fields: map[string]string{"Range": "bytes=0-3", "If-Range": "$date"}, reads: true},
	{fields: map[string]string{"If-Match": `"not readable`}},
	{fields: map[string]string{"If-None-Match": `"not readable`}},
}

// of makes the fields of a condition for a target. ok is false where what they name is not known.
func (c *precondition) of(w *walker, uri string) (fields map[string]string, ok bool) {
	known := map[string]string{"$tag": "", "$date": "", "$before": "Sat, 01 Jan 2000 00:00:00 GMT", "$after": "Fri, 01 Jan 2100 00:00:00 GMT", "$old": w.oldTag(uri)}
	if v := w.views[uri]; v != nil {
		known["$tag"], known["$date"] = v.tag, v.date
	}
	fields = map[string]string{}
	for name, value := range c.fields {
		for word, is := range known {
			if strings.Contains(value, word) {
				if is == "" {
					return nil, false
				}
				value = strings.ReplaceAll(value, word, is)
			}
		}
		fields[name] = value
	}
	return fields, true
}

// oldTag is a strong tag that a resource had, and does not have now; "" where none is known.
func (w *walker) oldTag(uri string) string {
	v := w.views[uri]
	for _, tag := range w.tags[uri] {
		if v != nil && tag != v.tag && isStrong(tag) {
			return tag
		}
	}
	return ""
}

// readEach asks each site with each precondition that a GET may carry, as GET and as HEAD.
func (w *walker) readEach() {
	w.lookAtAll()
	for _, s := range w.sites {
		for i := range preconditions {
			w.readUnder(s, &preconditions[i])
		}
		w.send(w.reading(http.MethodOptions, s, variant{}))
		w.spellOtherwise(s)
	}
	for _, o := range w.operations() {
		if o.Method == http.MethodGet {
			for range 6 {
				w.send(w.draw(o))
			}
		} else if restmachine.Method(o.Method).Safe() && o.Method != http.MethodHead {
			for range 6 {
				w.send(w.fitting(o, w.anyTarget(o)))
			}
		}
	}
	w.lookAtAll()
}

// spellOtherwise asks for a site by other spellings of the numbers in its path. One record has one
// URI, since the lock and each cache go by it.
func (w *walker) spellOtherwise(s *site) {
	now := w.views[s.uri]
	for name, value := range s.values {
		if _, err := strconv.ParseUint(value, 10, 63); err != nil || now == nil || now.status != http.StatusOK {
			continue
		}
		for _, spelling := range []string{"0" + value, "+" + value} {
			at := maps.Clone(s.values)
			at[name] = spelling
			other := &site{op: s.op, uri: w.uri(s.op, at), values: at}
			if resp, ok := w.read(other, variant{}); ok && resp.StatusCode == http.StatusOK && bytes.Equal(resp.Body, now.body) {
				w.fault("alias "+s.op.Key(), s.uri, fmt.Sprintf("%s shows one record at two URIs, %s and %s: each has a lock of its own, so two writes with one If-Match can both be done. Take restmachine.Path[T] with an integer, which knows one spelling, or compare strconv.Itoa with what came", w.nameOf(s.op), s.uri, other.uri))
			}
		}
	}
}

func (w *walker) anyTarget(o contract.Operation) map[string]string {
	if all := w.targets(o, maxSites); len(all) > 0 {
		return all[w.IntN(len(all))]
	}
	return w.fresh(o)
}

// readUnder asks a site under a condition, and judges what comes.
func (w *walker) readUnder(s *site, c *precondition) {
	fields, ok := c.of(w, s.uri)
	if !ok || !w.exists(s) {
		return
	}
	get := w.reading(http.MethodGet, s, variant{})
	for name, value := range fields {
		get.Header.Set(name, value)
	}
	got, ok := w.send(get)
	head := get
	head.Method = http.MethodHead
	headed, asked := w.send(head)
	if !ok || !asked {
		return
	}
	if fields["Range"] == "" && !w.isMoving(s) && !w.moves[s.uri] {
		for _, fault := range headFaults(got, headed) {
			w.fault("head "+s.op.Key(), s.uri, w.nameOf(s.op)+": "+fault+": answer both by the same handler and the same facts")
		}
	}
	w.judgeRead(s, c, fields, got)
}

// writeEach sends each write under each precondition, to what there is and what there is not.
func (w *walker) writeEach() {
	type one struct {
		o contract.Operation
		c *precondition
	}
	var all []one
	for _, o := range w.unsafe() {
		for i := range preconditions {
			if c := &preconditions[i]; !c.reads {
				all = append(all, one{o, c})
			}
		}
	}
	for _, o := range w.unsafe() {
		w.judgeRequired(o)
	}
	w.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, one := range all {
		at := w.anyTarget(one.o)
		if w.known[one.o.Key()].Creates && w.IntN(4) == 0 {
			at = w.fresh(one.o)
		}
		w.write(w.fitting(one.o, at), one.c)
		if w.IntN(4) == 0 {
			w.write(w.wild(one.o), nil)
		}
	}
}

// wild draws a request that the App need not read.
func (w *walker) wild(o contract.Operation) drawn {
	r := w.draw(o)
	if w.IntN(2) == 0 {
		at := w.anyTarget(o)
		r.path = at
		_, query, _ := strings.Cut(r.Path, "?")
		r.Path = w.uri(o, at)
		if query != "" {
			r.Path += "?" + query
		}
	}
	return r
}

// deleteEach sends each DELETE under the preconditions that must refuse it, then under others.
func (w *walker) deleteEach() {
	for _, o := range w.operations(http.MethodDelete) {
		for _, refused := range []bool{true, false} {
			for i := range preconditions {
				if c := &preconditions[i]; !c.reads && (c.refused == "always" || c.refused == "there") == refused {
					w.write(w.fitting(o, w.anyTarget(o)), c)
				}
				if !refused && i%4 == 3 {
					w.createAgain(o, w.anyTarget(o))
					w.discover()
				}
			}
		}
	}
}
