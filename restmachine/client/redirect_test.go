// These tests check redirects: a write never loses its method, its precondition or its content, and
// credentials stay at their origin.

package client_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/client"
)

// moved returns a redirect.
func moved(status int, to string) step { return step{status, "", []string{"Location", to}} }

func TestRedirectsOfWrites(t *testing.T) {
	put := func(c *client.Client, t *testing.T) error {
		_, err := client.Create(t.Context(), c, at, Count{1})
		return err
	}
	post := func(c *client.Client, t *testing.T) error {
		_, err := client.Post[Count](t.Context(), c, at, Count{1})
		return err
	}
	remove := func(c *client.Client, t *testing.T) error { return client.Delete(t.Context(), c, at, `"1"`) }
	for _, status := range []int{301, 302, 307, 308} {
		for name, send := range map[string]func(*client.Client, *testing.T) error{"PUT": put, "DELETE": remove, "POST": post} {
			t.Run(fmt.Sprint(name, status), func(t *testing.T) {
				if name == "POST" && status < 307 {
					c, script := play(t, moved(status, "/new"))
					var refused *client.StatusError
					require.ErrorAs(t, send(c, t), &refused)
					assert.ErrorContains(t, refused, "not followed to /new")
					script.done()
					return
				}
				c, script := play(t, moved(status, "/new"), step{status: 204})
				c.Header = http.Header{"Authorization": {"Bearer x"}}
				require.NoError(t, send(c, t))
				script.done()
				first, second := script.asked[0], script.asked[1]
				assert.Equal(t, "/new", second.URL.Path)
				assert.Equal(t, first.Method, second.Method)
				assert.Equal(t, first.Header, second.Header, "preconditions and credentials")
				assert.Equal(t, script.sent[0], script.sent[1])
			})
		}
	}
	for name, send := range map[string]func(*client.Client, *testing.T) error{"PUT": put, "DELETE": remove, "POST": post} {
		t.Run(name+" to another origin", func(t *testing.T) {
			c, script := play(t, moved(307, "https://service.example/docs/1"))
			err := send(c, t)
			require.ErrorIs(t, err, client.ErrRedirected)
			assert.NotErrorIs(t, err, client.ErrUnknown)
			script.done()
		})
	}
}

// TestUpdateThroughARedirect: the tag guards the resource that it was read from.
func TestUpdateThroughARedirect(t *testing.T) {
	c, script := play(t, moved(302, "/docs/7"), read1, done)
	res, err := client.Update(t.Context(), c, at, add)
	require.NoError(t, err)
	assert.Equal(t, "http://service.example/docs/7", res.URL)
	assert.Equal(t, "/docs/7", script.asked[2].URL.Path)

	c, script = play(t, moved(302, "http://other.example/docs/7"), read1)
	_, err = client.Update(t.Context(), c, at, add)
	require.ErrorIs(t, err, client.ErrRedirected)
	script.done()
}

// TestCredentialsStay: a GET follows to other origins, without Client.Header.
func TestCredentialsStay(t *testing.T) {
	tests := []struct {
		to   string
		kept bool
	}{
		{"/docs/2", true},
		{"http://service.example:80/docs/2", true},
		{"http://SERVICE.example/docs/2", true},
		{"http://service.example:8080/docs/2", false},
		{"https://service.example/docs/2", false},
		{"http://evil.service.example/docs/2", false},
		{"//other.example/docs/2", false},
	}
	for _, tt := range tests {
		for name, get := range map[string]func(c *client.Client) error{
			"Get": func(c *client.Client) error {
				_, err := client.Get[Count](t.Context(), c, at)
				return err
			},
			"Post": func(c *client.Client) error { // reads what it created
				_, err := client.Post[Count](t.Context(), c, at, Count{})
				return err
			},
		} {
			t.Run(name+tt.to, func(t *testing.T) {
				first := moved(302, tt.to)
				if name == "Post" {
					first = moved(201, tt.to)
				}
				c, script := play(t, first, read1)
				c.Header = http.Header{"Authorization": {"Bearer x"}, "X-Api-Key": {"y"}}
				require.NoError(t, get(c))
				script.done()
				for name := range c.Header {
					assert.Equal(t, tt.kept, script.asked[1].Header.Get(name) != "", name)
				}
			})
		}
	}
}

func TestRedirectsThatLeadNowhere(t *testing.T) {
	loop := strings.Split(strings.Repeat("/docs/1 ", 10), " ")[:10]
	for name, to := range map[string][]string{"none": {""}, "another scheme": {"file:///etc/passwd"}, "a loop": loop} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var steps []step
				for _, location := range to {
					steps = append(steps, moved(308, location))
				}
				c, script := play(t, steps...)
				_, err := client.Get[Count](t.Context(), c, at)
				var status *client.StatusError
				require.ErrorAs(t, err, &status)
				assert.Equal(t, 308, status.StatusCode)
				script.done()
			})
		})
	}
}

// TestPostCreated: where what was created is read from.
func TestPostCreated(t *testing.T) {
	tests := []struct {
		name    string
		steps   []step
		methods []string
		url     string
		value   int
	}{
		{"shown", []step{{201, `{"count":5}`, []string{"Location", "/docs/2", "Content-Location", "/docs/2"}}}, []string{"POST"}, "/docs/2", 5},
		{"not shown", []step{{201, `{"ok":true}`, []string{"Location", "/docs/2"}}, read1}, []string{"POST", "GET"}, "/docs/2", 1},
		{"see other", []step{moved(303, "/docs/2"), read1}, []string{"POST", "GET"}, "/docs/2", 1},
		{"nothing said", []step{{status: 204}}, []string{"POST"}, "", 0},
		{"a result", []step{{200, `{"count":9}`, nil}}, []string{"POST"}, "", 9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, script := play(t, tt.steps...)
			res, err := client.Post[Count](t.Context(), c, at, Count{})
			require.NoError(t, err)
			assert.Equal(t, tt.methods, script.methods())
			assert.Equal(t, tt.url, strings.TrimPrefix(res.URL, "http://service.example"))
			assert.Equal(t, tt.value, res.Value.Count)
		})
	}
}
