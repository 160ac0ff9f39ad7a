// Expect: 100-continue (RFC 9110, 10.1.1): a client that waits to send its
// content first hears of what the content cannot change.

package walk_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A session is made by a Dependency: a new one for each attempt.
type session struct{}

// A clipboard holds one note that is written to, and counts what is asked.
type clipboard struct{ version, loads, writes, opened, closed atomic.Int32 }

func (c *clipboard) declare(app *restmachine.App) {
	c.version.Store(1)
	app.MaxBody(100)
	app.Authorized(func(header http.Header) bool { return header.Get("X-Stranger") == "" })
	app.Dependency(func() (*session, func(error) error) {
		c.opened.Add(1)
		return &session{}, func(error) error { c.closed.Add(1); return nil }
	})
	app.ResourceExists(func(path restmachine.PathParams, _ *session) *harness.Note {
		c.loads.Add(1)
		if n := harness.NoteByPath(path); n != nil {
			n.Version = int(c.version.Load())
			return n
		}
		return nil
	})
	app.GenerateETag(func(n *harness.Note) string { return fmt.Sprint(n.Version) })
	write := func() { c.writes.Add(1); c.version.Add(1) }
	app.LockKey(restmachine.ByPath)
	app.Get("/notes/{id}", func(n *harness.Note) *harness.Note { return n }).
		Put(func(_ *harness.Note, _ restmachine.Body[harness.NoteIn]) { write() }).
		Post(func(_ *harness.Note, _ restmachine.Body[harness.NoteIn]) { write() }).
		Delete(func(_ *harness.Note, _ restmachine.Body[harness.NoteIn]) { write() })
	app.Get("/made/{id}", func(n *harness.Note) *harness.Note { return n }).
		Put(func(_ restmachine.Optional[*harness.Note], _ restmachine.Body[harness.NoteIn]) { write() })
	app.Put("/spool/{id}", func(_ *harness.Note, _ restmachine.Body[io.ReadSeeker]) { write() })
	judged := app.Put("/judged/{id}", func(_ *harness.Note, _ restmachine.Body[harness.NoteIn]) { write() })
	judged.Forbidden(func(_ *harness.Note, in restmachine.Body[harness.NoteIn]) bool { return in.Value.Text == "evil" })
	conflict := app.Put("/conflict/{id}", func(_ *harness.Note, _ restmachine.Body[harness.NoteIn]) { write() })
	conflict.IsConflict(func(_ *harness.Note, in restmachine.Body[harness.NoteIn]) bool { return in.Value.Text == "evil" })
}

// waiting is the head of a request whose client waits for 100 Continue.
func waiting(method, target, fields string) string {
	return method + " " + target + " HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Type: application/json\n" + fields + "\n"
}

func TestExpectContinue(t *testing.T) {
	length := fmt.Sprintf("Content-Length: %d\n", len(harness.NoteContent))
	rows := []struct {
		name           string
		method, target string
		fields         string
		first, last    int // first is 100 where the content is asked for
		reason         string
	}{
		{"fine", "PUT", "/notes/1", length, 100, 204, "nothing speaks against it"},
		{"precondition holds", "PUT", "/notes/1", length + "If-Match: \"1\"\n", 100, 204, "nothing speaks against it"},
		{"precondition fails", "PUT", "/notes/1", length + "If-Match: \"0\"\n", 412, 0, "the content cannot change that"},
		{"POST", "POST", "/notes/1", length, 100, 204, "an act ends the questions"},
		{"DELETE", "DELETE", "/notes/1", length, 100, 204, "an act ends the questions"},
		{"creating", "PUT", "/made/9", length + "If-None-Match: *\n", 100, 201, "an act ends the questions"},
		{"creating what is there", "PUT", "/made/1", length + "If-None-Match: *\n", 412, 0, "it is there"},
		{"spooled", "PUT", "/spool/1", length, 100, 204, "the file is filled then"},
		{"missing", "PUT", "/notes/9", length, 404, 0, "the content cannot change that"},
		{"unauthorized", "PUT", "/notes/1", length + "X-Stranger: yes\n", 401, 0, "asked before the content"},
		{"too long", "PUT", "/notes/1", "Content-Length: 101\n", 413, 0, "told by the length"},
		{"no parser", "PUT", "/notes/1", length + "Content-Encoding: gzip\n", 415, 0, "told by the fields"},
		{"not allowed", "PATCH", "/notes/1", length, 405, 0, "asked before the content"},
		{"a gate that takes the content", "PUT", "/judged/1", length, 100, 204, "it cannot be asked without"},
		{"a conflict in the content", "PUT", "/conflict/1", length, 100, 204, "it cannot be asked without"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := &clipboard{}
			x := harness.NewTrial(t, c.declare)
			conn, r := x.SendRaw(waiting(row.method, row.target, row.fields))
			require.Equal(t, row.first, x.Status(r), row.reason)
			if row.first == http.StatusContinue {
				assert.Zero(t, c.writes.Load(), "nothing is written without the content")
				restmachinetest.CheckIdle(t, x.App)
				_, err := io.WriteString(conn, harness.NoteContent)
				require.NoError(t, err)
				assert.Equal(t, row.last, x.Status(r), row.reason)
				assert.EqualValues(t, 1, c.writes.Load())
				assert.GreaterOrEqual(t, c.loads.Load(), int32(2), "it is asked again under the lock")
			} else {
				assert.Zero(t, c.writes.Load())
			}
			x.Idle()
			assert.Equal(t, c.opened.Load(), c.closed.Load(), "what the questions opened is closed")
		})
	}
}

