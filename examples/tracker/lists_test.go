// These tests check what comes in many: pages, the export, and attachments.

package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func decode[T any](t *testing.T, r *restmachinetest.Result) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(r.Response.Body, &v), "%s", r.Response.Body)
	return v
}

// fill adds issues 2 to n.
func fill(t *testing.T, ann restmachinetest.Client, n int) {
	t.Helper()
	for i := 2; i <= n; i++ {
		content := IssueContent{Title: fmt.Sprintf("=Issue %d", i), Labels: []string{[]string{"even", "odd"}[i%2]}}
		if i > 5 {
			content.State, content.Assignee = Closed, "bob"
		}
		ann.Post(apollo + "/issues").JSON(content).Expect(t).Status(201)
	}
}

func TestPages(t *testing.T) {
	ann := as(newTracker(t), "ann")
	fill(t, ann, 7)
	for query, want := range map[string][][]int64{
		"limit=3":                     {{1, 2, 3}, {4, 5, 6}, {7}},
		"limit=2&state=open":          {{1, 2}, {3, 4}, {5}},
		"label=odd&assignee=bob":      {{7}},
		"q=COUNT%20down":              {{1}},
		"limit=1&label=even&q=issue ": {{2}, {4}, {6}},
		"state=&q=nothing":            {nil}, // as the form sends it
	} {
		var got [][]int64
		for next := apollo + "/issues?" + strings.ReplaceAll(query, " ", "%20"); next != ""; {
			page := decode[IssuePage](t, ann.Get(next).Expect(t).Status(200))
			var numbers []int64
			for _, i := range page.Issues {
				numbers = append(numbers, i.Number)
			}
			got, next = append(got, numbers), page.Next
		}
		assert.Equal(t, want, got, query)
	}
	ann.Get(apollo + "/issues?limit=x").Expect(t).Status(400)

	tag := ann.Get(apollo + "/issues").Expect(t).Status(200).ETag()
	ann.Get(apollo + "/issues").IfNoneMatch(tag).Expect(t).Status(304)
	ann.Delete(first).IfMatch("*").Expect(t).Status(204)
	ann.Get(apollo + "/issues").IfNoneMatch(tag).Expect(t).Status(200)
}

func TestExport(t *testing.T) {
	app := newTracker(t)
	ann := as(app, "ann")
	fill(t, ann, 7)
	closed := ann.Get(apollo+"/export?state=closed").Expect(t).Status(200).Header("Content-Type", csvType).NoHeader("ETag")
	lines, err := csv.NewReader(bytes.NewReader(closed.Response.Body)).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 3)
	assert.Equal(t, []string{"6", "'=Issue 6", "closed", "bob", "even", "ann", "2024-01-15T10:00:00Z"}, lines[1])
	ann.Head(apollo + "/export").Expect(t).Status(200).Body("")
	ann.Get(apollo + "/export?state=done").Expect(t).Status(400)

	// On the wire it comes as it is read, without a length.
	server := httptest.NewServer(app)
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+apollo+"/export", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer token-of-ann")
	resp, err := server.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	lines, err = csv.NewReader(resp.Body).ReadAll()
	require.NoError(t, err)
	assert.Len(t, lines, 8)
	assert.EqualValues(t, -1, resp.ContentLength)
}

func TestPagesForPeople(t *testing.T) {
	ann := as(newTracker(t), "ann")
	ann.Post(apollo + "/issues").JSON(IssueContent{Title: "<script>alert(1)</script>"}).Expect(t).Status(201)
	for path, want := range map[string]string{
		"/teams":                     "Acme",
		"/teams/acme/projects":       apollo + "/issues",
		apollo + "/issues?limit=1":   "limit=1",
		apollo + "/issues/2":         "&lt;script&gt;",
		apollo + "/issues?q=nothing": "There are none here.",
	} {
		page := ann.Get(path).Accept("text/html").Expect(t).Status(200).Header("Content-Type", htmlType)
		assert.Contains(t, string(page.Response.Body), want, path)
		assert.Contains(t, page.Response.Header.Get("Content-Security-Policy"), "default-src 'none'")
		assert.NotEqual(t, page.ETag(), ann.Get(path).Expect(t).ETag(), "the tag of the JSON is another one")
	}
}

func TestAttachments(t *testing.T) {
	app := newTracker(t)
	ann := as(app, "ann")
	log := first + "/attachments/a%20log.txt"
	ann.Get(log).Expect(t).Status(404)
	ann.Put(log).IfNoneMatch("*").Body("text/plain", "one two three").Expect(t).Status(201).Body("")
	got := ann.Get(log).Expect(t).Status(200).Body("one two three").Header("Content-Type", "application/octet-stream").
		Header("Content-Disposition", `attachment; filename="a log.txt"`)
	assert.Equal(t, got.ETag(), ann.Head(log).Expect(t).Status(200).Body("").ETag())
	ann.Get(log).IfNoneMatch(got.ETag()).Expect(t).Status(304)
	ann.Get(log).Header("Range", "bytes=4-6").Expect(t).Status(206).Body("two").Header("Content-Range", "bytes 4-6/13")
	ann.Get(log).Header("Range", "bytes=4-6").Header("If-Range", `"other"`).Expect(t).Status(200)
	ann.Get(log).Header("Range", "bytes=99-").Expect(t).Status(416)

	ann.Put(log).Body("text/plain", "four").Expect(t).Status(428)
	update := ann.Put(log).IfMatch(got.ETag()).Body("text/plain", "four")
	restmachinetest.RaceWrites(t, app, update.Request(), 4)
	ann.Get(log).Header("Range", "bytes=4-6").Header("If-Range", got.ETag()).Expect(t).Status(200).Body("four")
	ann.Put(first+"/attachments/empty").IfNoneMatch("*").Body("text/plain", "").Expect(t).Status(201)
	ann.Get(first + "/attachments/empty").Expect(t).Status(200).Body("")
	large := string(make([]byte, maxAttachment))
	ann.Put(first+"/attachments/large").IfNoneMatch("*").Body("image/png", large+"x").Expect(t).Status(413)
	ann.Put(first+"/attachments/large").IfNoneMatch("*").Body("image/png", large).Expect(t).Status(201)
	ann.Put(first+"/attachments/%2e%2e").Body("text/plain", "x").Expect(t).Status(404)
	ann.Put(apollo+"/issues/9/attachments/x").Body("text/plain", "x").Expect(t).Status(404)

	all := decode[AttachmentList](t, ann.Get(first+"/attachments").Expect(t).Status(200))
	require.Len(t, all.Attachments, 3)
	assert.Equal(t, "a log.txt", all.Attachments[0].Name)
	assert.EqualValues(t, 4, all.Attachments[0].Size)
	ann.Delete(first + "/attachments/large").IfMatch("*").Expect(t).Status(204)
	ann.Delete(first).IfMatch("*").Expect(t).Status(204)
	ann.Get(log).Expect(t).Status(404)
}
