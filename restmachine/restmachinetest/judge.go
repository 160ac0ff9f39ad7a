// This file judges the answers of a walk by what GETs show before and after. Faults go out.

package restmachinetest

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// write sends a write, under a condition that may be nil, and judges it by what GETs show before
// and after it. ok is false where it was not sent.
func (w *walker) write(r drawn, c *precondition) (resp restmachine.Response, ok bool) {
	uri := pathOf(r.Path)
	s := w.siteOf(r, uri)
	var before *view
	if s != nil {
		before = w.look(s, variant{})
	}
	if !w.guard(&r, c, uri) {
		return resp, false
	}
	if resp, ok = w.send(r); !ok {
		return resp, false
	}
	if done := resp.StatusCode < 300; done || resp.StatusCode >= 500 {
		w.writes = append(w.writes, w.routeOf(r))
		if done {
			w.judgeCondition(r, c, before, resp)
			w.judgeWrite(r, s, before, resp)
			w.lookAround(uri)
		}
		return resp, true
	}
	if s != nil && before != nil {
		w.judgeRefusal(r, s, before, resp)
	}
	return resp, true
}

// siteOf is the site that a write is about, whether or not there is something; nil where no GET
// can tell.
func (w *walker) siteOf(r drawn, uri string) *site {
	if s := w.siteAt(uri); s != nil {
		return s
	}
	for _, o := range w.operations(http.MethodGet) {
		if o.Path == r.route {
			return &site{op: o, uri: uri, values: r.path}
		}
	}
	return nil
}

// guard sets the fields of the condition. Without one, a write that needs a precondition names
// the current tag or date, so that it is done. Where no GET shows these, it names * instead.
func (w *walker) guard(r *drawn, c *precondition, uri string) bool {
	if c != nil {
		fields, ok := c.of(w, uri)
		for name, value := range fields {
			r.Header.Set(name, value)
		}
		return ok
	}
	if known := w.known[w.routeOf(*r)]; known.Required && preconditionsOf(r.Header) == "" {
		switch v := w.views[uri]; {
		case v == nil && known.Creates: // it may be missing
		case v == nil:
			r.Header.Set("If-Match", "*")
		case v.status != http.StatusOK:
			r.Header.Set("If-None-Match", "*")
		case isStrong(v.tag):
			r.Header.Set("If-Match", v.tag)
		case v.date != "":
			r.Header.Set("If-Unmodified-Since", v.date)
		}
	}
	return true
}

// lookAround looks at what a write may have changed: the site itself, what stands above it, and
// what lies below.
func (w *walker) lookAround(uri string) {
	most := fewPages
	if w.filling {
		most = maxPages
	}
	for _, s := range w.sites {
		if path := s.path(); path == uri || strings.HasPrefix(uri, path+"/") || strings.HasPrefix(path, uri+"/") {
			w.lookAt(s, most)
		}
	}
}

// judgeRead judges the answer to a GET under a condition.
func (w *walker) judgeRead(s *site, c *precondition, fields map[string]string, got restmachine.Response) {
	now := w.views[s.uri]
	of := w.nameOf(s.op)
	switch {
	case now == nil || now.status != http.StatusOK:
	case c.match && got.StatusCode == http.StatusOK && bytes.Equal(got.Body, now.body) && (got.Header.Get("ETag") == now.tag):
		if fields["If-None-Match"] == "" && now.date == "" {
			return
		}
		w.fault("no 304 "+s.op.Key(), s.uri, fmt.Sprintf("%s answered 200 to %v, and 304 is the answer to who has the current content (RFC 9110, 13.1.2)", of, fields))
	case w.moves[s.uri]:
	case got.StatusCode == http.StatusNotModified:
		full := restmachine.Response{StatusCode: http.StatusOK, Header: w.lastFields(s.uri)}
		for _, fault := range notModifiedFaults(full, got) {
			w.fault("304 "+s.op.Key(), s.uri, of+": "+fault)
		}
	case c.refused == "always" && got.StatusCode < 300:
		w.fault("false "+s.op.Key(), s.uri, fmt.Sprintf("%s answered %d to %v, which is false: 412 (RFC 9110, 13.1.1)", of, got.StatusCode, fields))
	}
	w.judgeSharing(s, got)
}

