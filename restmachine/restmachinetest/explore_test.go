// These tests check that Explore finds what is wrong, and nothing where all is right. More rows
// are in internal/proof/mistakes.

package restmachinetest_test

import (
	"errors"
	"fmt"
	"go/parser"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A desk keeps pages rightly. A version never comes again.
type desk struct {
	mu      sync.Mutex
	pages   map[int]page
	version int
	last    int
}

func newDesk() *desk {
	d := &desk{pages: map[int]page{}}
	d.keep(1, "Hello")
	return d
}

func (d *desk) page(id int) *page {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.pages[id]; ok {
		return &p
	}
	return nil
}

func (d *desk) keep(id int, text string) *page {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.version++
	d.last = max(d.last, id)
	d.pages[id] = page{text, d.version}
	p := d.pages[id]
	return &p
}

func (d *desk) remove(id int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.pages, id)
}

func (d *desk) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprint(d.pages)
}

// A title is what no fact is about.
type title struct{ Text string }

type numbered struct {
	ID int `path:"id"`
}

// newDeskApp is an App without mistakes. Each of more adds one.
func newDeskApp(d *desk, more ...func(app *restmachine.App, pages *restmachine.Resource)) *restmachine.App {
	app := restmachine.New(quiet)
	app.ResourceExists(func(at restmachine.Path[numbered]) *page { return d.page(at.Value.ID) })
	app.GenerateETag(func(p *page) string { return strconv.Itoa(p.version) })
	pages := app.Get("/pages/{id}", func(p *page) *page { return p })
	pages.Put(func(at restmachine.Path[numbered], old restmachine.Optional[*page], in restmachine.Body[page]) *page {
		return d.keep(at.Value.ID, in.Value.Text)
	})
	pages.Delete(func(p *page, at restmachine.Path[numbered]) { d.remove(at.Value.ID) })
	app.Post("/pages", func(in restmachine.Body[page]) *restmachine.Reply[*page] {
		d.mu.Lock()
		id := d.last + 1
		d.mu.Unlock()
		return restmachine.Created(fmt.Sprintf("/pages/%d", id), d.keep(id, in.Value.Text))
	})
	for _, add := range more {
		add(app, pages)
	}
	return app
}

func TestExploreFindsNothing(t *testing.T) {
	d := newDesk()
	restmachinetest.Explore(t, newDeskApp(d), restmachinetest.Walk{State: d.String})
	restmachinetest.CheckValidators(t, newDeskApp(newDesk()))
}

// TestExploreGuardsActions: a POST that requires a precondition is done, too, though no GET shows
// its path.
func TestExploreGuardsActions(t *testing.T) {
	d, done := newDesk(), atomic.Int64{}
	app := newDeskApp(d, func(app *restmachine.App, pages *restmachine.Resource) {
		app.Post("/pages/{id}/print", func(*page) { done.Add(1) })
		app.RequirePreconditions("POST", "PUT")
	})
	restmachinetest.Explore(t, app, restmachinetest.Walk{State: d.String})
	assert.Positive(t, done.Load())
	restmachinetest.CheckDocument(t, app)
}

// TestExploreSendsTheSame: the same requests at each run, others for another seed.
func TestExploreSendsTheSame(t *testing.T) {
	sent := func(seed uint64) (all []string) {
		var mu sync.Mutex
		d := newDesk()
		app := restmachine.New(quiet, restmachine.WithTrace(restmachine.TracerFunc(func(x *restmachine.Exchange) {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, x.Request.Method+" "+x.Request.Path+string(x.Request.Body))
		})))
		app.ResourceExists(func(at restmachine.Path[numbered]) *page { return d.page(at.Value.ID) })
		app.Get("/pages/{id}", func(p *page) *page { return p }).Put(func(at restmachine.Path[numbered], in restmachine.Body[page]) *page {
			return d.keep(at.Value.ID, in.Value.Text)
		})
		restmachinetest.Explore(t, app, restmachinetest.Walk{Seed: seed})
		return all
	}
	first := sent(1)
	assert.Equal(t, first, sent(1))
	assert.NotEqual(t, first, sent(2))
}

