// These tests check the cache: it saves contents, never shows what is stale, and shows nobody what
// another caller has read.

package client_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/client"
)

// unchanged is a 304.
func unchanged(fields ...string) step { return step{304, "", fields} }

func TestGetRevalidates(t *testing.T) {
	c, script := play(t, step{200, `{"count":1}`, []string{"ETag", `"1"`, "X-Old", "a", "X-Both", "a", "Cache-Control", "max-age=600"}},
		unchanged("ETag", `"1"`, "X-Both", "b", "X-New", "b", "Content-Type", "text/html"), unchanged("ETag", `"1"`), read2)
	for i, want := range []int{1, 1, 1, 2} {
		res, err := client.Get[Count](t.Context(), c, at)
		require.NoError(t, err)
		assert.Equal(t, want, res.Value.Count)
		if i > 0 {
			assert.Equal(t, `"1"`, script.asked[i].Header.Get("If-None-Match"), "each time, also what is fresh")
		}
		if i == 1 || i == 2 {
			said := []string{res.Header.Get("X-Old"), res.Header.Get("X-Both"), res.Header.Get("X-New"), res.Header.Get("Content-Type")}
			assert.Equal(t, []string{"a", "b", "b", "application/json"}, said, "RFC 9111, 4.3.4")
		}
		res.Header.Set("X-Old", "of the caller") // must not reach the cache
	}
	script.done()
}

func TestWhatIsCached(t *testing.T) {
	tests := []struct {
		name   string
		fields []string
		want   int
		reason string
	}{
		{"strong", []string{"ETag", `"1"`}, 1, ""},
		{"weak", []string{"ETag", `W/"1"`}, 1, "good enough to read by"},
		{"no tag", nil, 0, "nothing to revalidate by"},
		{"a date", []string{"Last-Modified", "Tue, 15 Nov 1994 08:12:31 GMT"}, 0, "two changes may share a second"},
		{"not a tag", []string{"ETag", `1`}, 0, ""},
		{"no-store", []string{"ETag", `"1"`, "Cache-Control", "private, No-Store"}, 0, ""},
		{"private", []string{"ETag", `"1"`, "Cache-Control", `private="x", max-age=0`}, 1, "the cache is private"},
		{"Vary", []string{"ETag", `"1"`, "Vary", "Accept"}, 1, "all fields count"},
		{"Vary: *", []string{"ETag", `"1"`, "Vary", "Accept, *"}, 0, "RFC 9111, 4.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := play(t, step{200, `{"count":1}`, tt.fields})
			_, err := client.Get[Count](t.Context(), c, at)
			require.NoError(t, err)
			entries, _ := c.Cached()
			assert.Equal(t, tt.want, entries, tt.reason)
		})
	}
}

// TestUnaskedNotModified: a 304 that was not asked for is an error, and one that speaks of another
// tag is not believed.
func TestUnaskedNotModified(t *testing.T) {
	c, script := play(t, unchanged())
	_, err := client.Get[Count](t.Context(), c, at)
	var status *client.StatusError
	require.ErrorAs(t, err, &status)
	script.done()

	c, script = play(t, read1, unchanged("ETag", `"other"`), read2)
	for _, want := range []int{1, 2} {
		res, err := client.Get[Count](t.Context(), c, at)
		require.NoError(t, err)
		assert.Equal(t, want, res.Value.Count)
	}
	assert.Empty(t, script.asked[2].Header.Get("If-None-Match"))
	script.done()
}

// TestAnswersAreOfOneRequest: other credentials, cookies or preferences are another request.
func TestAnswersAreOfOneRequest(t *testing.T) {
	c, script := play(t, read1, read1, read1, read1, unchanged())
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	u, err := url.Parse(at)
	require.NoError(t, err)
	for i, vary := range []func(){
		func() {},
		func() { c.Header = http.Header{"Authorization": {"Bearer other"}} },
		func() { c.Header = http.Header{"Accept-Language": {"de"}} },
		func() { c.HTTP.Jar = jar; jar.SetCookies(u, []*http.Cookie{{Name: "s", Value: "1"}}) },
		func() {},
	} {
		vary()
		_, err := client.Get[Count](t.Context(), c, at)
		require.NoError(t, err)
		assert.Equal(t, i == 4, script.asked[i].Header.Get("If-None-Match") != "", "request %d", i)
	}
	script.done()
}