// lastFields are the fields of the last 200 to a GET of a URI without preconditions.
func (w *walker) lastFields(uri string) http.Header {
	for _, step := range slices.Backward(w.log) {
		if step.request.Method == http.MethodGet && step.request.Path == uri && step.response.StatusCode == http.StatusOK && step.request.Header.Get("Accept") == "" && step.request.Header.Get("Accept-Language") == "" && step.request.Header.Get("Accept-Encoding") == "" {
			return step.response.Header
		}
	}
	return nil
}

// judgeSharing judges what caches may do with an answer that not everybody may see.
func (w *walker) judgeSharing(s *site, got restmachine.Response) {
	policy := strings.ToLower(strings.Join(got.Header.Values("Cache-Control"), ","))
	if got.StatusCode != http.StatusOK || !w.known[s.op.Key()].Authorized || policy == "" {
		return
	}
	for _, word := range []string{"private", "no-store", "no-cache", "public"} {
		if strings.Contains(policy, word) {
			return
		}
	}
	w.fault("shared "+s.op.Key(), s.uri, fmt.Sprintf("%s is behind an Authorized, and says Cache-Control: %s: a cache may show the answer for one client to another. Say private, or public if everybody may see it (RFC 9111, 3.5)", w.nameOf(s.op), policy))
}

// judgeCondition finds a write that was done though its condition is false.
func (w *walker) judgeCondition(r drawn, c *precondition, before *view, resp restmachine.Response) {
	if c == nil || c.refused == "" {
		return
	}
	there := before != nil && before.status == http.StatusOK
	missing := before != nil && !there
	if c.refused == "always" || c.refused == "there" && there || c.refused == "missing" && missing {
		if strings.Contains(c.fields["If-Unmodified-Since"], "$before") && before.date == "" {
			return
		}
		of := w.routeOf(r)
		w.fault("done "+of, r.Path, fmt.Sprintf("%s answered %d to a precondition that is false: %v. It must be 412, and nothing written (RFC 9110, 13.1)", of, resp.StatusCode, preconditionsOf(r.Header)))
	}
}

// judgeRequired finds a write that needs a precondition which no client can meet.
func (w *walker) judgeRequired(o contract.Operation) {
	for _, at := range w.targets(o, 1) {
		uri := w.uri(o, at)
		if v := w.views[uri]; w.known[o.Key()].Required && v != nil && v.status == http.StatusOK && !isStrong(v.tag) && v.date == "" {
			w.fault("required "+o.Key(), uri, fmt.Sprintf("%s requires a precondition, and the only validator is the entity-tag %s: If-Match compares strongly (RFC 9110, 13.1.1), so each such write is 412. Give it a strong tag, or a LastModified", w.nameOf(o), orNone(v.tag)))
		}
	}
}

// preconditionsOf are the preconditions of a request, for reports.
func preconditionsOf(h http.Header) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if strings.HasPrefix(name, "If-") {
			all = append(all, name+": "+strings.Join(h[name], ", "))
		}
	}
	return strings.Join(all, "; ")
}

// judgeRefusal finds a refusal that changed what a GET shows.
func (w *walker) judgeRefusal(r drawn, s *site, before *view, resp restmachine.Response) {
	quiet := w.strict
	w.strict = false // it is reported here
	now := w.look(s, variant{})
	w.strict = quiet
	if now == nil || !newExchange(r.Request, resp).refused() || before.status != http.StatusOK || now.status != http.StatusOK || bytes.Equal(before.body, now.body) || w.isMoving(s) {
		return
	}
	w.judged[s.uri] = true
	of := w.routeOf(r)
	w.fault("refused"+of, r.Path, fmt.Sprintf("%s answered %d, and %s", of, resp.StatusCode, refusedAndChanged(string(before.body), string(now.body))))
}