func TestExploreFinds(t *testing.T) {
	for name, row := range map[string]struct {
		mistake func(app *restmachine.App, pages *restmachine.Resource)
		says    string
	}{
		"a 5xx": {
			mistake: func(app *restmachine.App, _ *restmachine.Resource) {
				app.Get("/broken", func() (string, error) { return "", errors.New("no database") })
			},
			says: "GET /broken answered 500",
		},
		"a HEAD unlike its GET": {
			mistake: func(app *restmachine.App, pages *restmachine.Resource) {
				pages.FinishRequest(func(m restmachine.Method, resp *restmachine.Response) { resp.Header.Set("X-Method", string(m)) })
			},
			says: `HEAD has X-Method ["HEAD"], the GET has ["GET"]`,
		},
		"a DELETE that keeps": {
			mistake: func(app *restmachine.App, pages *restmachine.Resource) {
				kept := app.Get("/kept/{id}", func(p *page) *page { return p }).Delete(func(*page) {})
				kept.LockKey(restmachine.ByPath)
				pages.LockKey(restmachine.ByPath)
			},
			says: "DELETE /kept/{id} answered 204, and the next GET shows what was deleted",
		},
		"a PUT that keeps": {
			mistake: func(app *restmachine.App, _ *restmachine.Resource) {
				app.Get("/title", func() title { return title{"Hello"} }).Put(func(restmachine.Body[title]) {})
			},
			says: "PUT /title succeeded with",
		},
		"an answer that a cache shows to others": {
			mistake: func(app *restmachine.App, _ *restmachine.Resource) {
				mine := app.Get("/me", func() string { return "ann" })
				mine.Authorized(func() bool { return true })
				mine.CacheControl(func(restmachine.Method) string { return "max-age=60" })
			},
			says: "a cache may show the answer for one client to another",
		},
		"an operation that refuses": {
			mistake: func(app *restmachine.App, _ *restmachine.Resource) {
				app.Get("/closed", func() error { return restmachine.ErrGone })
			},
			says: "GET /closed never succeeded, so little was seen of it. It answered 410 (",
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := reports(t, func(t testing.TB) { restmachinetest.Explore(t, newDeskApp(newDesk(), row.mistake)) })
			assert.Contains(t, strings.Join(all, "\n"), row.says)
		})
	}
}

// TestExploreWatchesTheState: what no GET shows, the State does.
func TestExploreWatchesTheState(t *testing.T) {
	var visits, tries atomic.Int64
	app := restmachine.New(quiet)
	app.Get("/page", func() string { visits.Add(1); return "Hello" })
	app.Post("/page", func(in restmachine.Body[page]) error {
		if tries.Add(1); in.Value.Text == "" {
			return &restmachine.Problem{Status: http.StatusConflict}
		}
		return nil
	})
	all := strings.Join(reports(t, func(t testing.TB) {
		restmachinetest.Explore(t, app, restmachinetest.Walk{State: func() string { return fmt.Sprint(visits.Load(), "-", tries.Load()) }})
	}), "\n")
	assert.Contains(t, all, "GET /page writes: the state was 0-0, and is 1-0")
	assert.Contains(t, all, "POST /page answered 409, and yet it changed something")
}

// TestExploreOfWhatMoves: a clock is named, and is not blamed.
func TestExploreOfWhatMoves(t *testing.T) {
	clock := func() *restmachine.App {
		var ticks atomic.Int64
		app := restmachine.New(quiet)
		app.Get("/now", func() string { return fmt.Sprint(ticks.Add(1)) })
		return app
	}
	all := reports(t, func(t testing.TB) { restmachinetest.Explore(t, clock()) })
	require.Len(t, all, 1)
	assert.Contains(t, all[0], `name "GET /now" in Walk.Moving`)
	assert.Empty(t, reports(t, func(t testing.TB) {
		restmachinetest.Explore(t, clock(), restmachinetest.Walk{Moving: []string{"GET /now"}})
	}))
}

// TestReplay: a fault shows requests as Go, and the walk that comes there again.
func TestReplay(t *testing.T) {
	broken := func(app *restmachine.App, _ *restmachine.Resource) {
		app.Get("/title", func() title { return title{"Hello"} }).Put(func(restmachine.Body[title]) {})
	}
	explore := func(walk restmachinetest.Walk) string {
		return strings.Join(reports(t, func(t testing.TB) { restmachinetest.Explore(t, newDeskApp(newDesk(), broken), walk) }), "\n")
	}
	all := explore(restmachinetest.Walk{})
	lines := regexp.MustCompile(`(?m)^\t*(client\..*Expect\(t\)) //`).FindAllStringSubmatch(all, -1)
	require.NotEmpty(t, lines)
	for _, line := range lines {
		_, err := parser.ParseExpr(line[1])
		assert.NoError(t, err, line[1])
	}
	again := regexp.MustCompile(`Requests: (\d+)`).FindStringSubmatch(all)
	most, err := strconv.Atoi(again[1])
	require.NoError(t, err)
	assert.Contains(t, explore(restmachinetest.Walk{Requests: most}), "PUT /title succeeded with")
}

// TestWalkOfWhatIsNotThere: a name that the App does not have would switch a check off.
func TestWalkOfWhatIsNotThere(t *testing.T) {
	for _, walk := range []restmachinetest.Walk{{Public: []string{"GET /nobody"}}, {Moving: []string{"/pages"}}, {Refuse: []string{"PUT /pages"}}, {Skip: []string{""}}} {
		all := reports(t, func(t testing.TB) { restmachinetest.Explore(t, newDeskApp(newDesk()), walk) })
		require.Len(t, all, 1)
		assert.Contains(t, all[0], "which the App does not have")
	}
}

