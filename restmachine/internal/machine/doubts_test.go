// Mistakes of a service that its answers show: each is logged once for a route, and those who look
// at exchanges see it of each. A service without a mistake is never told one.

package machine_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A card is what the services of these tests keep.
type card struct {
	Version int
	Title   string
	Tags    []string
	Secret  string `json:"-"`
}

// A service is an App with one card, and what was told of it.
type service struct {
	*restmachine.App
	load   func() *card
	tag    func(c *card) string
	card   *card
	log    harness.Log
	said   []string // the names of warnings, in the order of the exchanges; "" where there is none
	traces []string
}

func newService(declare func(s *service), options ...restmachine.Option) *service {
	s := &service{card: &card{Version: 1, Title: "a", Tags: []string{"x"}}}
	options = append(options, restmachine.WithLogger(slog.New(slog.NewTextHandler(&s.log, nil))))
	s.App = restmachine.New(options...)
	s.load = func() *card { c := *s.card; return &c }
	s.tag = func(c *card) string { return fmt.Sprint(c.Version) }
	s.ResourceExists(func() *card { return s.load() })
	declare(s)
	if err := s.Validate(); err != nil {
		panic(err)
	}
	s.log.Take()
	return s
}

// inPlace is the one card.
func (s *service) inPlace() *card { return s.card }

// watch is a Tracer of a service, that is made behind it.
func (s *service) watch(e *restmachine.Exchange) {
	names := []string{}
	for _, w := range e.Warnings {
		names = append(names, w.Name)
	}
	s.said = append(s.said, strings.Join(names, ","))
	s.traces = append(s.traces, fmt.Sprintf("%+v", e.Trace.Visits[len(e.Trace.Visits)-1]))
}

func (s *service) tagged() { s.GenerateETag(func(c *card) string { return s.tag(c) }) }

func show(c *card) *card { return c }

type (
	change  = restmachine.Body[card]
	changed func(s *service, loaded *card, in change) *card
)

// put declares a service whose PUT and PATCH do one thing.
func put(do changed) func(s *service) {
	return func(s *service) {
		s.tagged()
		handler := func(loaded *card, in change) *card { return do(s, loaded, in) }
		s.Get("/card", show).Put(handler).Patch(handler)
	}
}

// store keeps a card that has its version counted up.
func (s *service) store(c card) *card { c.Version = s.card.Version + 1; s.card = &c; return &c }

// play sends requests, each "METHOD title". The title "=" stands for the one that is stored. A
// method with a star carries an If-Match of the current tag.
func (s *service) play(requests ...string) {
	for _, r := range requests {
		method, title, _ := strings.Cut(r, " ")
		header := http.Header{"Content-Type": {"application/json"}}
		if m, starred := strings.CutSuffix(method, "*"); starred {
			method = m
			header.Set("If-Match", s.Execute(restmachine.Request{Method: "HEAD", Path: "/card"}).Header.Get("ETag"))
		}
		if title == "=" {
			title = s.card.Title
		}
		s.Execute(restmachine.Request{Method: method, Path: "/card", Header: header, Body: []byte(`{"Title": "` + title + `"}`)})
	}
}

// told are the names of the warnings in the log.
func (s *service) told() (names []string) {
	for line := range strings.Lines(s.log.Take()) {
		if _, name, found := strings.Cut(line, `warning="`); found {
			name, _, _ = strings.Cut(name, `"`)
			names = append(names, name)
		}
	}
	return names
}

func times(n int, request string) (all []string) {
	for range n {
		all = append(all, request)
	}
	return all
}

var kept, unsteady, older = []string{"tag kept"}, []string{"tag unsteady"}, []string{"old value"}