// TestWritesAndTheCache: a write forgets what was read, and its answer is kept if it is the new
// representation.
func TestWritesAndTheCache(t *testing.T) {
	shown := step{200, `{"count":7}`, []string{"ETag", `"7"`, "Content-Location", "/docs/1"}}
	t.Run("shown", func(t *testing.T) {
		c, script := play(t, read1, shown, unchanged(), done)
		for _, want := range []int{7, 8} {
			res, err := client.Update(t.Context(), c, at, add)
			require.NoError(t, err)
			assert.Equal(t, want, res.Value.Count, "the first is what the server made of it")
		}
		assert.Equal(t, `"7"`, script.asked[2].Header.Get("If-None-Match"))
		assert.Equal(t, `"7"`, script.asked[3].Header.Get("If-Match"))
		script.done()
	})
	for name, fields := range map[string][]string{
		"not shown":       {"ETag", `"7"`},
		"of another":      {"ETag", `"7"`, "Content-Location", "/docs/2"},
		"shown but weak":  {"ETag", `W/"7"`, "Content-Location", "/docs/1"},
		"shown, no store": {"ETag", `"7"`, "Content-Location", "/docs/1", "Cache-Control", "no-store"},
	} {
		t.Run(name, func(t *testing.T) {
			c, script := play(t, read1, step{200, `{"count":7}`, fields}, read2)
			_, err := client.Update(t.Context(), c, at, add)
			require.NoError(t, err)
			entries, size := c.Cached()
			assert.Zero(t, entries)
			assert.Zero(t, size)
			_, err = client.Get[Count](t.Context(), c, at)
			require.NoError(t, err)
			script.done()
		})
	}
	t.Run("refused", func(t *testing.T) {
		c, _ := play(t, read1, stale)
		_, err := client.Get[Count](t.Context(), c, at)
		require.NoError(t, err)
		require.Error(t, client.Delete(t.Context(), c, at, `"0"`))
		entries, _ := c.Cached()
		assert.Equal(t, 1, entries, "a refused write changes nothing (RFC 9111, 4.4)")
	})
}

// TestUpdateWantsAStrongTag: an answer that is cached by a weak tag is read again for an Update.
func TestUpdateWantsAStrongTag(t *testing.T) {
	c, script := play(t, step{200, `{"count":1}`, []string{"ETag", `W/"1"`}}, read1, done)
	c.Header = http.Header{"Cache-Control": {"no-cache"}, "Accept-Encoding": {"identity"}} // as Update asks
	_, err := client.Get[Count](t.Context(), c, at)
	require.NoError(t, err)
	_, err = client.Update(t.Context(), c, at, add)
	require.NoError(t, err)
	assert.Empty(t, script.asked[1].Header.Get("If-None-Match"))
	script.done()
}

func TestTheCacheIsBounded(t *testing.T) {
	const n = 20
	c := &client.Client{HTTP: &http.Client{Transport: inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(304)
			return
		}
		fmt.Fprintf(w, "%1000d", 1)
	})}}, CacheSize: 10 * 3000}
	get := func(i int) client.Resource[int] {
		res, err := client.Get[int](t.Context(), c, fmt.Sprint(at, i))
		require.NoError(t, err)
		return res
	}
	for i := range n {
		get(i)
		get(0) // stays, since it is used
	}
	entries, size := c.Cached()
	assert.Less(t, entries, n)
	assert.Greater(t, entries, 5)
	assert.LessOrEqual(t, size, c.CacheSize)

	c = &client.Client{HTTP: c.HTTP, CacheSize: -1}
	get(1)
	entries, _ = c.Cached()
	assert.Zero(t, entries)
}

// TestOneClientForManyGoroutines: reads and writes of few resources, under the race detector.
func TestOneClientForManyGoroutines(t *testing.T) {
	app, docs := newApp(t)
	server := serve(t, app)
	c := newClient(server)
	c.Tries, c.CacheSize = 1000, 5000
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			address := fmt.Sprint(server.URL, "/docs/n", i%3)
			for range 10 {
				_, err := client.Update(t.Context(), c, address, add, client.OrCreate)
				assert.NoError(t, err)
				res, err := client.Get[Count](t.Context(), c, address)
				assert.NoError(t, err)
				res.Header.Set("Etag", "mine")
			}
		})
	}
	all.Wait()
	for i := range 3 {
		assert.Equal(t, 20, count(t, docs, fmt.Sprint("n", i)))
	}
}
