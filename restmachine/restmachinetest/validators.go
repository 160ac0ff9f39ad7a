// This file checks validators. What GETs show before and after writes comes in. Out go errors of
// the test where a tag or a date does not say what became of the content.

package restmachinetest

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// CheckValidators reports entity-tags and dates that do not tell whether the content is another
// one. It reads each resource twice, in each variant that is offered (media types, languages,
// codings). Then it writes, with contents that are drawn from the types of the App, and reads
// again after each write. At the end it deletes, and creates anew. It finds
//
//   - a tag or a date that moves though nothing was written: there is never a 304;
//   - content that changed under the same tag, or under a date that is the only validator: a
//     client keeps the old content, and a write over a newer version is accepted;
//   - a field of the representation that changed under the same tag: Link, Content-Type,
//     Content-Language, Content-Disposition, Content-Encoding, Content-Location or Repr-Digest. A
//     field that moves without a write is not compared;
//   - a date that goes back;
//   - a tag that comes again for other content, because a version begins at 1 again after a
//     DELETE;
//   - a strong tag that two variants with different bytes share;
//   - an answer to a write whose tag or content the next GET contradicts.
//
// Each fault says what to do. The requests are the same at each run, as far as the App is. They
// write: give the App a store of its own. CheckValidators(t, app) is enough where nothing has
// to be said. Otherwise pass one Walk.
func CheckValidators(t testing.TB, app *restmachine.App, how ...Walk) {
	t.Helper()
	w := newWalker(t, app, "CheckValidators", how)
	w.discover()
	w.standStill()
	w.fill()
	for range 2 {
		for _, o := range w.unsafe() {
			for _, at := range w.targets(o, 2) {
				w.writeUntil(o, at)
			}
			if w.known[o.Key()].Creates {
				w.writeUntil(o, w.fresh(o))
			}
			w.lookAtAll()
		}
		w.discover()
		w.lookAtAll()
	}
	w.deleteAndCreate()
	w.drain()
	w.fill()
	w.report()
}

// writeUntil sends writes of an operation until two have succeeded.
func (w *walker) writeUntil(o contract.Operation, at map[string]string) {
	done := 0
	for range 6 {
		if resp, ok := w.write(w.fitting(o, at), nil); ok && resp.StatusCode < 300 {
			done++
		}
		if done == 2 || w.over {
			return
		}
	}
}

// standStill reads everything twice. A date of this very second is read once more in the next
// one, since a clock may stand behind it.
func (w *walker) standStill() {
	w.lookAtAll()
	w.lookAtAll()
	for _, v := range w.views {
		if date, err := http.ParseTime(v.date); err == nil && time.Since(date).Abs() < 3*time.Second {
			time.Sleep(1100 * time.Millisecond)
			w.lookAtAll()
			return
		}
	}
}

// deleteAndCreate deletes what there is, and creates it anew: by PUT where that can create, and
// by POST otherwise, which may give the old URI again.
func (w *walker) deleteAndCreate() {
	for range 2 {
		for _, o := range w.operations(http.MethodDelete) {
			for _, at := range w.targets(o, maxSites) {
				if resp, ok := w.write(w.fitting(o, at), nil); !ok || resp.StatusCode >= 300 {
					continue
				}
				w.lookAtAll()
				w.createAgain(o, at)
				w.lookAtAll()
			}
		}
	}
}

// fill creates a few records and deletes them, some times over, where a GET takes a query. So each page
// with one, two or three of them is seen before and after the record behind it comes and goes.
func (w *walker) fill() { w.fillAll(w.operations(http.MethodDelete)) }

// fillFirst is fill for what stands at the top, before anything else is written.
func (w *walker) fillFirst() {
	w.fillAll(slices.DeleteFunc(w.operations(http.MethodDelete), func(o contract.Operation) bool { return strings.Count(o.Path, "{") > 1 }))
}

// fillAll is fill for what these operations delete.
func (w *walker) fillAll(deletes []contract.Operation) {
	if !w.hasPages() {
		return
	}
	there := map[string]bool{}
	for _, o := range deletes {
		for _, at := range w.targets(o, maxFilled) {
			there[w.uri(o, at)] = true
		}
	}
	w.filling = true
	learned := map[string][]string{}
	for name, values := range w.learned {
		learned[name] = slices.Clone(values)
	}
	defer func() { w.filling, w.learned = false, learned }() // what was created is gone
	for range 3 {
		for _, o := range w.unsafe() {
			w.createSome(o, deletes)
		}
		for _, o := range deletes {
			for _, at := range w.targets(o, maxPages) {
				if !there[w.uri(o, at)] {
					w.write(w.fitting(o, at), nil)
				}
			}
		}
	}
}

// hasPages reports whether a GET shows something else to another query.
func (w *walker) hasPages() bool {
	return slices.ContainsFunc(w.sites, func(s *site) bool { return len(s.pages) > 0 })
}