func TestATagThatStaysIsTold(t *testing.T) {
	forgets := func(s *service, loaded *card, in change) *card {
		c := *loaded
		c.Title = in.Value.Title
		s.card = &c
		return &c
	}
	rows := []struct {
		name    string
		declare func(s *service)
		plays   []string
		told    []string
		why     string
	}{
		{"the version is forgotten", put(forgets), []string{"PUT* b"}, kept, "the precondition has asked for the tag"},
		{"without a precondition", put(forgets), []string{"PUT b"}, kept, "the loaded value is asked for its tag after the write"},
		{"by PATCH", put(forgets), []string{"PATCH* b"}, kept, "it is a write in place, too"},
		{"again and again", put(forgets), []string{"PUT* b", "PUT* c", "PUT d", "PUT* e"}, kept, "once"},
		{"after many good writes", put(func(s *service, loaded *card, in change) *card {
			if in.Value.Title == "b" {
				return forgets(s, loaded, in)
			}
			return s.store(in.Value)
		}), append(times(100, "PUT* a"), "PUT* b"), kept, "a write with a precondition is looked at for ever"},
		{"after many writes that change nothing", put(func(s *service, loaded *card, in change) *card {
			return forgets(s, loaded, in)
		}), append(times(20, "PUT* ="), "PUT* b"), kept, "the contents of the first 32 are compared"},
		{"in place", func(s *service) {
			s.load = s.inPlace
			put(func(s *service, loaded *card, in change) *card { loaded.Title = in.Value.Title; return loaded })(s)
		}, []string{"PUT* b", "PUT* c"}, kept, "the old content of the first is gone; it arms the route for the second"},
		{"in place, without a precondition", func(s *service) {
			s.load = s.inPlace
			put(func(s *service, loaded *card, in change) *card { loaded.Title = in.Value.Title; return loaded })(s)
		}, []string{"PUT b", "PUT c"}, kept, "as with one"},
		{"in parts that a copy shares", put(func(s *service, loaded *card, in change) *card {
			c := *loaded
			c.Tags[0] = in.Value.Title
			return &c
		}), []string{"PUT* b", "PUT* c"}, kept, "what was loaded has changed with what was returned"},
		{"in a rendering", func(s *service) {
			put(func(s *service, loaded *card, in change) *card {
				c := *loaded
				c.Secret = in.Value.Title
				s.card = &c
				return &c
			})(s)
			s.Provides("text/plain", func(c *card) string { return c.Secret })
		}, []string{"PUT* b"}, kept, "what is shown counts, and not what is stored"},
		{"in a Reply", func(s *service) {
			s.tagged()
			s.Get("/card", show).Put(func(loaded *card, in change) *restmachine.Reply[*card] {
				return restmachine.NewReply(200, forgets(s, loaded, in))
			})
		}, []string{"PUT* b"}, kept, "a Reply of 200 is its entity"},
		{"by a hash of less than is shown", func(s *service) {
			put(forgets)(s)
			s.tag = func(c *card) string { return restmachine.HashETag(c.Tags) }
		}, []string{"PUT* b"}, kept, "the tag leaves the title out"},

		{"the version is counted up", put(func(s *service, _ *card, in change) *card { return s.store(in.Value) }),
			[]string{"PUT* b", "PUT c", "PATCH* d"}, nil, "the tag changes"},
		{"nothing is changed", put(forgets), []string{"PUT* =", "PUT =", "PUT* =", "PUT* =", "PATCH ="}, nil, "a PUT of what is there is no change"},
		{"nothing is changed in place", put(func(_ *service, loaded *card, _ change) *card { return loaded }), times(10, "PUT* b"), nil, "nor is this"},
		{"in place, and counted up", func(s *service) {
			s.load = s.inPlace
			put(func(s *service, loaded *card, in change) *card {
				loaded.Title = in.Value.Title
				loaded.Version++
				return loaded
			})(s)
		}, []string{"PUT* b", "PUT c", "PUT d", "PUT* e"}, nil, "whoever counts may change in place"},
		{"a weak tag", func(s *service) {
			put(forgets)(s)
			s.tag = func(c *card) string { return restmachine.WeakETag("1") }
		}, []string{"PUT b", "PUT c"}, nil, "it does not promise what the bytes are (RFC 9110, 8.8.1)"},
		{"a hash of the content", func(s *service) {
			s.AutoETag(restmachine.Strong)
			s.Get("/card", show).Put(func(loaded *card, in change) *card { return forgets(s, loaded, in) })
		}, []string{"PUT* b", "PUT c"}, nil, "it changes with the content"},
		{"no tag", func(s *service) {
			s.Get("/card", show).Put(func(loaded *card, in change) *card { return forgets(s, loaded, in) })
		}, []string{"PUT b", "PUT c"}, nil, "nobody is misled"},
		{"a view", func(s *service) {
			s.tagged()
			s.Get("/card", show).Put(func(loaded *card, in change) string { s.store(in.Value); return "done " + in.Value.Title })
		}, []string{"PUT* b", "PUT c"}, nil, "it is not what the path shows, and carries no tag"},
		{"a stream", func(s *service) {
			s.Get("/card", func(*card) io.Reader { return strings.NewReader(s.card.Title) }).
				Put(func(in change) io.Reader { s.store(in.Value); return strings.NewReader(in.Value.Title) }).
				GenerateETag(func(io.Reader) string { return "1" })
		}, []string{"PUT* b", "PUT c"}, nil, "it can be read once"},
		{"a renderer that panics", func(s *service) {
			put(forgets)(s)
			sane := 1
			s.Provides("text/plain", func(*card) string {
				if sane--; sane < 0 {
					panic("once is enough")
				}
				return "x"
			})
		}, []string{"PUT b"}, nil, "what is rendered to compare fails nobody"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newService(row.declare)
			s.play(row.plays...)
			assert.Equal(t, row.told, s.told(), row.why)
		})
	}
}

