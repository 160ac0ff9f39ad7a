// This file holds the invariants of a single exchange, one row each: a name, the section
// of RFC 9110 that requires it, and a function that finds faults. A request and its
// response come in, errors of the test go out.

package restmachinetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// maxETagLength is the longest entity-tag that is accepted, in bytes. A tag must fit into
// the header section of a request, together with other fields.
const maxETagLength = 1 << 10

// exchange is a request with its response. Its methods answer what the invariants ask.
type exchange struct {
	req  restmachine.Request
	resp restmachine.Response
}

// newExchange reads the request as Execute does. The default method is GET, and field
// names need not be canonical.
func newExchange(req restmachine.Request, resp restmachine.Response) exchange {
	if req.Method == "" {
		req.Method = http.MethodGet
	}
	header := make(http.Header, len(req.Header))
	for name, lines := range req.Header {
		name = http.CanonicalHeaderKey(name)
		header[name] = append(header[name], lines...)
	}
	req.Header = header
	return exchange{req, resp}
}

func (x exchange) is(methods ...string) bool { return slices.Contains(methods, x.req.Method) }

// isSafe reports whether the method is registered as safe (RFC 9110, 16.1.1).
func (x exchange) isSafe() bool { return restmachine.Method(x.req.Method).Safe() }

func (x exchange) status(codes ...int) bool { return slices.Contains(codes, x.resp.StatusCode) }

func (x exchange) sent(field string) bool { return len(x.req.Header.Values(field)) > 0 }

// guarded reports whether the request has a precondition that can make a write fail.
func (x exchange) guarded() bool {
	return x.sent("If-Match") || x.sent("If-None-Match") || x.sent("If-Unmodified-Since")
}

func (x exchange) has(field string) bool { return len(x.resp.Header.Values(field)) > 0 }

// An invariant finds the faults of one exchange.
type invariant struct {
	name    string
	section string // of RFC 9110 or, if it says so, of another text
	check   func(x exchange, report func(field, why string))
}

var invariants = []invariant{
	{"V1 one final status", "RFC 9110, 15", finalStatus},
	{"V2 no content where none may be", "RFC 9110, 6.4.1", noContent},
	{"V3 a 304 carries no representation", "RFC 9110, 15.4.5", notModified},
	{"V4 conditional statuses answer conditions", "RFC 9110, 13.2.1", conditions},
	{"V4 partial content answers a Range", "RFC 9110, 14.2", partial},
	{"V5 a 304 is not stale", "RFC 9110, 13.1.2", notStale},
	{"V7 an ETag is one entity-tag", "RFC 9110, 8.8.3", entityTag},
	{"V9 Last-Modified is past and an HTTP-date", "RFC 9110, 8.8.2.1", lastModified},
	{"V11 a refusal says what would do", "RFC 9110, 15.5", required},
	{"V13 field names and values are legal", "RFC 9110, 5.5", legalFields},
	{"V14 Content-Length is the content's", "RFC 9110, 8.6", contentLength},
	{"V15 an error holds no markup of the request", "SECURITY.md", noMarkup},
	{"V16 errors carry no validators", "RFC 9110, 8.8", noValidators},
	{"V17 an error says how long it may be stored", "RFC 9111, 4.2.2", storage},
}

// CheckResponse reports each invariant that resp, the answer to req, breaks: its name,
// its section, and the wrong field. It does not need the App. So it works for responses
// of Execute and for responses that were read from a connection. If Date is absent, the
// current time is used.
func CheckResponse(t testing.TB, req restmachine.Request, resp restmachine.Response) {
	t.Helper()
	x := newExchange(req, resp)
	x.report(t, x.faults())
}

// report reports faults of the exchange, which [breaks] has written.
func (x exchange) report(t testing.TB, faults []string) {
	t.Helper()
	for _, fault := range faults {
		t.Errorf("%s %s answered %d, which %s", x.req.Method, x.req.Path, x.resp.StatusCode, fault)
	}
}

// breaks returns a sentence about a broken invariant and the cause.
func breaks(name, section, field, why string) string {
	return "breaks " + name + " (" + section + "): " + field + ": " + why
}

