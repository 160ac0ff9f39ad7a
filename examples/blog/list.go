// This file lists posts page by page. The query of a request comes in, one page of posts
// goes out.

package main

import (
	"context"
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine"
)

const (
	defaultPerPage = 10
	maxPerPage     = 100
)

// paging is the query of a list. The types check it: a value that does not fit is 400. A
// page number times a page length cannot overflow.
type paging struct {
	Page    uint32 `query:"page"`
	PerPage uint8  `query:"per_page"`
}

// A PostPage is one page of the list, in order of creation.
type PostPage struct {
	Posts []Post `json:"posts"`
	Prev  string `json:"prev,omitempty"` // the URL of the page before, if there is one
	Next  string `json:"next,omitempty"` // the URL of the page after, if there is one
}

func listPosts(ctx context.Context, query restmachine.Query[paging], store *Store) (*PostPage, error) {
	page := max(int64(query.Value.Page), 1)
	perPage := int64(defaultPerPage)
	if query.Value.PerPage > 0 {
		perPage = min(int64(query.Value.PerPage), maxPerPage)
	}

	// One post more than the page has shows whether there is a next page.
	posts, err := store.Posts(ctx, perPage+1, (page-1)*perPage)
	if err != nil {
		return nil, err
	}
	list := &PostPage{Posts: posts}
	if page > 1 {
		list.Prev = pageURL(page-1, perPage)
	}
	if int64(len(posts)) > perPage {
		list.Posts = posts[:perPage]
		list.Next = pageURL(page+1, perPage)
	}
	return list, nil
}

func pageURL(page, perPage int64) string {
	return fmt.Sprintf("/posts?page=%d&per_page=%d", page, perPage)
}
