// Corner cases of conditional requests and of what surrounds them, by the names
// that a survey of servers gave them: A lists of tags, B weak and strong, C star
// and missing things, D dates, E both at once, F order and messages, G writes
// and variants, H ranges, I the protocol. Each runs in process and over TCP,
// with the bytes of its header fields as they are on the wire.

package walk_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// notOurs are the corner cases that say nothing about a library of this kind,
// with the reason.
var notOurs = map[string]string{
	"G7":  "whether a tag outlives the resource that it was made for is the application's choice of tag",
	"G8":  "whether a tag is made of the content or of a version is the application's choice, too",
	"I4":  "net/http answers OPTIONS * itself, before any handler",
	"I10": "net/http refuses HTTP/0.9, two Hosts and the like before any handler",
	"I11": "net/http decides between Content-Length and Transfer-Encoding",
}

// TestCornersAreComplete asserts that each corner case has a test or a reason.
func TestCornersAreComplete(t *testing.T) {
	tested := map[string]bool{
		"G14": true, // TestCornersOfGeneratedTags
		"H15": true, // TestCornerH15
		"I1":  true, // TestCornersOfMessages, with the next four
		"I2":  true,
		"I3":  true,
		"I9":  true,
		"I14": true,
	}
	for _, table := range [][]corner{listCorners, weakCorners, starCorners, dateCorners, bothCorners, rangeCorners} {
		for _, c := range table {
			tested[strings.Fields(c.name)[0]] = true
		}
	}
	for _, table := range [][]ownCorner{orderCorners, writeCorners, variantCorners, protocolCorners} {
		for _, c := range table {
			tested[strings.Fields(c.name)[0]] = true
		}
	}
	for _, section := range []struct {
		letter string
		cases  int
	}{{"A", 29}, {"B", 6}, {"C", 17}, {"D", 24}, {"E", 14}, {"F", 14}, {"G", 18}, {"H", 20}, {"I", 15}} {
		for i := 1; i <= section.cases; i++ {
			id := fmt.Sprint(section.letter, i)
			assert.True(t, tested[id] != (notOurs[id] != ""), "%s has neither a test nor a reason, or both", id)
		}
	}
}

// A corner is a request to a memo, and the status it should have.
type corner struct {
	name   string // the id of the case, and what is special about it
	method string
	lines  string             // header field lines, one below the other
	in     []func(*memoState) // how the memo differs from the usual one
	want   int
}

// A memoState is what there is when a request comes: by default a memo with the
// strong tag "A1", changed half a second after printed.
type memoState struct {
	place   place
	tag     string
	date    time.Time
	content []byte
	options []restmachine.Option
}

func withTag(tag string) func(*memoState) { return func(s *memoState) { s.tag = tag } }

func withDate(date time.Time) func(*memoState) { return func(s *memoState) { s.date = date } }

func inPlace(p place) func(*memoState) { return func(s *memoState) { s.place = p } }

func withText(c string) func(*memoState) { return func(s *memoState) { s.content = []byte(c) } }

func withOption(o restmachine.Option) func(*memoState) {
	return func(s *memoState) { s.options = append(s.options, o) }
}

// A memo is a resource with content that is bytes, so that ranges apply.
type memo struct{ content []byte }

// newMemo makes the App of a state, and counts the writes.
func newMemo(in []func(*memoState)) (app *restmachine.App, writes *int) {
	s := memoState{tag: `"A1"`, date: printed.Add(time.Second / 2), content: []byte("hello world")}
	for _, change := range in {
		change(&s)
	}
	app = restmachine.New(append(s.options, restmachine.WithLogger(slog.New(slog.DiscardHandler)))...)
	writes = new(int)
	write := func(restmachine.Optional[*memo]) { *writes++ }
	app.ResourceExists(func() (*memo, bool) { return &memo{s.content}, s.place.exists() })
	app.Provides("text/plain", func(n *memo) []byte { return n.content })
	app.AllowMissingPost(func() bool { return s.place.creatable() })
	x := app.Get("/x", func(n *memo) *memo { return n }).Delete(write)
	x.GenerateETag(func(*memo) string { return s.tag })
	x.LastModified(func(*memo) time.Time { return s.date })
	if s.place.creatable() {
		x.Put(func(n restmachine.Optional[*memo]) *memo { write(n); return &memo{s.content} })
		x.Post(func(n restmachine.Optional[*memo]) *restmachine.Reply {
			write(n)
			return restmachine.Created("/x", nil)
		})
		return app, writes
	}
	replace := func(n *memo) *memo { *writes++; return n }
	x.Put(replace).Patch(replace).Post(replace)
	return app, writes
}