// isMoving reports whether the content of a site changes by itself.
func (w *walker) isMoving(s *site) bool { return slices.Contains(w.how.Moving, w.nameOf(s.op)) }

// judgeWrite judges a write that succeeded by what the next GET shows.
func (w *walker) judgeWrite(r drawn, s *site, before *view, resp restmachine.Response) {
	of := w.routeOf(r)
	if resp.StatusCode == http.StatusCreated {
		if s = w.created(r, s, resp, of); s == nil {
			return
		}
	}
	if s != nil && w.siteAt(s.uri) == nil {
		w.sites = append(w.sites, s)
	}
	if s == nil || resp.StatusCode == http.StatusAccepted || r.Method == http.MethodPost && resp.StatusCode != http.StatusCreated {
		return
	}
	now := w.look(s, variant{})
	if now == nil {
		return
	}
	switch found := now.status == http.StatusOK; {
	case r.Method == http.MethodDelete:
		if found && before != nil && before.tag == now.tag && bytes.Equal(before.body, now.body) {
			w.fault("deleted "+of, r.Path, fmt.Sprintf("%s answered %d, and the next GET shows what was deleted: delete it in the store, or answer 202 by DeleteCompleted while it is pending", of, resp.StatusCode))
		}
		return
	case !found && now.status != http.StatusNotFound && now.status != http.StatusGone:
		return
	case !found:
		w.fault("unseen "+of, r.Path, fmt.Sprintf("%s answered %d, and the next GET of %s is %d: store what was written where GET looks, or say with a Location where it is", of, resp.StatusCode, s.uri, now.status))
		return
	}
	w.hear(r, before, now)
	if asked := variantOf(r.Header); asked != (variant{}) {
		if now = w.look(s, asked); now == nil {
			return
		}
	}
	w.judgeAnswer(r, s, now, resp, of)
}

// created is the site that a 201 created. It finds a Location that leads nowhere.
func (w *walker) created(r drawn, s *site, resp restmachine.Response, of string) *site {
	location := resp.Header.Get("Location")
	if location == "" || !strings.HasPrefix(location, "/") {
		if r.Method == http.MethodPost {
			return nil
		}
		return s
	}
	w.discover()
	if there := w.siteAt(location); there != nil {
		return there
	}
	get := drawn{Request: restmachine.Request{Method: http.MethodGet, Path: location, Header: http.Header{}}}
	w.introduce(&get)
	if found, ok := w.send(get); ok && (found.StatusCode == http.StatusNotFound || found.StatusCode == http.StatusGone) {
		w.fault("location "+of, location, fmt.Sprintf("%s answered 201 with Location %s, and a GET of that is %d: let the Location fact, or Created, name the path under which it can be read", of, location, found.StatusCode))
	}
	return nil
}

// judgeAnswer compares what a write answered with what the next GET shows.
func (w *walker) judgeAnswer(r drawn, s *site, now *view, resp restmachine.Response, of string) {
	shows := resp.Header.Get("Content-Location") == s.uri && resp.Header.Get("Content-Type") == now.media && len(resp.Body) > 0
	tag, date := resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
	advice := "return the value that was stored, with its new version, and not the one that was replaced"
	switch {
	case w.isMoving(s), w.moves[s.uri]:
	case shows && !bytes.Equal(resp.Body, now.body):
		w.fault("answer "+of, r.Path, fmt.Sprintf("%s answered %s, and the next GET shows %s: %s", of, excerpt(resp.Body), excerpt(now.body), advice))
	case tag != "" && tag != now.tag:
		w.fault("answer "+of, r.Path, fmt.Sprintf("%s answered with the entity-tag %s, and the next GET has %s, so the client's next If-Match is refused: %s", of, tag, orNone(now.tag), advice))
	case date != "" && date != now.date:
		w.fault("answer "+of, r.Path, fmt.Sprintf("%s answered with Last-Modified %s, and the next GET has %s: %s", of, date, orNone(now.date), advice))
	}
}

