// This file is shared by the tests of this package: an App under test, and a testing.TB
// that may fail.

package restmachinetest_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// reports runs a test that may fail, until its end or its Fatalf. It returns the reports.
func reports(t *testing.T, test func(t testing.TB)) []string {
	r := &recorder{TB: t}
	var all sync.WaitGroup
	all.Go(func() { test(r) })
	all.Wait()
	return r.faults
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.faults = append(r.faults, "fatal: "+fmt.Sprintf(format, args...))
	runtime.Goexit()
}

var quiet = restmachine.WithLogger(slog.New(slog.DiscardHandler))

// A page has a version for its tag, and a date.
type page struct {
	Text    string
	version int
}

// A shelf keeps one page or none. It accepts every write.
type shelf struct {
	mu   sync.Mutex
	page *page
}

func (s *shelf) load() *page {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.page
}

func (s *shelf) store(p *page) *page {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page = p
	return p
}

// storeOver stores p only if the page that was seen is still stored.
func (s *shelf) storeOver(seen, p *page) (*page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.page != seen {
		return nil, restmachine.ErrStale
	}
	s.page = p
	return p, nil
}

var changed = time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)

// newShelf returns an App with a page at /page, version 1.
func newShelf(options ...restmachine.Option) *restmachine.App {
	s := &shelf{page: &page{"Hello", 1}}
	app := restmachine.New(append(options, quiet)...)
	app.ResourceExists(s.load)
	app.GenerateETag(func(p *page) string { return fmt.Sprint(p.version) })
	app.LastModified(func(p *page) time.Time { return changed.Add(time.Duration(p.version) * time.Second) })
	app.LockKey(func() string { return "the page" })
	app.Get("/page", func(p *page) *page { return p }).
		Put(func(old restmachine.Optional[*page], in restmachine.Body[page]) *page {
			in.Value.version = 1
			if old.OK {
				in.Value.version = old.Value.version + 1
			}
			return s.store(&in.Value)
		}).
		Delete(func(*page) { s.store(nil) })
	app.Put("/checked", func(old *page, in restmachine.Body[page]) (*page, error) {
		in.Value.version = old.version + 1
		return s.storeOver(old, &in.Value)
	})
	app.Post("/echo", func(r http.Header, in restmachine.Body[url.Values]) *restmachine.Reply[any] {
		return &restmachine.Reply[any]{Status: 201, Header: http.Header{"Location": {"/page"}}, Entity: in.Value.Encode()}
	})
	app.Get("/fields", func(fields http.Header) http.Header { return fields })
	return app
}
