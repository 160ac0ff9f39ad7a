// These tests change posts through package client, as another program would.

package main

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/client"
)

// TestClientsLoseNothing: eight writers append to one post, over connections. Not a letter is lost.
// They know one member of a post; the others stay.
func TestClientsLoseNothing(t *testing.T) {
	server := httptest.NewServer(newBlog(t))
	defer server.Close()
	type text struct {
		Content string `json:"content"`
	}
	const writers, letters = 8, 5
	c := &client.Client{HTTP: server.Client(), Tries: 1000}
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range letters {
				_, err := client.Update(t.Context(), c, server.URL+"/posts/1", func(p *text) error {
					p.Content += "x"
					return nil
				})
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
	post, err := client.Get[Post](t.Context(), c, server.URL+"/posts/1")
	require.NoError(t, err)
	assert.Equal(t, "Hello, World!"+strings.Repeat("x", writers*letters), post.Value.Content)
	assert.Equal(t, "First Post", post.Value.Title)
	assert.EqualValues(t, 1+writers*letters, post.Value.Version)
}

func TestPostAndDeleteByClient(t *testing.T) {
	server := httptest.NewServer(newBlog(t))
	defer server.Close()
	c := &client.Client{HTTP: server.Client()}
	made, err := client.Post[Post](t.Context(), c, server.URL+"/posts", NewPost{Title: "Second", Content: "C"})
	require.NoError(t, err)
	assert.Equal(t, server.URL+"/posts/2", made.URL)

	_, err = client.Update(t.Context(), c, made.URL, func(p *Post) error { p.Title = " "; return nil })
	var problem *client.Problem
	require.ErrorAs(t, err, &problem)
	assert.Equal(t, "A post needs a title.", problem.Detail)

	_, err = client.Update(t.Context(), c, made.URL, func(p *Post) error { p.Title = "Third"; return nil })
	require.NoError(t, err)
	require.ErrorIs(t, client.Delete(t.Context(), c, made.URL, made.ETag), client.ErrPreconditionFailed, "somebody has changed it")
}