func TestATagThatIsUnsteadyIsTold(t *testing.T) {
	asked := 0
	by := func(tag func(*card) string) func(s *service) {
		return func(s *service) {
			put(func(s *service, _ *card, in change) *card { return s.store(in.Value) })(s)
			asked = 0
			s.tag = func(c *card) string { asked++; return tag(c) }
		}
	}
	clock := func(*card) string { return fmt.Sprint(asked) }
	rows := []struct {
		name    string
		declare func(s *service)
		plays   []string
		told    []string
		why     string
	}{
		{"by the time", by(clock), times(4, "GET"), unsteady, "three changes in a row"},
		{"for HEAD", by(clock), times(4, "HEAD"), unsteady, "it is what the GET shows"},
		{"a weak one", by(func(c *card) string { return restmachine.WeakETag(clock(c)) }), times(4, "GET"), unsteady, "nobody is ever told 304"},
		{"now and then", by(func(*card) string { return fmt.Sprint(asked / 3) }), times(16, "GET"), unsteady, "as the order of a map"},
		{"many times", by(clock), times(100, "GET"), unsteady, "once"},
		{"fewer times", by(clock), times(3, "GET"), nil, "two changes could be two writes of somebody else"},
		{"with the content", func(s *service) {
			by(clock)(s)
			s.Provides("text/plain", func(*card) string { return fmt.Sprint(asked) })
		}, times(20, "GET"), nil, "the content changes, too"},
		{"steady", by(func(*card) string { return "1" }), times(20, "GET"), nil, "nothing changes"},
		{"back and forth by writes", by(func(c *card) string { return fmt.Sprint(c.Version) }),
			[]string{"GET", "PUT b", "PUT a", "GET", "PUT a", "GET", "PUT a", "GET", "PUT a", "GET", "PUT a", "GET"}, nil,
			"the content has come back, and the version has not"},
		{"a write elsewhere in the App", func(s *service) {
			by(clock)(s)
			s.Post("/other", func() {})
		}, []string{"GET", "GET", "GET", "OTHER", "GET", "GET"}, nil, "nobody knows what it has changed"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newService(row.declare)
			for _, r := range row.plays {
				if r == "OTHER" {
					s.Execute(restmachine.Request{Method: "POST", Path: "/other"})
					continue
				}
				s.play(r)
			}
			assert.Equal(t, row.told, s.told(), row.why)
		})
	}
}

