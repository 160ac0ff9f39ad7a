// These tests check what the page shows, without a browser: presets, links, and that each status
// that is offered has a request.

package play

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestPresets(t *testing.T) {
	for _, p := range Presets {
		t.Run(p.Name, func(t *testing.T) {
			a := Open(p.Link)
			require.Empty(t, a.Error)
			assert.Equal(t, p.Status, a.Status)
			assert.Equal(t, http.StatusText(p.Status), a.Reason)
			require.NotEmpty(t, a.Way)
			assert.Equal(t, a.Last, a.Way[len(a.Way)-1].ID.String())
			assert.Contains(t, a.Statuses, Status{p.Status, a.Reason}, "it is offered, too")
			assert.Empty(t, a.Log)
			again := Open(a.Link)
			assert.Equal(t, a.Link, again.Link)
			assert.Equal(t, a.Status, again.Status)
		})
	}
}

// What the library promises of every response holds for those of the playground.
func TestResponses(t *testing.T) {
	for _, p := range Presets {
		s, err := Parse(p.Link)
		require.NoError(t, err)
		resp := newApp(s, slog.New(slog.DiscardHandler)).Execute(s.request())
		restmachinetest.CheckResponse(t, s.request(), resp)
	}
}

// drawn returns every state in which one setting is not its default, and many in which all are
// drawn.
func drawn() (states []State) {
	for _, setting := range Settings {
		for _, o := range setting.Options {
			s := New()
			s.Methods = "GET,PUT,PATCH,DELETE,POST"
			*setting.of(&s) = o.Name
			states = append(states, s)
		}
		s := New()
		*setting.of(&s) = ""
		if setting.Set || len(setting.Options) == 0 {
			states = append(states, s)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		s := New()
		for _, setting := range Settings {
			if random.IntN(3) > 0 {
				continue
			}
			var names []string
			for _, o := range setting.Options {
				if random.IntN(2) == 0 {
					names = append(names, o.Name)
				}
			}
			switch {
			case setting.Set:
				*setting.of(&s) = strings.Join(names, ",")
			case len(setting.Options) > 0:
				*setting.of(&s) = setting.Options[random.IntN(len(setting.Options))].Name
			default:
				*setting.of(&s) = ""
			}
		}
		states = append(states, s)
	}
	return states
}

func TestNoStateHasWiringFaults(t *testing.T) {
	for _, s := range drawn() {
		if s.Methods == "" {
			continue // an App without a handler has nothing to say
		}
		assert.NoError(t, newApp(s, slog.New(slog.DiscardHandler)).Validate(), s.Link())
	}
}

// Each status that the page offers has a request, which changes nothing of what is true.
func TestEachStatusHasARequest(t *testing.T) {
	seen := map[int]bool{}
	for _, s := range drawn() {
		app := newApp(s, slog.New(slog.DiscardHandler))
		for _, status := range s.statuses(app) {
			found := Find(s.Link(), status)
			if !assert.Empty(t, found.Error, "%d for %s", status, s.Link()) {
				continue
			}
			a := Open(found.Link)
			assert.Equal(t, status, a.Status, found.Link)
			seen[status] = true
			got, err := Parse(found.Link)
			require.NoError(t, err)
			got.Method, got.Path, got.Content, got.Fields = s.Method, s.Path, s.Content, s.Fields
			assert.Equal(t, s, got, "only the request changes")
		}
		if t.Failed() {
			return
		}
	}
	for _, status := range []int{200, 201, 202, 204, 206, 300, 301, 303, 304, 307, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 414, 415, 416, 422, 428, 500, 501, 503} {
		assert.True(t, seen[status], "%d is reached by some state", status)
	}
}

// A status that is not offered is not reached by the plain requests either.
func TestWhatIsNotOfferedIsNotAnswered(t *testing.T) {
	for _, s := range drawn() {
		app := newApp(s, slog.New(slog.DiscardHandler))
		offered := s.statuses(app)
		for _, method := range methodsKnown {
			for _, path := range []string{defaultPath, missingPath, "/nowhere"} {
				try := s.plain(method)
				try.Path = path
				status := app.Execute(try.request()).StatusCode
				assert.True(t, slices.Contains(offered, status), "%s %s is %d with %s", method, path, status, s.Link())
			}
		}
		if t.Failed() {
			return
		}
	}
}

func TestFindSaysHow(t *testing.T) {
	found := Find("", 412)
	require.Empty(t, found.Error)
	assert.NotEmpty(t, found.How)
	a := Open(found.Link)
	assert.Equal(t, 412, a.Status)

	assert.Equal(t, "no request gets 303 here: change what is true", Find("", 303).Error)
	assert.Contains(t, Find("", 304).Link, `If-None-Match:+%22v2%22`)
	assert.Contains(t, Find("tag=none", 304).Link, "If-Modified-Since", "without a tag the date is left")
	assert.Contains(t, Find("tag=none&date=", 304).Link, "If-None-Match:+*")
	assert.Equal(t, []string{"B12: send a method that HTTP does not define"}, Find("", 501).How)
	assert.Contains(t, Find("tag=none&exists=never", 304).Error, "exists is")
}

func TestLinksComeBack(t *testing.T) {
	for _, s := range drawn() {
		s.Method, s.Path, s.Content = "PUT", "/notes/1?a=b&c=d#e", "a=b&c+d \n ü\u202e"
		s.Fields = []Field{{"If-Match", `"a;b&c=d"`}, {"If-Match", "*"}, {"X-Empty", ""}}
		got, err := Parse("#" + s.Link())
		require.NoError(t, err, s.Link())
		assert.Equal(t, s, got)
	}
	assert.Empty(t, New().Link(), "the default needs no words")
}

func TestBadLinks(t *testing.T) {
	for link, want := range map[string]string{
		"exists=maybe":                    `exists is "maybe"; it can be yes, no, gone, moved, away`,
		"methods=GET,GOT":                 `methods is "GOT"; it can be GET, PUT, PATCH, DELETE, POST`,
		"exists=no&exists=yes":            "the link says exists 2 times",
		"date=today":                      `date is "today", which is not a date like 2026-01-15T10:00:00`,
		"colour=red":                      `the link says "colour", which this page does not know`,
		"path=notes":                      `"notes" is not a path: a path begins with /, and does not have a space`,
		"path=/a%20b":                     `"/a b" is not a path: a path begins with /, and does not have a space`,
		"method=GET+IT":                   `"GET IT" is not a method: a method is one word`,
		"field=If-Match":                  `"If-Match" is not a field like If-Match: *`,
		"field=A:+b%0D%0AC:+d":            "the value of the field A has a control character",
		"content=%ff":                     "content in the link is not text",
		"path=%zz":                        `the link cannot be read: invalid URL escape "%zz"`,
		strings.Repeat("a", 70_000):       "the link has 70000 bytes; at most 65536 can be read",
		strings.Repeat("field=a:+b&", 51): "the link has 51 fields; at most 50 can be read",
	} {
		a := Open(link)
		assert.Equal(t, want, a.Error)
		assert.Equal(t, 200, a.Status, "the default is shown instead")
	}
}

func TestCurl(t *testing.T) {
	for link, want := range map[string]string{
		"":            "curl -i \\\n  http://localhost:8080/notes/1",
		"method=HEAD": "curl -I \\\n  http://localhost:8080/notes/1",
		`field=If-None-Match:+"v2"&path=/notes/1?a=b%26c`: "curl -i \\\n  'http://localhost:8080/notes/1?a=b&c' \\\n  -H 'If-None-Match: \"v2\"'",
		`method=PUT&content=it's&field=X-Empty:`:          "curl -i \\\n  -X PUT \\\n  http://localhost:8080/notes/1 \\\n  -H 'X-Empty;' \\\n  --data-binary 'it'\\''s' \\\n  -H 'Content-Type:'",
	} {
		s, err := Parse(link)
		require.NoError(t, err)
		assert.Equal(t, want, s.Curl())
	}
}

func FuzzParse(f *testing.F) {
	for _, p := range Presets {
		f.Add(p.Link)
	}
	f.Add("exists=maybe")
	f.Add("field=a:%00")
	f.Fuzz(func(t *testing.T, link string) {
		s, err := Parse(link)
		if err != nil {
			if !assert.ObjectsAreEqual(New(), s) {
				t.Fatal("a link that cannot be read is not the default")
			}
			return
		}
		again, err := Parse(s.Link())
		if err != nil || !assert.ObjectsAreEqual(s, again) {
			t.Fatalf("%q became %q: %+v, %+v, %v", link, s.Link(), s, again, err)
		}
		a := s.Answer()
		if a.Status < 100 || a.Status > 599 {
			t.Fatalf("%q is answered with %d", link, a.Status)
		}
	})
}
