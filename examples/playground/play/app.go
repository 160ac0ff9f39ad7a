// This file makes the App of a state. A State comes in, and an App goes out. The text of the same
// App is in program.go; a test builds that text, and compares what both answer.

package play

import (
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Note is the resource.
type Note struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Text    string    `json:"text"`
	Version int       `json:"version"`
	Changed time.Time `json:"changed,omitzero"`
}

// A Comment is what a POST to a note brings.
type Comment struct {
	Text string `json:"text"`
}

// The texts of the note. They are long enough to be worth compressing.
const (
	english = "Buy two bottles of milk, and one of cream if there is any left. The ones in front are always older than those behind. If somebody buys milk before you do, this note changes, and an entity-tag tells you. Without it, we would have four bottles again."
	german  = "Kaufe zwei Flaschen Milch und eine Sahne, wenn es noch welche gibt. Vorn stehen immer die älteren. Wenn jemand vor dir Milch kauft, ändert sich diese Notiz, und ein Entity-Tag sagt es dir. Ohne ihn hätten wir wieder vier Flaschen."
)

// has reports whether a set has a name.
func has(set, name string) bool { return strings.Contains(","+set+",", ","+name+",") }

const notePath = "/notes/{id}"

// newApp returns the App of a state, which writes to the log.
func newApp(s State, log *slog.Logger) *restmachine.App {
	options := []restmachine.Option{restmachine.WithLogger(log)}
	if s.Precedence == "rfc9110" {
		options = append(options, restmachine.WithPrecedence(restmachine.RFC9110))
	}
	if s.Negotiation == "strict" {
		options = append(options, restmachine.WithStrictNegotiation())
	}
	app := restmachine.New(options...)
	addResource(app, s)
	addGates(app, s)
	addVariants(app, s)
	addHandlers(app, s)
	return app
}

// addResource says whether the note exists, and what its validators are.
func addResource(app *restmachine.App, s State) {
	changed, _ := time.Parse(dateForm, s.Date) // Parse has checked it; "" becomes the zero time
	app.ResourceExists(func(path restmachine.PathParams) *Note {
		if s.Exists != "yes" || path.Get("id") != "1" {
			return nil
		}
		return &Note{"1", "Milk", english, 2, changed}
	})
	switch s.Exists {
	case "gone":
		app.PreviouslyExisted(func() bool { return true })
	case "moved":
		app.MovedPermanently(func() string { return "/archive/1" })
	case "away":
		app.MovedTemporarily(func() string { return "/archive/1" })
	}
	switch s.Tag {
	case "strong":
		app.GenerateETag(func(n *Note) string { return fmt.Sprintf("v%d", n.Version) })
	case "weak":
		app.GenerateETag(func(n *Note) string { return restmachine.WeakETag(fmt.Sprintf("v%d", n.Version)) })
	}
	if s.Date != "" {
		app.LastModified(func(n *Note) time.Time { return n.Changed })
	}
	if s.Cache != "none" {
		app.CacheControl(func(*Note) string { return s.Cache })
	}
}

// addGates says who may do what, and when, and how strict the App is.
func addGates(app *restmachine.App, s State) {
	if s.Available == "no" {
		app.ServiceAvailable(func() bool { return false })
	}
	switch s.Auth {
	case "token":
		app.Authorized(func(h http.Header) bool { return h.Get("Authorization") == "Bearer "+token })
	case "no":
		app.Authorized(func() bool { return false })
	}
	switch {
	case s.Forbidden == "all":
		app.Forbidden(func() bool { return true })
	case s.Forbidden == "writes":
		app.Forbidden(func(m restmachine.Method) bool { return !m.Safe() })
	case s.Forbidden == "note" && s.creates():
		app.Forbidden(func(restmachine.Optional[*Note]) bool { return true })
	case s.Forbidden == "note":
		app.Forbidden(func(*Note) bool { return true })
	}
	if s.Malformed == "yes" {
		app.MalformedRequest(func(query url.Values) bool { return len(query) > 0 })
	}
	if s.Target == "100" {
		app.URITooLong(func(r *http.Request) bool { return len(r.URL.RequestURI()) > 100 })
	}
	if s.Limit == "1000" {
		app.MaxBody(1000)
	}
	if s.Conflict == "yes" {
		app.IsConflict(func() bool { return true })
	}
	if s.Require == "yes" {
		app.RequirePreconditions()
	}
}

// token is what authorizes a request.
const token = "open-sesame"

