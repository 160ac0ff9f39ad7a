// This file draws the requests of a document. An operation comes in, and what earlier answers
// taught. A request goes out, and whether the document allows it.

package restmachinetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// A drawn request is one with what is known of it.
type drawn struct {
	restmachine.Request
	route  string            // the path of its operation, as the document has it; "": it is not known
	path   map[string]string // the values of its parameters
	fits   bool              // the document allows all of it
	wrong  string            // in what its content or its query does not fit, where the App reads by the schema alone
	asText bool              // it prefers text/plain
	course *course           // it has the next edit of it
}

// String is the request for reports.
func (r drawn) String() string {
	text := r.Method + " " + r.Path
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		text += fmt.Sprintf(" %s: %s", name, strings.Join(r.Header[name], ", "))
	}
	if len(r.Body) > 0 {
		text += " " + excerpt(r.Body)
	}
	return text
}

// misfit notes that a parameter does not fit. Where only some requests read it, others succeed.
func (r *drawn) misfit(of contract.Parameter, what string) {
	if r.fits = false; !of.Sometimes {
		r.wrong = what
	}
}

// draw draws a request of an operation.
func (p *player) draw(o contract.Operation) drawn {
	r := drawn{Request: restmachine.Request{Method: o.Method, Path: o.Path, Header: http.Header{}}, route: o.Path, path: map[string]string{}, fits: true}
	if p.IntN(8) > 0 {
		for name, lines := range p.as.Header {
			r.Header[http.CanonicalHeaderKey(name)] = lines
		}
	}
	query := url.Values{}
	for _, parameter := range o.Parameters {
		switch parameter.In {
		case "path":
			value := p.pathValue(parameter)
			r.path[parameter.Name] = value
			r.fits = r.fits && p.document.FitsText(parameter.Schema, value)
			r.Path = strings.Replace(r.Path, "{"+parameter.Name+"}", p.escaped(o, parameter, value), 1)
		case "query":
			p.drawQuery(&r, query, parameter)
		}
	}
	if len(query) > 0 {
		r.Path += "?" + query.Encode()
	}
	for _, parameter := range o.Parameters {
		switch parameter.In {
		case "header":
			p.drawField(&r, parameter)
		case "cookie":
			p.drawCookie(&r, parameter)
		}
	}
	p.drawContent(&r, o)
	p.drawAccept(&r, o)
	return r
}

// escaped is a value as it stands in the path. A rest of the path keeps its slashes.
func (p *player) escaped(o contract.Operation, of contract.Parameter, value string) string {
	text := url.PathEscape(value)
	if strings.HasSuffix(p.known[o.Key()].Path, "{"+of.Name+"...}") {
		text = strings.ReplaceAll(text, "%2F", "/")
	}
	return text
}

// pathValue is a value of a parameter of the path: one that is known, or one that is drawn.
func (p *player) pathValue(of contract.Parameter) string {
	known := p.valuesOf(of)
	if n := len(known); n > 0 && p.IntN(10) < 8 {
		return known[p.IntN(n)]
	}
	text := contract.PlainText(p.Draw(of.Schema))
	if p.IntN(4) == 0 || text == "" || text == "." || text == ".." || strings.ContainsFunc(text, unicode.IsControl) {
		return "nobody"
	}
	return text
}

// valuesOf are the values of a parameter that are known: examples, those that were given, and
// those that answers had under its name, or under the end of it: post_id is the id of a post.
func (p *player) valuesOf(of contract.Parameter) []string {
	var all []string
	if of.Example != nil {
		all = append(all, contract.PlainText(of.Example))
	}
	name := folded(of.Name)
	all = append(all, p.learned[name]...)
	if len(p.as.Values[of.Name]) > 0 {
		return all
	}
	for _, end := range []string{"id", "name", "key"} {
		if name != end && strings.HasSuffix(name, end) {
			all = append(all, p.learned[end]...)
		}
	}
	return all
}