// A write that began before a GET and is not over may change something between two GETs.
func TestAWriteThatIsUnderWayMakesNoTagUnsteady(t *testing.T) {
	for _, under := range []bool{true, false} {
		asked, begun, end := 0, make(chan bool), make(chan bool)
		s := newService(func(s *service) {
			s.GenerateETag(func(*card) string { asked++; return fmt.Sprint(asked) })
			s.Get("/card", show)
			s.Post("/slow", func() { begun <- true; <-end })
		})
		var all sync.WaitGroup
		if under {
			all.Go(func() { s.Execute(restmachine.Request{Method: "POST", Path: "/slow"}) })
			<-begun
		}
		s.play(times(10, "GET")...)
		close(end)
		all.Wait()
		assert.Equal(t, under, s.told() == nil, "under way: %v", under)
	}
}

// Many mistakes are seen only by what GETs show.
func TestGETsShowMistakesOfWrites(t *testing.T) {
	says := func(do func(s *service, in change)) func(s *service) {
		return func(s *service) {
			s.tagged()
			s.Get("/card", show).Put(func(_ *card, in change) { do(s, in) })
		}
	}
	forgets := func(s *service, in change) { c := *s.card; c.Title = in.Value.Title; s.card = &c }
	beside := 0
	rows := []struct {
		name    string
		declare func(s *service)
		plays   []string
		told    []string
		why     string
	}{
		{"a PUT without content forgets the version", says(forgets), []string{"GET", "PUT b", "GET"}, kept, "tag and content come from one value"},
		{"after many GETs", says(forgets), append(times(20, "GET"), "PUT b", "GET", "PUT c", "GET"), kept, "the write has its route looked at again"},
		{"a GET that writes", func(s *service) {
			s.tagged()
			s.Get("/card", func(c *card) *card { s.card.Title += "!"; return c })
		}, []string{"GET", "GET"}, kept, "each GET shows something else"},
		{"a version that begins at 1 again", says(func(s *service, in change) { s.card = &card{Version: 1, Title: in.Value.Title} }),
			[]string{"GET", "PUT b", "GET"}, kept, "a deleted card had this tag, too"},
		{"a rendering that shows more", func(s *service) {
			says(forgets)(s)
			s.Provides("text/plain", func(*card) string { beside++; return fmt.Sprint(beside) })
		}, []string{"GET", "GET", "GET"}, kept, "twice, since a renderer may read what a write changes meanwhile"},
		{"a tag that does not take the value", func(s *service) {
			s.Get("/card", func(*card) []int { beside++; return []int{beside} }).GenerateETag(func() string { return "1" })
		}, []string{"GET", "GET", "GET"}, kept, "as with a rendering"},
		{"it might be a race", func(s *service) {
			s.Get("/card", func(*card) []int { beside++; return []int{beside} }).GenerateETag(func() string { return "1" })
		}, []string{"GET", "GET"}, nil, "such a tag may be older than the content"},
		{"a PUT that returns the old value", put(func(s *service, loaded *card, in change) *card { s.store(in.Value); return loaded }),
			[]string{"PUT* b", "GET", "PUT* c", "GET"}, older, "the GETs behind it show something else"},
		{"the same without a precondition", put(func(s *service, loaded *card, in change) *card { s.store(in.Value); return loaded }),
			[]string{"PUT b", "GET", "PUT c", "GET"}, older, "as with one"},
		{"once", put(func(s *service, loaded *card, in change) *card { s.store(in.Value); return loaded }),
			[]string{"PUT* b", "GET"}, nil, "it could be a write of somebody else"},
		{"a version that is counted up", says(func(s *service, in change) { s.store(in.Value) }),
			[]string{"GET", "PUT b", "GET", "PUT c", "GET", "PUT d", "GET"}, nil, "the tag changes"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			beside = 0
			s := newService(row.declare)
			s.play(row.plays...)
			assert.Equal(t, row.told, s.told(), row.why)
		})
	}
}