// runCorners runs a table both ways. A write that is a success has happened once,
// and one that is none has changed nothing.
func runCorners(t *testing.T, corners []corner) {
	for _, c := range corners {
		t.Run(c.name, func(t *testing.T) {
			var writes *int
			build := func() *restmachine.App {
				var app *restmachine.App
				app, writes = newMemo(c.in)
				return app
			}
			talk(t, build, func(t *testing.T, say say) {
				resp := say(c.method+" /x", c.lines)
				assert.Equal(t, c.want, resp.StatusCode, string(resp.Body))
				if c.want < 300 && c.method != "GET" && c.method != "HEAD" {
					assert.Equal(t, 1, *writes, "writes")
				}
				req, _ := parsedMessage(c.method+" /x", c.lines)
				restmachinetest.CheckUnchanged(t, req, resp, 0, *writes)
			})
		})
	}
}

// ways are how a request reaches an App: as a value, or as header field lines.
var ways = map[string]func(*testing.T, *restmachine.App, restmachine.Request, string) restmachine.Response{
	"Execute": inProcess, "TCP": overTCP,
}

// say sends a request: its method and target, and a message of header field
// lines, one below the other, and perhaps content after an empty line.
type say func(start, message string) restmachine.Response

// talk runs a script with an App in process, and with another over TCP.
func talk(t *testing.T, build func() *restmachine.App, script func(*testing.T, say)) {
	t.Helper()
	for name, exchange := range ways {
		t.Run(name, func(t *testing.T) {
			app := build()
			var ledger restmachinetest.Ledger
			script(t, func(start, message string) restmachine.Response {
				t.Helper()
				req, lines := parsedMessage(start, message)
				resp := exchange(t, app, req, lines)
				restmachinetest.CheckResponse(t, req, resp)
				ledger.Check(t, req, resp)
				return resp
			})
		})
	}
}

// parsedMessage splits a message into a request and its header field lines. White
// space around values is kept: an App in process has to see to it itself. A line
// that begins with white space continues the one before (RFC 9112, 5.2).
func parsedMessage(start, message string) (restmachine.Request, string) {
	lines, content, _ := strings.Cut(message, "\n\n")
	method, target, _ := strings.Cut(start, " ")
	req := restmachine.Request{Method: method, Path: target, Header: http.Header{}, Body: []byte(content)}
	unfolded := strings.NewReplacer("\n ", "  ", "\n\t", "  ").Replace(lines)
	for line := range strings.Lines(unfolded) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		req.Header.Add(name, value)
	}
	return req, lines
}

func inProcess(_ *testing.T, app *restmachine.App, req restmachine.Request, _ string) restmachine.Response {
	return app.Execute(req)
}

// overTCP writes the request as it stands to a connection of its own, and
// asserts that the response is all that comes back.
func overTCP(t *testing.T, app *restmachine.App, req restmachine.Request, lines string) restmachine.Response {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n", req.Method, req.Path)
	if lines != "" {
		fmt.Fprintf(&b, "%s\r\n", strings.ReplaceAll(lines, "\n", "\r\n"))
	}
	if len(req.Body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(req.Body))
	}
	fmt.Fprintf(&b, "\r\n%s", req.Body)
	return rawTCP(t, app, b.String())
}

// rawTCP writes bytes to a server of the App and reads one response, the last on
// the connection.
func rawTCP(t *testing.T, app *restmachine.App, message string) restmachine.Response {
	t.Helper()
	server := httptest.NewUnstartedServer(app)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, message)
	require.NoError(t, err)
	method, _, _ := strings.Cut(message, " ")
	return received(t, bufio.NewReader(conn), method)
}

// received reads one response, the last on its connection.
func received(t *testing.T, conn *bufio.Reader, method string) restmachine.Response {
	t.Helper()
	resp, err := http.ReadResponse(conn, &http.Request{Method: method})
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	rest, err := io.ReadAll(conn)
	assert.NoError(t, err)
	assert.Empty(t, string(rest), "after the response")
	return restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
}

// An ownCorner is a case that takes an App or a judgement of its own.
type ownCorner struct {
	name   string
	build  func() *restmachine.App
	script func(*testing.T, say)
}

func runOwnCorners(t *testing.T, corners []ownCorner) {
	for _, c := range corners {
		t.Run(c.name, func(t *testing.T) { talk(t, c.build, c.script) })
	}
}
