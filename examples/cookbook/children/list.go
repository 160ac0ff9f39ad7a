// The list of a project's tasks: how a page is found, its tag and its link, and how a task is added.

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"path"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

const (
	batch = 100 // how many records are read at a time
	looks = 500 // and for one page: a filter that nothing fits does not read the whole store
)

// loadPage reads batch after batch, until it has one task more than the page shows.
func loadPage(ctx context.Context, q restmachine.Query[filter], p ProjectRecord, tasks Tasks) (*Page, error) {
	page, after := new(Page), below(p)+string(q.Value.Cursor)
	for looked := 0; looked < looks; looked += batch {
		records, err := store.Below(ctx, tasks, below(p), &after, batch)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if q.Value.Done != nil && *q.Value.Done != r.Value.Done {
				continue
			}
			if len(page.Tasks) == int(q.Value.Limit) {
				page.Next = q.Value.behind(page.Tasks[len(page.Tasks)-1].Key)
				return page, nil
			}
			page.Tasks = append(page.Tasks, r)
		}
		if len(records) < batch {
			return page, nil // there are no more
		}
		after = records[batch-1].Key
	}
	page.Next = q.Value.behind(after) // a short page, or an empty one: the client goes on
	return page, nil
}

// behind is the query of the page behind a key, with the same filter.
func (f filter) behind(key string) string {
	query := url.Values{"cursor": {path.Base(key)}, "limit": {fmt.Sprint(f.Limit)}}
	if f.Done != nil {
		query.Set("done", fmt.Sprint(*f.Done))
	}
	return query.Encode()
}

// pageTag is made of the keys and versions of the tasks, and of the link.
func pageTag(p *Page) string {
	return restmachine.HashETag(string(store.ListTag(p.Tasks)) + p.Next)
}

func show(p *Page) *restmachine.Reply[*Page] {
	reply := restmachine.NewReply(200, p)
	if p.Next != "" {
		reply.Header.Set("Link", "<?"+p.Next+`>; rel="next"`)
	}
	return reply
}

func add(ctx context.Context, p ProjectRecord, in restmachine.Body[Task], tasks Tasks) (*restmachine.Reply[Record], error) {
	r, err := tasks.Put(ctx, below(p)+rand.Text(), in.Value, store.Absent())
	return restmachine.Created("", r), err
}

// below is how the keys of a project's tasks begin.
func below(p ProjectRecord) string { return url.PathEscape(p.Key) + "/" }

func item(r Record) Item { return Item{path.Base(r.Key), r.Value} }

func items(p *Page) []Item {
	all := make([]Item, len(p.Tasks))
	for i, r := range p.Tasks {
		all[i] = item(r)
	}
	return all
}

func newProjects(ctx context.Context) (Projects, error) {
	projects := new(store.Memory[string, Project])
	_, err := projects.Put(ctx, "apollo", Project{"To the moon"}, store.Absent())
	if err == nil {
		_, err = projects.Put(ctx, "apollo 11/b", Project{"Back again"}, store.Absent())
	}
	return projects, err
}

func newTasks(ctx context.Context) (Tasks, error) {
	tasks := new(store.Memory[string, Task])
	for i, title := range []string{"Build it", "Fill it", "Launch it", "Land it", "Paint it"} {
		if _, err := tasks.Put(ctx, fmt.Sprintf("apollo/0%d", i+1), Task{title, i == 1}, store.Absent()); err != nil {
			return nil, err
		}
	}
	return tasks, nil
}
