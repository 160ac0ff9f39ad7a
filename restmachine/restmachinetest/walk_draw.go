// This file draws the requests of a walk: an operation comes in, and a request goes out that the
// App should read. It also writes requests down, so that a fault can be seen again.

package restmachinetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// A variant is one of the representations of a resource: what the client asks for.
type variant struct{ media, language, coding string }

// String is the variant as part of a key; "" for the default one.
func (v variant) String() string {
	return strings.Trim(fmt.Sprint(v.media, " ", v.language, " ", v.coding), " ")
}

// fields are the fields that ask for the variant.
func (v variant) fields() map[string]string {
	all := map[string]string{}
	for name, value := range map[string]string{"Accept": v.media, "Accept-Language": v.language, "Accept-Encoding": v.coding} {
		if value != "" {
			all[name] = value
		}
	}
	return all
}

// variantOf is what a request asks for.
func variantOf(h http.Header) variant {
	return variant{h.Get("Accept"), h.Get("Accept-Language"), h.Get("Accept-Encoding")}
}

// maxVariants is how many variants of one resource are asked for.
const maxVariants = 12

// variantsOf are the variants that a GET offers: the default one, each media type, language and
// coding, and their pairs.
func (w *walker) variantsOf(o contract.Operation) []variant {
	known := w.known[o.Key()]
	medias, languages, codings := []string{""}, []string{""}, []string{""}
	for _, media := range w.document.MediaOf(o) {
		if !strings.Contains(media, "*") && !strings.HasPrefix(media, "application/problem") {
			medias = append(medias, media)
		}
	}
	if len(medias) == 2 {
		medias = medias[:1] // what is asked for is the default
	}
	languages = append(languages, known.Languages...)
	for _, coding := range known.Codings {
		if coding != "identity" {
			codings = append(codings, coding)
		}
	}
	var all []variant
	for _, coding := range codings {
		for _, language := range languages {
			for _, media := range medias {
				all = append(all, variant{media, language, coding})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b variant) int { return a.parts() - b.parts() })
	return all[:min(len(all), maxVariants)]
}

// parts is how many fields ask for the variant.
func (v variant) parts() int { return len(v.fields()) }

// targets are values of the parameters of an operation: first those of what a GET has shown.
func (w *walker) targets(o contract.Operation, most int) []map[string]string {
	var all []map[string]string
	add := func(values map[string]string) {
		if !slices.ContainsFunc(all, func(other map[string]string) bool { return w.uri(o, other) == w.uri(o, values) }) {
			all = append(all, values)
		}
	}
	names := slices.DeleteFunc(slices.Clone(o.Parameters), func(p contract.Parameter) bool { return p.In != "path" })
	if len(names) == 0 {
		return []map[string]string{{}}
	}
	has := func(s *site) bool {
		return !slices.ContainsFunc(names, func(p contract.Parameter) bool { _, ok := s.values[p.Name]; return !ok })
	}
	for _, samePath := range []bool{true, false} {
		for _, s := range slices.Backward(w.sites) {
			if has(s) && w.exists(s) && (s.op.Path == o.Path) == samePath {
				add(s.values)
			}
		}
	}
	for _, values := range w.filled(o) {
		add(values)
	}
	return all[:min(len(all), most)]
}

// fresh is the values of a path that are drawn: mostly of something that does not exist.
func (w *walker) fresh(o contract.Operation) map[string]string {
	values := map[string]string{}
	known := w.targets(o, 1)
	for _, p := range o.Parameters {
		if p.In != "path" {
			continue
		}
		text := contract.PlainText(w.Draw(p.Schema))
		if text == "" || text == "." || text == ".." || !contract.IsPrintable(text) {
			text = "nobody"
		}
		values[p.Name] = text
	}
	for i, p := range slices.Backward(o.Parameters) { // parents exist
		if p.In == "path" && i > 0 && len(known) > 0 && o.Parameters[i-1].In == "path" {
			values[o.Parameters[i-1].Name] = known[0][o.Parameters[i-1].Name]
		}
	}
	return values
}

// fitting draws a request of an operation that the document allows.
func (w *walker) fitting(o contract.Operation, values map[string]string) drawn {
	var r drawn
	for range 40 {
		r = drawn{Request: restmachine.Request{Method: o.Method, Path: w.uri(o, values) + w.neededQuery(o), Header: http.Header{}}, route: o.Path, path: values, fits: true}
		w.introduce(&r)
		w.drawContent(&r, o)
		if r.fits && r.wrong == "" && (len(o.Bodies) == 0 || len(r.Body) > 0) {
			break
		}
	}
	if w.IntN(2) == 0 {
		w.edit(o, &r)
	}
	return r
}

// neededQuery draws the parameters of the query that an operation requires. "" is none. The others
// are drawn for GETs alone: with some, such as one for a trial, a write does something else.
func (p *player) neededQuery(o contract.Operation) string {
	if query := p.fittingQuery(o, 0); len(query) > 0 {
		return "?" + query.Encode()
	}
	return ""
}

// fittingQuery draws a query that should be read. Of ten parameters that may lack it has so many.
func (p *player) fittingQuery(o contract.Operation, ofTen int) url.Values {
	query := url.Values{}
	for _, of := range o.Parameters {
		if of.In != "query" || !of.Required && p.IntN(10) >= ofTen {
			continue
		}
		if texts, fits := p.queryTexts(of); fits || of.Required {
			query[of.Name] = texts
		}
	}
	return query
}

// queryTexts is a value of a parameter of the query: mostly one of few, such as a small number, or
// one that is known. fits is as that of textsOf.
func (p *player) queryTexts(of contract.Parameter) (texts []string, fits bool) {
	if few := p.document.Choices(of.Schema); len(few) > 0 && p.IntN(4) > 0 {
		return []string{few[p.IntN(len(few))]}, true
	}
	return p.textsOf(of)
}

// tries is how many queries are tried of an operation: one where it needs none.
func (w *walker) tries(o contract.Operation) int {
	if slices.ContainsFunc(o.Parameters, func(of contract.Parameter) bool { return of.In == "query" && of.Required }) {
		return maxPages
	}
	return 1
}

// open finds the pages of a site: what it shows to each value of a parameter that has few, or that is
// known, and to queries that are drawn.
func (w *walker) open(s *site) {
	s.opened = true
	var queries []url.Values
	for i := range 3 {
		for _, of := range s.op.Parameters {
			if of.In != "query" {
				continue
			}
			if values := w.valuesOfQuery(of); i < len(values) {
				query := w.fittingQuery(s.op, 0)
				query.Set(of.Name, values[i])
				queries = append(queries, query)
			}
		}
	}
	queries = queries[:min(len(queries), maxPages-3)]
	for range 3 {
		queries = append(queries, w.fittingQuery(s.op, 5))
	}
	known := map[string]bool{s.uri: true, s.path() + "?": true}
	for _, query := range queries {
		page := &site{op: s.op, uri: s.path() + "?" + query.Encode(), values: s.values}
		if known[page.uri] {
			continue
		}
		known[page.uri] = true
		if resp, ok := w.read(page, variant{}); ok && resp.StatusCode == http.StatusOK {
			s.pages = append(s.pages, page)
		}
	}
}

// valuesOfQuery are values of a parameter of the query, each of which is asked for.
func (w *walker) valuesOfQuery(of contract.Parameter) []string {
	all := slices.Concat(w.how.Values[of.Name], w.document.Choices(of.Schema))
	if len(all) > 0 {
		return all
	}
	known := w.valuesOf(of)
	return known[max(0, len(known)-1):]
}

// edit makes of the content an edited representation, as a client would: what is there, with one
// member changed. Where the App does not take all of that, it is the other way round.
func (w *walker) edit(o contract.Operation, r *drawn) {
	v := w.views[pathOf(r.Path)]
	if v == nil || v.status != http.StatusOK || !contract.IsJSON(r.Header.Get("Content-Type")) {
		return
	}
	current, err := contract.Decode(v.body)
	if err != nil {
		return
	}
	content, err := contract.Decode(r.Body)
	if err != nil {
		return
	}
	of, edited := leavesOf(content), []any{}
	if len(of) > 0 {
		one := of[w.IntN(len(of))]
		edited = append(edited, merged(current, content, one, true), merged(content, current, one, false))
	}
	for _, value := range edited {
		for _, body := range o.Bodies {
			if text, err := json.Marshal(value); err == nil && contract.IsJSON(body.Media) && len(w.document.Check(body.Schema, value, false)) == 0 {
				r.Body = text
				return
			}
		}
	}
}

// leavesOf are the places of the members of a value that are not objects.
func leavesOf(value any) (all [][]string) {
	members, ok := value.(map[string]any)
	if !ok {
		return [][]string{nil}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		for _, rest := range leavesOf(members[name]) {
			all = append(all, append([]string{name}, rest...))
		}
	}
	return all
}

// merged is base with members of other: the one at a place, or all but that one which base has, too.
func merged(base, other any, at []string, one bool) any {
	a, ok := base.(map[string]any)
	b, too := other.(map[string]any)
	if !ok || !too || len(at) == 0 && one {
		return other
	}
	all := maps.Clone(a)
	for name, value := range b {
		_, known := a[name]
		switch onWay := len(at) > 0 && at[0] == name; {
		case onWay && (one || len(at) > 1):
			all[name] = merged(a[name], value, at[1:], one)
		case !onWay && !one && known:
			all[name] = value
		}
	}
	return all
}

// maxReplayed is how many requests a replay shows.
const maxReplayed = 5

// replay shows the last requests about a URI as Go, without reads that showed nothing new, and how
// to come there again.
func (w *walker) replay(uri string) string {
	full, isPage := uri, w.views[uri] != nil
	uri = pathOf(uri)
	var lines []string
	shown := "" // by the read that was noted last; "" after a write
	for i, s := range slices.Backward(w.log) {
		path := pathOf(s.request.Path)
		reads, answer := restmachine.Method(s.request.Method).Safe(), inShort(s.response)
		about := path == uri && (!reads || !isPage || s.request.Path == full) || !reads && (strings.HasPrefix(uri, path+"/") || strings.HasPrefix(path, uri+"/"))
		last := i == len(w.log)-1
		if !about || reads && !last && (s.request.Method != http.MethodGet || s.response.StatusCode != http.StatusOK && shown != "" || answer == shown) {
			continue
		}
		lines = append(lines, "\n\t\t"+goCode(s.request)+" // "+answer)
		if shown = ""; reads {
			shown = answer
		}
		if len(lines) == maxReplayed {
			break
		}
	}
	slices.Reverse(lines)
	return fmt.Sprintf("\n\tThe last requests about it are these. %s(t, app, restmachinetest.Walk{Seed: %d, Requests: %d}) sends all of them again.%s",
		w.name, w.how.Seed, len(w.log), strings.Join(lines, ""))
}

// goCode is a request as Go, for a test with a Client.
func goCode(r restmachine.Request) string {
	methods := map[string]string{"GET": "Get", "HEAD": "Head", "POST": "Post", "PUT": "Put", "PATCH": "Patch", "DELETE": "Delete"}
	code := "client.Method(" + strconv.Quote(r.Method) + ", " + strconv.Quote(r.Path) + ")"
	if name := methods[r.Method]; name != "" {
		code = "client." + name + "(" + strconv.Quote(r.Path) + ")"
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if name == "Content-Type" && len(r.Body) > 0 {
			continue
		}
		code += ".Header(" + strconv.Quote(name)
		for _, line := range r.Header[name] {
			code += ", " + goText(line)
		}
		code += ")"
	}
	if len(r.Body) > 0 {
		code += ".Body(" + strconv.Quote(r.Header.Get("Content-Type")) + ", " + goText(string(r.Body)) + ")"
	}
	return code + ".Expect(t)"
}

// goText is a text as Go, with as few backslashes as it can have.
func goText(text string) string {
	if strings.Contains(text, `"`) && strconv.CanBackquote(text) {
		return "`" + text + "`"
	}
	return strconv.Quote(text)
}

// inShort is an answer in short.
func inShort(resp restmachine.Response) string {
	text := strconv.Itoa(resp.StatusCode)
	for _, name := range []string{"ETag", "Last-Modified", "Location", "Link"} {
		if value := resp.Header.Get(name); value != "" {
			text += ", " + name + " " + value
		}
	}
	if body := string(resp.Body); body != "" && len(body) <= 120 && !strings.Contains(body, "\n") {
		text += ", " + body
	}
	return text
}
