// Preconditions among the other rules of HTTP: what comes before them, what
// they say of a resource that is missing, and how they are read. One row is one
// rule, on a fresh application.

package restmachine_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A note has a version, which is its entity-tag; it is dated like a document.
type note struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// A notebook has note 1, at version 1, and no other.
type notebook struct {
	mu    sync.Mutex
	notes map[string]note
}

func newNotebook() *notebook {
	return &notebook{notes: map[string]note{"1": {ID: "1", Version: 1}}}
}

func (b *notebook) read(path restmachine.PathParams) *note {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n, ok := b.notes[path.Get("id")]; ok {
		return &n
	}
	return nil
}

func (b *notebook) write(path restmachine.PathParams) *note {
	b.mu.Lock()
	defer b.mu.Unlock()
	id := path.Get("id")
	n := note{id, b.notes[id].Version + 1}
	b.notes[id] = n
	return &n
}

func (b *notebook) remove(n *note) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.notes, n.ID)
}

// newNotes serves the notebook under several paths, which differ in what their
// methods may do.
func newNotes() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(newNotebook)
	app.MaxBody(1000)
	app.Authorized(func(header http.Header) bool { return header.Get("Authorization") != "nobody" })
	app.Forbidden(func(header http.Header) bool { return header.Get("Authorization") == "stranger" })
	app.IsConflict(func(header http.Header) bool { return header.Get("X-Conflict") != "" })
	app.ResourceExists(func(path restmachine.PathParams, b *notebook) *note { return b.read(path) })
	app.GenerateETag(func(n *note) string { return strconv.Itoa(n.Version) })
	app.LastModified(func(n *note) time.Time { return modified.Add(time.Duration(n.Version-1) * time.Second) })

	read := func(n *note) *note { return n }
	change := func(n *note, in restmachine.Body[note], path restmachine.PathParams, b *notebook) *note {
		return b.write(path)
	}
	save := func(n restmachine.Optional[*note], in restmachine.Body[note], path restmachine.PathParams, b *notebook) *note {
		return b.write(path)
	}
	remove := func(n *note, b *notebook) { b.remove(n) }

	app.Resource("/notes/{id}").Get(read).Put(save).Patch(change).Post(change).Delete(remove)
	app.Resource("/kept/{id}").Get(read).Put(change)
	app.Resource("/made/{id}").Get(read).Patch(save)
	guarded := app.Resource("/guarded/{id}").Get(read).Put(save).Patch(change).Delete(remove)
	guarded.RequirePreconditions()
	posted := app.Resource("/posted/{id}").Get(read).Post(save)
	posted.AllowMissingPost(func() bool { return true })
	moved := app.Resource("/moved/{id}").Get(read)
	moved.MovedPermanently(func() string { return "/notes/1" })
	choices := app.Resource("/choices/{id}").Get(read)
	choices.MultipleChoices(func() bool { return true })
	return app
}

// A rule is a request and its status. Requests with a JSON content are PUT,
// PATCH and POST.
type rule struct {
	name         string
	method, path string
	fields       []string
	want         int
}

func with(fields ...string) []string { return fields }

// play plays each rule, and asserts that what was refused changed nothing.
func play(t *testing.T, rules []rule) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			w := newTwin(t, newNotes)
			before := w.do("GET", r.path, "")
			body := ""
			if r.method == "PUT" || r.method == "PATCH" || r.method == "POST" {
				body = `{}`
			}
			w.expect(r.want, r.method, r.path, body, r.fields...)
			if r.want >= 300 {
				after := w.do("GET", r.path, "")
				assert.Equal(t, lessDate(before.Header), lessDate(after.Header), "a refusal changes nothing")
				assert.Equal(t, string(before.Body), string(after.Body), "a refusal changes nothing")
			}
		})
	}
}

