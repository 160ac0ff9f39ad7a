// Acceptance: preconditions among the other rules of HTTP. What comes before
// them, what they say of a resource that is missing, and how they are read. One
// row is one rule, on a fresh App.

package restmachine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/internal/proof/twin"
)

// A cardRule is a request to newCards, and its status. A PUT, PATCH or POST has
// JSON content.
type cardRule struct {
	name         string
	method, path string
	fields       []string
	want         int
}

// with is a request's fields: name and value in turn.
func with(fields ...string) []string { return fields }

// playCards plays each rule on a fresh App, and asserts that a refusal changes
// nothing.
func playCards(t *testing.T, rules []cardRule) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			w := twin.New(t, newCards)
			before := w.Do("GET", r.path, "")
			body := ""
			if r.method == "PUT" || r.method == "PATCH" || r.method == "POST" {
				body = `{}`
			}
			w.Expect(r.want, r.method, r.path, body, r.fields...)
			if r.want >= 300 {
				after := w.Do("GET", r.path, "")
				assert.Equal(t, twin.Undated(before.Header), twin.Undated(after.Header), "a refusal changes nothing")
				assert.Equal(t, string(before.Body), string(after.Body), "a refusal changes nothing")
			}
		})
	}
}

// TestWhatComesBeforePreconditions: they count only where the answer without
// them would be a success or 412 (RFC 9110, 13.2.1).
func TestWhatComesBeforePreconditions(t *testing.T) {
	miss, hit := with("If-Match", `"0"`), with("If-None-Match", `"1"`)
	playCards(t, []cardRule{
		{"401", "PUT", "/cards/1", append(with("Authorization", "nobody"), miss...), 401},
		{"403", "PUT", "/cards/1", append(with("Authorization", "stranger"), miss...), 403},
		{"405", "DELETE", "/kept/1", miss, 405},
		{"415", "PUT", "/cards/1", append(with("Content-Type", "text/plain"), miss...), 415},
		{"406, a miss", "GET", "/cards/1", append(with("Accept", "text/html"), miss...), 406},
		{"406, a hit", "GET", "/cards/1", append(with("Accept", "text/html"), hit...), 406},
		{"501", "FROB", "/cards/1", miss, 501},
		{"301", "GET", "/moved/2", miss, 301},
		{"300", "GET", "/choices/1", miss, 300},
		{"409 comes after", "PUT", "/cards/1", append(with("X-Conflict", "yes"), miss...), 412},
		{"409 at last", "PUT", "/cards/1", with("X-Conflict", "yes", "If-Match", `"1"`), 409},
		{"OPTIONS looks at nothing", "OPTIONS", "/cards/1", append(with("Authorization", "nobody"), miss...), 200},
		{"OPTIONS of an unknown path", "OPTIONS", "/nowhere", nil, 404},
	})
	long := `{"id": "` + strings.Repeat("x", 1000) + `"}`
	twin.New(t, newCards).Expect(413, "PUT", "/cards/1", long, miss...)
}

func TestPreconditionsOfAMissingResource(t *testing.T) {
	playCards(t, []cardRule{
		{"GET", "GET", "/cards/2", with("If-Match", "*"), 404},
		{"HEAD", "HEAD", "/cards/2", with("If-Match", `"1"`), 404},
		{"DELETE", "DELETE", "/cards/2", with("If-Match", `"1"`), 404},
		{"PATCH", "PATCH", "/cards/2", with("If-Match", `"1"`), 404},
		{"PUT that cannot create", "PUT", "/kept/2", with("If-Match", `"1"`), 404},
		{"PUT that would", "PUT", "/cards/2", with("If-Match", `"1"`), 412},
		{"PUT that would, star", "PUT", "/cards/2", with("If-Match", "*"), 412},
		{"PUT that would, unreadable", "PUT", "/cards/2", with("If-Match", `"1`), 412},
		{"PUT that creates", "PUT", "/cards/2", nil, 201},
		{"PUT that creates if there is none", "PUT", "/cards/2", with("If-None-Match", "*"), 201},
		{"PUT under an unreadable If-None-Match", "PUT", "/cards/2", with("If-None-Match", `"1`), 400},
		{"PUT that replaces", "PUT", "/cards/1", nil, 200},
		{"PUT only if there is none", "PUT", "/cards/1", with("If-None-Match", "*"), 412},
		{"PATCH that creates", "PATCH", "/made/2", nil, 201},
		{"PATCH that would", "PATCH", "/made/2", with("If-Match", `"1"`), 412},
		{"POST that is allowed", "POST", "/posted/2", nil, 200},
		{"POST that would be", "POST", "/posted/2", with("If-Match", `"1"`), 412},
		{"POST that is not", "POST", "/cards/2", with("If-Match", `"1"`), 404},
	})
}