// folded is a name without the ways to write it: post_id is PostID.
func folded(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// drawQuery sets a parameter of the query: mostly to what fits, or not at all.
func (p *player) drawQuery(r *drawn, query url.Values, of contract.Parameter) {
	known := p.valuesOf(of)
	switch n := p.IntN(10); {
	case n < 3 && !of.Required:
	case n == 3:
		query.Set(of.Name, "not what it is")
		if !p.document.FitsText(of.Schema, "not what it is") {
			r.misfit(of, "the query "+of.Name)
		}
	case n < 6 && len(known) > 0:
		query.Set(of.Name, known[p.IntN(len(known))])
		r.fits = r.fits && p.document.FitsText(of.Schema, query.Get(of.Name))
	default:
		texts, fits := p.queryTexts(of)
		if !fits && !of.Required {
			return
		}
		r.fits = r.fits && fits
		query[of.Name] = append(query[of.Name], texts...)
	}
}

// textsOf are a value of a parameter that is drawn: one text, or those of a list. If what was drawn
// does not fit all of the schema, such as its pattern, it is a value that is known. fits is false
// where none of them fits, so that nothing can be claimed of the request.
func (p *player) textsOf(of contract.Parameter) (texts []string, fits bool) {
	value := p.Draw(of.Schema)
	all, several := value.([]any)
	if !several {
		all = []any{value}
	}
	fits = len(p.document.Check(of.Schema, value, true)) == 0 && (len(all) > 0 || !of.Required)
	for _, one := range all {
		text := contract.PlainText(one)
		texts = append(texts, text)
		fits = fits && p.document.FitsText(of.Schema, text)
	}
	if fits {
		return texts, true
	}
	for _, text := range p.valuesOf(of) {
		if p.document.FitsText(of.Schema, text) {
			return []string{text}, true
		}
	}
	return texts, false
}

// drawField sets a field: a precondition by what is known of the resource, a range, or any.
func (p *player) drawField(r *drawn, of contract.Parameter) {
	state := p.states[r.Path]
	choices := map[string][]string{
		"If-Match":            {state.tag, state.tag, state.tag, state.tag, `"nobody-has-this"`, "*", `W/"weak"`, `"a`, ""},
		"If-None-Match":       {state.tag, state.tag, `"nobody-has-this"`, "*", "", "", "", `"a`},
		"If-Modified-Since":   {state.date, state.date, "Sat, 01 Jan 2000 00:00:00 GMT", "no date", "", ""},
		"If-Unmodified-Since": {state.date, state.date, "Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "no date", ""},
		"Range":               {"bytes=0-3", "bytes=-2", "bytes=99999999-", "bytes=0-1,3-4", "no range", "", ""},
		"If-Range":            {state.tag, state.date, `"nobody-has-this"`, "", ""},
		"Accept-Language":     {"de, en;q=0.5", "en", "fr", "*", ""},
	}[of.Name]
	value := ""
	switch {
	case choices != nil:
		value = choices[p.IntN(len(choices))]
	case of.Required || p.IntN(2) == 0:
		value = p.fieldText(r, of)
		r.fits = r.fits && (value != "" && contract.IsPrintable(value) || !of.Required)
	}
	if value != "" && contract.IsPrintable(value) {
		r.Header.Set(of.Name, value)
	}
	if strings.HasPrefix(of.Name, "If-") && value == `"a` {
		r.fits = false // a list that cannot be read
	}
}

// fieldText is a text for a field or a cookie: mostly one that fits.
func (p *player) fieldText(r *drawn, of contract.Parameter) string {
	known := p.valuesOf(of)
	switch n := p.IntN(6); {
	case n == 0:
		if !p.document.FitsText(of.Schema, "not what it is") {
			r.misfit(of, of.Name+" in the "+of.In)
		}
		return "not what it is"
	case n < 3 && len(known) > 0:
		text := known[p.IntN(len(known))]
		r.fits = r.fits && contract.IsPrintable(text) && p.document.FitsText(of.Schema, text)
		return text
	}
	texts, fits := p.textsOf(of)
	if !fits && !of.Required {
		return ""
	}
	r.fits = r.fits && fits
	if kind, _ := of.Schema.(map[string]any); kind["type"] == "array" {
		return contract.ListOf(texts)
	}
	return strings.Join(texts, "")
}

// drawCookie adds a cookie, or none. What cannot stand in one is left out, as a browser does.
func (p *player) drawCookie(r *drawn, of contract.Parameter) {
	if !of.Required && p.IntN(2) == 0 {
		return
	}
	value := p.fieldText(r, of)
	if value == "" && !p.document.FitsText(of.Schema, value) || strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c > '~' || strings.ContainsRune(`";\`, c) }) {
		r.fits = r.fits && !of.Required
		return
	}
	one := of.Name + "=" + value
	if others := r.Header.Get("Cookie"); others != "" {
		one = others + "; " + one
	}
	r.Header.Set("Cookie", one)
}

// drawContent gives the request content: what the document allows, or nearly so.
func (p *player) drawContent(r *drawn, o contract.Operation) {
	if len(o.Bodies) == 0 {
		return
	}
	if p.IntN(15) == 0 {
		r.fits = r.fits && !o.Required // none
		return
	}
	body := o.Bodies[p.IntN(len(o.Bodies))]
	media := strings.ReplaceAll(body.Media, "*/*", "application/octet-stream")
	r.Header.Set("Content-Type", strings.ReplaceAll(media, "/*", "/plain"))
	switch {
	case body.Schema == nil:
		r.Body = []byte("content 7")
	case contract.IsJSON(body.Media) || p.isParsed(o, body.Media):
		p.drawJSON(r, o, body)
	case strings.HasPrefix(media, "application/x-www-form-urlencoded"):
		r.Body = []byte("a=1&b=two&b=three")
	default:
		r.Body = []byte(contract.PlainText(p.Draw(body.Schema)))
		r.fits = r.fits && p.document.FitsText(body.Schema, string(r.Body))
	}
	if p.IntN(20) == 0 {
		r.Header.Set("Content-Type", "application/x-nobody-reads-this")
		r.wrong, r.fits = "", false
	}
}

// isParsed reports whether an Accepts reads a media type that does not say that it is JSON.
// What it reads is drawn as JSON.
func (p *player) isParsed(o contract.Operation, media string) bool { return p.parser(o, media) != "" }

// parser is the Accepts that reads a media type of an operation; "" where the library does.
func (p *player) parser(o contract.Operation, media string) string {
	for _, c := range p.known[o.Key()].Reads {
		if c.Media == media {
			return c.By
		}
	}
	return ""
}

func (p *player) drawJSON(r *drawn, o contract.Operation, body contract.Body) {
	value := p.Draw(body.Schema)
	if body.Example != nil && p.IntN(3) == 0 {
		value = body.Example
	}
	if n := p.IntN(10); n < 2 {
		value = p.Mutate(value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	if p.IntN(15) == 0 {
		broken := []string{string(text) + "]", string(text) + string(text), "{" + string(text), "\xff", `{"a":`}
		r.Body = []byte(broken[p.IntN(len(broken))])
		p.misfitContent(r, o, body, []string{"the content is not one JSON value"})
		return
	}
	p.setJSON(r, o, body, value)
}

// setJSON sets the content, and notes in what it does not fit.
func (p *player) setJSON(r *drawn, o contract.Operation, body contract.Body, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	r.Body = text
	p.misfitContent(r, o, body, p.document.Check(body.Schema, value, false))
}

// misfitContent notes in what the content does not fit.
func (p *player) misfitContent(r *drawn, o contract.Operation, body contract.Body, faults []string) {
	if len(faults) > 0 {
		r.fits = false
		if p.parser(o, body.Media) == "" && !p.acceptsAny(body) {
			r.wrong = faults[0]
		}
	}
}

// acceptsAny reports whether the schema of a body says nothing, so that a broken text is the
// parser's.
func (p *player) acceptsAny(body contract.Body) bool {
	schema, _ := body.Schema.(map[string]any)
	return len(schema) == 0
}

// drawAccept asks for one of the media types that the successes have, mostly.
func (p *player) drawAccept(r *drawn, o contract.Operation) {
	offered := p.document.MediaOf(o)
	switch n := p.IntN(10); {
	case n < 5 || len(offered) == 0:
	case n < 8:
		r.Header.Set("Accept", offered[p.IntN(len(offered))])
	case n == 8:
		r.Header.Set("Accept", "application/x-nobody-offers-this")
	default:
		r.Header.Set("Accept", "text/plain, */*;q=0.1")
	}
	r.asText = strings.HasPrefix(r.Header.Get("Accept"), "text/plain")
}