// faults returns a sentence for each invariant that the exchange breaks.
func (x exchange) faults() (all []string) {
	for _, inv := range invariants {
		inv.check(x, func(field, why string) {
			all = append(all, breaks(inv.name, inv.section, field, why))
		})
	}
	return all
}

func finalStatus(x exchange, report func(field, why string)) {
	if x.resp.StatusCode < 200 || x.resp.StatusCode > 599 {
		report("status", strconv.Itoa(x.resp.StatusCode)+" is not a final status")
	}
}

func noContent(x exchange, report func(field, why string)) {
	if len(x.resp.Body) > 0 && (x.is("HEAD") || x.status(204, 205, 304)) {
		report("content", strconv.Itoa(len(x.resp.Body))+" bytes, but this message must not have content")
	}
}

func notModified(x exchange, report func(field, why string)) {
	if !x.status(304) {
		return
	}
	for _, field := range []string{"Content-Type", "Content-Encoding", "Content-Language", "Content-Length", "Content-Range"} {
		if x.has(field) {
			report(field, "describes content that is not sent")
		}
	}
	if x.has("ETag") && x.has("Last-Modified") {
		report("Last-Modified", "is sent beside an ETag")
	}
}

// notStale checks the tags that the client sent. If none of them is the current tag, the
// client's copy is old. Dates do not change this.
func notStale(x exchange, report func(field, why string)) {
	lines := x.req.Header["If-None-Match"]
	list := conditional.ParseList(lines, false)
	if !x.status(304) || len(lines) == 0 || list.Star() {
		return
	}
	if tag := conditional.ETag(x.resp.Header.Get("ETag")); !list.Weak(tag) {
		report("If-None-Match", list.String()+" lacks the current entity-tag "+strconv.Quote(string(tag)))
	}
}

// noMarkup looks for markup that a browser could run, in an error that repeats text of
// the client.
func noMarkup(x exchange, report func(field, why string)) {
	problem := strings.HasPrefix(x.resp.Header.Get("Content-Type"), "application/problem+json")
	if problem && strings.Contains(strings.ToLower(string(x.resp.Body)), "<script") {
		report("content", "repeats a <script> of the request unchanged")
	}
}

func conditions(x exchange, report func(field, why string)) {
	switch {
	case x.status(304) && !x.is("GET", "HEAD"):
		report("status", "304 answers a "+x.req.Method)
	case x.status(304) && !x.sent("If-None-Match") && !x.sent("If-Modified-Since"):
		report("status", "304 without If-None-Match or If-Modified-Since")
	case x.status(412) && !x.guarded():
		report("status", "412 without a precondition")
	case x.status(428) && (x.isSafe() || x.sent("If-Match")):
		report("status", "428, but nothing is missing (RFC 6585, 3)")
	}
}

func partial(x exchange, report func(field, why string)) {
	if x.status(206, 416) && (!x.is("GET") || !x.sent("Range")) {
		report("status", strconv.Itoa(x.resp.StatusCode)+" without a GET that carries Range")
	}
	multipart := strings.HasPrefix(x.resp.Header.Get("Content-Type"), "multipart/byteranges")
	if x.status(206) && !multipart && !x.has("Content-Range") {
		report("Content-Range", "is missing from a 206 of one part")
	}
}

func entityTag(x exchange, report func(field, why string)) {
	tags := x.resp.Header.Values("ETag")
	if len(tags) > 1 {
		report("ETag", "is sent "+strconv.Itoa(len(tags))+" times")
	}
	for _, tag := range tags {
		if !isEntityTag(tag) {
			report("ETag", strconv.Quote(tag)+" is not an entity-tag")
		}
		if len(tag) > maxETagLength {
			report("ETag", "has "+strconv.Itoa(len(tag))+" bytes")
		}
	}
}

// isEntityTag reports whether tag is [W/]"etagc*".
func isEntityTag(tag string) bool {
	opaque := strings.TrimPrefix(tag, "W/")
	if len(opaque) < 2 || opaque[0] != '"' || opaque[len(opaque)-1] != '"' {
		return false
	}
	for _, c := range []byte(opaque[1 : len(opaque)-1]) {
		if c <= ' ' || c == '"' || c == 0x7f {
			return false
		}
	}
	return true
}

