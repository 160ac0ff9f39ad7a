// The App that the oracle is held against: one book at a path where it can be
// replaced and one where it can be created, with the validators of a situation,
// and the header fields that put a situation into words.

package walk_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A book is what the shelf holds. Its tag and its date follow its edition.
type book struct{ Edition int }

// A page is a view of a book, for paths whose GET returns no book.
type page struct{ OfEdition int }

func (b *book) itself() *book { return b }
func (b *book) page() *page   { return &page{b.Edition} }
func (b *book) edition() int  { return b.Edition }
func (p *page) edition() int  { return p.OfEdition }

// printed is the date of the first edition, to the second.
var printed = time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)

// A bookshelf has a book or not, and counts what its handlers did. The mutex is for
// servers, which run handlers on goroutines of their own.
type bookshelf struct {
	app    *restmachine.App
	views  bool // a GET makes a representation, which 304 and 412 then need
	ledger restmachinetest.Ledger
	sent   int // requests

	mu            sync.Mutex
	book          *book
	reads, writes int
}

// reset puts the first edition on the shelf, or nothing.
func (s *bookshelf) reset(p place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book, s.reads, s.writes = nil, 0, 0
	if p.exists() {
		s.book = &book{Edition: 1}
	}
}

func (s *bookshelf) load() *book {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book
}

func (s *bookshelf) read() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
}

// replace puts the next edition in the place of b, or a first one where b is nil.
func (s *bookshelf) replace(b *book) *book {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	s.book = &book{Edition: 1}
	if b != nil {
		s.book.Edition = b.Edition + 1
	}
	return s.book
}

func (s *bookshelf) remove(*book) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	s.book = nil
}

// An effect is how often handlers have written, and the edition on the shelf, 0
// for none.
type effect struct{ writes, edition int }

// did reports the calls of the handler for GET, and the effect of the others.
func (s *bookshelf) did() (reads int, e effect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.writes = s.writes; s.book != nil {
		e.edition = s.book.Edition
	}
	return s.reads, e
}

// newShelf makes the App for the policy, tag and date of a situation, where
// every representation is the book itself.
func newShelf(t testing.TB, s situation) *bookshelf {
	t.Helper()
	return showing(t, s, (*book).itself, (*book).edition)
}

// newPages is newShelf where every representation is a view of the book: the
// GET has to run before a precondition can be evaluated.
func newPages(t testing.TB, s situation) *bookshelf {
	t.Helper()
	pages := showing(t, s, (*book).page, (*page).edition)
	pages.views = true
	return pages
}

// newDesk is newShelf where nothing can be read: the book is loaded for the
// preconditions alone.
func newDesk(t testing.TB, s situation) *bookshelf {
	t.Helper()
	desk := newApp(s)
	register(desk, s, (*book).itself, (*book).edition)
	require.NoError(t, desk.app.Start(t.Context()))
	return desk
}

// newReplies is newShelf where no fact knows the validators: each handler sets
// them itself. Nothing can be created there.
func newReplies(t testing.TB, row situation) *bookshelf {
	t.Helper()
	s := newApp(row)
	s.views = true
	show := func(b *book) *restmachine.Reply[any] {
		reply := restmachine.NewReply[any](http.StatusOK, b)
		reply.Header = http.Header{}
		if row.tag != noTag {
			reply.Header.Set("ETag", row.tagOf(b.Edition))
		}
		if row.date != noDate {
			reply.Header.Set("Last-Modified", row.dateOf(b.Edition).Format(http.TimeFormat))
		}
		return reply
	}
	replace := func(b *book) *restmachine.Reply[any] { return show(s.replace(b)) }
	s.app.ResourceExists(s.load)
	plain := s.app.Get("/plain", func(b *book) *restmachine.Reply[any] { s.read(); return show(b) })
	plain.Put(replace).Patch(replace).Delete(s.remove).Post(s.replace)
	require.NoError(t, s.app.Start(t.Context()))
	return s
}

func showing[T any](t testing.TB, row situation, show func(*book) T, edition func(T) int) *bookshelf {
	t.Helper()
	s := newApp(row)
	get := func(b *book) T { s.read(); return show(b) }
	s.app.Get("/plain", get)
	s.app.Get("/creatable", get)
	register(s, row, show, edition)
	require.NoError(t, s.app.Start(t.Context()))
	return s
}

func newApp(row situation) *bookshelf {
	return &bookshelf{app: restmachine.New(
		restmachine.WithPrecedence(row.policy), restmachine.WithLogger(slog.New(slog.DiscardHandler)))}
}

// register gives the App its facts and its writes, which answer with a T.
func register[T any](s *bookshelf, row situation, show func(*book) T, edition func(T) int) {
	app := s.app
	app.ResourceExists(s.load)
	app.Location(func(T) string { return "/creatable" })
	validate(app, row, edition)
	replace := func(b *book) T { return show(s.replace(b)) }

	app.LockKey(restmachine.ByPath)
	app.Put("/plain", replace).Patch(replace).Delete(s.remove).Post(replace)

	creatable := app.Patch("/creatable", replace).Delete(s.remove)
	creatable.Put(func(b restmachine.Optional[*book]) T { return replace(b.Value) })
	creatable.Post(func(b restmachine.Optional[*book]) *restmachine.Reply[any] {
		if b.OK {
			return restmachine.NewReply[any](http.StatusOK, replace(b.Value))
		}
		return restmachine.Created[any]("", replace(nil))
	})
	creatable.AllowMissingPost(func() bool { return true })
}

// validate gives T its validators. What the situation lacks is not registered,
// so that the programs of the graph are folded as they would be.
func validate[T any](app *restmachine.App, row situation, edition func(T) int) {
	if row.tag != noTag {
		app.GenerateETag(func(v T) string { return row.tagOf(edition(v)) })
	}
	if row.date != noDate {
		app.LastModified(func(v T) time.Time { return row.dateOf(edition(v)) })
	}
}

func (s situation) tagOf(edition int) string {
	if s.tag == weakTag {
		return fmt.Sprintf(`W/"A%d"`, edition)
	}
	return fmt.Sprintf(`"A%d"`, edition)
}

func (s situation) dateOf(edition int) time.Time {
	date := printed.AddDate(edition-1, 0, 0)
	if s.date == subSecond {
		date = date.Add(time.Second / 2)
	}
	return date
}

// path is where the resource of a situation is.
func (s situation) path() string {
	if s.place.creatable() {
		return "/creatable"
	}
	return "/plain"
}

// One spelling of what each list and each date says; unreadable ones hold what
// would match.
var (
	plainLists = [...][]string{nil, {"*"}, {`"A1"`}, {`W/"A1"`}, {`"B", W/"B"`}, {`"B" "A1"`}}
	plainDates = [...][]string{
		nil,
		{printed.Add(-time.Second).Format(http.TimeFormat)},
		{printed.Format(http.TimeFormat)},
		{printed.Add(time.Second).Format(http.TimeFormat)},
		{"yesterday"},
	}
)

// request puts a situation into words.
func (s situation) request() restmachine.Request {
	header := http.Header{}
	for name, lines := range map[string][]string{
		"If-Match": plainLists[s.ifMatch], "If-Unmodified-Since": plainDates[s.ifUnmodifiedSince],
		"If-None-Match": plainLists[s.ifNoneMatch], "If-Modified-Since": plainDates[s.ifModifiedSince],
	} {
		if lines != nil {
			header[name] = lines
		}
	}
	return restmachine.Request{Method: s.method, Path: s.path(), Header: header}
}