// A hearing is what became of the PUTs and PATCHes of an operation.
type hearing struct {
	uri      string
	contents map[string]bool
	changed  bool
}

// enough is how many contents must have changed nothing.
const enough = 3

// hear notes whether a write changed what GET shows.
func (w *walker) hear(r drawn, before, now *view) {
	if before == nil || before.status != http.StatusOK || len(r.Body) == 0 || !w.shares(r, now) {
		return
	}
	of := w.routeOf(r)
	h := w.deaf[of]
	if h == nil {
		h = &hearing{r.Path, map[string]bool{}, false}
		w.deaf[of] = h
	}
	h.contents[string(r.Body)] = true
	h.changed = h.changed || !bytes.Equal(before.body, now.body)
}

// shares reports whether a content and what GET shows have a member of one name with different values.
func (w *walker) shares(r drawn, now *view) bool {
	sent, err := contract.Decode(r.Body)
	shown, wrong := contract.Decode(now.body)
	a, _ := sent.(map[string]any)
	b, _ := shown.(map[string]any)
	if err != nil || wrong != nil {
		return false
	}
	for name, value := range a {
		if other, ok := b[name]; ok && contract.PlainText(value) != contract.PlainText(other) {
			return true
		}
	}
	return false
}

// judgeDeaf reports writes that succeed and never change what GET shows.
func (w *walker) judgeDeaf() {
	for _, of := range slices.Sorted(maps.Keys(w.deaf)) {
		if h := w.deaf[of]; !h.changed && len(h.contents) >= enough {
			w.fault("deaf "+of, h.uri, fmt.Sprintf("%s succeeded with %d different contents, and none of them changed what GET shows: store what was sent", of, len(h.contents)))
		}
	}
}

// changedByReading reports a GET that writes, and looks for it.
func (w *walker) changedByReading(s *site, v variant, before, now *view) {
	if w.inquiry || w.isMoving(s) || w.judged[s.uri] {
		return
	}
	w.inquiry = true
	defer func() { w.inquiry = false }()
	by, last := "one of the GETs, HEADs and OPTIONS since", now
	for _, other := range append([]*site{s}, w.sites...) {
		w.read(other, variant{})
		next := w.look(s, v)
		if next == nil {
			break
		}
		if !bytes.Equal(last.body, next.body) {
			by = w.nameOf(other.op)
			break
		}
		last = next
	}
	w.judged[s.uri] = true
	w.fault("reading "+s.op.Key(), s.uri, fmt.Sprintf("%s shows other content than before, and nothing was written: it was %s, and is %s. It was changed by %s. A GET must not change anything (RFC 9110, 9.2.1): write in a POST, and count visits outside of what is shown. If the content changes by itself, name %q in Walk.Moving",
		w.nameOf(s.op), excerpt(before.body), excerpt(now.body), by, w.nameOf(s.op)))
}

// raceOf sends copies of a write at once that name the current tag: one of them may succeed.
func (w *walker) raceOf(o contract.Operation) {
	for _, at := range w.targets(o, 1) {
		uri := w.uri(o, at)
		s := w.siteAt(uri)
		if s == nil || w.judged[uri] || o.Method != http.MethodPut && o.Method != http.MethodPatch {
			return
		}
		for range 5 { // some contents are refused
			v := w.look(s, variant{})
			if v == nil || v.status != http.StatusOK || !isStrong(v.tag) {
				return
			}
			r := w.fitting(o, at)
			r.Header.Set("If-Match", v.tag)
			w.writes = append(w.writes, w.routeOf(r))
			all := w.race(r, 4)
			won := slices.ContainsFunc(all, func(resp restmachine.Response) bool { return resp.StatusCode < 300 })
			w.lookAround(uri)
			if after := w.views[uri]; won && after.tag != v.tag {
				if fault := judge(newExchange(r.Request, restmachine.Response{}), all); fault != "" {
					w.fault("race "+o.Key(), uri, w.nameOf(o)+" loses updates: 4 copies of one write, with the current entity-tag in If-Match, were sent at once, and "+fault)
				}
				return
			}
		}
	}
}
