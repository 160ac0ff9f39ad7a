// A list that is shown page by page, as a newcomer writes it: the tag is that of the records of the
// page, and the Link to the next page is not in it.

package mistakes

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

type (
	record  = store.Record[string, change]
	changes = store.Store[string, change]
)

// A listPage is what the list shows.
type listPage struct {
	Records []record
	Next    string // the key of the last record, if there are more
}

type paging struct {
	Limit limit  `query:"limit" default:"20"`
	After string `query:"after"`
}

// A limit is how many records a page has.
type limit int

func (limit) JSONSchema() []byte { return []byte(`{"type": "integer", "minimum": 1, "maximum": 100}`) }

func (p paging) Validate() error {
	var bad restmachine.Invalid
	if p.Limit < 1 || p.Limit > 100 {
		bad.Add("limit", "must be from 1 to 100")
	}
	return bad.Err()
}

func loadPage(ctx context.Context, q restmachine.Query[paging], all changes) (*listPage, error) {
	var after *string
	if q.Value.After != "" {
		after = &q.Value.After
	}
	records, err := all.List(ctx, after, int(q.Value.Limit)+1)
	if err != nil || len(records) <= int(q.Value.Limit) {
		return &listPage{Records: records}, err
	}
	records = records[:q.Value.Limit]
	return &listPage{records, records[len(records)-1].Key}, nil
}

// newPaged is empty at first.
func newPaged(wrong bool, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.OnStartup(func() changes { return new(store.Memory[string, change]) })
	app.Dependency(loadPage)
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, all changes) (record, bool, error) {
		return all.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(record.ETag)
	app.Provides("application/json", func(r record) change { return r.Value })
	app.Post("/changes", func(ctx context.Context, in restmachine.Body[change], all changes) (*restmachine.Reply[record], error) {
		r, err := all.Put(ctx, rand.Text(), in.Value, store.Absent())
		return restmachine.Created("/changes/"+r.Key, r), err
	})
	app.Get("/changes/{id}", func(r record) record { return r })
	app.Delete("/changes/{id}", func(ctx context.Context, r record, all changes) error {
		return all.Delete(ctx, r.Key, store.At(r.Version))
	})

	list := app.Resource("/changes")
	list.GenerateETag(func(p *listPage) string {
		if wrong {
			return string(store.ListTag(p.Records))
		}
		return restmachine.HashETag(p)
	})
	list.Provides("application/json", func(p *listPage) []record { return p.Records })
	list.Get(func(p *listPage, q restmachine.Query[paging]) *restmachine.Reply[*listPage] {
		reply := restmachine.NewReply(200, p)
		if p.Next != "" {
			reply.Header.Set("Link", fmt.Sprintf(`<?after=%s&limit=%d>; rel="next"`, p.Next, q.Value.Limit))
		}
		return reply
	})
	list.Field("Link", "Where the next page is.", 200)
	return app
}

// TestPagesAtOtherSeeds: the requests are others, and the finding is the same.
func TestPagesAtOtherSeeds(t *testing.T) {
	for seed := range uint64(2) {
		for name, check := range map[string]func(testing.TB, *restmachine.App, ...restmachinetest.Walk){
			"Explore": restmachinetest.Explore, "CheckValidators": restmachinetest.CheckValidators,
		} {
			r := &recorder{TB: t}
			check(r, newPaged(true, quiet), restmachinetest.Walk{Seed: 1 + seed})
			assert.Contains(t, strings.Join(r.told, "\n"), "its Link was", "%s, seed %d", name, seed)
		}
	}
}
