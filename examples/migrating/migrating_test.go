// Each migration: both sides are asked the same, where they can be run here. What a program of others
// answered is in NAME/answers.json, and holds where it cannot. Write it anew with UPDATE_ANSWERS=1.

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"

	"github.com/restmachine/restmachine-go/examples/migrating/after"
	"github.com/restmachine/restmachine-go/examples/migrating/notes"
	"github.com/restmachine/restmachine-go/examples/migrating/python"
)

// pause is how long a load takes: long enough for four requests to begin.
const pause = 100 * time.Millisecond

// updateAnswers is the variable of the environment that has the answers of others written.
const updateAnswers = "UPDATE_ANSWERS"

// TestBefore holds the answers that are kept to those that the programs of others give, where they are
// installed.
func TestBefore(t *testing.T) {
	for _, p := range programs() {
		if p.run == nil {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			if err := p.missing(); err != nil {
				t.Skip(err)
			}
			answers := play(t, serve(t, p), exchangesOf(p.name))
			file := filepath.Join(p.name, "answers.json")
			if os.Getenv(updateAnswers) != "" {
				text, err := json.MarshalIndent(answers, "", "\t")
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(file, append(text, '\n'), 0o644))
			}
			assert.Equal(t, kept(t, p), answers, "%s is stale: look at the difference, then write it anew with %s=1", file, updateAnswers)
		})
	}
}

// serve runs a program of others until the test ends.
func serve(t *testing.T, p program) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := free.Addr().(*net.TCPAddr).Port
	require.NoError(t, free.Close())
	done, err := p.start(t.Context(), port, pause)
	if done != nil {
		t.Cleanup(func() { <-done }) // the context has ended by then
	}
	require.NoError(t, err)
	return "http://127.0.0.1:" + strconv.Itoa(port)
}

// kept are the answers in the file of a program.
func kept(t *testing.T, p program) (answers []answer) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.name, "answers.json"))
	require.NoError(t, err, "write it with %s=1", updateAnswers)
	require.NoError(t, json.Unmarshal(text, &answers))
	return answers
}

// serveGo runs a program in Go until the test ends.
func serveGo(t *testing.T, handler func(*notes.Notes) http.Handler) string {
	t.Helper()
	all := notes.New()
	all.Pause = pause
	server := httptest.NewServer(handler(all))
	t.Cleanup(server.Close)
	return server.URL
}

// bothSides are the answers of both sides.
func bothSides(t *testing.T, p program) (before, after []answer) {
	t.Helper()
	after = play(t, serveGo(t, p.after), exchangesOf(p.name))
	if p.run != nil {
		return kept(t, p), after
	}
	return play(t, serveGo(t, p.handler), exchangesOf(p.name)), after
}

// TestWiring: what is wired wrongly on the right side is found before the first request.
func TestWiring(t *testing.T) {
	restmachinetest.Check(t, after.New(notes.New()))
	restmachinetest.Check(t, python.New(notes.New()))
}

// TestBothSides holds what the two sides answer equal, but where words in words_test.go say why not. The
// table of a page is made of that. Write it anew with UPDATE_PAGES=1.
func TestBothSides(t *testing.T) {
	for _, p := range programs() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			before, after := bothSides(t, p)
			require.Len(t, before, len(after))
			var b strings.Builder
			b.WriteString("| exchange | before | after | why |\n|---|---|---|---|\n")
			same := 0
			for i := range before {
				require.Equal(t, before[i].Name, after[i].Name)
				why, listed := words[p.name][before[i].Name]
				if before[i] == after[i] {
					same++
					assert.False(t, listed, "%s: both sides answer alike now; take its words out", before[i].Name)
					continue
				}
				assert.True(t, listed, "%s: say in words_test.go why it differs:\nbefore: %+v\nafter:  %+v", before[i].Name, before[i], after[i])
				was, is := cells(before[i], after[i])
				fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", before[i].Name, was, is, why)
			}
			for name := range words[p.name] {
				isThere := func(a answer) bool { return a.Name == name }
				assert.True(t, slices.ContainsFunc(before, isThere), "%q is not an exchange", name)
			}
			checkTable(t, p.name, fmt.Sprintf("Of %d exchanges, both sides answer %d alike. These they do not:\n\n%s", len(before), same, b.String()))
		})
	}
}

// cells show of two answers what differs, and their statuses.
func cells(before, after answer) (was, is string) {
	show := func(a, other answer) string {
		var parts []string
		if a.Status != 0 {
			parts = append(parts, strconv.Itoa(a.Status))
		}
		add := func(name, value, others string) {
			switch {
			case value == others:
			case value == "":
				parts = append(parts, "without "+strings.TrimSpace(name))
			default:
				parts = append(parts, strings.TrimSpace(name+" `"+value+"`"))
			}
		}
		if a.Status == other.Status {
			add("ETag", a.ETag, other.ETag)
			add("Location", a.Location, other.Location)
			add("Allow", a.Allow, other.Allow)
			add("X-Request-Id", a.ID, other.ID)
			add("type", a.Type, other.Type)
		}
		if a.Status == 0 {
			return a.Content
		}
		return strings.Join(parts, ", ")
	}
	return show(before, after), show(after, before)
}