func lastModified(x exchange, report func(field, why string)) {
	if !x.has("Last-Modified") {
		return
	}
	value := x.resp.Header.Get("Last-Modified")
	modified, err := time.Parse(http.TimeFormat, value)
	if err != nil {
		report("Last-Modified", strconv.Quote(value)+" is not of the form "+http.TimeFormat)
		return
	}
	date, err := http.ParseTime(x.resp.Header.Get("Date"))
	if err != nil {
		date = time.Now()
	}
	if modified.After(date) {
		report("Last-Modified", value+" is later than the response, "+date.UTC().Format(http.TimeFormat))
	}
}

func required(x exchange, report func(field, why string)) {
	demand := func(field string) {
		if !x.has(field) {
			report(field, "is missing")
		}
	}
	switch {
	case x.status(401):
		demand("WWW-Authenticate")
	case x.status(405), x.is("OPTIONS") && x.status(200, 204):
		demand("Allow")
	case x.status(415): // where nobody knows what is accepted, no field says so (RFC 9110, 15.5.16)
		for _, field := range []string{"Accept", "Accept-Patch", "Accept-Encoding"} {
			if x.has(field) && x.resp.Header.Get(field) == "" {
				report(field, "is empty")
			}
		}
	}
	allowed := strings.Split(strings.Join(x.resp.Header.Values("Allow"), ","), ",")
	for _, method := range allowed {
		if x.status(405) && strings.TrimSpace(method) == x.req.Method {
			report("Allow", "names "+x.req.Method+", which it refuses")
		}
	}
}

func legalFields(x exchange, report func(field, why string)) {
	for name, values := range x.resp.Header {
		if !isToken(name) {
			report(strconv.Quote(name), "is not a field name")
		} else if name != http.CanonicalHeaderKey(name) {
			report(name, "is not under its canonical key, where Header.Get looks")
		}
		for _, value := range values {
			if !isFieldValue(value) {
				report(name, strconv.Quote(value)+" is not a field value")
			}
		}
	}
}

// isToken reports whether s is a token (RFC 9110, 5.6.2). Field names are tokens.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		digit := '0' <= c && c <= '9'
		if !letter && !digit && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// isFieldValue reports whether s can be sent unchanged: without control bytes except the
// tab, and without blanks at its ends.
func isFieldValue(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return strings.Trim(s, " \t") == s
}

func contentLength(x exchange, report func(field, why string)) {
	values := x.resp.Header.Values("Content-Length")
	if len(values) == 0 {
		return
	}
	length, err := strconv.ParseUint(values[0], 10, 63)
	switch {
	case len(values) > 1 || err != nil:
		report("Content-Length", strconv.Quote(strings.Join(values, ", "))+" is not one number")
	case x.status(204):
		report("Content-Length", "is sent with a 204")
	case x.is("HEAD"), x.status(304): // the length belongs to the GET's content; V3 checks the 304
	case length != uint64(len(x.resp.Body)):
		report("Content-Length", values[0]+", but the content has "+strconv.Itoa(len(x.resp.Body))+" bytes")
	}
}

func noValidators(x exchange, report func(field, why string)) {
	for _, field := range []string{"ETag", "Last-Modified"} {
		if x.resp.StatusCode >= 400 && x.has(field) {
			report(field, "describes a representation, but an error does not have one")
		}
	}
}

// storage looks for what keeps a cache from its own rules: by these it may keep a 404 past
// the PUT that creates. Other errors than those of RFC 9110, 15.1 may be the server's own,
// which an App does not see.
func storage(x exchange, report func(field, why string)) {
	problem := strings.HasPrefix(x.resp.Header.Get("Content-Type"), "application/problem+json")
	if (x.status(404, 405, 410, 414, 501) || problem) && !x.has("Cache-Control") && !x.has("Expires") {
		report("Cache-Control", "is missing, so a cache may keep the error as long as it likes")
	}
}
