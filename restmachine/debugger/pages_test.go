// These tests check the comparison of two exchanges, the locks, and the warnings.

package debugger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/debugger"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A compared is the comparison of two exchanges as JSON.
type compared struct {
	A, B    struct{ Status int }
	Shared  int
	Parting *struct {
		ID   string
		A, B *decision.Visit
	}
	Request, Response []struct {
		Name    string
		A, B    []string
		Unknown bool
	}
	Reasons []struct{ ID, A, B string }
}

func comparison(t *testing.T, d http.Handler, path string) (c compared) {
	t.Helper()
	w := look(d, path, "Accept", asJSON)
	require.Equal(t, 200, w.Code, w.Body)
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &c))
	return c
}

func TestDiff(t *testing.T) {
	d := debugger.New("/debug/", debugger.ShowContent())
	app := notes(d)
	for _, row := range []struct {
		name            string
		method          string
		first, second   []string // fields
		parting         string
		whyA, whyB      string
		request         string // the names of what differs
		unknown, reason string
	}{
		{"why is this a 412", "PUT", []string{"If-Match", `"1-1"`}, []string{"If-Match", `"0"`}, "G11",
			`If-Match "1-1" matches "1-1" strongly`, `If-Match "0" does not match "1-1" strongly`, "If-Match", "", "G8 G9 G10"},
		{"why is this a 304", "GET", nil, []string{"If-None-Match", `"1-1"`}, "I12", "no If-None-Match", `If-None-Match "1-1"`, "If-None-Match", "", ""},
		{"the same", "GET", nil, nil, "", "", "", "", "", ""},
		{"the same way", "GET", []string{"X-A", "1", "X-B", "2"}, []string{"X-A", "2", "X-C", "3"}, "", "", "", "X-A X-B X-C", "", ""},
		{"redacted", "GET", []string{"Cookie", "a"}, []string{"Cookie", "b"}, "", "", "", "", "Cookie", ""},
		{"redacted or not", "GET", []string{"Cookie", "a"}, nil, "", "", "", "Cookie", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, fields := range [][]string{row.first, row.second} {
				if row.method == "PUT" {
					fields = append(fields, "Content-Type", "application/json")
				}
				send(app, row.method, "/notes/1", map[string]string{"PUT": `{"Text":"x"}`}[row.method], fields...)
			}
			path := lastTwo(t, d)
			c := comparison(t, d, path)
			if row.parting == "" {
				assert.Nil(t, c.Parting)
				assert.Contains(t, look(d, path).Body.String(), "the same way")
			} else {
				require.NotNil(t, c.Parting)
				assert.Equal(t, row.parting, c.Parting.ID)
				assert.Equal(t, row.whyA, c.Parting.A.Why)
				assert.Equal(t, row.whyB, c.Parting.B.Why)
				text := look(d, path).Body.String()
				assert.Contains(t, text, "They part at "+row.parting)
				html := look(d, path, "Accept", asHTML).Body.String()
				assert.Contains(t, html, `<h2>They part at <b class="id">`+row.parting)
			}
			var names, unknown, reasons []string
			for _, one := range c.Request {
				if one.Unknown {
					unknown = append(unknown, one.Name)
				} else {
					names = append(names, one.Name)
				}
			}
			for _, one := range c.Reasons {
				reasons = append(reasons, one.ID)
			}
			assert.Equal(t, row.request, strings.Join(names, " "))
			assert.Equal(t, row.unknown, strings.Join(unknown, " "))
			assert.Equal(t, row.reason, strings.Join(reasons, " "))
		})
	}
}

func TestDiffOfOtherWalks(t *testing.T) {
	d := debugger.New("/debug/")
	observe := func(id uint64, visits ...decision.Visit) {
		d.Observe(&restmachine.Exchange{ID: id, Trace: decision.Trace{Visits: visits}})
	}
	observe(1, decision.Visit{ID: decision.B13, Answer: decision.Yes})
	observe(2, decision.Visit{ID: decision.B13, Answer: decision.Yes}, decision.Visit{ID: decision.B12, Answer: decision.Yes})
	observe(3)
	for path, want := range map[string]string{
		"?of=2&of=1": "They part at B12", // the earlier one comes first
		"?of=1&of=3": "They part at B13",
		"?of=3&of=3": "Both went the same way of 0 decisions",
	} {
		text := look(d, "/debug/diff"+path).Body.String()
		assert.Contains(t, text, want, path)
		assert.Equal(t, 200, look(d, "/debug/diff"+path, "Accept", asHTML).Code)
	}
	assert.Contains(t, look(d, "/debug/diff?of=2&of=1").Body.String(), "1  had ended")
	for path, status := range map[string]int{"": 400, "?of=1": 400, "?of=1&of=2&of=3": 400, "?of=1&of=x": 404, "?of=1&of=9": 404, "?of=-1&of=1": 404} {
		assert.Equal(t, status, look(d, "/debug/diff"+path).Code, path)
	}
}