// TestWhatComesBeforePreconditions: they count only where the answer without
// them would be a success or 412 (RFC 9110, 13.2.1).
func TestWhatComesBeforePreconditions(t *testing.T) {
	miss, hit := with("If-Match", `"0"`), with("If-None-Match", `"1"`)
	play(t, []rule{
		{"401", "PUT", "/notes/1", append(with("Authorization", "nobody"), miss...), 401},
		{"403", "PUT", "/notes/1", append(with("Authorization", "stranger"), miss...), 403},
		{"405", "DELETE", "/kept/1", miss, 405},
		{"415", "PUT", "/notes/1", append(with("Content-Type", "text/plain"), miss...), 415},
		{"406, a miss", "GET", "/notes/1", append(with("Accept", "text/html"), miss...), 406},
		{"406, a hit", "GET", "/notes/1", append(with("Accept", "text/html"), hit...), 406},
		{"501", "FROB", "/notes/1", miss, 501},
		{"301", "GET", "/moved/2", miss, 301},
		{"300", "GET", "/choices/1", miss, 300},
		{"409 comes after", "PUT", "/notes/1", append(with("X-Conflict", "yes"), miss...), 412},
		{"409 at last", "PUT", "/notes/1", with("X-Conflict", "yes", "If-Match", `"1"`), 409},
		{"OPTIONS looks at nothing", "OPTIONS", "/notes/1", append(with("Authorization", "nobody"), miss...), 200},
		{"OPTIONS of an unknown path", "OPTIONS", "/nowhere", nil, 404},
	})
	long := `{"id": "` + strings.Repeat("x", 1000) + `"}`
	newTwin(t, newNotes).expect(413, "PUT", "/notes/1", long, miss...)
}

func TestPreconditionsOfAMissingResource(t *testing.T) {
	play(t, []rule{
		{"GET", "GET", "/notes/2", with("If-Match", "*"), 404},
		{"HEAD", "HEAD", "/notes/2", with("If-Match", `"1"`), 404},
		{"DELETE", "DELETE", "/notes/2", with("If-Match", `"1"`), 404},
		{"PATCH", "PATCH", "/notes/2", with("If-Match", `"1"`), 404},
		{"PUT that cannot create", "PUT", "/kept/2", with("If-Match", `"1"`), 404},
		{"PUT that would", "PUT", "/notes/2", with("If-Match", `"1"`), 412},
		{"PUT that would, star", "PUT", "/notes/2", with("If-Match", "*"), 412},
		{"PUT that would, unreadable", "PUT", "/notes/2", with("If-Match", `"1`), 412},
		{"PUT that creates", "PUT", "/notes/2", nil, 201},
		{"PUT that creates if there is none", "PUT", "/notes/2", with("If-None-Match", "*"), 201},
		{"PUT under an unreadable If-None-Match", "PUT", "/notes/2", with("If-None-Match", `"1`), 400},
		{"PUT that replaces", "PUT", "/notes/1", nil, 200},
		{"PUT only if there is none", "PUT", "/notes/1", with("If-None-Match", "*"), 412},
		{"PATCH that creates", "PATCH", "/made/2", nil, 201},
		{"PATCH that would", "PATCH", "/made/2", with("If-Match", `"1"`), 412},
		{"POST that is allowed", "POST", "/posted/2", nil, 200},
		{"POST that would be", "POST", "/posted/2", with("If-Match", `"1"`), 412},
		{"POST that is not", "POST", "/notes/2", with("If-Match", `"1"`), 404},
	})
}

func TestRequiredPreconditions(t *testing.T) {
	date, earlier := httpDate(modified), httpDate(modified.Add(-time.Hour))
	play(t, []rule{
		{"PUT", "PUT", "/guarded/1", nil, 428},
		{"PATCH", "PATCH", "/guarded/1", nil, 428},
		{"DELETE", "DELETE", "/guarded/1", nil, 428},
		{"PUT that would create", "PUT", "/guarded/2", nil, 428},
		{"404 comes before", "DELETE", "/guarded/2", nil, 404},
		{"GET needs none", "GET", "/guarded/1", nil, 200},
		{"If-Match", "PUT", "/guarded/1", with("If-Match", `"1"`), 200},
		{"If-Match that is false", "PUT", "/guarded/1", with("If-Match", `"0"`), 412},
		{"If-None-Match: *", "PUT", "/guarded/2", with("If-None-Match", "*"), 201},
		{"If-None-Match: * that is false", "PUT", "/guarded/1", with("If-None-Match", "*"), 412},
		{"If-None-Match with tags guards nothing", "PUT", "/guarded/1", with("If-None-Match", `"0"`), 428},
		{"If-Unmodified-Since", "PUT", "/guarded/1", with("If-Unmodified-Since", date), 200},
		{"If-Unmodified-Since that is false", "PUT", "/guarded/1", with("If-Unmodified-Since", earlier), 412},
		{"If-Unmodified-Since that is no date", "PUT", "/guarded/1", with("If-Unmodified-Since", "now"), 428},
	})
}

