// The probes: each sends some requests through a proxy, and returns what came of them in a few
// words. The words are compared with those of the table in README.md.

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const body = `{"text": "x"}`

// masked replaces the entity-tag of a note by T, so that only what a proxy did to it is left.
func masked(text, tag string) string {
	return strings.ReplaceAll(text, strings.Trim(tag, `"`), "T")
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func orPlain(coding string) string {
	if coding == "" {
		return "plain"
	}
	return coding
}

// readAndWrite reads with a coding and writes with the tag that came.
func readAndWrite(s *scene, at, coding string) string {
	name, tag := s.note()
	got := s.send("GET", at+name, "", "Accept-Encoding", coding)
	return writeBack(s, at+name, got, tag)
}

// writeBack writes with the tag of what was read.
func writeBack(s *scene, path string, got answer, tag string) string {
	put := s.send("PUT", path, body, "If-Match", got.get("ETag"))
	said := ""
	if put.status == 412 && strings.Contains(put.body, "proxy") {
		said = ", which names a proxy"
	}
	return fmt.Sprintf("%s %s, PUT %d%s", orPlain(got.get("Content-Encoding")), orNone(masked(got.get("ETag"), tag)), put.status, said)
}

func plainTag(s *scene) string { return readAndWrite(s, "/notes/", "identity") }
func gzipTag(s *scene) string  { return readAndWrite(s, "/kept/", "gzip") }
func appGzip(s *scene) string  { return readAndWrite(s, "/zipped/", "gzip") }

// afterGzip is a client that says nothing of codings, after one that took gzip.
func afterGzip(s *scene) string {
	name, tag := s.note()
	for range tries { // until there is a copy, if there ever is
		s.send("GET", "/zipped/"+name, "", "Accept-Encoding", "gzip")
	}
	got := s.send("GET", "/zipped/"+name, "")
	return writeBack(s, "/zipped/"+name, got, tag)
}

// tries is how often something is tried that depends on what a proxy does beside: keep a copy
// after it has answered, or keep a connection.
const tries = 20

// keep reads a path until a copy answers. It reports whether one did.
func (s *scene) keep(path string) bool {
	s.Helper()
	for range tries {
		before := s.origin.count()
		require.Equal(s, 200, s.send("GET", path, "").status)
		if s.origin.count() == before {
			return true
		}
	}
	return false
}

// revalidate asks with the tag, and tells who answered.
func revalidate(s *scene, at string) string {
	name, tag := s.note()
	s.keep(at + name)
	before := len(s.origin.came("GET " + at + name))
	status := s.send("GET", at+name, "", "If-None-Match", tag).status
	switch asked := s.origin.came("GET " + at + name)[before:]; {
	case len(asked) == 0:
		return fmt.Sprint(status, ", the App is not asked")
	case asked[0].Header.Get("If-None-Match") == "":
		return fmt.Sprint(status, ", the App sends all")
	}
	return fmt.Sprint(status, ", the App says 304")
}

func keptNotModified(s *scene) string    { return revalidate(s, "/kept/") }
func checkedNotModified(s *scene) string { return revalidate(s, "/notes/") }

// copied tells whether a copy answers a GET.
func copied(at string) func(*scene) string {
	return func(s *scene) string {
		if name, _ := s.note(); s.keep(at + name) {
			return "a copy answers"
		}
		return "the App answers"
	}
}

func fieldsOf304(s *scene) string {
	name, tag := s.note()
	s.keep("/kept/" + name)
	got := s.send("GET", "/kept/"+name, "", "If-None-Match", tag)
	return fmt.Sprintf("%d, ETag %s", got.status, orNone(masked(got.get("ETag"), tag)))
}

func listOfTags(s *scene) string {
	name, tag := s.note()
	s.keep("/kept/" + name)
	list := s.send("GET", "/kept/"+name, "", "If-None-Match", `"x", `+tag)
	star := s.send("GET", "/kept/"+name, "", "If-None-Match", "*")
	return fmt.Sprint(list.status, ", ", star.status)
}

func ifMatchOfRead(s *scene) string {
	name, _ := s.note()
	s.keep("/kept/" + name)
	return fmt.Sprint(s.send("GET", "/kept/"+name, "", "If-Match", `"x"`).status)
}

func laterDate(s *scene) string {
	name, _ := s.note()
	s.keep("/kept/" + name)
	modified, err := http.ParseTime(s.send("GET", "/kept/"+name, "").get("Last-Modified"))
	require.NoError(s, err)
	later := modified.Add(time.Minute).UTC().Format(http.TimeFormat)
	return fmt.Sprint(s.send("GET", "/kept/"+name, "", "If-Modified-Since", later).status)
}

func authorised(s *scene) string {
	name, _ := s.note()
	ann := s.send("GET", "/secret/"+name, "", "Authorization", "Bearer ann")
	bob := s.send("GET", "/secret/"+name, "", "Authorization", "Bearer bob")
	return fmt.Sprint(ann.status, ", ", bob.status, ", ", s.send("GET", "/secret/"+name, "").status)
}

func afterWrite(s *scene) string {
	name, tag := s.note()
	s.keep("/kept/" + name)
	require.Equal(s, 200, s.send("PUT", "/kept/"+name, body, "If-Match", tag).status)
	return oldOrNew(s.send("GET", "/kept/"+name, ""), tag)
}

func refusesCopies(s *scene) string {
	name, tag := s.note()
	s.keep("/kept/" + name)
	require.Equal(s, 200, s.direct("PUT", "/kept/"+name, body, "If-Match", tag).status)
	return oldOrNew(s.send("GET", "/kept/"+name, "", "Cache-Control", "no-cache"), tag)
}

func oldOrNew(got answer, tag string) string {
	if got.get("ETag") == tag {
		return "old"
	}
	return "new"
}

func missingThenMade(s *scene) string {
	path := "/kept/made-" + s.name
	before := s.send("GET", path, "")
	made := s.send("PUT", path, body, "If-None-Match", "*")
	return fmt.Sprint(before.status, ", ", made.status, ", ", s.send("GET", path, "").status)
}

// writes are refused and accepted as the App says, and each answer is the App's own.
func writes(s *scene) string {
	name, tag := s.note()
	stale := s.send("PUT", "/notes/"+name, body, "If-Match", `"x"`)
	assert.Equal(s, "application/problem+json", stale.get("Content-Type"))
	bare := s.send("PUT", "/notes/"+name, body)
	done := s.send("PUT", "/notes/"+name, body, "If-Match", tag)
	there := s.send("PUT", "/notes/"+name, body, "If-None-Match", "*")
	gone := s.send("DELETE", "/notes/"+name, "", "If-Match", done.get("ETag"))
	return fmt.Sprint(stale.status, ", ", bare.status, ", ", done.status, ", ", there.status, ", ", gone.status)
}

func headAndOptions(s *scene) string {
	name, tag := s.note()
	head := s.send("HEAD", "/notes/"+name, "")
	options := s.send("OPTIONS", "/notes/"+name, "")
	assert.Equal(s, s.direct("HEAD", "/notes/"+name, "").get("Content-Length"), head.get("Content-Length"))
	assert.Equal(s, s.direct("OPTIONS", "/notes/"+name, "").get("Allow"), options.get("Allow"))
	return fmt.Sprint(head.status, " ", masked(head.get("ETag"), tag), ", ", options.status)
}

func ranges(s *scene) string {
	s.keep("/book")
	all := s.send("GET", "/book", "")
	part := s.send("GET", "/book", "", "Range", "bytes=10-12")
	current := s.send("GET", "/book", "", "Range", "bytes=10-12", "If-Range", all.get("ETag"))
	other := s.send("GET", "/book", "", "Range", "bytes=10-12", "If-Range", `"x"`)
	return fmt.Sprint(part.status, ", ", current.status, ", ", other.status)
}

func languages(s *scene) string {
	var texts []string
	for _, language := range []string{"de", "en", "de"} {
		texts = append(texts, s.send("GET", "/greeting", "", "Accept-Language", language).body)
	}
	return strings.Join(texts, ", ")
}

func weakTag(s *scene) string {
	got := s.send("GET", "/weak", "")
	return fmt.Sprint(got.get("ETag"), ", ", s.send("GET", "/weak", "", "If-None-Match", got.get("ETag")).status)
}

// locations are paths, so a proxy has nothing to correct. Below /api, too.
func locations(s *scene) string {
	made := s.send("POST", "/api/notes", body)
	moved := s.send("GET", "/api/moved", "")
	assert.True(s, strings.HasPrefix(made.get("Location"), "/api/notes/"), made.get("Location"))
	return fmt.Sprint(s.send("GET", made.get("Location"), "").status, ", ", moved.get("Location"))
}

func stripped(s *scene) string {
	location := s.send("POST", "/sub/notes", body).get("Location")
	return location[:strings.LastIndex(location, "/")+1]
}

// odd are paths that a proxy may be tempted to tidy up.
var odd = []string{"/came/a%2Fb", "/came/a%25b", "//came//x", "/came/x/../y", "/came/%41"}

func paths(s *scene) string {
	var changed []string
	for _, path := range odd {
		before := s.origin.count()
		got := s.send("GET", path, "")
		switch last := s.origin.last(); {
		case s.origin.count() == before:
			changed = append(changed, fmt.Sprintf("%s is %d", path, got.status))
		case last.RequestURI != path:
			changed = append(changed, path+" becomes "+last.RequestURI)
		}
	}
	if len(changed) == 0 {
		return "as sent"
	}
	return strings.Join(changed, "; ")
}

func hostAndClient(s *scene) string {
	got := s.send("GET", "/came/x", "", "Host", "example.com", "X-Forwarded-For", "6.6.6.6")
	var came Came
	require.NoError(s, json.Unmarshal([]byte(got.body), &came), got.body)
	host := strings.ReplaceAll(came.Host, s.origin.port(), "8080")
	return fmt.Sprint(host, "; ", orNone(came.Fields["X-Forwarded-For"]))
}

func overTLS(s *scene) string {
	if s.secure == "" {
		return "none"
	}
	got := s.sendTo("https://"+s.secure, "GET", "/came/x", "")
	var came Came
	require.NoError(s, json.Unmarshal([]byte(got.body), &came), got.body)
	return fmt.Sprint(got.proto, ", to the App ", came.Proto, ", X-Forwarded-Proto ", orNone(came.Fields["X-Forwarded-Proto"]))
}

func upload(s *scene) string {
	got := s.send("PUT", "/uploads/x", strings.Repeat("x", 2<<20), "Content-Type", "application/octet-stream", "Expect", "100-continue")
	return fmt.Sprint(got.status)
}

// tooLarge sends more than MaxBody until there is an answer other than those that are not
// counted. A proxy may end the connection before a client that still sends has read the answer,
// which is 0 here, and it may by luck read the answer of the App in time.
func tooLarge(uncounted ...int) func(*scene) string {
	return func(s *scene) string {
		var got answer
		for n := 0; n < tries && slices.Contains(uncounted, got.status); n++ {
			got = s.send("PUT", "/uploads/x", strings.Repeat("x", maxUpload+1), "Content-Type", "application/octet-stream", "Expect", "100-continue")
		}
		return fmt.Sprint(got.status)
	}
}

// refusedBeforeContent tells whether the client is asked for content that nobody needs.
func refusedBeforeContent(s *scene) string {
	name, _ := s.note()
	asked := false
	trace := &httptrace.ClientTrace{Got100Continue: func() { asked = true }}
	for range tries {
		req, err := http.NewRequestWithContext(httptrace.WithClientTrace(s.Context(), trace), "PUT", "http://"+s.plain+"/notes/"+name, strings.NewReader(body))
		require.NoError(s, err)
		req.Header = http.Header{"Expect": {"100-continue"}, "Content-Type": {"application/json"}, "If-Match": {`"x"`}}
		resp, err := s.client.Do(req)
		require.NoError(s, err)
		resp.Body.Close()
		assert.Equal(s, 412, resp.StatusCode)
	}
	if asked {
		return "412, content is asked for"
	}
	return "412 at once"
}

// events reads two events of the feed, and waits for the App to notice that it is gone.
func events(s *scene) string {
	ctx, leave := context.WithTimeout(s.Context(), 20*time.Second)
	defer leave()
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+s.plain+"/feed", nil)
	require.NoError(s, err)
	resp, err := s.client.Do(req)
	require.NoError(s, err)
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	for range 4 { // an event is two lines
		if _, err := lines.ReadString('\n'); err != nil {
			return "kept back"
		}
	}
	leave()
	_, _ = io.Copy(io.Discard, resp.Body)
	if !assert.Eventually(s, func() bool { return s.origin.underWay() == 0 }, 20*time.Second, 20*time.Millisecond) {
		return "as they come, end not noticed"
	}
	return "as they come, end noticed"
}

// lost sends requests whose answer is lost after they were carried out. It reports the first
// one that was sent twice, or the last one: a proxy repeats only what it sent on a connection
// that it had kept, and may not have one.
func lost(method, content string) func(*scene) string {
	return func(s *scene) (result string) {
		for range tries {
			name, tag := s.note()
			require.Equal(s, 200, s.send("GET", "/mine/a", "").status) // a connection to keep
			status := fmt.Sprint(s.send(method, "/mine/"+name, content, "If-Match", tag, loseField, method+name).status)
			if status == "0" {
				status = "no answer"
			}
			if len(s.origin.came(method+" /mine/"+name)) > 1 {
				return status + ", sent twice"
			}
			result = status + ", sent once"
		}
		return result
	}
}

func slowly(s *scene) string {
	got := s.send("GET", "/slow", "")
	return fmt.Sprint(got.status)
}

// down is the last probe: the App ends.
func down(s *scene) string {
	s.origin.server.Listener.Close()
	s.origin.server.CloseClientConnections()
	if status := s.send("GET", "/mine/x", "").status; status != 0 {
		return fmt.Sprint(status)
	}
	return "no answer"
}
