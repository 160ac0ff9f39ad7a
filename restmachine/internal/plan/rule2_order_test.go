// The second rule's part on order: a validator is never newer than the content beside it,
// whatever other processes write between the reads of an exchange.

package plan_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A tide is a store that another process writes to: before access i, where bit i of the
// schedule is set. All schedules together are all interleavings of an exchange's accesses
// with the writes of others.
type tide struct {
	version  int
	schedule int
	accesses int
}

func (s *tide) access() int {
	s.version += s.schedule >> s.accesses & 1
	s.accesses++
	return s.version
}

func (s *tide) write() int {
	s.access()
	s.version++
	return s.version
}

// What is made of the tide, each by an access of its own.
type (
	seaLevel  struct{ Version int }
	seaDepth  struct{ Version int }
	snapshot  struct{ Version int }
	seaMeter  struct{ Version int }
	openedSea struct{ *tide }
)

func readLevel(s *tide) *seaLevel { return &seaLevel{s.access()} }
func tagOfTide(s *tide) string    { return fmt.Sprint(s.access()) }
func dateOfTide(s *tide) time.Time {
	return time.Date(2020, 1, 1, 0, 0, s.access(), 0, time.UTC)
}
func tagOfLevel(l *seaLevel) string { return fmt.Sprint(l.Version) }