// TestCallsOfAWalk: they are sent first, teach values, and must succeed.
func TestCallsOfAWalk(t *testing.T) {
	d := &desk{pages: map[int]page{}}
	var client restmachinetest.Client
	make := client.Put("/pages/77").Body("application/json", `{"Text":"seven"}`)
	restmachinetest.CheckValidators(t, newDeskApp(d), restmachinetest.Walk{Calls: []restmachinetest.Call{make}})
	assert.Contains(t, d.String(), "77:")

	all := reports(t, func(t testing.TB) {
		restmachinetest.CheckValidators(t, newDeskApp(newDesk()), restmachinetest.Walk{Calls: []restmachinetest.Call{client.Put("/pages/1").IfMatch(`"0"`)}})
	})
	assert.Contains(t, strings.Join(all, "\n"), "PUT /pages/1 of Walk.Calls answered 412")
}

// TestExploreOfStreams: one without an end is listened to for a while, and then left.
func TestExploreOfStreams(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/ticks", func() *restmachine.EventStream { return nil })
	app.Get("/page", func() string { return "Hello" })
	begun := time.Now()
	restmachinetest.Explore(t, app)
	assert.Less(t, time.Since(begun), 8*time.Second)
}

// TestWhatIsSilent: an operation without a success is told with what came of it, why, and what to give.
func TestWhatIsSilent(t *testing.T) {
	newApp := func(refuses int) *restmachine.App {
		d := &desk{}
		app := restmachine.New(quiet)
		app.ResourceExists(func(at restmachine.Path[numbered]) *page { return d.page(at.Value.ID) })
		app.GenerateETag(func(p *page) string { return p.Text })
		app.Post("/notes", func(in restmachine.Body[page]) error {
			return &restmachine.Problem{Status: refuses, Detail: "The text must be a poem."}
		}).Problems(&restmachine.Problem{Status: refuses})
		app.Get("/notes/{id}", func(p *page) *page { return p }).Put(func(p *page, in restmachine.Body[page]) {})
		app.Get("/words/{id}", func(p *page) *page { return p })
		return app
	}
	for name, row := range map[string]struct {
		check     func(t testing.TB)
		says, not []string
	}{
		"a document": {
			func(t testing.TB) { restmachinetest.CheckDocument(t, newApp(422)) },
			[]string{
				"POST /notes never succeeded, so little was seen of it. It answered", "or name it in Document.Refuse.\n", `"The text must be a poem."`,
				"PUT /notes/{id} never succeeded, and nothing could create what it asks for: no POST /notes has succeeded. See to that first. It answered 404 (",
				"GET /words/{id} never succeeded, so little was seen of it. It answered 404 (",
			}, []string{"map["},
		},
		"a POST that is skipped": {
			func(t testing.TB) {
				restmachinetest.CheckDocument(t, newApp(422), restmachinetest.Document{Skip: []string{"POST /notes"}})
			},
			[]string{"PUT /notes/{id} never succeeded, and nothing could create what it asks for: POST /notes is in Skip"}, []string{"no POST"},
		},
		"a walk that sends nothing": {
			func(t testing.TB) {
				restmachinetest.CheckValidators(t, newApp(422), restmachinetest.Walk{Skip: []string{"POST /notes"}})
			},
			[]string{`GET /words/{id} never succeeded, so little was seen of it. No request was sent. No value of {id} is known, and no answer had one. Give Walk.Values of "id", or send what makes one first, by Walk.Calls, or name it in Walk.Refuse.`}, []string{"map["},
		},
		"a walk by somebody who may nothing": {
			func(t testing.TB) { restmachinetest.Explore(t, newApp(403)) },
			[]string{"415 (once)", "403 (1", "Give Walk.Header of a caller who may use it", "no POST /notes has succeeded"}, nil,
		},
		"a POST that is not to blame": {
			func(t testing.TB) {
				app := newApp(422)
				app.Resource("/notes/{id}").Delete(func(*page) error { return &restmachine.Problem{Status: 403} }).Problems(&restmachine.Problem{Status: 403})
				restmachine.Override(app, &page{Text: "there"})
				restmachinetest.Explore(t, app, restmachinetest.Walk{Values: map[string][]string{"id": {"1"}}})
			},
			[]string{"DELETE /notes/{id} never succeeded, so little was seen"}, []string{"no POST"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := reports(t, row.check)
			for _, says := range row.says {
				assert.Contains(t, strings.Join(all, "\n"), says)
			}
			for _, not := range row.not {
				assert.NotContains(t, strings.Join(all, "\n"), not)
			}
			text := strings.Join(all, "\n")
			if post, put := strings.Index(text, "POST /notes never"), strings.Index(text, "PUT /notes/{id} never"); post >= 0 && put >= 0 {
				assert.Less(t, post, put, "the cause comes first")
			}
		})
	}
}