func TestHowPreconditionsAreRead(t *testing.T) {
	earlier := modified.Add(-time.Hour)
	play(t, []rule{
		{"a weak tag matches If-None-Match", "GET", "/notes/1", with("If-None-Match", `W/"1"`), 304},
		{"a weak tag does not match If-Match", "PUT", "/notes/1", with("If-Match", `W/"1"`), 412},
		{"all lines of If-None-Match count", "GET", "/notes/1", with("If-None-Match", `"0"`, "If-None-Match", `"1"`), 304},
		{"all lines of If-Match count", "PUT", "/notes/1", with("If-Match", `"0"`, "If-Match", `"1"`), 200},
		{"empty members do not count", "GET", "/notes/1", with("If-None-Match", `, "0",, "1" ,`), 304},
		{"a tag inside another is none", "GET", "/notes/1", with("If-None-Match", `"0,1"`), 200},
		{"case counts", "GET", "/notes/1", with("If-None-Match", `w/"1"`), 200},
		{"a quoted star is a tag", "GET", "/notes/1", with("If-None-Match", `"*"`), 200},

		{"a hit is 412 for PUT", "PUT", "/notes/1", with("If-None-Match", `"1"`), 412},
		{"a hit is 412 for PATCH", "PATCH", "/notes/1", with("If-None-Match", `"1"`), 412},
		{"a hit is 412 for POST", "POST", "/notes/1", with("If-None-Match", `"1"`), 412},
		{"a hit is 412 for DELETE", "DELETE", "/notes/1", with("If-None-Match", `"1"`), 412},
		{"a miss is 412 for POST", "POST", "/notes/1", with("If-Match", `"0"`), 412},
		{"a miss is 412 for DELETE", "DELETE", "/notes/1", with("If-Match", `"0"`), 412},
		{"a match deletes", "DELETE", "/notes/1", with("If-Match", `"1"`), 204},
		{"If-Match comes first", "GET", "/notes/1", with("If-Match", `"0"`, "If-None-Match", `"1"`), 412},
		{"both must hold", "PUT", "/notes/1", with("If-Match", `"1"`, "If-None-Match", `"1"`), 412},

		{"unreadable If-Match, GET", "GET", "/notes/1", with("If-Match", `"1`), 412},
		{"unreadable If-None-Match, GET", "GET", "/notes/1", with("If-None-Match", `"1`), 200},
		{"unreadable If-Match, PUT", "PUT", "/notes/1", with("If-Match", `"1`), 400},
		{"unreadable If-None-Match, PUT", "PUT", "/notes/1", with("If-None-Match", `"0`), 400},
		{"unreadable If-None-Match, DELETE", "DELETE", "/notes/1", with("If-None-Match", `bad one, *`), 400},
		{"unreadable If-Match, POST", "POST", "/notes/1", with("If-Match", `"1", *`), 400},

		{"If-Modified-Since is for GET", "PUT", "/notes/1", with("If-Modified-Since", httpDate(modified)), 200},
		{"If-Unmodified-Since is for all", "GET", "/notes/1", with("If-Unmodified-Since", httpDate(earlier)), 412},
		{"RFC 850", "PUT", "/notes/1", with("If-Unmodified-Since", earlier.Format("Monday, 02-Jan-06 15:04:05 GMT")), 412},
		{"asctime", "PUT", "/notes/1", with("If-Unmodified-Since", earlier.Format(time.ANSIC)), 412},
		{"another zone is no date", "GET", "/notes/1", with("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 PST"), 200},
		{"two dates are none", "GET", "/notes/1", with("If-Modified-Since", httpDate(modified), "If-Modified-Since", httpDate(modified)), 200},
		{"one date is one", "GET", "/notes/1", with("If-Modified-Since", httpDate(modified)), 304},
	})
}