// tides are paths "/sea" whose validators are versions of the tide: each says what it is, and
// the GET, the PUT and the facts.
var tides = []struct {
	name    string
	declare func(app *restmachine.App, r *restmachine.Resource)
}{
	{"a tag that takes no value", func(app *restmachine.App, r *restmachine.Resource) {
		app.GenerateETag(tagOfTide)
		r.Get(readLevel)
	}},
	{"a date that takes no value", func(app *restmachine.App, r *restmachine.Resource) {
		app.LastModified(dateOfTide)
		r.Get(readLevel)
	}},
	{"both, of the loaded value that the GET returns", func(app *restmachine.App, r *restmachine.Resource) {
		app.ResourceExists(readLevel)
		r.GenerateETag(tagOfTide)
		r.LastModified(dateOfTide)
		r.Get(func(l *seaLevel) *seaLevel { return l })
	}},
	{"a GET that takes and returns it", func(app *restmachine.App, r *restmachine.Resource) {
		app.ResourceExists(readLevel)
		app.GenerateETag(tagOfTide)
		r.Get(func(l *seaLevel) (*seaLevel, error) { return l, nil })
	}},
	{"a GET of any", func(app *restmachine.App, r *restmachine.Resource) {
		app.GenerateETag(tagOfTide)
		r.Get(func(s *tide) any { return readLevel(s) })
	}},
	{"a GET of a Reply", func(app *restmachine.App, r *restmachine.Resource) {
		app.GenerateETag(tagOfTide)
		r.Get(func(s *tide) any { return restmachine.NewReply(200, readLevel(s)) })
	}},
	{"a date beside AutoETag", func(app *restmachine.App, r *restmachine.Resource) {
		app.AutoETag(restmachine.Strong)
		app.LastModified(dateOfTide)
		r.Get(readLevel)
	}},
	{"a tag of a Dependency", func(app *restmachine.App, r *restmachine.Resource) {
		app.Dependency(func(s *tide) seaMeter { return seaMeter{s.access()} })
		app.GenerateETag(func(m seaMeter) string { return fmt.Sprint(m.Version) })
		r.Get(readLevel)
	}},
	{"a tag of a Dependency, and a loaded value", func(app *restmachine.App, r *restmachine.Resource) {
		app.Dependency(func(s *tide) seaMeter { return seaMeter{s.access()} })
		app.ResourceExists(readLevel)
		r.GenerateETag(func(m seaMeter) string { return fmt.Sprint(m.Version) })
		r.Get(func(l *seaLevel) *seaLevel { return l })
	}},
	{"a tag of a value beside a Dependency", func(app *restmachine.App, r *restmachine.Resource) {
		app.Dependency(func(s *tide) seaMeter { return seaMeter{s.access()} })
		app.GenerateETag(func(_ *seaLevel, m seaMeter) string { return fmt.Sprint(m.Version) })
		r.Get(readLevel)
	}},
	{"a tag of a loaded value beside a Dependency", func(app *restmachine.App, r *restmachine.Resource) {
		app.Dependency(func(s *tide) seaMeter { return seaMeter{s.access()} })
		app.ResourceExists(readLevel)
		app.GenerateETag(func(_ *seaLevel, m seaMeter) string { return fmt.Sprint(m.Version) })
		r.Get(func(l *seaLevel) *seaLevel { return l })
	}},
	{"a tag of a Dependency that takes another loaded value", func(app *restmachine.App, r *restmachine.Resource) {
		app.ResourceExists(func(s *tide) *seaDepth { return &seaDepth{s.access()} })
		app.Dependency(func(_ *seaDepth, s *tide) seaMeter { return seaMeter{s.access()} })
		r.GenerateETag(func(m seaMeter) string { return fmt.Sprint(m.Version) })
		r.Get(readLevel)
	}},
	{"a tag of a loaded value that the GET does not take", func(app *restmachine.App, r *restmachine.Resource) {
		app.ResourceExists(func(s *tide) *seaDepth { return &seaDepth{s.access()} })
		r.GenerateETag(func(d *seaDepth) string { return fmt.Sprint(d.Version) })
		r.Get(readLevel)
	}},
	{"a tag of one of two loaded values", func(app *restmachine.App, r *restmachine.Resource) {
		app.ResourceExists(func(s *tide) *seaDepth { return &seaDepth{s.access()} })
		app.ResourceExists(func(s *tide) snapshotPointer { return &snapshot{s.access()} })
		r.GenerateETag(func(d *seaDepth) string { return fmt.Sprint(d.Version) })
		r.Get(func(_ snapshotPointer, s *tide) *seaLevel { return readLevel(s) })
		r.Delete(func(snapshotPointer) {})
	}},
	{"a tag of a value beside another loaded value", func(app *restmachine.App, r *restmachine.Resource) {
		app.ResourceExists(func(s *tide) *seaDepth { return &seaDepth{s.access()} })
		r.GenerateETag(func(_ *seaLevel, d *seaDepth) string { return fmt.Sprint(d.Version) })
		r.Get(readLevel)
	}},
	{"content of a Dependency that a gate has made", func(app *restmachine.App, r *restmachine.Resource) {
		app.Dependency(func(s *tide) snapshot { return snapshot{s.access()} })
		app.Authorized(func(snapshot) bool { return true })
		app.GenerateETag(tagOfTide)
		r.Get(func(s snapshot) *seaLevel { return &seaLevel{s.Version} })
	}},
	{"content that a renderer makes of such a Dependency", func(app *restmachine.App, r *restmachine.Resource) {
		app.Dependency(func(s *tide) snapshot { return snapshot{s.access()} })
		app.Forbidden(func(snapshot) bool { return false })
		app.GenerateETag(tagOfTide)
		app.Provides("application/json", func(_ *seaLevel, s snapshot) seaLevel { return seaLevel(s) })
		r.Get(func() *seaLevel { return &seaLevel{} })
	}},
	{"a tag of the value itself", func(app *restmachine.App, r *restmachine.Resource) {
		app.GenerateETag(tagOfLevel)
		r.Get(readLevel)
	}},
	{"a tag of the value beside a transaction", func(app *restmachine.App, r *restmachine.Resource) {
		app.Dependency(func(s *tide) (*openedSea, func(error) error, error) { return &openedSea{s}, nil, nil })
		app.GenerateETag(func(l *seaLevel, _ *openedSea) string { return fmt.Sprint(l.Version) })
		r.Get(func(s *openedSea) *seaLevel { return readLevel(s.tide) })
	}},
}

type snapshotPointer = *snapshot

// A sailor is a client that keeps what it was sent, as a cache does.
type sailor struct {
	t         *testing.T
	app       harness.Port
	overHTTP  bool
	store     *tide
	tag, date string
	version   int // of the content
}

