// These tests send a request again, as the page writes it down: by a real shell, by curl, and
// by Go's parser.

package debugger

import (
	"bytes"
	"go/ast"
	"go/parser"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// hostile are texts that shells, curl and Go take for something else.
var hostile = []string{
	"", "plain", "it's", "''", "a b", "$(id)", "`id`", "$HOME", `\`, `\\n`, "!x", "*", "?", "~", "#", "a;b&c|d", "-rf", "@file", "%s%n", "\n", "a\n\n",
	"\n\n", "\ta", "\r\n", "\x01\x7f", "\xff\xfe", "é€𝄞", "\u202egnp", "\u0085", "é\xff", `"`, "`", "{1..3}", "[a]", "a\x01%d\\", "\ufffd", "\x1b[2J'",
	strings.Repeat("'", 50), "$'x'", "EOF\nEOF", "\x01\n\x02\n",
}

// shellSays returns what a shell prints for the words.
func shellSays(t testing.TB, script string) string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	cmd := exec.Command(sh)
	cmd.Stdin = strings.NewReader(script)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, script)
	return string(out)
}

func checkWord(t testing.TB, text string) {
	text = strings.ReplaceAll(text, "\x00", "") // it cannot be in a word
	word := quoted(text)
	for _, r := range word {
		assert.True(t, r == '\n' || unicode.IsPrint(r), "%q", word)
	}
	if text != "" {
		assert.Equal(t, text, shellSays(t, "printf %s "+word), word)
	}
	assert.Equal(t, text, shellSays(t, "printf %s x "+new(shell).word(strings.ReplaceAll(text, redacted, "")))[1:], "a word is one word, even if it is empty")
}

func TestAShellReadsTheSameBytes(t *testing.T) {
	for _, text := range hostile {
		checkWord(t, text)
	}
	all := make([]byte, 255)
	for i := range all {
		all[i] = byte(i + 1)
	}
	checkWord(t, string(all))
}

func FuzzShellWord(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkWord(t, strings.ReplaceAll(text, redacted, "")) })
}

// The format of printf, too, with NUL.
func FuzzPrintf(f *testing.F) {
	for _, text := range append(hostile, "a\x00b", "\x00", "\x000") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		assert.Equal(t, text, shellSays(t, "printf '"+escaped(text)+"'"))
	})
}

func TestPlaceholdersAreVariables(t *testing.T) {
	for _, row := range []struct{ text, word string }{
		{"Authorization: " + redacted, `'Authorization: '"${AUTHORIZATION:?}"`},
		{"/a?x=1&access-token=" + redacted + "&b", `'/a?x=1&access-token='"${ACCESS_TOKEN:?}"'&b'`},
		{`{"password":"` + redacted + `"}`, `'{"password":"'"${PASSWORD:?}"'"}'`},
		{redacted, `"${SECRET:?}"`},
		{"9=" + redacted, `'9='"${SECRET_9:?}"`},
		{"PATH=" + redacted, `'PATH='"${SECRET_PATH:?}"`},
	} {
		assert.Equal(t, row.word, new(shell).word(row.text))
	}
	out := shellSays(t, "X_API_KEY='a b$c'; printf %s "+new(shell).word("X-Api-Key: "+redacted+"'"))
	assert.Equal(t, "X-Api-Key: a b$c'", out)
	cmd := exec.Command("sh", "-c", "curl -H "+new(shell).word("Cookie: "+redacted))
	said, err := cmd.CombinedOutput()
	assert.Error(t, err)
	assert.Contains(t, string(said), "COOKIE", "the shell names what is missing, and sends nothing")
}

// replayable are requests of all kinds.
func replayable() []restmachine.Request {
	all := []restmachine.Request{
		{Method: "GET", Path: "/"},
		{Method: "HEAD", Path: "/a?b=c"},
		{Method: "GET", Path: "/with/content", Body: []byte("x")},
		{Method: "PUT", Path: "/posts/1", Header: header("If-Match", `"1-1"`, "Content-Type", "application/json"), Body: []byte(`{"title":"it's"}`)},
		{Method: "POST", Path: "/binary", Header: header("Content-Type", "image/png"), Body: []byte("\x00\x01\xff%d\\\n\n")},
		{Method: "POST", Path: "/file", Body: []byte("@/etc/hosts")},
		{Method: "DELETE", Path: "/a/../b/./c"},
		{Method: "GET", Path: "/{glob}[1-3]?x=[a,b]"},
		{Method: "OPTIONS", Path: "*"},
		{Method: "GET", Path: "/%C3%A9/a%20b?q=%27"},
		{Method: "GET", Path: "/", Header: header("X-Empty", "", "X-Twice", "1", "X-Twice", "2", "Accept", "text/html", "User-Agent", "me")},
		{Method: "PURGE", Path: "/"},
		{Method: "POST", Path: "/empty"},
	}
	for _, text := range hostile {
		if legalField("X-Text", text) && strings.TrimSpace(text) == text && !strings.ContainsAny(text, "\x01\x7f\x1b") { // net/http refuses those
			all = append(all, restmachine.Request{Method: "GET", Path: "/", Header: header("X-Text", text)})
		}
		all = append(all, restmachine.Request{Method: "PUT", Path: "/content", Body: []byte(text)})
	}
	return all
}

func header(fields ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(fields); i += 2 {
		h.Add(fields[i], fields[i+1])
	}
	return h
}

// recordOf returns what a Debugger that shows everything keeps of a request.
func recordOf(r restmachine.Request) *record {
	d := New("/debug/", ShowContent(), ShowCredentials())
	return d.record(&restmachine.Exchange{Request: r, RequestSize: int64(len(r.Body))})
}

// curl sends the very request again.
func TestReplayByCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	var got restmachine.Request
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Header.Del("Content-Length")
		got = restmachine.Request{Method: r.Method, Path: r.RequestURI, Header: r.Header, Body: body}
	}))
	server.Config.DisableGeneralOptionsHandler = true // OPTIONS *
	server.Start()
	defer server.Close()
	for _, want := range replayable() {
		got = restmachine.Request{}
		p := replayOf(recordOf(want), server.URL)
		cmd := exec.Command("sh")
		cmd.Stdin = strings.NewReader(p.Curl + " -q --no-progress-meter")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s\n%s", p.Curl, out)
		assert.Equal(t, want.Method, got.Method, p.Curl)
		assert.Equal(t, want.Path, got.Path, p.Curl)
		if want.Header == nil {
			want.Header = http.Header{}
		}
		assert.Equal(t, want.Header, got.Header, p.Curl)
		assert.True(t, bytes.Equal(want.Body, got.Body), "%s\n%q", p.Curl, got.Body)
	}
}

func TestWhatCurlCannotSendIsNoted(t *testing.T) {
	p := replayOf(recordOf(restmachine.Request{Method: "HEAD", Path: "/", Body: []byte("x"), Header: header("X-Bad", "a\nb", "X Y", "z")}), "http://x")
	assert.Len(t, p.Notes, 3)
	assert.NotContains(t, p.Curl, "X-Bad")
	d := New("/debug/")
	p = replayOf(d.record(&restmachine.Exchange{Request: restmachine.Request{Method: "PUT", Path: "/", Body: []byte("x"), Header: header("Cookie", "a=b")}, RequestSize: 1}), "http://x")
	assert.Contains(t, p.Curl, "--data-binary @content.bin")
	assert.Contains(t, p.Curl, `'Cookie: '"${COOKIE:?}"`)
	assert.Contains(t, strings.Join(p.Notes, " "), "COOKIE")
	assert.Contains(t, p.Go, "Body: nil, // the 1 bytes of content are not kept")
	long := recordOf(restmachine.Request{Method: "PUT", Path: "/", Body: make([]byte, 10)})
	long.Request.Size = maxKept + 1
	p = replayOf(long, "http://x")
	assert.Contains(t, p.Curl, "@content.bin", "half of a content is another request")
	assert.Contains(t, p.Notes[0], "only the first 65536 of the 65537 bytes")
}

// The call of Execute can be parsed, and says the same.
func checkGo(t *testing.T, want restmachine.Request) {
	text := replayOf(recordOf(want), "http://x").Go
	expr, err := parser.ParseExpr(strings.TrimPrefix(text, "resp := "))
	require.NoError(t, err)
	var said []string
	ast.Inspect(expr, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			value, err := strconv.Unquote(lit.Value)
			assert.NoError(t, err)
			said = append(said, value)
		}
		return true
	})
	all := []string{want.Method, want.Path}
	for _, name := range sortedNames(want.Header) {
		all = append(append(all, name), want.Header[name]...)
	}
	if len(want.Body) > 0 {
		all = append(all, string(want.Body))
	}
	assert.Equal(t, all, said)
}

func TestReplayByExecute(t *testing.T) {
	for _, want := range replayable() {
		checkGo(t, want)
	}
}

func FuzzGoCall(f *testing.F) {
	for _, text := range hostile {
		f.Add("GET", "/"+text, text, []byte(text))
	}
	f.Fuzz(func(t *testing.T, method, path, value string, body []byte) {
		if len(method)+len(path)+len(value)+len(body) < 1000 {
			checkGo(t, restmachine.Request{Method: method, Path: path, Header: http.Header{"X-Text": {value}}, Body: body})
		}
	})
}
