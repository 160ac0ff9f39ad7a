// The limit: what a restmachine without a graph could be. It has one route, functions whose
// types the compiler knows, a pool, the look-ups of Accept and of the four preconditions, and
// restmachine's answers byte for byte. It asks no gate, holds no lock, catches no panic, and
// repeats nothing.

package contest

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// An ideal is the one resource, and its functions.
type ideal struct {
	prefix   string
	find     func(id string) *Document
	version  func(*Document) string
	modified func(*Document) time.Time
	replace  func(*Document, Update) *Document
	rooms    sync.Pool // of *idealRoom
}

// An idealRoom is what one request needs, kept for the next.
type idealRoom struct{ in, out bytes.Buffer }

func onIdeal(s *Store) http.Handler {
	return &ideal{prefix: "/documents/", find: s.Document, version: version, modified: modified, replace: s.Replace,
		rooms: sync.Pool{New: func() any { return new(idealRoom) }}}
}

func (i *ideal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, found := strings.CutPrefix(r.URL.Path, i.prefix)
	if !found || strings.IndexByte(id, '/') >= 0 {
		sendProblem(w, http.StatusNotFound, noneThere)
		return
	}
	if accept := r.Header["Accept"]; len(accept) > 0 && accept[0] != "*/*" && !strings.Contains(accept[0], jsonType) {
		sendProblem(w, http.StatusNotAcceptable, noneFits)
		return
	}
	d := i.find(id)
	if d == nil {
		sendProblem(w, http.StatusNotFound, noneThere)
		return
	}
	room := i.rooms.Get().(*idealRoom)
	defer i.rooms.Put(room)
	tag, date := i.version(d), i.modified(d)
	switch status := i.evaluate(r, tag, date); {
	case status == http.StatusNotModified:
		h := w.Header()
		if sent := r.Header["If-None-Match"]; len(sent) == 1 && quotes(sent[0], tag) {
			h["Etag"] = sent
		} else {
			h["Etag"] = []string{`"` + tag + `"`}
		}
		w.WriteHeader(status)
	case status != 0:
		room.refuse(w, r.Header["If-Match"], tag)
	case r.Method == http.MethodPut:
		i.put(w, r, room, d)
	default:
		i.show(w, room, d, tag, date)
	}
}

// evaluate is the status of the preconditions, 0 where they let the request through. What is
// usual is compared as it is.
func (i *ideal) evaluate(r *http.Request, tag string, date time.Time) int {
	match, since := r.Header["If-Match"], r.Header["If-Unmodified-Since"]
	none, modified := r.Header["If-None-Match"], r.Header["If-Modified-Since"]
	if len(match)+len(since)+len(none)+len(modified) == 0 {
		return 0
	}
	if len(none) == 1 && len(match)+len(since) == 0 && quotes(none[0], tag) && r.Method == http.MethodGet {
		return http.StatusNotModified
	}
	if len(match) == 1 && len(since)+len(none) == 0 && isTag(match[0]) {
		if quotes(match[0], tag) {
			return 0
		}
		return http.StatusPreconditionFailed
	}
	now := conditional.Validators{ETag: conditional.ETag(`"` + tag + `"`), LastModified: date}
	return conditional.Evaluate(r.Method, conditional.FromHeader(r.Header), now, true, conditional.RFC9110)
}

// quotes reports whether an entity-tag is that text between quotes.
func quotes(tag, text string) bool {
	return len(tag) == len(text)+2 && tag[0] == '"' && tag[len(tag)-1] == '"' && tag[1:len(tag)-1] == text
}

// isTag reports whether a line is one strong entity-tag.
func isTag(line string) bool {
	n := len(line) - 1
	return n > 0 && line[0] == '"' && line[n] == '"' && strings.IndexByte(line[1:n], '"') < 0
}

var (
	idealReading = jsonv2.JoinOptions(jsonv1.DefaultOptionsV1(), jsontext.AllowDuplicateNames(false),
		jsontext.AllowInvalidUTF8(false), jsonv1.ReportErrorsWithLegacySemantics(false))
	idealWriting = jsonv2.JoinOptions(jsonv1.DefaultOptionsV1(), jsontext.EscapeForHTML(false))

	noneThere = []byte(`{"title":"Not Found","status":404,"decision":"L7"}`)
	noneFits  = []byte(`{"title":"Not Acceptable","status":406,"decision":"C4"}`)
	badInput  = []byte(`{"title":"Bad Request","status":400,"decision":"G5"}`)

	problemField = []string{"application/problem+json"}
	noStore      = []string{"no-store"}
	noSniff      = []string{"nosniff"}
	varyAccept   = []string{"Accept"}
)

func (i *ideal) put(w http.ResponseWriter, r *http.Request, room *idealRoom, d *Document) {
	room.in.Reset()
	var in Update
	_, err := room.in.ReadFrom(r.Body)
	if err == nil {
		err = jsonv2.Unmarshal(room.in.Bytes(), &in, idealReading)
	}
	if err != nil {
		sendProblem(w, http.StatusBadRequest, badInput)
		return
	}
	next := i.replace(d, in)
	w.Header()["Content-Location"] = []string{r.URL.Path}
	i.show(w, room, next, i.version(next), i.modified(next))
}

// show sends a document with its validators.
func (i *ideal) show(w http.ResponseWriter, room *idealRoom, d *Document, tag string, date time.Time) {
	room.out.Reset()
	_ = jsonv2.MarshalWrite(&room.out, d, idealWriting)
	var bytes [96]byte
	b := append(append(append(bytes[:0], '"'), tag...), '"')
	t := len(b)
	b = conditional.AppendDate(b, date)
	m := len(b)
	text := string(strconv.AppendInt(b, int64(room.out.Len()), 10))
	lines := []string{text[:t], text[t:m], text[m:]}
	h := w.Header()
	h["Etag"], h["Last-Modified"], h["Content-Length"] = lines[0:1:1], lines[1:2:2], lines[2:3:3]
	h["Content-Type"], h["X-Content-Type-Options"] = jsonField, noSniff
	_, _ = w.Write(room.out.Bytes())
}

// refuse answers a write whose If-Match does not match.
func (room *idealRoom) refuse(w http.ResponseWriter, match []string, tag string) {
	room.out.Reset()
	room.out.Grow(256)
	line, quoted := strings.Join(match, ", "), [64]byte{}
	b := append(room.out.AvailableBuffer(), `{"title":"Precondition Failed","status":412,"detail":"If-Match `...)
	escaped, _ := jsontext.AppendQuote(quoted[:0], line)
	b = append(b, escaped[1:len(escaped)-1]...)
	b = append(b, ` does not match the current entity-tag \"`...)
	b = append(b, tag...)
	b = append(b, `\"","decision":"G11"}`...)
	sendProblem(w, http.StatusPreconditionFailed, b)
}

// sendProblem answers with a problem, as restmachine does.
func sendProblem(w http.ResponseWriter, status int, content []byte) {
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["X-Content-Type-Options"], h["Vary"] = problemField, noStore, noSniff, varyAccept
	h["Content-Length"] = []string{strconv.Itoa(len(content))}
	w.WriteHeader(status)
	_, _ = w.Write(content)
}