// creates reports whether a request can create the note.
func (s State) creates() bool {
	return has(s.Methods, "PUT") && s.Create == "yes" || has(s.Methods, "POST") && s.Missing == "yes"
}

// addVariants says which representations are offered.
func addVariants(app *restmachine.App, s State) {
	if has(s.Types, "json") && s.Types != "json" {
		app.Provides("application/json", func(n *Note) *Note { return n })
	}
	if has(s.Types, "html") {
		app.Provides("text/html; charset=utf-8", func(n *Note) string {
			return "<h1>" + html.EscapeString(n.Title) + "</h1>\n<p>" + html.EscapeString(n.Text) + "</p>\n"
		})
	}
	if has(s.Types, "text") {
		app.Provides("text/plain; charset=utf-8", func(n *Note) []byte {
			return []byte(n.Title + "\n\n" + n.Text + "\n")
		})
	}
	if s.Languages != "" {
		app.Languages(strings.Split(s.Languages, ",")...)
	}
	if s.Codings != "" {
		app.Encodings("gzip")
	}
	if s.Choices == "yes" {
		app.MultipleChoices(func() bool { return true })
	}
}

// addHandlers adds the methods of the note.
func addHandlers(app *restmachine.App, s State) {
	if has(s.Methods, "GET") {
		addGet(app, s)
	}
	if has(s.Methods, "PUT") {
		addPut(app, s)
	}
	if has(s.Methods, "PATCH") {
		app.Patch(notePath, func(n *Note, in restmachine.Body[restmachine.MergePatch[*Note]]) (*Note, error) {
			patched, err := in.Value.Apply(n)
			if err != nil {
				return nil, err
			}
			return save(s, n, *patched)
		})
	}
	if has(s.Methods, "DELETE") {
		app.Delete(notePath, func(*Note) error { return written(s) })
		if s.Delete == "pending" {
			app.DeleteCompleted(func() bool { return false })
		}
	}
	if has(s.Methods, "POST") {
		addPost(app, s)
		if s.Missing == "yes" {
			app.AllowMissingPost(func() bool { return true })
		}
	}
}

func addGet(app *restmachine.App, s State) {
	if !has(s.Languages, "de") {
		app.Get(notePath, func(n *Note) *Note { return n })
		return
	}
	app.Get(notePath, func(n *Note, chosen restmachine.Selected) *Note {
		note := *n
		if chosen.Language == "de" {
			note.Title, note.Text = "Milch", german
		}
		return &note
	})
}

func addPut(app *restmachine.App, s State) {
	if s.Create == "no" {
		app.Put(notePath, func(n *Note, in restmachine.Body[Note]) (*Note, error) {
			return save(s, n, in.Value)
		})
		return
	}
	app.Put(notePath, func(path restmachine.PathParams, old restmachine.Optional[*Note], in restmachine.Body[Note]) (*Note, error) {
		if !old.OK {
			old.Value = &Note{ID: path.Get("id")}
		}
		return save(s, old.Value, in.Value)
	})
}

func addPost(app *restmachine.App, s State) {
	if s.Missing == "yes" {
		app.Post(notePath, func(_ restmachine.Optional[*Note], in restmachine.Body[Comment]) (*restmachine.Reply[*Comment], error) {
			return comment(s, in.Value), written(s)
		})
		return
	}
	app.Post(notePath, func(_ *Note, in restmachine.Body[Comment]) (*restmachine.Reply[*Comment], error) {
		return comment(s, in.Value), written(s)
	})
}

// save writes the values of in under the identity of old, as the next version.
func save(s State, old *Note, in Note) (*Note, error) {
	if err := written(s); err != nil || s.Put == "nothing" {
		return nil, err
	}
	in.ID, in.Version, in.Changed = old.ID, old.Version+1, time.Now()
	return &in, nil
}

// written is what the store says of a write.
func written(s State) error {
	switch s.Store {
	case "stale":
		return restmachine.ErrStale
	case "invalid":
		return &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: "the store does not take these values"}
	case "fails":
		return errors.New("the disk is full")
	}
	return nil
}

// comment is the reply to a POST.
func comment(s State, c Comment) *restmachine.Reply[*Comment] {
	const at = "/notes/1/comments/1"
	switch s.Post {
	case "created":
		return restmachine.Created(at, &c)
	case "later":
		return restmachine.Accepted(at, &c)
	case "see":
		return restmachine.SeeOther[*Comment](at)
	case "nothing":
		return restmachine.NoContent[*Comment]()
	}
	return restmachine.NewReply(0, &c)
}