// The page of an exchange offers others of its route.
func TestOthersToCompare(t *testing.T) {
	d := debugger.New("/debug/")
	traffic(notes(d))
	send(notes(d), "GET", "/notes/1", "")
	html := look(d, lastPage(t, d), "Accept", asHTML).Body.String()
	assert.Equal(t, 3, strings.Count(html, "diff?of="), "not the one of an unknown path")
	last := id(lastPage(t, d))
	assert.Contains(t, html, fmt.Sprintf("diff?of=%d&amp;of=%d", last, last-3), "its method comes first")
}

func TestLocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := debugger.New("/debug/")
		app := restmachine.New(restmachine.WithTrace(d), restmachine.WithLogger(slog.New(slog.DiscardHandler)))
		release := make(chan bool)
		put := app.Put("/vaults/{vault_key}/doors/{id}", func(ctx context.Context) { <-release })
		put.ResourceExists(func() bool { return true })
		assert.Equal(t, "No lock is held.\n", look(d, "/debug/locks").Body.String())
		for range 3 {
			go send(app, "PUT", "/vaults/hunter22/doors/7", "")
			synctest.Wait()
		}
		look(d, "/debug/locks")
		time.Sleep(90 * time.Second)
		text := look(d, "/debug/locks").Body.String()
		assert.Equal(t, []string{"held", "awaited", "awaited"}, words(text, 3))
		assert.Regexp(t, `/vaults/\[redacted\]/doors/7 +0 +held by +PUT +/vaults/\[redacted\]/doors/7 +/vaults/\{vault_key\}/doors/\{id\} +1m30s`, text)
		for _, accept := range []string{"*/*", asHTML, asJSON} {
			assert.NotContains(t, look(d, "/debug/locks", "Accept", accept).Body.String(), "hunter22")
		}
		var v struct {
			Locks []struct {
				Key     string
				Holder  struct{ Nanoseconds time.Duration }
				Waiters []struct{ Method, Route string }
			}
		}
		require.NoError(t, json.Unmarshal(look(d, "/debug/locks", "Accept", asJSON).Body.Bytes(), &v))
		require.Len(t, v.Locks, 1)
		assert.Len(t, v.Locks[0].Waiters, 2)
		assert.Equal(t, 90*time.Second, v.Locks[0].Holder.Nanoseconds)
		close(release)
		synctest.Wait()
		assert.Equal(t, "No lock is held.\n", look(d, "/debug/locks").Body.String())
	})
}

// words returns a word of each line but the first.
func words(text string, n int) (all []string) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n")[1:] {
		all = append(all, strings.Fields(line)[n-1])
	}
	return all
}

func TestWarnings(t *testing.T) {
	d := debugger.New("/debug/")
	d.Observe(&restmachine.Exchange{ID: 1, Warnings: []restmachine.Warning{
		{Name: "tag kept", Text: "count <b>the</b> version up"}, {Name: "own app", Text: "pass the context"}}})
	assert.Contains(t, look(d, "/debug/").Body.String(), "2 warnings")
	assert.Contains(t, look(d, "/debug/", "Accept", asHTML).Body.String(), `<span class="warned">2 warned</span>`)
	assert.Contains(t, look(d, "/debug/exchanges/1").Body.String(), "warning: tag kept: count <b>the</b> version up\n")
	html := look(d, "/debug/exchanges/1", "Accept", asHTML).Body.String()
	assert.Contains(t, html, "<b>Warning: tag kept.</b> count &lt;b&gt;the&lt;/b&gt; version up")
	var e struct{ Warnings []struct{ Name, Text string } }
	require.NoError(t, json.Unmarshal(look(d, "/debug/exchanges/1", "Accept", asJSON).Body.Bytes(), &e))
	assert.Len(t, e.Warnings, 2)
}

// The page has the request as commands, in all forms.
func TestReplayIsOnThePage(t *testing.T) {
	d := debugger.New("/debug/", debugger.ShowContent())
	app := notes(d)
	send(app, "PUT", "/notes/1", `{"Text":"it's"}`, "If-Match", `"1-1"`, "Content-Type", "application/json", "Cookie", "a")
	page := lastPage(t, d)
	const command = `--data-raw '{"Text":"it'\''s"}'`
	text := look(d, page).Body.String()
	assert.Contains(t, text, command)
	assert.Contains(t, text, "http://example.com/notes/1", "the App is probably where the Debugger is")
	assert.Contains(t, text, "# Set the variables of what is redacted, here and in the shell: COOKIE.")
	assert.Contains(t, text, "\tBody: []byte(`{\"Text\":\"it's\"}`),", "with its tabs")
	var e struct{ Replay struct{ Curl, Go string } }
	require.NoError(t, json.Unmarshal(look(d, page, "Accept", asJSON).Body.Bytes(), &e))
	assert.Contains(t, e.Replay.Curl, command)
	assert.Contains(t, e.Replay.Go, `"[redacted]"`)
	assert.Contains(t, look(d, page, "Accept", asHTML).Body.String(), `data-copy="curl"`)
}