// createSome creates four records by an operation, where it creates what one of the others deletes.
func (w *walker) createSome(o contract.Operation, deletes []contract.Operation) {
	puts := o.Method == http.MethodPut && w.known[o.Key()].Creates
	if !slices.ContainsFunc(deletes, func(of contract.Operation) bool {
		return puts && of.Path == o.Path || o.Method == http.MethodPost && strings.HasPrefix(of.Path, strings.TrimSuffix(o.Path, "/")+"/{")
	}) {
		return
	}
	for done, tries := 0, 0; done < 4 && tries < 12 && !w.over; tries++ {
		at := w.fresh(o)
		if !puts {
			at = w.anyTarget(o)
		}
		if resp, ok := w.write(w.fitting(o, at), nil); ok && resp.StatusCode == http.StatusCreated {
			done++
		}
	}
}

// drain deletes all that is known, where a GET takes a query, until nothing more is found.
func (w *walker) drain() {
	if !w.hasPages() {
		return
	}
	for done, rounds := true, 0; done && rounds < 6; rounds++ {
		done = false
		for _, o := range w.operations(http.MethodDelete) {
			for _, at := range w.targets(o, maxFilled) {
				resp, ok := w.write(w.fitting(o, at), nil)
				done = done || ok && resp.StatusCode < 300
			}
		}
		w.lookAtAll()
	}
}

// createAgain creates what was deleted.
func (w *walker) createAgain(deleted contract.Operation, at map[string]string) {
	for _, o := range w.unsafe() {
		switch {
		case o.Method == http.MethodPut && o.Path == deleted.Path && w.known[o.Key()].Creates:
			w.write(w.fitting(o, at), nil)
			return
		case o.Method == http.MethodPost && len(o.Path) < len(deleted.Path):
			w.write(w.fitting(o, at), nil)
		}
	}
}

// A view is what a GET showed of a variant of a site.
type view struct {
	status    int
	tag, date string
	media     string
	body      []byte
	fields    map[string]string // those that belong to the representation
	writes    int               // how many there were before it
}

// represented are the fields that belong to a representation: a client that is told by a 304 that
// it has the current one keeps them as they were (RFC 9110, 8.3 and 15.4.5; RFC 8288).
var represented = []string{"Content-Disposition", "Content-Encoding", "Content-Language", "Content-Location", "Content-Type", "Link", "Repr-Digest"}

// fieldsOf are the fields of a representation.
func fieldsOf(h http.Header) map[string]string {
	all := map[string]string{}
	for _, name := range represented {
		if lines := h.Values(name); len(lines) > 0 {
			all[name] = strings.Join(lines, ", ")
		}
	}
	return all
}

// lookAtAll looks at each variant of each site.
func (w *walker) lookAtAll() {
	for _, s := range w.sites {
		w.lookAt(s, maxPages)
	}
}

// lookAt looks at each variant of a site, and at so many of its pages. What they showed before it was
// missing is not compared.
func (w *walker) lookAt(s *site, most int) {
	for _, v := range w.variantsOf(s.op) {
		w.look(s, v)
	}
	there := w.exists(s)
	if there && !s.opened {
		w.open(s)
	}
	for i, page := range s.pages {
		if there && i >= most {
			break
		}
		if there {
			w.look(page, variant{})
		} else {
			delete(w.views, page.uri)
		}
	}
}

// look sends a GET, and compares what it shows with what was seen before.
func (w *walker) look(s *site, v variant) *view {
	resp, ok := w.read(s, v)
	if !ok {
		return nil
	}
	now := &view{resp.StatusCode, resp.Header.Get("ETag"), resp.Header.Get("Last-Modified"), resp.Header.Get("Content-Type"), resp.Body, fieldsOf(resp.Header), len(w.writes)}
	key := s.uri
	if v != (variant{}) {
		key += " " + v.String()
	}
	before := w.views[key]
	w.views[key] = now
	if now.status == http.StatusOK {
		w.compare(s, v, key, before, now)
	}
	return now
}

// remember keeps which content a tag stood for.
func (w *walker) remember(s *site, v variant, key string, now *view) {
	if w.shown[key] == nil {
		w.shown[key] = map[string]*view{}
	}
	if now.tag == "" {
		return
	}
	w.shown[key][now.tag] = now
	if tags := w.tags[s.uri]; v == (variant{}) && (len(tags) == 0 || tags[len(tags)-1] != now.tag) {
		w.tags[s.uri] = append(tags, now.tag)
	}
}

