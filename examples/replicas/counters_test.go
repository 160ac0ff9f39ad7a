// These tests check the counters on a store in memory and on PostgreSQL.

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// onEach runs a test on each store. Clients must not see a difference.
func onEach(t *testing.T, test func(t *testing.T, counters Counters)) {
	t.Run("Memory", func(t *testing.T) { test(t, new(store.Memory[string, Counter])) })
	t.Run("Postgres", func(t *testing.T) { test(t, openPostgres(t)) })
}

// client sends requests to an App, in process.
type client struct {
	*testing.T
	app *restmachine.App
}

func newClient(t *testing.T, counters Counters) client {
	app := New(counters)
	require.NoError(t, app.Start(t.Context()))
	t.Cleanup(func() { assert.NoError(t, app.Shutdown(context.Background())) })
	return client{t, app}
}

// send sends a request. fields are names and values in turn.
func (c client) send(method, path, body string, fields ...string) restmachine.Response {
	req := restmachine.Request{Method: method, Path: path, Header: http.Header{}, Body: []byte(body)}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	resp := c.app.Execute(req)
	restmachinetest.CheckResponse(c, req, resp)
	return resp
}

func TestLifeOfACounter(t *testing.T) {
	onEach(t, func(t *testing.T, counters Counters) {
		c := newClient(t, counters)
		created := c.send("PUT", "/counters/a", `{"label": "A", "count": 1}`, "If-None-Match", "*")
		require.Equal(t, 201, created.StatusCode)
		assert.Equal(t, "/counters/a", created.Header.Get("Location"))
		first := created.Header.Get("ETag")

		got := c.send("GET", "/counters/a", "")
		require.Equal(t, 200, got.StatusCode)
		assert.JSONEq(t, `{"name": "a", "label": "A", "count": 1}`, string(got.Body))
		assert.Equal(t, first, got.Header.Get("ETag"))
		assert.Equal(t, freshness, got.Header.Get("Cache-Control"))
		restmachinetest.CheckNotModified(t, got, c.send("GET", "/counters/a", "", "If-None-Match", first))
		restmachinetest.CheckNotModified(t, got, c.send("GET", "/counters/a", "", "If-Modified-Since", got.Header.Get("Last-Modified")))

		replaced := c.send("PUT", "/counters/a", `{"label": "A", "count": 2}`, "If-Match", first)
		require.Equal(t, 200, replaced.StatusCode)
		second := replaced.Header.Get("ETag")
		assert.NotEqual(t, first, second)

		changed := c.send("PATCH", "/counters/a", `{"add": 40}`)
		require.Equal(t, 200, changed.StatusCode)
		assert.JSONEq(t, `{"name": "a", "label": "A", "count": 42}`, string(changed.Body))
		renamed := c.send("PATCH", "/counters/a", `{"label": ""}`, "If-Match", changed.Header.Get("ETag"))
		assert.JSONEq(t, `{"name": "a", "label": "", "count": 42}`, string(renamed.Body))

		assert.Equal(t, 412, c.send("DELETE", "/counters/a", "", "If-Match", second).StatusCode)
		assert.Equal(t, 204, c.send("DELETE", "/counters/a", "", "If-Match", renamed.Header.Get("ETag")).StatusCode)
		assert.Equal(t, 404, c.send("GET", "/counters/a", "").StatusCode)

		again := c.send("PUT", "/counters/a", `{"label": "A", "count": 1}`)
		assert.Equal(t, 201, again.StatusCode)
		assert.NotEqual(t, first, again.Header.Get("ETag"), "the tag of a deleted counter came back")
	})
}

func TestPostCreatesUnderANewName(t *testing.T) {
	onEach(t, func(t *testing.T, counters Counters) {
		c := newClient(t, counters)
		one := c.send("POST", "/counters", `{"count": 1}`)
		two := c.send("POST", "/counters", `{"count": 1}`)
		require.Equal(t, 201, one.StatusCode)
		require.Equal(t, 201, two.StatusCode)
		assert.NotEqual(t, one.Header.Get("Location"), two.Header.Get("Location"))
		got := c.send("GET", one.Header.Get("Location"), "")
		assert.Equal(t, 200, got.StatusCode)
		assert.Equal(t, one.Header.Get("ETag"), got.Header.Get("ETag"))
	})
}

func TestNamesOfAllKinds(t *testing.T) {
	for _, path := range []string{"a%20b", "%2541", "%C3%A4", "%3F", "a%2Fb", "'%3B%20DROP%20TABLE%20counters%3B--"} {
		t.Run(path, func(t *testing.T) {
			onEach(t, func(t *testing.T, counters Counters) {
				c := newClient(t, counters)
				created := c.send("PUT", "/counters/"+path, `{"count": 1}`)
				require.Equal(t, 201, created.StatusCode)
				got := c.send("GET", created.Header.Get("Location"), "")
				assert.Equal(t, 200, got.StatusCode)
				assert.Equal(t, string(created.Body), string(got.Body))
				var v View
				require.NoError(t, json.Unmarshal(got.Body, &v))
				assert.Equal(t, path, strings.ReplaceAll(url.PathEscape(v.Name), "%27", "'"))
			})
		})
	}
}