func TestRequiredPreconditions(t *testing.T) {
	date, earlier := httpDate(cardDate), httpDate(cardDate.Add(-time.Hour))
	playCards(t, []cardRule{
		{"PUT", "PUT", "/guarded/1", nil, 428},
		{"PATCH", "PATCH", "/guarded/1", nil, 428},
		{"DELETE", "DELETE", "/guarded/1", nil, 428},
		{"PUT that would create", "PUT", "/guarded/2", nil, 428},
		{"404 comes before", "DELETE", "/guarded/2", nil, 404},
		{"GET needs none", "GET", "/guarded/1", nil, 200},
		{"If-Match", "PUT", "/guarded/1", with("If-Match", `"1"`), 200},
		{"If-Match that is false", "PUT", "/guarded/1", with("If-Match", `"0"`), 412},
		{"If-None-Match: *", "PUT", "/guarded/2", with("If-None-Match", "*"), 201},
		{"If-None-Match: * that is false", "PUT", "/guarded/1", with("If-None-Match", "*"), 412},
		{"If-None-Match with tags guards nothing", "PUT", "/guarded/1", with("If-None-Match", `"0"`), 428},
		{"If-Unmodified-Since", "PUT", "/guarded/1", with("If-Unmodified-Since", date), 200},
		{"If-Unmodified-Since that is false", "PUT", "/guarded/1", with("If-Unmodified-Since", earlier), 412},
		{"If-Unmodified-Since that is no date", "PUT", "/guarded/1", with("If-Unmodified-Since", "now"), 428},
	})
}

func TestHowPreconditionsAreRead(t *testing.T) {
	earlier := cardDate.Add(-time.Hour)
	playCards(t, []cardRule{
		{"a weak tag matches If-None-Match", "GET", "/cards/1", with("If-None-Match", `W/"1"`), 304},
		{"a weak tag does not match If-Match", "PUT", "/cards/1", with("If-Match", `W/"1"`), 412},
		{"all lines of If-None-Match count", "GET", "/cards/1", with("If-None-Match", `"0"`, "If-None-Match", `"1"`), 304},
		{"all lines of If-Match count", "PUT", "/cards/1", with("If-Match", `"0"`, "If-Match", `"1"`), 200},
		{"empty members do not count", "GET", "/cards/1", with("If-None-Match", `, "0",, "1" ,`), 304},
		{"a tag inside another is none", "GET", "/cards/1", with("If-None-Match", `"0,1"`), 200},
		{"case counts", "GET", "/cards/1", with("If-None-Match", `w/"1"`), 200},
		{"a quoted star is a tag", "GET", "/cards/1", with("If-None-Match", `"*"`), 200},

		{"a hit is 412 for PUT", "PUT", "/cards/1", with("If-None-Match", `"1"`), 412},
		{"a hit is 412 for PATCH", "PATCH", "/cards/1", with("If-None-Match", `"1"`), 412},
		{"a hit is 412 for POST", "POST", "/cards/1", with("If-None-Match", `"1"`), 412},
		{"a hit is 412 for DELETE", "DELETE", "/cards/1", with("If-None-Match", `"1"`), 412},
		{"a miss is 412 for POST", "POST", "/cards/1", with("If-Match", `"0"`), 412},
		{"a miss is 412 for DELETE", "DELETE", "/cards/1", with("If-Match", `"0"`), 412},
		{"a match deletes", "DELETE", "/cards/1", with("If-Match", `"1"`), 204},
		{"If-Match comes first", "GET", "/cards/1", with("If-Match", `"0"`, "If-None-Match", `"1"`), 412},
		{"both must hold", "PUT", "/cards/1", with("If-Match", `"1"`, "If-None-Match", `"1"`), 412},

		{"unreadable If-Match, GET", "GET", "/cards/1", with("If-Match", `"1`), 412},
		{"unreadable If-None-Match, GET", "GET", "/cards/1", with("If-None-Match", `"1`), 200},
		{"unreadable If-Match, PUT", "PUT", "/cards/1", with("If-Match", `"1`), 400},
		{"unreadable If-None-Match, PUT", "PUT", "/cards/1", with("If-None-Match", `"0`), 400},
		{"unreadable If-None-Match, DELETE", "DELETE", "/cards/1", with("If-None-Match", `bad one, *`), 400},
		{"unreadable If-Match, POST", "POST", "/cards/1", with("If-Match", `"1", *`), 400},

		{"If-Modified-Since is for GET", "PUT", "/cards/1", with("If-Modified-Since", httpDate(cardDate)), 200},
		{"If-Unmodified-Since is for all", "GET", "/cards/1", with("If-Unmodified-Since", httpDate(earlier)), 412},
		{"RFC 850", "PUT", "/cards/1", with("If-Unmodified-Since", earlier.Format("Monday, 02-Jan-06 15:04:05 GMT")), 412},
		{"asctime", "PUT", "/cards/1", with("If-Unmodified-Since", earlier.Format(time.ANSIC)), 412},
		{"another zone is no date", "GET", "/cards/1", with("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 PST"), 200},
		{"two dates are none", "GET", "/cards/1", with("If-Modified-Since", httpDate(cardDate), "If-Modified-Since", httpDate(cardDate)), 200},
		{"one date is one", "GET", "/cards/1", with("If-Modified-Since", httpDate(cardDate)), 304},
	})
}
