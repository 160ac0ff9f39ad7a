// Acceptance: the cards that acceptance_rules_test.go and its neighbours ask for.

package restmachine_test

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// cardDate is the date of version 1 of a card. Each later version is a second
// younger.
var cardDate = time.Date(2015, 10, 21, 7, 28, 0, 0, time.UTC)

func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// A card is the resource. Its version counts its changes.
type card struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

func (c *card) changed() time.Time { return cardDate.Add(time.Duration(c.Version-1) * time.Second) }

// A cardBox has card 1, at version 1, and no other.
type cardBox struct {
	mu    sync.Mutex
	cards map[string]card
}

func newCardBox() *cardBox {
	return &cardBox{cards: map[string]card{"1": {ID: "1", Version: 1}}}
}

func (b *cardBox) read(path restmachine.PathParams) *card {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.cards[path.Get("id")]; ok {
		return &c
	}
	return nil
}

// write keeps the card that follows on c: it trusts that nobody wrote meanwhile.
func (b *cardBox) write(c card) *card {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.Version++
	b.cards[c.ID] = c
	return &c
}

func (b *cardBox) remove(c *card) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.cards, c.ID)
}

// numbered says that the version of a card is its entity-tag.
func numbered(app *restmachine.App) {
	app.GenerateETag(func(c *card) string { return strconv.Itoa(c.Version) })
}

// dated says when a card was changed.
func dated(app *restmachine.App) {
	app.LastModified(func(c *card) time.Time { return c.changed() })
}

// newCards serves cards with both validators.
func newCards() *restmachine.App {
	return cardsWith(func(app *restmachine.App) { numbered(app); dated(app) })()
}

// cardsWith makes Apps that serve the cardBox under several paths. The paths
// differ in what their methods may do. The validators of a card are up to facts.
func cardsWith(facts func(app *restmachine.App), options ...restmachine.Option) func() *restmachine.App {
	return func() *restmachine.App {
		app := restmachine.New(options...)
		facts(app)
		serveCards(app)
		return app
	}
}

func serveCards(app *restmachine.App) {
	app.OnStartup(newCardBox)
	app.MaxBody(1000)
	app.Authorized(func(header http.Header) bool { return header.Get("Authorization") != "nobody" })
	app.Forbidden(func(header http.Header) bool { return header.Get("Authorization") == "stranger" })
	app.IsConflict(func(header http.Header) bool { return header.Get("X-Conflict") != "" })
	app.ResourceExists(func(path restmachine.PathParams, b *cardBox) *card { return b.read(path) })

	read := func(c *card) *card { return c }
	change := func(c *card, in restmachine.Body[card], b *cardBox) *card { return b.write(*c) }
	save := func(c restmachine.Optional[*card], in restmachine.Body[card], path restmachine.PathParams, b *cardBox) *card {
		if c.OK {
			return b.write(*c.Value)
		}
		return b.write(card{ID: path.Get("id")})
	}
	remove := func(c *card, b *cardBox) { b.remove(c) }

	app.LockKey(restmachine.ByPath) // these cards share a box, and no card
	app.Resource("/cards/{id}").Get(read).Put(save).Patch(change).Post(change).Delete(remove)
	app.Resource("/kept/{id}").Get(read).Put(change)
	app.Resource("/made/{id}").Get(read).Patch(save)
	guarded := app.Resource("/guarded/{id}").Get(read).Put(save).Patch(change).Delete(remove)
	guarded.RequirePreconditions()
	posted := app.Resource("/posted/{id}").Get(read).Post(save)
	posted.AllowMissingPost(func() bool { return true })
	moved := app.Resource("/moved/{id}").Get(read)
	moved.MovedPermanently(func() string { return "/cards/1" })
	choices := app.Resource("/choices/{id}").Get(read)
	choices.MultipleChoices(func() bool { return true })
}
