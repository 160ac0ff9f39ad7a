// Which paths share a key, as a table: each row has paths with the records that they change,
// and the keys that they get.

package lockkey

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// paths reads lines such as "/posts/{id} Post, Tag by path".
func paths(t *testing.T, text string) (all []*Path, segments [][]route.Segment) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		path, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		says := Nothing
		if before, ok := strings.CutSuffix(rest, "by path"); ok {
			rest, says = before, ByPath
		} else if before, ok := strings.CutSuffix(rest, "by function"); ok {
			rest, says = before, Function
		}
		var records []any
		for _, r := range strings.FieldsFunc(rest, func(c rune) bool { return c == ',' || c == ' ' }) {
			records = append(records, r)
		}
		pattern, err := route.Parse(path)
		require.NoError(t, err)
		segments = append(segments, pattern.Segments())
		all = append(all, New(pattern.Segments(), says, records))
	}
	return all, segments
}

func TestShare(t *testing.T) {
	rows := []struct{ name, paths, keys string }{
		{"an item and its sub-path", `/posts/{id} Post
			/posts/{id}/close Post`, "/posts/{id} /posts/{id}"},
		{"a sub-path with a parameter", `/posts/{id} Post
			/posts/{id}/tags/{tag} Post`, "/posts/{id} /posts/{id}"},
		{"sub-paths alone", `/posts/{id}/tags/{tag} Post
			/posts/{id}/likes/{who} Post`, "/posts/{id} /posts/{id}"},
		{"another record", `/posts/{id} Post
			/posts/{id}/tags/{tag} Tag`, "/posts/{id} /posts/{id}/tags/{tag}"},
		{"no record", `/posts/{id}
			/posts/{id}/tags/{tag}`, "/posts/{id} /posts/{id}/tags/{tag}"},
		{"one path without parameters below another", `/settings Settings
			/settings/reset Settings`, "/settings /settings"},
		{"transitively", `/a/{x} A
			/a/{x}/b/{y} A, B
			/a/{x}/b/{y}/c/{z} B`, "/a/{x} /a/{x} /a/{x}"},
		{"with those whose own key is equal", `/a/{x} A
			/a/{x}/b/{y} A
			/a/{x}/b/{y}/rename B
			/a/{x}/b/{z}/close`, "/a/{x} /a/{x} /a/{x} /a/{x}"},
		{"the rest of a path", `/files/{path...} File
			/files/{path...} Index`, "/files/{path...} /files/{path...}"},
		{"a path that is a record of its own", `/posts/{id} Post
			/posts/{id}/tags/{tag} Post by path`, "/posts/{id} /posts/{id}/tags/{tag}"},
		{"all by a function", `/me User by function
			/users/{id} User by function`, "/me /users/{id}"},
		{"all by path", `/me User by path
			/users/{id} User by path`, "/me /users/{id}"},
		{"by path and by function", `/me User by path
			/users/{id} User by function`, "/me /users/{id}"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			all, segments := paths(t, row.paths)
			assert.Empty(t, Share(all))
			var keys []string
			for i, p := range all {
				keys = append(keys, route.Join(segments[i][:p.Depth]))
				assert.Equal(t, strings.Count(keys[i], "{"), p.Params())
				assert.Equal(t, p.Depth == len(New(segments[i], Nothing, nil).own), p.IsOwn())
			}
			assert.Equal(t, row.keys, strings.Join(keys, " "))
		})
	}
}

func TestConflicts(t *testing.T) {
	rows := []struct {
		name, paths string
		silent      int
		misnamed    bool
	}{
		{"no common part", `/me User
			/users/{id} User`, 2, false},
		{"two versions", `/v1/users/{id} User
			/v2/users/{id} User`, 2, false},
		{"one place for everything", `/api/me User
			/api/users/{id} User`, 2, false},
		{"two literals", `/a/left Page
			/a/right Page`, 2, false},
		{"only one says so", `/me User by path
			/users/{id} User`, 1, false},
		{"only one has a function", `/tasks/{id} Task by function
			/tasks/{id}/close Task`, 1, false},
		{"two names for one parameter", `/posts/{id} Post
			/posts/{slug}/close Post`, 2, true},
		{"transitively", `/a/{x} A
			/a/{x}/b/{y} A, B
			/b/{y} B`, 3, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			all, _ := paths(t, row.paths)
			conflicts := Share(all)
			require.Len(t, conflicts, 1)
			assert.Equal(t, all, conflicts[0].Paths)
			assert.Len(t, conflicts[0].Silent, row.silent)
			assert.Equal(t, row.misnamed, conflicts[0].Misnamed)
			assert.Equal(t, strings.Contains(row.paths, "function"), conflicts[0].Function != nil)
		})
	}
}

// Ten thousand paths are grouped in no more than moments: the work grows with the paths, and
// not with their pairs.
func BenchmarkShare(b *testing.B) {
	var all []*Path
	for i := range 10_000 {
		all = append(all, New([]route.Segment{{Text: strings.Repeat("a", i%100) + string(rune('a'+i/100))}, {Text: "id", Param: true}}, Nothing, []any{i / 2}))
	}
	for b.Loop() {
		Share(all)
	}
}