// send sends a request in process, or as net/http does.
func (c *sailor) send(method string, fields ...string) restmachine.Response {
	if !c.overHTTP {
		return c.app.Do(method, "/sea", "", fields...)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(method, "/sea", nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	c.app.ServeHTTP(w, r)
	return restmachine.Response{StatusCode: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
}

// read keeps what a request without a precondition is sent.
func (c *sailor) read(method string) {
	resp := c.send(method)
	require.Equal(c.t, 200, resp.StatusCode, method)
	c.take(resp)
}

// take keeps the content of a response, and holds its validators to it.
func (c *sailor) take(resp restmachine.Response) {
	c.tag, c.date = resp.Header.Get("Etag"), resp.Header.Get("Last-Modified")
	var content seaLevel
	require.NoError(c.t, json.Unmarshal(resp.Body, &content))
	c.version = content.Version
	if n := strings.Trim(c.tag, `"`); len(n) < 5 && n != "" { // longer ones are hashes
		var version int
		_, err := fmt.Sscan(n, &version)
		require.NoError(c.t, err)
		require.LessOrEqual(c.t, version, c.version, "the tag is newer than the content: schedule %b", c.store.schedule)
	}
	if c.date != "" {
		when, err := http.ParseTime(c.date)
		require.NoError(c.t, err)
		require.LessOrEqual(c.t, when.Second(), c.version, "the date is newer than the content: schedule %b", c.store.schedule)
	}
}

// revalidate sends what the client has. A 304 must not keep it at less than there was before.
func (c *sailor) revalidate(name, value string) {
	if value == "" {
		return
	}
	before := c.store.version
	resp := c.send("GET", name, value)
	if resp.StatusCode == 304 {
		require.GreaterOrEqual(c.t, c.version, before, "a stale 304: schedule %b", c.store.schedule)
	} else {
		require.Equal(c.t, 200, resp.StatusCode)
	}
}

func TestNoValidatorIsNewerThanItsContent(t *testing.T) {
	voyages := []struct {
		name string
		sail func(c *sailor)
	}{
		{"GET", func(c *sailor) {
			c.read("GET")
			c.revalidate("If-None-Match", c.tag)
		}},
		{"GET by date", func(c *sailor) {
			c.read("GET")
			c.revalidate("If-Modified-Since", c.date)
		}},
		{"PUT", func(c *sailor) {
			c.read("PUT")
			c.revalidate("If-None-Match", c.tag)
			c.revalidate("If-Modified-Since", c.date)
		}},
		{"PUT with a precondition", func(c *sailor) {
			c.read("GET")
			name, value := "If-Match", c.tag
			if value == "" {
				name, value = "If-Unmodified-Since", c.date
			}
			if resp := c.send("PUT", name, value); resp.StatusCode == 200 {
				c.take(resp)
				c.revalidate("If-None-Match", c.tag)
			} else {
				require.Equal(c.t, 412, resp.StatusCode)
			}
		}},
		{"PATCH", func(c *sailor) {
			c.read("PATCH")
			c.revalidate("If-None-Match", c.tag)
		}},
		{"PATCH after GET, and GET again", func(c *sailor) {
			c.read("GET")
			c.revalidate("If-None-Match", c.tag)
			c.read("PATCH")
			c.revalidate("If-None-Match", c.tag)
			c.read("GET")
			c.revalidate("If-Modified-Since", c.date)
		}},
	}
	played := 0
	for _, row := range tides {
		t.Run(row.name, func(t *testing.T) {
			p, store := harness.NewPort(t), &tide{}
			p.OnStartup(func() *tide { return store })
			r := p.Resource("/sea")
			row.declare(p.App, r)
			stale := false // a PUT without a precondition finds the resource stale once
			put := func(s *tide, p conditional.Preconditions) (*seaLevel, error) {
				if stale = !stale; stale && !p.Any() {
					return nil, restmachine.ErrStale
				}
				return &seaLevel{s.write()}, nil
			}
			hasPut := !strings.Contains(row.name, "of two") // a PUT says which one it replaces
			if hasPut {
				r.Put(put)
			}
			r.Patch(func(s *tide) *seaLevel { return &seaLevel{s.write()} })
			p.Valid()
			for _, v := range voyages {
				if strings.HasPrefix(v.name, "PUT") && !hasPut {
					continue
				}
				most := 1
				for schedule := 0; schedule < 1<<most; schedule++ {
					for _, overHTTP := range []bool{false, true} {
						*store, stale = tide{version: 1, schedule: schedule}, false
						v.sail(&sailor{t: t, app: p, overHTTP: overHTTP, store: store})
						most = max(most, min(store.accesses, 9))
						played++
					}
				}
			}
		})
	}
	assert.Greater(t, played, 3000, "interleavings")
}

// A write whose store compares the version of the value that the handler was given does not
// overwrite what its client has not seen: whatever the order of a fact and the load.
func TestNoWriteOverwritesWhatItsClientHasNotSeen(t *testing.T) {
	played, refused := 0, 0
	for _, row := range []struct {
		name    string
		declare func(app *restmachine.App, r *restmachine.Resource)
	}{
		{"a tag of the value", func(app *restmachine.App, _ *restmachine.Resource) { app.GenerateETag(tagOfLevel) }},
		{"a tag that takes no value", func(_ *restmachine.App, r *restmachine.Resource) { r.GenerateETag(tagOfTide) }},
		{"a tag that takes no value, of the App", func(app *restmachine.App, r *restmachine.Resource) { app.GenerateETag(tagOfTide) }},
		{"a date that takes no value", func(_ *restmachine.App, r *restmachine.Resource) { r.LastModified(dateOfTide) }},
		{"a tag of a Dependency", func(app *restmachine.App, r *restmachine.Resource) {
			app.Dependency(func(s *tide) seaMeter { return seaMeter{s.access()} })
			r.GenerateETag(func(m seaMeter) string { return fmt.Sprint(m.Version) })
		}},
		{"a tag of a Dependency of a Dependency", func(app *restmachine.App, r *restmachine.Resource) {
			app.Dependency(func(s *tide) seaMeter { return seaMeter{s.access()} })
			app.Dependency(func(m seaMeter) snapshot { return snapshot(m) })
			r.GenerateETag(func(s snapshot) string { return fmt.Sprint(s.Version) })
		}},
	} {
		for _, get := range []restmachine.Func{
			func(l *seaLevel) *seaLevel { return l },
			func(l *seaLevel) (*seaLevel, error) { return l, nil },
			func(l *seaLevel) any { return l },
			nil, // no GET shows it; the client has it from elsewhere
		} {
			for _, method := range []string{"PUT", "PATCH", "DELETE", "POST"} {
				t.Run(fmt.Sprintf("%s %T %s", row.name, get, method), func(t *testing.T) {
					p, store := harness.NewPort(t), &tide{}
					p.OnStartup(func() *tide { return store })
					p.ResourceExists(readLevel)
					r := p.Resource("/sea")
					row.declare(p.App, r)
					if get != nil {
						r.Get(get)
					}
					p.Get("/used", func(l *seaLevel) (*seaLevel, error) { return l, nil })
					overwritten := 0
					write(r, method, func(l *seaLevel, s *tide) error {
						if s.access() != l.Version {
							return restmachine.ErrStale
						}
						overwritten = s.version
						s.version++
						return nil
					})
					p.Valid()
					most := 1
					for schedule := 0; schedule < 1<<most; schedule++ {
						*store = tide{version: 1, schedule: schedule}
						name, value := "If-Match", `"1"`
						if strings.Contains(row.name, "date") {
							name, value = "If-Unmodified-Since", "Wed, 01 Jan 2020 00:00:01 GMT"
						}
						switch resp := p.Do(method, "/sea", "", name, value); resp.StatusCode {
						case 204:
							require.Equal(t, 1, overwritten, "the client saw version 1: schedule %b", schedule)
						default:
							require.Equal(t, 412, resp.StatusCode)
							refused++
						}
						most = max(most, store.accesses)
						played++
					}
				})
			}
		}
	}
	assert.Greater(t, played, 800, "interleavings")
	assert.Greater(t, refused, played/2)
	assert.Less(t, refused, played)
}