// What was true before the content came need not be so afterwards.
func TestExpectContinueAsksAgain(t *testing.T) {
	c := &clipboard{}
	x := harness.NewTrial(t, c.declare)
	conn, r := x.SendRaw(waiting("PUT", "/notes/1", fmt.Sprintf("Content-Length: %d\nIf-Match: \"1\"\n", len(harness.NoteContent))))
	require.Equal(t, 100, x.Status(r))
	x.Want(204, "PUT", "/notes/1", harness.NoteContent, "If-Match", `"1"`)
	_, err := io.WriteString(conn, harness.NoteContent)
	require.NoError(t, err)
	assert.Equal(t, 412, x.Status(r), "somebody was faster while the content came")
	assert.EqualValues(t, 1, c.writes.Load())
}

// The content decides after all, once it is there.
func TestExpectContinueOfContentThatIsRefused(t *testing.T) {
	evil := `{"text": "evil"}`
	for target, status := range map[string]int{"/judged/1": 403, "/conflict/1": 409} {
		c := &clipboard{}
		x := harness.NewTrial(t, c.declare)
		conn, r := x.SendRaw(waiting("PUT", target, fmt.Sprintf("Content-Length: %d\n", len(evil))))
		require.Equal(t, 100, x.Status(r))
		_, err := io.WriteString(conn, evil)
		require.NoError(t, err)
		assert.Equal(t, status, x.Status(r))
		assert.Zero(t, c.writes.Load())
	}
}

// The refusal says what failed, and not that the content was not read.
func TestExpectContinueSaysWhatFailed(t *testing.T) {
	length := fmt.Sprintf("Content-Length: %d\n", len(harness.NoteContent))
	for target, want := range map[string]string{
		"/notes/1": `{"title":"Precondition Failed","status":412,"detail":"If-Match \"0\" does not match the current entity-tag \"1\"","decision":"G11"}`,
		"/notes/9": `{"title":"Not Found","status":404,"decision":"L7"}`,
	} {
		x := harness.NewTrial(t, (&clipboard{}).declare)
		_, r := x.SendRaw(waiting("PUT", target, length+"If-Match: \"0\"\n"))
		resp, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		assert.JSONEq(t, want, string(body))
	}
	x := harness.NewTrial(t, (&clipboard{}).declare)
	head := waiting("PUT", "/notes/1", length+"If-Match: \"0\"\n")
	_, r := x.SendRaw(strings.Replace(head, "100-continue", "x, 100-Continue", 1))
	assert.Equal(t, 412, x.Status(r), "net/http looks for the token, and so do we")
}

// In process there is nobody to wait: the content is there.
func TestExpectContinueInProcess(t *testing.T) {
	c := &clipboard{}
	p := harness.NewProbe(t, c.declare)
	p.Want(204, "PUT", "/notes/1", harness.NoteContent, "Expect", "100-continue")
	assert.EqualValues(t, 1, c.loads.Load(), "and nothing is asked twice")
	p.Want(404, "PUT", "/notes/9", harness.NoteContent, "Expect", "100-continue")
}
