// These tests check that RaceWrites finds lost updates, and finds nothing else.

package restmachinetest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestRacesWithOneWinner(t *testing.T) {
	client := func(app *restmachine.App) restmachinetest.Client { return restmachinetest.NewClient(app) }
	for _, tt := range []struct {
		name    string
		options []restmachine.Option
		request func(app *restmachine.App) restmachinetest.Call
	}{
		{"the App's lock", nil, func(app *restmachine.App) restmachinetest.Call {
			return client(app).Put("/page").IfMatch(`"1"`).JSON(page{Text: "x"})
		}},
		{"only one creates", nil, func(app *restmachine.App) restmachinetest.Call {
			client(app).Delete("/page").Expect(t).Status(204)
			return client(app).Put("/page").IfNoneMatch("*").JSON(page{Text: "x"})
		}},
		{"what was deleted is missing for all others", nil, func(app *restmachine.App) restmachinetest.Call {
			return client(app).Delete("/page").IfMatch(`"1"`)
		}},
		{"a date that the first write outdates", nil, func(app *restmachine.App) restmachinetest.Call {
			return client(app).Put("/page").JSON(page{}).
				Header("If-Unmodified-Since", changed.Add(time.Second).Format(http.TimeFormat))
		}},
		{"a store that compares", []restmachine.Option{restmachine.WithoutResourceLock()}, func(app *restmachine.App) restmachinetest.Call {
			return client(app).Put("/checked").IfMatch(`"1"`).JSON(page{Text: "x"})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, n := range []int{2, 16} {
				app := newShelf(tt.options...)
				restmachinetest.RaceWrites(t, app, tt.request(app).Request(), n)
			}
		})
	}
}

func TestRacesThatFail(t *testing.T) {
	put := restmachine.Request{Method: "PUT", Path: "/page", Header: header("if-match", `"1"`), Body: []byte(`{}`)}
	with := func(change func(r *restmachine.Request)) restmachine.Request {
		r := put
		r.Header = r.Header.Clone()
		change(&r)
		return r
	}
	for _, tt := range []struct {
		name    string
		request restmachine.Request
		n       int
		want    []string
	}{
		{"a tag that is old", with(func(r *restmachine.Request) { r.Header.Set("If-Match", `"0"`) }), 2,
			[]string{"no write succeeded", "\n2 × 412: ", `does not match the current entity-tag \"1\"`}},
		{"a request that is refused for another reason", with(func(r *restmachine.Request) { r.Body = []byte("{") }), 3,
			[]string{"no write succeeded", "\n3 × 400: "}},
		{"a precondition that stays true", with(func(r *restmachine.Request) { r.Header.Set("If-Match", "*") }), 3,
			[]string{"PUT /page, 3 at once: 3 writes succeeded", "\n3 × 200: ", "If-Match: *", "WithoutResourceLock", "ErrStale"}},
		{"no precondition", with(func(r *restmachine.Request) { r.Header = nil }), 2,
			[]string{"fatal: PUT /page does not have a precondition"}},
		{"nothing to write", with(func(r *restmachine.Request) { r.Method = "" }), 2,
			[]string{"fatal: GET does not write"}},
		{"nobody to race with", put, 1,
			[]string{"fatal: a race needs at least 2 writes, not 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			faults := reports(t, func(t testing.TB) { restmachinetest.RaceWrites(t, newShelf(), tt.request, tt.n) })
			if assert.Len(t, faults, 1) {
				for _, want := range tt.want {
					assert.Contains(t, faults[0], want)
				}
			}
		})
	}
}

// One successful write is not enough: the others must be told that they lost, and why.
func TestLosersMustBeRefusedWith412(t *testing.T) {
	s := &shelf{page: &page{"Hello", 1}}
	app := restmachine.New(quiet)
	app.ResourceExists(s.load)
	app.GenerateETag(func(*page) string { return "always" })
	written := false
	app.Get("/page", func(p *page) *page { return p }).Put(func(*page) error {
		if written {
			return &restmachine.Problem{Status: 409}
		}
		written = true
		return nil
	})
	put := restmachinetest.NewClient(app).Put("/page").IfMatch(`"always"`)
	faults := reports(t, func(t testing.TB) { restmachinetest.RaceWrites(t, app, put.Request(), 5) })
	if assert.Len(t, faults, 1) {
		assert.Contains(t, faults[0], "one write succeeded, but 4 of the others were not refused with 412\n1 × 204: ``\n4 × 409: `{")
	}
}

// A race checks each response like any other response.
func TestRacesCheckEachResponse(t *testing.T) {
	app := newShelf()
	app.ServiceAvailable(func() (bool, error) {
		return false, &restmachine.Problem{Status: 428} // an If-Match satisfies it
	})
	faults := reports(t, func(t testing.TB) {
		restmachinetest.RaceWrites(t, app, restmachinetest.NewClient(app).Delete("/page").IfMatch(`"1"`).Request(), 2)
	})
	if assert.Len(t, faults, 3) {
		assert.Contains(t, faults[0], "V4")
		assert.Contains(t, faults[1], "V4")
		assert.Contains(t, faults[2], "no write succeeded")
	}
}

// A single round shows a lost update, unless the machine is so busy that the first write
// ends before another one begins.
func TestRacesNeedNoLuck(t *testing.T) {
	const rounds = 50
	put := restmachine.Request{Method: "PUT", Path: "/page", Header: header("If-Match", `"1"`), Body: []byte(`{}`)}
	found := 0
	for range rounds {
		app := newShelf(restmachine.WithoutResourceLock())
		found += len(reports(t, func(t testing.TB) { restmachinetest.RaceWrites(t, app, put, 2) }))
	}
	assert.Greater(t, found, rounds*3/4)
}