func TestWhatIsRefused(t *testing.T) {
	long := strings.Repeat("x", maxLabel+1)
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
	}{
		{"a label that is too long", "PUT", "/counters/a", `{"label": "` + long + `"}`, 422},
		{"the same in a change", "PATCH", "/counters/a", `{"label": "` + long + `"}`, 422},
		{"the same in a new one", "POST", "/counters", `{"label": "` + long + `"}`, 422},
		{"a name that is too long", "PUT", "/counters/" + long, `{}`, 422},
		{"a longer name names nothing", "GET", "/counters/" + long, ``, 404},
		{"a count beyond 64 bits", "PUT", "/counters/a", `{"count": 9223372036854775808}`, 422},
		{"a sum beyond 64 bits", "PATCH", "/counters/a", fmt.Sprintf(`{"add": %d}`, math.MaxInt64), 409},
		{"a change of nothing", "PATCH", "/counters/b", `{"add": 1}`, 404},
		{"no counter", "PUT", "/counters/a", `[]`, 422},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onEach(t, func(t *testing.T, counters Counters) {
				before, err := counters.Put(t.Context(), "a", Counter{"A", 1}, store.Absent())
				require.NoError(t, err)
				assert.Equal(t, tt.status, newClient(t, counters).send(tt.method, tt.path, tt.body).StatusCode)
				all, err := counters.List(t.Context(), nil, 2)
				require.NoError(t, err)
				assert.Equal(t, []Record{before}, all, "something was written")
			})
		})
	}
}

func TestListGoesOnWhereThePageEnded(t *testing.T) {
	onEach(t, func(t *testing.T, counters Counters) {
		c := newClient(t, counters)
		const n = pageSize + 1
		for i := range n {
			_, err := counters.Put(t.Context(), fmt.Sprintf("& %03d", i), Counter{Count: int64(i)}, store.Absent())
			require.NoError(t, err)
		}
		var seen []int64
		for path := "/counters"; path != ""; {
			resp := c.send("GET", path, "")
			require.Equal(t, 200, resp.StatusCode)
			restmachinetest.CheckNotModified(t, resp, c.send("GET", path, "", "If-None-Match", resp.Header.Get("ETag")))
			var page Page
			require.NoError(t, json.Unmarshal(resp.Body, &page))
			for _, v := range page.Counters {
				seen = append(seen, v.Count)
			}
			path = page.Next
		}
		require.Len(t, seen, n)
		assert.IsIncreasing(t, seen)
	})
}

// Another replica writes between the check and the write of this replica. The lock of
// this replica cannot prevent it.
func TestAnotherReplicaIsFaster(t *testing.T) {
	for _, tt := range []struct {
		name, method, body string
		match              bool // whether to send If-Match with the current tag
		status             int
		count              int64
	}{
		{"a PUT that was checked is refused", "PUT", `{"count": 10}`, true, 412, 101},
		{"a DELETE, too", "DELETE", ``, true, 412, 101},
		{"a PATCH without a precondition begins anew, from what is there", "PATCH", `{"add": 10}`, false, 200, 111},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onEach(t, func(t *testing.T, counters Counters) {
				_, err := counters.Put(t.Context(), "a", Counter{Count: 1}, store.Absent())
				require.NoError(t, err)
				var fields []string
				c := newClient(t, &rival{Counters: counters})
				if tt.match {
					fields = []string{"If-Match", c.send("GET", "/counters/a", "").Header.Get("ETag")}
				}
				assert.Equal(t, tt.status, c.send(tt.method, "/counters/a", tt.body, fields...).StatusCode)
				r, _, err := counters.Get(t.Context(), "a")
				require.NoError(t, err)
				assert.Equal(t, tt.count, r.Value.Count)
			})
		})
	}
}

// A rival is a store into which another replica writes 100 more, before our first write.
type rival struct {
	Counters
	done bool
}

func (r *rival) overtake(ctx context.Context, name string) {
	if r.done {
		return
	}
	r.done = true
	was, _, err := r.Counters.Get(ctx, name)
	if err == nil {
		_, err = r.Counters.Put(ctx, name, Counter{Count: was.Value.Count + 100}, store.At(was.Version))
	}
	if err != nil {
		panic(err)
	}
}

func (r *rival) Put(ctx context.Context, name string, c Counter, expect store.Expect) (Record, error) {
	r.overtake(ctx, name)
	return r.Counters.Put(ctx, name, c, expect)
}

func (r *rival) Delete(ctx context.Context, name string, expect store.Expect) error {
	r.overtake(ctx, name)
	return r.Counters.Delete(ctx, name, expect)
}
