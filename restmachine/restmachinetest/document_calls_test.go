// CheckDocument of a service as a newcomer writes it: what it finds at each seed, and what it advises.

package restmachinetest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A todo has a schema of its own, which says less than what is read: null is read for done, too.
type todo struct {
	Title string    `json:"title"`
	Done  bool      `json:"done"`
	Due   time.Time `json:"due,omitzero"`
}

func (todo) JSONSchema() []byte {
	return []byte(`{"type":"object","required":["title"],"properties":{"title":{"type":"string","minLength":1},
		"done":{"type":"boolean"},"due":{"type":"string","format":"date-time"}}}`)
}

func (t todo) Validate() error {
	var bad restmachine.Invalid
	if t.Title == "" {
		bad.Add("/title", "is required")
	}
	return bad.Err()
}

type todos = store.Store[string, todo]

// newTodos has a list with pages, and todos that a POST or a PUT makes.
func newTodos(told bool) *restmachine.App {
	type query struct {
		Limit int `query:"limit" default:"20"`
	}
	app := restmachine.New(quiet)
	app.OnStartup(func() todos { return new(store.Memory[string, todo]) })
	list := app.Get("/todos", func(ctx context.Context, q restmachine.Query[query], all todos) (*restmachine.Reply[[]todo], error) {
		records, err := all.List(ctx, nil, 100)
		page := []todo{}
		for _, r := range records[:max(0, min(len(records), q.Value.Limit))] {
			page = append(page, r.Value)
		}
		reply := restmachine.NewReply(200, page)
		if len(records) > len(page) {
			reply.Header.Set("Link", `<?after=x>; rel="next"`)
		}
		return reply, err
	})
	if told {
		list.Field("Link", "The next page.", 200)
	}
	n := 0
	list.Post(func(ctx context.Context, in restmachine.Body[todo], all todos) (*restmachine.Reply[todo], error) {
		n++
		key := fmt.Sprint(n)
		_, err := all.Put(ctx, key, in.Value, store.Absent())
		return restmachine.Created("/todos/"+key, in.Value), err
	})
	return app
}

// TestCheckDocumentAtEachSeed: a field of few answers and a schema that says less than what is read.
func TestCheckDocumentAtEachSeed(t *testing.T) {
	for seed := range uint64(20) {
		how := restmachinetest.Document{Seed: seed}
		found := strings.Join(reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, newTodos(false), how) }), "\n")
		assert.Contains(t, found, "the field Link is not told", "seed %d", seed)
		assert.Contains(t, found, `the App reads what the document does not allow: "/done" is of type null`, "seed %d", seed)
		assert.NotContains(t, strings.Join(reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, newTodos(true), how) }), "\n"), "Link", "seed %d", seed)
	}
}

// An appointment lies between tomorrow and next year.
type appointment struct {
	Due time.Time `json:"due"`
}

func (a appointment) Validate() error {
	var bad restmachine.Invalid
	if a.Due.Before(time.Now()) || a.Due.After(time.Now().AddDate(1, 0, 0)) {
		bad.Add("/due", "must be to come, within a year")
	}
	return bad.Err()
}

func TestDatesNearNow(t *testing.T) {
	for seed := range uint64(20) {
		app := restmachine.New(quiet)
		app.Post("/appointments", func(restmachine.Body[appointment]) {})
		restmachinetest.CheckDocument(t, app, restmachinetest.Document{Seed: seed})
	}
}

// newRooms has rooms that only a PUT with a name of its own makes.
func newRooms() *restmachine.App {
	rooms := map[string]bool{}
	app := restmachine.New(quiet)
	app.ResourceExists(func(path restmachine.PathParams) (string, bool) { return path.Get("room"), rooms[path.Get("room")] })
	app.Get("/rooms/{room}/size", func(room string) int { return len(room) })
	app.Post("/setup", func() { rooms["hall-of-mirrors"] = true })
	return app
}

func TestCallsOfADocument(t *testing.T) {
	client := restmachinetest.NewClient(newRooms())
	how := restmachinetest.Document{Skip: []string{"POST /setup"}}
	found := strings.Join(reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, newRooms(), how) }), "\n")
	assert.Contains(t, found, "or send what makes it first, by Document.Calls")

	how.Values = map[string][]string{"room": {"hall-of-mirrors"}}
	how.Calls = []restmachinetest.Call{client.Post("/setup")}
	restmachinetest.CheckDocument(t, newRooms(), how)

	how.Calls = []restmachinetest.Call{client.Post("/nowhere")}
	found = strings.Join(reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, newRooms(), how) }), "\n")
	assert.Contains(t, found, "POST /nowhere of Document.Calls answered 404, and each of them must succeed")
}

// A narrow is a number of which the document says nothing.
type narrow int

type narrowQuery struct {
	Limit narrow `query:"limit" default:"20"`
	Skip  narrow `query:"skip"`
}

func (q narrowQuery) Validate() error {
	var bad restmachine.Invalid
	if q.Limit < 5 {
		bad.Add("limit", "must be at least 5")
	}
	if q.Skip > 2 {
		bad.Add("skip", "must be at most 2")
	}
	return bad.Err()
}

// TestWhatIsNotRead: what to say in the document, once for each reason.
func TestWhatIsNotRead(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/", func(restmachine.Query[narrowQuery]) {}).Post(func(in restmachine.Body[map[string]int]) error {
		if len(in.Value) > 0 {
			return &restmachine.Problem{Status: 422, Detail: "It is not empty."}
		}
		return nil
	})
	found := reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, app) })
	all := strings.Join(found, "\n")
	assert.Contains(t, all, `does not read it: limit must be at least …`)
	assert.Contains(t, all, `does not read it: skip must be at most …`)
	assert.Contains(t, all, "a method JSONSchema that has the bounds (minimum, maximum, minLength, pattern, required), or with an Enum; or name values that are read in Document.Values. A 400 is also what a Validate of a Query")
	assert.Contains(t, all, `does not read it: It is not empty. Say`)
	assert.LessOrEqual(t, len(found), 5, all)
}