// compare judges what a GET shows by what was seen before: nil is nothing.
func (w *walker) compare(s *site, v variant, key string, before, now *view) {
	earlier, again := w.shown[key][now.tag]
	was := before != nil && before.status == http.StatusOK
	if was && before.writes == now.writes {
		w.loosen(s, before, now)
	}
	same := was && w.difference(s, before, now) == ""
	switch {
	case w.moves[s.uri]: // nothing else can be said of it
	case was && before.writes == now.writes:
		w.compareWithoutWrite(s, v, before, now, bytes.Equal(before.body, now.body))
	case was && !same && before.tag == now.tag && now.tag != "":
		w.stays(s, v, before, now, "")
	case again && w.difference(s, earlier, now) != "":
		w.wrong(s, v, "again", fmt.Sprintf("has the entity-tag %s again, which stood for other content before: %s. Who has kept that content is told that it is current (304), and may write over what came since. Let the version of a resource that is created anew go on where the deleted one ended, or begin at a time or a random number; or make the tag of the content, by restmachine.HashETag", now.tag, w.difference(s, earlier, now)))
	case was && !same && now.tag == "" && now.date != "" && before.date == now.date:
		w.wrong(s, v, "second", fmt.Sprintf("changed, and its only validator, the Last-Modified %s, did not: two changes in one second look like one, so a client keeps the first, and If-Unmodified-Since does not see the second. Give it a GenerateETag of a version, or AutoETag(restmachine.Strong)", now.date))
	case was && isBefore(now.date, before.date):
		w.wrong(s, v, "back", fmt.Sprintf("has the Last-Modified %s, and had %s before the last write: a date must not go back, since If-Modified-Since then says that nothing has changed. Count it up with each write", now.date, before.date))
	}
	w.remember(s, v, key, now)
}

// compareWithoutWrite judges two GETs between which nothing was written.
func (w *walker) compareWithoutWrite(s *site, v variant, before, now *view, same bool) {
	moves := func(what, was, is string) {
		w.moves[s.uri] = true
		w.wrong(s, v, "moves", fmt.Sprintf("shows the same content, and its %s moves though nothing was written: it was %s, and is %s. So no client ever gets a 304, and a precondition that names it fails. Make it of what is stored, and not of the time, a random number, a pointer, or the order of a map",
			what, orNone(was), orNone(is)))
	}
	switch {
	case same && before.tag != now.tag:
		moves("entity-tag", before.tag, now.tag)
	case same && before.date != now.date:
		moves("Last-Modified", before.date, now.date)
	case !same && before.tag == now.tag && isStrong(now.tag):
		w.stays(s, v, before, now, "without any write, ")
	}
	if !same && w.strict {
		w.changedByReading(s, v, before, now)
	}
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// stays reports content that changed under its tag.
func (w *walker) stays(s *site, v variant, before, now *view, how string) {
	by := ""
	if how == "" {
		by = w.writes[len(w.writes)-1] + " "
	}
	if bytes.Equal(before.body, now.body) {
		w.wrong(s, v, "stays", fmt.Sprintf("changed %sand its entity-tag stayed %s, though not in its content: %s. So a client keeps the old field (304). Make the tag of all that is shown, this field too: hash what it is made of with the content, by restmachine.HashETag", byText(by), now.tag, w.difference(s, before, now)))
		return
	}
	w.wrong(s, v, "stays", fmt.Sprintf("changed %s%sand its entity-tag stayed %s: %s. So a client keeps the old content (304), and a write over a newer version is accepted. Count the version up in each write, or make the tag of all that is shown, by restmachine.HashETag or AutoETag(restmachine.Strong)",
		how, byText(by), now.tag, w.difference(s, before, now)))
}

// difference says in what a site shows something else than before: in its content, or in a field of
// the representation that does not move by itself. "" is in nothing.
func (w *walker) difference(s *site, before, now *view) string {
	if !bytes.Equal(before.body, now.body) {
		return excerpt(before.body) + ", and now " + excerpt(now.body)
	}
	for _, name := range represented {
		if was, is := before.fields[name], now.fields[name]; was != is && !w.loose[s.uri+" "+name] {
			return fmt.Sprintf("its %s was %s, and is %s", name, orNone(was), orNone(is))
		}
	}
	return ""
}

// loosen notes the fields that moved between two GETs without a write: nothing can be said of them.
func (w *walker) loosen(s *site, before, now *view) {
	for _, name := range represented {
		if before.fields[name] != now.fields[name] && bytes.Equal(before.body, now.body) {
			w.loose[s.uri+" "+name] = true
		}
	}
}

// byText says after which write.
func byText(write string) string {
	if write == "" {
		return ""
	}
	return "after " + write
}

// wrong notes a fault of the validators of a site.
func (w *walker) wrong(s *site, v variant, kind, what string) {
	w.judged[s.uri] = true
	of := w.nameOf(s.op)
	if v != (variant{}) {
		of += " (" + v.String() + ")"
	}
	w.fault(kind+" "+s.op.Key(), s.uri, of+" "+what)
}

// isBefore reports whether an HTTP-date lies before another one.
func isBefore(a, b string) bool {
	x, err := http.ParseTime(a)
	y, wrong := http.ParseTime(b)
	return err == nil && wrong == nil && x.Before(y)
}
